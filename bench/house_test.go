package bench_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"onelondon/graph/executor"
	"onelondon/internal/audit"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/consent"
	"onelondon/internal/gate"
	"onelondon/internal/server"
	"onelondon/policy"
	"onelondon/resolvers"
	"onelondon/sources"
	"onelondon/sources/locator"
)

// house is the whole product over some sources, wired as the binary wires it, and a doctor's token.
type house struct {
	handler http.Handler
	token   string
}

func newHouse(t testing.TB, entries []sources.Entry) *house {
	t.Helper()
	ctx, dir, key := context.Background(), t.TempDir(), audit.Key{1, 2, 3}
	log := slog.New(slog.NewJSONHandler(io.Discard, nil))
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	issuer, err := auth.NewIssuer("https://identity.example", "onelondon")
	must(err)
	verifier, err := auth.NewVerifier(ctx, auth.Options{Issuer: "https://identity.example", Audience: "onelondon",
		Keys: func(context.Context) ([]byte, error) { return issuer.Keys() }})
	must(err)
	register, err := consent.Open(ctx, filepath.Join(dir, "consent.sqlite"), key, log)
	must(err)
	t.Cleanup(func() { _ = register.Close() })
	rules, err := policy.Open(ctx, policy.Embedded(), policy.Options{})
	must(err)
	index, listers := locator.New(key, log), map[clinical.SourceID]sources.Lister{}
	for _, entry := range entries {
		listers[entry.ID] = entry.Source.(sources.Lister)
	}
	must(index.RefreshAll(ctx, listers, 2))
	catalogue, err := sources.NewCatalogue(log, entries...)
	must(err)
	t.Cleanup(func() { _ = catalogue.Close() })
	ledger, err := audit.Open(ctx, filepath.Join(dir, "ledger.sqlite"), key, log)
	must(err)
	t.Cleanup(func() { _ = ledger.Close() })
	g, err := gate.New(gate.Options{Policy: rules, Register: register, Ledger: ledger, Locator: index, Catalogue: catalogue, Log: log})
	must(err)
	s, err := server.New(server.Options{Schema: executor.New(resolvers.New(g)), Verifier: verifier, Log: log})
	must(err)
	token, err := issuer.Sign(auth.Person{Subject: "gp-1", Name: "Dr Bench", Role: "R0260", Organisation: practice,
		Activities: []string{"B0360"}, Purpose: "TREAT"}, time.Now(), 12*time.Hour)
	must(err)
	return &house{handler: s.Handler(), token: token}
}

// chart asks for eight kinds of record with about nine fields each.
const chart = `query Chart($number: NHSNumber!) { patient(nhsNumber: $number) {
	nhsNumber
	demographics { familyName givenName birthDate gender }
	allergies(first: 50) { nodes { ...common severity reaction } ...page }
	conditions(first: 50) { nodes { ...common category } ...conditionPage }
	medications(first: 50) { nodes { ...common dosage quantity quantityUnit } ...medicationPage }
	observations(first: 50) { nodes { ...common value unit } ...observationPage }
	encounters(first: 50) { nodes { ...common class reason } ...encounterPage }
	procedures(first: 50) { nodes { ...common category } ...procedurePage }
	immunisations(first: 50) { nodes { ...common batch } ...immunisationPage }
	referrals(first: 50) { nodes { ...common priority } ...referralPage }
} }
fragment common on Record { id date status code { system code display } provenance { source organisation { code } } }
fragment page on AllergyIntoleranceConnection { pageInfo { hasNextPage } sources { source outcome records } }
fragment conditionPage on ConditionConnection { pageInfo { hasNextPage } sources { source outcome records } }
fragment medicationPage on MedicationConnection { pageInfo { hasNextPage } sources { source outcome records } }
fragment observationPage on ObservationConnection { pageInfo { hasNextPage } sources { source outcome records } }
fragment encounterPage on EncounterConnection { pageInfo { hasNextPage } sources { source outcome records } }
fragment procedurePage on ProcedureConnection { pageInfo { hasNextPage } sources { source outcome records } }
fragment immunisationPage on ImmunisationConnection { pageInfo { hasNextPage } sources { source outcome records } }
fragment referralPage on ReferralConnection { pageInfo { hasNextPage } sources { source outcome records } }`

// question is a request that can be sent again and again.
type question struct {
	handler http.Handler
	header  http.Header
	body    []byte
	reader  bytes.Reader
	sink    sink
}

func (h *house) question(t testing.TB, document string, variables map[string]any) *question {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	return &question{handler: h.handler, body: body, header: http.Header{"Content-Type": {"application/json"},
		"Authorization": {"Bearer " + h.token}}}
}

// chart is the question for the n-th person's chart.
func (h *house) chart(t testing.TB, n int) *question {
	t.Helper()
	return h.question(t, chart, map[string]any{"number": nhsNumber(n)})
}

// ask sends the question through the handler, without a client or a connection, and returns the answer until the next.
func (q *question) ask(t testing.TB) []byte {
	t.Helper()
	q.reader.Reset(q.body)
	ctx, cancel := context.WithCancel(context.Background()) // as net/http gives each request
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "/graphql", &q.reader)
	if err != nil {
		t.Fatal(err)
	}
	request.Header = q.header
	q.sink.reset()
	q.handler.ServeHTTP(&q.sink, request)
	if q.sink.status != http.StatusOK {
		t.Fatalf("status %d: %.300s", q.sink.status, q.sink.body.Bytes())
	}
	return q.sink.body.Bytes()
}

// sink takes an answer as a connection would.
type sink struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (s *sink) reset() {
	s.header, s.status = http.Header{}, http.StatusOK
	s.body.Reset()
}

// Header is where a handler puts headers.
func (s *sink) Header() http.Header { return s.header }

// WriteHeader notes the status.
func (s *sink) WriteHeader(status int) { s.status = status }

// Write keeps the body.
func (s *sink) Write(data []byte) (int, error) { return s.body.Write(data) }

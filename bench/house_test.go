package bench_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"onelondon/examples/london/trial"
	"onelondon/internal/auth"
	"onelondon/internal/gate"
	"onelondon/sources"
)

// house is the whole product over some sources, wired as the binary wires it, and a doctor's token.
type house struct {
	handler http.Handler
	token   string
	whole   *trial.House
}

func newHouse(t testing.TB, entries []sources.Entry) *house {
	t.Helper()
	return houseWith(t, trial.Options{Entries: entries})
}

func houseWith(t testing.TB, options trial.Options) *house {
	t.Helper()
	options.Deadline, options.Bedside, options.Log = 3*time.Second, gate.Bedside, slog.New(slog.NewJSONHandler(io.Discard, nil))
	whole := trial.Open(t, options)
	token, err := whole.Issuer.Sign(auth.Person{Subject: "gp-1", Name: "Dr Bench", Role: "R0260", Organisation: practice,
		Activities: []string{"B0360"}, Purpose: "TREAT"}, time.Now(), 12*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return &house{handler: whole.Handler, token: token, whole: whole}
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

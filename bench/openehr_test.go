package bench_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"onelondon/examples/london/careplans"
	"onelondon/examples/london/mappings"
	"onelondon/internal/clinical"
	conditions "onelondon/internal/condition"
	"onelondon/internal/testkit"
	"onelondon/sources"
	"onelondon/sources/mapping"
	"onelondon/sources/openehr"
	"onelondon/sources/openehr/adl"
	"onelondon/sources/openehr/ehrstore"
)

// planned is how many people have a plan.
const planned = 20

// planNumber is the number of the nth of them.
func planNumber(n int) clinical.NHSNumber {
	for stem := 200_000 + 10*n; ; stem++ { // not every nine digits have a check digit
		for check := range 10 {
			if number, err := clinical.ParseNHSNumber(fmt.Sprintf("999%06d%d", stem, check)); err == nil {
				return number
			}
		}
	}
}

// recorder passes everything on to a server and keeps the queries.
type recorder struct {
	to string

	mu   sync.Mutex
	kept []statement
}

type statement struct {
	Q          string         `json:"q"`
	Parameters map[string]any `json:"query_parameters"`
}

func (r *recorder) ServeHTTP(w http.ResponseWriter, asked *http.Request) {
	body, _ := io.ReadAll(asked.Body)
	var s statement
	if err := json.Unmarshal(body, &s); err == nil {
		r.mu.Lock()
		r.kept = append(r.kept, s)
		r.mu.Unlock()
	}
	reply, err := http.Post(r.to+asked.URL.Path, "application/json", bytes.NewReader(body))
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	defer reply.Body.Close()
	w.WriteHeader(reply.StatusCode)
	_, _ = io.Copy(w, reply.Body)
}

func plansMapping(t testing.TB) *mapping.Mapping {
	t.Helper()
	text, err := mappings.Files.ReadFile("openehr-care-plans.yaml")
	if err != nil {
		t.Fatal(err)
	}
	m, err := mapping.LoadPaths("openehr-care-plans.yaml", text, map[string]string{"organisation": "QWE", "organisation_name": "South West London", "namespace": "bench"})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func post(t testing.TB, base, path, contentType string, body []byte) string {
	t.Helper()
	reply, err := http.Post(base+"/v1/"+path, contentType, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	if reply.StatusCode/100 != 2 {
		said, _ := io.ReadAll(io.LimitReader(reply.Body, 500))
		t.Fatalf("%s: %d %s", path, reply.StatusCode, said)
	}
	return strings.Trim(reply.Header.Get("ETag"), `"`)
}

// plans fills a server with people who have one plan each.
func plans(t testing.TB, base string) {
	t.Helper()
	care, death := careplans.Home()
	for n := range planned {
		plan := careplans.Plan{Made: "2026-02-03T04:05:06Z", Composer: "Dr Ann Other", CPR: careplans.NotForCPR(), CPRDate: "2026-02", CPRReview: "2026-08-01",
			Discussed: true, FormLocation: "By the front door", Recommendation: "Comfort at home", Care: care, Death: death, Wishes: []string{"Windows open"},
			Medicines: []careplans.Medicine{{Name: "Morphine sulfate 10mg/1ml injection", Location: "Fridge"}}, Consent: careplans.Shared()}
		status, _ := json.Marshal(ehrstore.Status("bench", planNumber(n).Reveal(), true))
		composition, _ := json.Marshal(plan.EndOfLife())
		ehr := post(t, base, "ehr", "application/json", status)
		post(t, base, "ehr/"+ehr+"/composition", "application/json", composition)
	}
}

// planQuestion asks for everything of a person's plan, its medicines and their registration.
func planQuestion(n int) sources.Query {
	query := sources.Query{Caller: sources.Caller{ID: "u", Purpose: "TREAT"}}
	for _, kind := range []clinical.Kind{clinical.KindRegistration, clinical.KindUrgentCarePlan, clinical.KindMedication} {
		query.Parts = append(query.Parts, sources.Part{Kind: kind, Person: planNumber(n), Fields: kind.Descriptor().All(), Condition: conditions.Always(), Limit: 20})
	}
	return query
}

// planFloor is a client by hand: it sends the same queries at the same time, with its own person, and reads each row into texts.
func planFloor(t testing.TB, base string, statements []statement, was, now string) int {
	t.Helper()
	rows := make([]int, len(statements))
	var all sync.WaitGroup
	for i, s := range statements {
		all.Go(func() {
			parameters := map[string]any{}
			for key, value := range s.Parameters {
				if parameters[key] = value; value == was {
					parameters[key] = now
				}
			}
			body, _ := json.Marshal(statement{s.Q, parameters})
			reply, err := http.Post(base+"/v1/query/aql", "application/json", bytes.NewReader(body))
			if err != nil {
				t.Error(err)
				return
			}
			defer reply.Body.Close()
			var read struct {
				Rows [][]any `json:"rows"`
			}
			if err := json.NewDecoder(reply.Body).Decode(&read); err != nil {
				t.Error(err)
				return
			}
			rows[i] = len(read.Rows)
		})
	}
	all.Wait()
	total := 0
	for _, count := range rows {
		total += count
	}
	return total
}

// BenchmarkCarePlan asks an openEHR server for plans: the driver behind its guards, and a client by hand, in turns.
func BenchmarkCarePlan(b *testing.B) {
	for name, base := range map[string]func(b *testing.B) string{
		"strict server": func(b *testing.B) string {
			served := httptest.NewServer(ehrstore.New("bench", time.Now))
			b.Cleanup(served.Close)
			return served.URL
		},
		"EHRbase": func(b *testing.B) string {
			base := testkit.EHRbase(b)
			shared := testkit.Shared(b, "data/openehr-acp")
			for _, template := range []string{"EA_-_End_of_life_Care.v0", "EA_-_ReSPECT-3.v0"} {
				_, opt, err := adl.Design(filepath.Join(shared, "templates", template+".t.json"), filepath.Join(shared, "archetypes"))
				if err != nil {
					b.Fatal(err)
				}
				post(b, base, "definition/template/adl1.4", "application/xml", opt)
			}
			return base
		},
	} {
		b.Run(name, func(b *testing.B) {
			at := base(b)
			plans(b, at)
			comparePlans(b, at)
		})
	}
}

func comparePlans(b *testing.B, base string) {
	recording := &recorder{to: base}
	proxy := httptest.NewServer(recording)
	defer proxy.Close()
	open := func(address string) *sources.Catalogue {
		source, err := openehr.Open(b.Context(), openehr.Options{ID: "plans", Base: address, Mapping: plansMapping(b)})
		if err != nil {
			b.Fatal(err)
		}
		catalogue, err := sources.NewCatalogue(slog.New(slog.DiscardHandler), sources.Entry{Spec: sources.Spec{ID: "plans", Name: "plans", Deadline: time.Minute}, Source: source})
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = catalogue.Close() })
		return catalogue
	}
	recorded := open(proxy.URL)
	recording.kept = nil
	recorded.Ask(b.Context(), []sources.Ask{{Source: "plans", Query: planQuestion(0)}})
	statements := recording.kept
	catalogue := open(base)
	ours := func(n int) {
		reply := catalogue.Ask(b.Context(), []sources.Ask{{Source: "plans", Query: planQuestion(n)}})[0]
		if reply.Outcome != sources.OutcomeAnswered || len(reply.Answer.Parts[1].Records) != 1 || len(reply.Answer.Parts[2].Records) != 1 {
			b.Fatalf("person %d: %s %s", n, reply.Outcome, reply.Class)
		}
	}
	byHand := func(n int) {
		if rows := planFloor(b, base, statements, planNumber(0).Reveal(), planNumber(n).Reveal()); rows < 3 {
			b.Fatalf("person %d: %d rows", n, rows)
		}
	}
	var walls [2][]time.Duration
	for b.Loop() {
		for i, program := range []func(int){ours, byHand} {
			for n := range planned {
				begun := time.Now()
				program(n)
				walls[i] = append(walls[i], time.Since(begun))
			}
		}
	}
	b.ReportMetric(0, "ns/op")
	for i := range walls {
		slices.Sort(walls[i])
	}
	p50, floor := walls[0][len(walls[0])/2], walls[1][len(walls[1])/2]
	b.ReportMetric(float64(p50.Microseconds()), "p50-µs")
	b.ReportMetric(float64(floor.Microseconds()), "floor-p50-µs")
	b.ReportMetric(float64(p50)/float64(floor), "ratio")
	b.ReportMetric(float64(len(statements)), "requests")
}

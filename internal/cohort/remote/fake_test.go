package remote_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"onelondon/internal/cohort/remote"
)

// fake is a server that gives prepared answers to the operations it is asked, in order, the last of them again and again.
type fake struct {
	*httptest.Server
	mu      sync.Mutex
	answers map[string][]string
	asked   []asked
}

// asked is a question as it came.
type asked struct {
	Operation string
	Variables map[string]any
	Header    http.Header
}

func serve(t *testing.T, answers map[string][]string) *fake {
	t.Helper()
	f := &fake{answers: answers}
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	return f
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		f.asked = append(f.asked, asked{r.URL.String(), nil, r.Header})
		_, _ = w.Write([]byte(f.answers[r.URL.String()][0]))
		return
	}
	var body struct {
		Query     string
		Variables map[string]any
	}
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil || r.URL.Path != "/graphql" || r.Method != http.MethodPost {
		http.Error(w, "not a question", http.StatusTeapot)
		return
	}
	operation := strings.FieldsFunc(body.Query, func(c rune) bool { return c == ' ' || c == '(' })[1]
	f.mu.Lock()
	f.asked = append(f.asked, asked{operation, body.Variables, r.Header})
	answers := f.answers[operation]
	if len(answers) > 1 {
		f.answers[operation] = answers[1:]
	}
	f.mu.Unlock()
	if len(answers) == 0 {
		http.Error(w, "not prepared", http.StatusTeapot)
		return
	}
	if answers[0] == "down" {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	w.Header().Set("Content-Type", "application/graphql-response+json")
	_, _ = w.Write([]byte(answers[0]))
}

// client asks the fake, without waiting long.
func (f *fake) client() *remote.Client {
	return &remote.Client{Server: f.URL, Token: "a.b.c", Purpose: "HOPERAT", Every: time.Millisecond}
}

// answered is an answer to the definition of the tests, of which a source is missing.
func answered(t *testing.T) string {
	t.Helper()
	file, err := json.Marshal(diabetes(t))
	if err != nil {
		t.Fatal(err)
	}
	quoted, err := json.Marshal(string(file))
	if err != nil {
		t.Fatal(err)
	}
	return `{"name":"diabetes","version":2,"definition":` + string(quoted) + `,"digest":"sha256:1","words":"People with diabetes.","project":"p",
	  "asAt":"2026-11-26","answeredAt":"2026-11-26T09:30:00Z","policyRevision":"r1","consentRevision":7,"complete":false,"missingAtMost":12,
	  "warnings":["w"],
	  "result":{"columns":["sex"],"series":false,"notes":["n"],"measures":[{"kind":"PEOPLE","events":null,"per":null}],
	    "rows":[{"key":["female"],"figures":[{"shown":true,"number":10,"lower":null,"upper":null}]},
	            {"key":["male"],"figures":[{"shown":false,"number":null,"lower":null,"upper":null}]}],
	    "total":{"key":[""],"figures":[{"shown":true,"number":10,"lower":null,"upper":null}]}},
	  "sources":[{"source":"a","name":"A","answered":true,"outcome":"ANSWERED","milliseconds":5,"rows":1000,"freshness":"2026-11-26"},
	             {"source":"b","name":"B","answered":false,"outcome":"TIMED_OUT","milliseconds":50,"rows":0,"freshness":null}]}`
}

func done(t *testing.T) string {
	t.Helper()
	return `{"id":"r","state":"ANSWERED","fraction":1,"fault":null,"expires":null,"sources":[],"refusal":null,"answer":` + answered(t) + `}`
}

const (
	waiting = `{"id":"r","state":"WAITING","fraction":0,"fault":null,"expires":null,"sources":[],"refusal":null,"answer":null}`
	running = `{"id":"r","state":"RUNNING","fraction":0.5,"expires":"2026-11-26T10:30:00Z","refusal":null,"answer":null,
	  "sources":[{"source":"a","name":"A","state":"ANSWERED","rows":1000},{"source":"b","name":"B","state":"ASKED","rows":0}]}`
	refused = `{"id":"r","state":"REFUSED","fraction":1,"expires":null,"sources":[],"answer":null,
	  "refusal":{"reasons":["too_close"],"words":"It differs from an earlier question by too few people.","allowed":"Ask by wider bands."}}`
)

func started(run string) string { return `{"data":{"startCohort":{"run":` + run + `}}}` }
func looked(run string) string  { return `{"data":{"cohortRun":` + run + `}}` }

package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/parquet-go/parquet-go"

	"onelondon/internal/cohort"
)

const definitionOfTests = `name: diabetes-by-sex
version: 1
title: People with diabetes, by sex
asAt: 2026-11-26
codelists: [{name: diabetes}]
events: [{name: diabetes, kind: Condition, codes: [diabetes]}]
people: {has: {events: diabetes}}
measures: [{kind: PEOPLE}]
by: [{kind: SEX}]
`

// analysts is a server that gives prepared answers by operation, one after the other and the last again and again.
type analysts struct {
	*httptest.Server
	mu      sync.Mutex
	answers map[string][]string
	asked   []string
	header  http.Header
	on      func(operation string)
}

func serveAnalysts(t *testing.T, answers map[string][]string) *analysts {
	t.Helper()
	a := &analysts{answers: answers, on: func(string) {}}
	a.Server = httptest.NewServer(a)
	t.Cleanup(a.Close)
	return a
}

func (a *analysts) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var body struct{ Query string }
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		w.WriteHeader(http.StatusTeapot)
		return
	}
	operation := strings.FieldsFunc(body.Query, func(c rune) bool { return c == ' ' || c == '(' })[1]
	a.mu.Lock()
	a.asked, a.header = append(a.asked, operation), r.Header
	answers := a.answers[operation]
	if len(answers) > 1 {
		a.answers[operation] = answers[1:]
	}
	a.mu.Unlock()
	a.on(operation)
	if len(answers) == 0 {
		w.WriteHeader(http.StatusTeapot)
		return
	}
	_, _ = w.Write([]byte(answers[0]))
}

func (a *analysts) operations() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return strings.Join(a.asked, " ")
}

func runJSON(state, rest string) string {
	return `{"id":"run-1","state":"` + state + `","fraction":0.5,"expires":"2026-11-26T10:30:00Z","sources":[
	  {"source":"a","name":"EMIS Web","state":"ANSWERED","rows":31000},{"source":"b","name":"Barts","state":"ASKED","rows":0}]` + rest + `}`
}

func startedJSON() string { return `{"data":{"startCohort":{"run":` + runJSON("RUNNING", "") + `}}}` }

func runIs(run string) string { return `{"data":{"cohortRun":` + run + `}}` }

func answerJSON(missing string) string {
	complete := "true"
	if missing != "0" {
		complete = "false"
	}
	definition := `{\"name\":\"diabetes-by-sex\",\"version\":1,\"title\":\"People with diabetes, by sex\",\"asAt\":\"2026-11-26\",
	  \"measures\":[{\"kind\":\"PEOPLE\"}],\"by\":[{\"kind\":\"SEX\"}]}`
	return `{"name":"diabetes-by-sex","version":1,"definition":"` + strings.Join(strings.Fields(definition), " ") + `","digest":"sha256:1","words":"People with diabetes.",
	  "project":"example-diabetes","asAt":"2026-11-26","answeredAt":"2026-11-26T09:30:00Z","policyRevision":"r1","consentRevision":7,
	  "complete":` + complete + `,"missingAtMost":` + missing + `,"warnings":[],
	  "result":{"columns":["sex"],"series":false,"notes":["Rounded to the nearest 5."],"measures":[{"kind":"PEOPLE"}],"total":null,
	    "rows":[{"key":["FEMALE"],"figures":[{"shown":true,"number":1210}]},{"key":["MALE"],"figures":[{"shown":false,"number":null}]}]},
	  "sources":[{"source":"a","name":"EMIS Web","answered":true,"outcome":"ANSWERED","milliseconds":5,"rows":31000,"freshness":"2026-11-26"},
	             {"source":"b","name":"Barts","answered":` + complete + `,"outcome":"TIMED_OUT","milliseconds":50,"rows":0}]}`
}

// asking are the arguments of cohort run for a definition of a test, after it the file of a token.
func askingArgs(t *testing.T, server string, more ...string) (string, []string) {
	t.Helper()
	dir := t.TempDir()
	for name, content := range map[string]string{"diabetes.yaml": definitionOfTests, "token": "a.b.c\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir, append([]string{"cohort", "run", filepath.Join(dir, "diabetes.yaml"), "--server", server,
		"--token-file", filepath.Join(dir, "token"), "--project", "example-diabetes"}, more...)
}

func TestACohortIsAskedAndItsAnswerPrinted(t *testing.T) {
	server := serveAnalysts(t, map[string][]string{"Start": {startedJSON()},
		"Run": {runIs(runJSON("ANSWERED", `,"answer":`+answerJSON("0")))}})
	_, args := askingArgs(t, server.URL)
	said := say(t, args...)
	if said.code != exitFine {
		t.Fatalf("exit %d: %s", said.code, said.errs)
	}
	for _, want := range []string{"People with diabetes, by sex", "female       1,210", "male    [redacted]", "Rounded to the nearest 5.", "sha256:1"} {
		if !strings.Contains(said.out, want) {
			t.Errorf("lacks %q\n%s", want, said.out)
		}
	}
	if !strings.Contains(said.errs, "50 %  EMIS Web") || !strings.Contains(said.errs, "31,000 rows") || strings.Contains(said.errs, "\x1b") {
		t.Errorf("progress: %q", said.errs)
	}
	if server.header.Get("Authorization") != "Bearer a.b.c" || server.header.Get("X-Purpose-Of-Use") != "HOPERAT" {
		t.Errorf("asked as %v", server.header)
	}
	if quiet := say(t, append(args, "--quiet")...); quiet.errs != "" {
		t.Errorf("not quiet: %q", quiet.errs)
	}
}

func TestAnAnswerIsWrittenInEveryFormWithItsPicture(t *testing.T) {
	server := serveAnalysts(t, map[string][]string{"Start": {startedJSON()},
		"Run": {runIs(runJSON("ANSWERED", `,"answer":`+answerJSON("0")))}})
	for _, each := range []struct {
		file  string
		check func(t *testing.T, content []byte) bool
	}{
		{"answer.csv", func(t *testing.T, content []byte) bool {
			lines, err := csv.NewReader(bytes.NewReader(content)).ReadAll()
			return err == nil && len(lines) == 3 && lines[2][2] == "false"
		}},
		{"answer.json", func(t *testing.T, content []byte) bool {
			var answer cohort.Answer
			return json.Unmarshal(content, &answer) == nil && answer.Definition.By[0].Kind == cohort.BySex && answer.ConsentRevision == 7
		}},
		{"answer.parquet", func(t *testing.T, content []byte) bool {
			file, err := parquet.OpenFile(bytes.NewReader(content), int64(len(content)))
			return err == nil && file.NumRows() == 2
		}},
		{"answer.txt", func(t *testing.T, content []byte) bool { return bytes.Contains(content, []byte("1,210")) }},
	} {
		dir, args := askingArgs(t, server.URL)
		out := filepath.Join(dir, each.file)
		said := say(t, append(args, "--out", out, "--plot", out+".png", "--quiet")...)
		if said.code != exitFine || said.out != "" {
			t.Fatalf("%s: exit %d: %s%s", each.file, said.code, said.out, said.errs)
		}
		if content, err := os.ReadFile(out); err != nil || !each.check(t, content) {
			t.Errorf("%s: %v\n%s", each.file, err, content)
		}
		picture, err := os.ReadFile(out + ".png")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := png.Decode(bytes.NewReader(picture)); err != nil {
			t.Error(err)
		}
	}
}

func TestAnIncompleteAnswerIsWrittenAndEndsWithACodeOfItsOwn(t *testing.T) {
	server := serveAnalysts(t, map[string][]string{"Start": {startedJSON()},
		"Run": {runIs(runJSON("ANSWERED", `,"answer":`+answerJSON("1240")))}})
	_, args := askingArgs(t, server.URL, "--format", "csv")
	said := say(t, args...)
	if said.code != exitIncomplete || !strings.Contains(said.errs, "!!! INCOMPLETE: 1 of 2 sources did not answer. Up to 1,240 people") ||
		!strings.Contains(said.out, "FEMALE,1210,true") {
		t.Errorf("exit %d\n%s%s", said.code, said.out, said.errs)
	}
}

func TestARefusedCohortSaysWhyAndWhatWouldBeAllowed(t *testing.T) {
	server := serveAnalysts(t, map[string][]string{"Start": {startedJSON()}, "Run": {runIs(runJSON("REFUSED",
		`,"refusal":{"reasons":["too_close"],"words":"It differs from an earlier question by too few people.","allowed":"Wider age bands."}`))}})
	_, args := askingArgs(t, server.URL, "--quiet")
	said := say(t, args...)
	want := "refused: It differs from an earlier question by too few people.\n  reasons  too_close\n  allowed  Wider age bands.\n"
	if said.code != exitRefused || said.errs != want || said.out != "" {
		t.Errorf("exit %d\n%s%s", said.code, said.out, said.errs)
	}
}

func TestAnInterruptEndsTheRunAtTheServerAndSaysHowToGoOn(t *testing.T) {
	server := serveAnalysts(t, map[string][]string{"Start": {startedJSON()}, "Run": {runIs(runJSON("RUNNING", ""))},
		"Cancel": {`{"data":{"cancelCohort":{"run":{"id":"run-1"}}}}`}})
	ctx, interrupt := context.WithCancel(t.Context())
	server.on = func(operation string) {
		if operation == "Run" {
			interrupt()
		}
	}
	_, args := askingArgs(t, server.URL, "--quiet")
	var out, errs bytes.Buffer
	code := run(ctx, args, &out, &errs)
	if code != exitNotRun || !strings.Contains(errs.String(), "interrupted; the run is cancelled. What sources answered is kept until 2026-11-26T10:30:00Z: "+
		"the same command takes it up from there") || out.Len() > 0 {
		t.Errorf("exit %d\n%s%s", code, out.String(), errs.String())
	}
	if said := server.operations(); said != "Start Run Cancel" {
		t.Errorf("the server was asked: %s", said)
	}
}

func TestADeadlineEndsTheRunAtTheServer(t *testing.T) {
	server := serveAnalysts(t, map[string][]string{"Start": {startedJSON()}, "Run": {runIs(runJSON("RUNNING", ""))}})
	_, args := askingArgs(t, server.URL, "--quiet", "--deadline", "700ms")
	said := say(t, args...)
	if said.code != exitNotRun || !strings.Contains(said.errs, "no answer within 700ms; the run run-1 goes on at the server, which could not be told to end it") {
		t.Errorf("exit %d: %s", said.code, said.errs)
	}
	if asked := server.operations(); !strings.HasSuffix(asked, "Run Cancel") {
		t.Errorf("the server was asked: %s", asked)
	}
}

func TestWhatCannotBeWrittenIsNotAsked(t *testing.T) {
	server := serveAnalysts(t, nil)
	for want, more := range map[string][]string{
		"parquet is not for a terminal": {"--format", "parquet"},
		"a plot is a .png or a .svg":    {"--plot", "a.pdf"},
		"it is one of table, csv":       {"--format", "xlsx"},
		"give some time":                {"--deadline", "0s"},
	} {
		_, args := askingArgs(t, server.URL, more...)
		if said := say(t, args...); said.code != exitNotRun || !strings.Contains(said.errs, want) {
			t.Errorf("%v: exit %d: %s", more, said.code, said.errs)
		}
	}
	dir, args := askingArgs(t, server.URL, "--plot", "a.png")
	alone := strings.ReplaceAll(definitionOfTests, "by: [{kind: SEX}]\n", "")
	if err := os.WriteFile(filepath.Join(dir, "diabetes.yaml"), []byte(alone), 0o600); err != nil {
		t.Fatal(err)
	}
	if said := say(t, args...); said.code != exitNotRun || !strings.Contains(said.errs, "an answer of one row is a number and no picture") {
		t.Errorf("exit %d: %s", said.code, said.errs)
	}
	if asked := server.operations(); asked != "" {
		t.Errorf("the server was asked: %s", asked)
	}
}

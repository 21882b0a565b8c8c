package main

import (
	"context"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onelondon/web"
)

func TestADefinitionIsCheckedAndSaidOffline(t *testing.T) {
	dir, _ := askingArgs(t, "https://nowhere.example")
	file := filepath.Join(dir, "diabetes.yaml")
	checked := say(t, "cohort", "check", file)
	for _, want := range []string{"digest", "sha256:", "records", "Condition", "lists", "broken down by", "sex"} {
		if checked.code != exitFine || !strings.Contains(checked.out, want) {
			t.Errorf("exit %d, lacks %q\n%s%s", checked.code, want, checked.out, checked.errs)
		}
	}
	words := say(t, "cohort", "words", file)
	if flat := strings.Join(strings.Fields(checked.out), " "); words.code != exitFine || len(words.out) < 40 ||
		!strings.HasPrefix(flat, strings.Join(strings.Fields(words.out), " ")) {
		t.Errorf("exit %d: %s%s", words.code, words.out, words.errs)
	}
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(definitionOfTests, "kind: SEX", "kind: SECTS")), 0o600); err != nil {
		t.Fatal(err)
	}
	if faulty := say(t, "cohort", "check", file); faulty.code != exitFindings || !strings.Contains(faulty.out, "diabetes.yaml:9:") {
		t.Errorf("exit %d: %s%s", faulty.code, faulty.out, faulty.errs)
	}
}

func TestWhatAProjectAskedIsListedAndShown(t *testing.T) {
	server := serveAnalysts(t, map[string][]string{"Answers": {`{"data":{"cohorts":[` + answerJSON("0") + `,` + answerJSON("1240") + `]}}`}})
	at := []string{"--server", server.URL, "--project", "example-diabetes"}
	listed := say(t, append([]string{"cohort", "list"}, at...)...)
	if listed.code != exitFine || !strings.Contains(listed.out, "diabetes-by-sex  1        2026-11-26  2026-11-26T09:30:00Z              People with diabetes, by sex") ||
		!strings.Contains(listed.out, "2026-11-26T09:30:00Z, incomplete") {
		t.Errorf("exit %d\n%s%s", listed.code, listed.out, listed.errs)
	}
	for _, version := range [][]string{nil, {"--version", "1"}} {
		shown := say(t, append(append([]string{"cohort", "show", "diabetes-by-sex"}, version...), at...)...)
		if shown.code != exitFine || !strings.Contains(shown.out, "female       1,210") {
			t.Errorf("exit %d\n%s%s", shown.code, shown.out, shown.errs)
		}
	}
	for want, args := range map[string][]string{"no answer to version 2 of diabetes-by-sex": {"diabetes-by-sex", "--version", "2"}, "no answer to other": {"other"}} {
		if said := say(t, append(append([]string{"cohort", "show"}, args...), at...)...); said.code != exitNotRun || !strings.Contains(said.errs, want) {
			t.Errorf("%v: exit %d: %s", args, said.code, said.errs)
		}
	}
}

func TestThePublicRegisterIsReadWithoutAToken(t *testing.T) {
	list := func(_ context.Context, after string) (web.StudiesPage, error) {
		study := web.Study{At: time.Date(2026, 11, 26, 9, 30, 0, 0, time.UTC), Project: "example-diabetes", Organisation: "QMF", Purpose: "HOPERAT",
			Title: "People with diabetes, by sex", Version: 1, Digest: "sha256:1", Words: "People with diabetes.", Reasons: []string{"Too few."}}
		if after == "" {
			return web.StudiesPage{Studies: []web.Study{study}, Next: "c"}, nil
		}
		return web.StudiesPage{Studies: []web.Study{study}}, nil
	}
	server := httptest.NewServer(web.Studies(list))
	t.Cleanup(server.Close)
	for count, args := range map[int][]string{1: nil, 2: {"--all"}} {
		said := say(t, append([]string{"cohort", "register", "--server", server.URL}, args...)...)
		if said.code != exitFine || strings.Count(said.out, "People with diabetes, by sex, version 1, not answered: Too few.") != count ||
			!strings.Contains(said.out, "asked by  QMF for project example-diabetes, purpose HOPERAT") {
			t.Errorf("exit %d\n%s%s", said.code, said.out, said.errs)
		}
	}
}

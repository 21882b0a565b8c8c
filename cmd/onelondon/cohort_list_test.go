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

// savedJSON is a definition of a test as the server has saved it.
func savedJSON(version, digest string) string {
	return `{"name":"diabetes-by-sex","version":` + version + `,"definition":"{\"name\":\"diabetes-by-sex\",\"version\":` + version + `,\"title\":\"People with diabetes, by sex\",
	  \"asAt\":\"2026-11-26\",\"measures\":[{\"kind\":\"PEOPLE\"}]}","digest":"` + digest + `","words":"People with diabetes.","savedAt":"2026-11-25T08:00:00Z","savedBy":"priya"}`
}

// serveProject is a server of a project that was answered twice and has saved a definition that was asked and one that was not.
func serveProject(t *testing.T, withheld string) (*analysts, []string) {
	t.Helper()
	answer := answerJSON("0")
	if withheld != "" {
		before, rest, _ := strings.Cut(answer, `"result":{`)
		_, after, _ := strings.Cut(rest, `"sources":`)
		answer = before + `"withheld":"` + withheld + `","sources":` + after
	}
	digest := "sha256:" + strings.Repeat("ab", 32)
	server := serveAnalysts(t, map[string][]string{"Answers": {`{"data":{"cohorts":[` + answer + `,` + answerJSON("1240") + `]}}`},
		"Saved": {strings.ReplaceAll(`{"data":{"savedCohorts":[`+savedJSON("2", digest)+`,`+savedJSON("1", "sha256:1")+`]}}`, "\n\t ", "")},
		"Save":  {strings.ReplaceAll(`{"data":{"saveCohort":{"saved":`+savedJSON("1", digest)+`}}}`, "\n\t ", "")},
		"Start": {startedJSON()}, "Run": {runIs(runJSON("ANSWERED", `,"answer":`+answerJSON("0")))}})
	return server, []string{"--server", server.URL, "--project", "example-diabetes"}
}

func TestWhatAProjectAskedAndSavedIsListedAndShown(t *testing.T) {
	_, at := serveProject(t, "")
	listed := say(t, append([]string{"cohort", "list"}, at...)...)
	for _, want := range []string{"definition         as at       saved                 answered                          title",
		"diabetes-by-sex@1  2026-11-26  2026-11-25T08:00:00Z  2026-11-26T09:30:00Z              People with diabetes, by sex",
		"diabetes-by-sex@1  2026-11-26  -                     2026-11-26T09:30:00Z, incomplete", "diabetes-by-sex@2  2026-11-26  2026-11-25T08:00:00Z  not asked"} {
		if listed.code != exitFine || !strings.Contains(listed.out, want) {
			t.Errorf("exit %d, lacks %q\n%s%s", listed.code, want, listed.out, listed.errs)
		}
	}
	for cited, want := range map[string]string{"diabetes-by-sex": "female       1,210", "diabetes-by-sex@1": "female       1,210",
		"diabetes-by-sex@2": "asked   not yet: onelondon cohort run --cite diabetes-by-sex@2\n\nPeople with diabetes.", "sha256:" + strings.Repeat("ab", 32): "saved   2026-11-25T08:00:00Z by priya"} {
		shown := say(t, append([]string{"cohort", "show", cited}, at...)...)
		if shown.code != exitFine || !strings.Contains(shown.out, want) {
			t.Errorf("%s: exit %d\n%s%s", cited, shown.code, shown.out, shown.errs)
		}
	}
	file := filepath.Join(t.TempDir(), "again.json")
	if said := say(t, append([]string{"cohort", "show", "diabetes-by-sex@2", "--definition", "--out", file}, at...)...); said.code != exitFine {
		t.Errorf("exit %d: %s", said.code, said.errs)
	}
	if again := say(t, "cohort", "words", file); again.code != exitFine || !strings.Contains(again.out, "26 November 2026") {
		t.Errorf("exit %d: %s%s", again.code, again.out, again.errs)
	}
	for want, args := range map[string][]string{"nothing of diabetes-by-sex@3": {"diabetes-by-sex@3"}, "nothing of other": {"other"},
		"is saved and was not asked": {"diabetes-by-sex@2", "--format", "csv"}} {
		if said := say(t, append(append([]string{"cohort", "show"}, args...), at...)...); said.code != exitNotRun || !strings.Contains(said.errs, want) {
			t.Errorf("%v: exit %d: %s", args, said.code, said.errs)
		}
	}
}

func TestAnAnswerThatIsNotGivenAgainSaysSo(t *testing.T) {
	_, at := serveProject(t, "Ask it anew.")
	if listed := say(t, append([]string{"cohort", "list"}, at...)...); listed.code != exitFine || !strings.Contains(listed.out, "not given again") {
		t.Errorf("exit %d\n%s%s", listed.code, listed.out, listed.errs)
	}
	shown := say(t, append([]string{"cohort", "show", "diabetes-by-sex@1"}, at...)...)
	if shown.code != exitRefused || shown.errs != "refused: Ask it anew.\n" || shown.out != "" {
		t.Errorf("exit %d\n%s%s", shown.code, shown.out, shown.errs)
	}
}

func TestADefinitionIsSavedAndAskedByItsCitation(t *testing.T) {
	server, at := serveProject(t, "")
	dir, _ := askingArgs(t, server.URL)
	saved := say(t, append([]string{"cohort", "save", filepath.Join(dir, "diabetes.yaml")}, at...)...)
	if saved.code != exitFine || saved.out != "cite    diabetes-by-sex@1\ndigest  sha256:"+strings.Repeat("ab", 32)+"\nsaved   2026-11-25T08:00:00Z by priya\n" {
		t.Errorf("exit %d\n%s%s", saved.code, saved.out, saved.errs)
	}
	asked := say(t, append([]string{"cohort", "run", "--cite", "diabetes-by-sex@1", "--quiet"}, at...)...)
	if asked.code != exitFine || !strings.Contains(asked.out, "female       1,210") || server.operations() != "Save Start Run" {
		t.Errorf("exit %d, %s\n%s%s", asked.code, server.operations(), asked.out, asked.errs)
	}
	for want, args := range map[string][]string{"give a FILE, or --cite": {}, "cited as NAME@VERSION": {"--cite", "diabetes-by-sex"}} {
		if said := say(t, append(append([]string{"cohort", "run"}, args...), at...)...); said.code != exitNotRun || !strings.Contains(said.errs, want) {
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

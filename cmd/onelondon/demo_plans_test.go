package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"onelondon/examples/london"
)

// atTheBedside breaks the glass and asks for the urgent care plan of the demo's person at the bedside, and returns what the demo shows of
// the answer, and the answer.
func (s served) atTheBedside(t *testing.T) (string, *urgentCare) {
	t.Helper()
	f := heroine()
	doctor := f.callers["ae_doctor"]
	doctor.token = s.tokens["ae_doctor"]
	person := london.Imagine(london.Options{People: 1}).Cast.Undated
	shown, care, err := bedsideOf(t.Context(), s.url, doctor, person)
	if err != nil {
		t.Fatal(err)
	}
	return shown, care
}

func TestServeAnswersFromADemosFolderAsTheDemoDid(t *testing.T) {
	dir, said := smallLondon(t)
	again := say(t, "demo", "--once", "--data", dir)
	s := serveFolder(t, dir)
	shown, care := s.atTheBedside(t)
	if !strings.Contains(said.out, shown) {
		t.Errorf("the demo said\n%s\nserve says\n%s", said.out, shown)
	}
	if len(care.Conflicts) == 0 || len(care.Plans) != 4 || !care.Complete {
		t.Errorf("%d contradictions of %d plans, complete %t", len(care.Conflicts), len(care.Plans), care.Complete)
	}
	for _, from := range []string{"care-plans", "community-fhir", "coordinate-my-care"} {
		if !strings.Contains(shown, from) {
			t.Errorf("no plan from %s", from)
		}
	}
	logged := s.logs.String()
	if strings.Contains(logged, "could not be opened") || strings.Count(logged, "files and no server") != 2 {
		t.Errorf("the log says\n%s", logged)
	}
	if again.code != exitFine || !strings.Contains(again.out, shown) {
		t.Errorf("taken up again, the demo says (exit %d)\n%s%s", again.code, again.out, again.errs)
	}
}

func TestACheckSaysWhichSourcesAreFilesAndWhatIsWrongWithThem(t *testing.T) {
	dir, _ := smallLondon(t)
	path := filepath.Join(dir, configFile)
	checked := say(t, "source", "check", "--config", path)
	if checked.code != exitFine || strings.Count(checked.out, "and no server") != 2 || !strings.Contains(checked.out, "9 sources, 0 faults") {
		t.Errorf("exit %d: %s%s", checked.code, checked.out, checked.errs)
	}
	flags := filepath.Join(dir, unitsFolder, "Flag.ndjson")
	text, err := os.ReadFile(flags)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(text), "\n")
	lines[1] = "{\"resourceType\": \"Flag\", \"id\": \n"
	if err := os.WriteFile(flags, []byte(strings.Join(lines, "")), 0o600); err != nil {
		t.Fatal(err)
	}
	faulty := say(t, "source", "check", "--config", path, "--source", "community-fhir")
	if faulty.code != exitFindings || !strings.Contains(faulty.out, "Flag.ndjson:2: no JSON") {
		t.Errorf("exit %d: %s%s", faulty.code, faulty.out, faulty.errs)
	}
	// The demo's folder without its plans is built anew.
	if err := os.RemoveAll(filepath.Join(dir, unitsFolder)); err != nil {
		t.Fatal(err)
	}
	if again := say(t, "demo", "--once", "--data", dir, "--people", "30"); again.code != exitFine || !strings.Contains(again.out, "Built a London") ||
		!strings.Contains(again.out, "community-fhir") {
		t.Errorf("exit %d: %s%s", again.code, again.out, again.errs)
	}
}

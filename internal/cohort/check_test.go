package cohort_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
	"onelondon/internal/yamltree"
)

// update is a command-line flag, not state: go test ./internal/cohort -update writes the goldens anew.
var update = flag.Bool("update", false, "write the goldens anew")

// golden compares got with a file, or writes it.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// sample is a definition without fault.
func sample(t *testing.T) *cohort.Definition {
	t.Helper()
	parsed, err := cohort.Parse("diabetes-emergencies.yaml", read(t, "testdata/diabetes-emergencies.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// Each testdata/<rule>.bad.yaml breaks one rule; the messages it must give are in testdata/<rule>.golden.
func TestEachFaultIsNamedWithItsPlaceAndAWayForward(t *testing.T) {
	bad, err := filepath.Glob("testdata/*.bad.yaml")
	if err != nil || len(bad) < 100 {
		t.Fatalf("found %d bad definitions (%v), want at least 100", len(bad), err)
	}
	for _, path := range bad {
		name := filepath.Base(path)
		t.Run(strings.TrimSuffix(name, ".bad.yaml"), func(t *testing.T) {
			_, err := cohort.Parse(name, read(t, path))
			var faults yamltree.Faults
			if !errors.As(err, &faults) {
				t.Fatalf("got error %v, want faults", err)
			}
			golden(t, strings.TrimSuffix(path, ".bad.yaml")+".golden", faults.Error()+"\n")
		})
	}
}

func TestADefinitionMadeInMemoryIsCheckedAsOneOfAFile(t *testing.T) {
	for name, check := range map[string]struct {
		change func(*cohort.Definition)
		want   string
	}{
		"an empty list is not a list that is left out": {func(d *cohort.Definition) { d.Events[0].Codes = []string{} },
			"events[0].codes: is empty"},
		"a kind that is none": {func(d *cohort.Definition) { kind := clinical.Kind(200); d.Events[0].Kind = &kind },
			"events[0].kind: is no kind of record"},
		"no day": {func(d *cohort.Definition) { d.AsAt = clinical.NoDay }, "asAt: is no day"},
		"more codes than can be asked": {func(d *cohort.Definition) {
			d.Codelists[0].Codes = make([]cohort.CodelistEntry, 50_001)
			for i := range d.Codelists[0].Codes {
				d.Codelists[0].Codes[i].Code = "A"
			}
		}, "codelists: hold 50001 codes; at most 50000"},
		"a title of two lines": {func(d *cohort.Definition) { d.Title = "one\ntwo" }, "title: is not one line"},
	} {
		t.Run(name, func(t *testing.T) {
			changed := sample(t)
			check.change(changed)
			err := changed.Check()
			var faults cohort.Faults
			if !errors.As(err, &faults) || !strings.Contains(err.Error(), check.want) {
				t.Errorf("got %v, want a fault with %q", err, check.want)
			}
		})
	}
}

func TestNoFaultIsNoError(t *testing.T) {
	if err := sample(t).Check(); err != nil {
		t.Error(err)
	}
}

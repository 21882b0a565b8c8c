package openehr_test

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onelondon/examples/london/mappings"
	"onelondon/internal/testkit"
	"onelondon/sources"
	"onelondon/sources/mapping"
	"onelondon/sources/openehr"
	"onelondon/sources/openehr/adl"
	"onelondon/sources/openehr/ehrstore"
)

// planTemplate is the operational template of end of life care plans, as published.
func planTemplate(t *testing.T) (id string, opt []byte) {
	t.Helper()
	shared := testkit.Shared(t, "data/openehr-acp")
	id, opt, err := adl.Design(filepath.Join(shared, "templates", "EA_-_End_of_life_Care.v0.t.json"), filepath.Join(shared, "archetypes"))
	if err != nil {
		t.Fatal(err)
	}
	return id, opt
}

func TestACheckTellsWhatAnUpgradeOfTheTemplatesChanged(t *testing.T) {
	id, opt := planTemplate(t)
	store := ehrstore.New("test", time.Now)
	if _, err := store.CreateEHR(ehrstore.Status("nhs", patient, true)); err != nil {
		t.Fatal(err)
	}
	if err := store.PutTemplate(opt); err != nil {
		t.Fatal(err)
	}
	text, err := mappings.Files.ReadFile("openehr-care-plans.yaml")
	if err != nil {
		t.Fatal(err)
	}
	read, err := mapping.LoadPaths("plans.yaml", text, map[string]string{"organisation": "QWE", "organisation_name": "A board", "namespace": "nhs"})
	if err != nil {
		t.Fatal(err)
	}
	source, err := openehr.Open(t.Context(), openehr.Options{ID: "plans", Base: serve(t, store), Mapping: read})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = source.Close() }()
	before, err := source.Describe(t.Context())
	if err != nil || before["openEHR-EHR-EVALUATION.cpr_decision_uk.v0"]["data[at0001]/items[at0003]/value"] == "" || before["template "+id] == nil {
		t.Fatalf("%v: %v", before, err)
	}
	drifted := func() (said []string) {
		for _, f := range source.Check(t.Context(), sources.CheckOptions{Before: before}) {
			if f.Matter == sources.MatterDrift {
				if f.Severity == sources.Fault && f.Line == 0 {
					t.Errorf("a fault without a line: %s", f.Message)
				}
				said = append(said, string(f.Severity)+": "+f.Message)
			}
		}
		return said
	}
	if said := drifted(); len(said) > 0 {
		t.Errorf("nothing has changed: %q", said)
	}
	for name, one := range map[string]struct {
		opt  []byte
		want string
	}{
		"a place": {bytes.ReplaceAll(opt, []byte("at0003<"), []byte("at9003<")), "fault: openEHR-EHR-EVALUATION.cpr_decision_uk.v0 had data[at0001]/items[at0003]/value at the last check and has it no more"},
		"a version of an archetype": {bytes.ReplaceAll(opt, []byte("EVALUATION.cpr_decision_uk.v0"), []byte("EVALUATION.cpr_decision_uk.v1")),
			"fault: openEHR-EHR-EVALUATION.cpr_decision_uk.v0 was there at the last check and is gone; there is openEHR-EHR-EVALUATION.cpr_decision_uk.v1"},
		"a version of the template": {bytes.ReplaceAll(opt, []byte(id), []byte(strings.TrimSuffix(id, ".v0")+".v1")),
			"fault: template " + id + " was there at the last check and is gone; there is template " + strings.TrimSuffix(id, ".v0") + ".v1"},
	} {
		t.Run(name, func(t *testing.T) {
			store.DropTemplate(id)
			if err := store.PutTemplate(one.opt); err != nil {
				t.Fatal(err)
			}
			if said := strings.Join(drifted(), "\n"); !strings.Contains(said, one.want) {
				t.Errorf("said\n%s\nwant\n%s", said, one.want)
			}
			store.DropTemplate(strings.TrimSuffix(id, ".v0") + ".v1")
		})
	}
}

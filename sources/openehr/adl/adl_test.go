package adl_test

import (
	"encoding/xml"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"onelondon/internal/testkit"
	"onelondon/sources/openehr/adl"
)

func TestEveryArchetypeIsReadWithTheTermsOfItsCodes(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(testkit.Shared(t, "data/openehr-acp/archetypes"), "*.adl"))
	if err != nil || len(files) < 10 {
		t.Fatalf("%d archetypes, %v", len(files), err)
	}
	for _, file := range files {
		archetype, err := adl.ReadArchetype(file)
		if err != nil {
			t.Error(err)
			continue
		}
		codes := 0
		var look func(o *adl.Object)
		look = func(o *adl.Object) {
			for _, code := range append([]string{o.Node}, o.Codes...) {
				if strings.HasPrefix(code, "at") {
					codes++
					if archetype.Terms[code].Text == "" {
						t.Errorf("%s: %s of %s has no term", archetype.ID, code, o.Type)
					}
				}
			}
			for i := range o.Attributes {
				for j := range o.Attributes[i].Children {
					look(&o.Attributes[i].Children[j])
				}
			}
		}
		look(&archetype.Definition)
		if codes < 3 {
			t.Errorf("%s: only %d codes", archetype.ID, codes)
		}
	}
}

func TestADesignedTemplateBecomesAnOperationalOne(t *testing.T) {
	shared := testkit.Shared(t, "data/openehr-acp")
	for name, held := range map[string][]string{
		"EA_-_End_of_life_Care.v0": {"openEHR-EHR-COMPOSITION.care_plan.v0", "openEHR-EHR-EVALUATION.cpr_decision_uk.v0", "openEHR-EHR-EVALUATION.prognosis_uk.v0", "at0005"},
		"EA_-_ReSPECT-3.v0":        {"openEHR-EHR-SECTION.respect_headings.v0", "openEHR-EHR-ADMIN_ENTRY.legal_authority.v0", "at0012"},
	} {
		id, opt, err := adl.Design(filepath.Join(shared, "templates", name+".t.json"), filepath.Join(shared, "archetypes"))
		if err != nil || id == "" {
			t.Fatalf("%s: %q, %v", name, id, err)
		}
		for _, one := range held {
			if !strings.Contains(string(opt), one) {
				t.Errorf("%s lacks %s", name, one)
			}
		}
		reading := xml.NewDecoder(strings.NewReader(string(opt)))
		for {
			if _, err := reading.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
	}
}

func TestWhatIsNoArchetypeIsRefused(t *testing.T) {
	if _, err := adl.ReadArchetype("adl.go"); err == nil {
		t.Error("a program was read as an archetype")
	}
}

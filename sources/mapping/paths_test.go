package mapping_test

import (
	"strings"
	"testing"

	"onelondon/sources/mapping"
)

const pathsYAML = `system: plans
title: Care plans
person:
  from: EHR as e
  nhs_number: e/ehr_status/subject/external_ref/id/value
  organisation: {code: "'R1H'"}
records:
  Registration:
    - id: e/ehr_id/value
      labels: {sealed: false}
      fields: {familyName: "'?'"}
  Alert:
    - from: COMPOSITION."openEHR-EHR-COMPOSITION.care_plan.v0" as c
      person: true
      id: concat(c/uid/value, '#', c/name/value)
      labels: {sealed: false}
      fields:
        date: {from: c/context/start_time/value, type: iso}
        note: WORD
`

func TestAPathIsReadAsItIsWritten(t *testing.T) {
	for _, path := range []string{"c/name/value", "c/content[openEHR-EHR-EVALUATION.cpr_decision_uk.v0]/data[at0001]/items[at0003]/value/value",
		"c/content/items[at0015 and name/value='Preferred place of death (second choice)']/value"} {
		m, err := mapping.LoadPaths("plans.yaml", []byte(strings.Replace(pathsYAML, "WORD", path, 1)), nil)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		for _, sets := range m.Records {
			if note, ok := sets[0].Fields["note"]; ok && note.Value.String() != path {
				t.Errorf("%s became %s", path, note.Value)
			}
		}
	}
}

func TestAPathIsForAnOpenEHRServerAndAColumnForADatabase(t *testing.T) {
	for _, wrong := range []string{"c.name", "c/name[", `c/name["x"]`, `c/name[\\]`, "c/name[${x}]", "d/name", "/name", "c//x y"} {
		if _, err := mapping.LoadPaths("plans.yaml", []byte(strings.Replace(pathsYAML, "WORD", wrong, 1)), nil); err == nil {
			t.Errorf("%s was read", wrong)
		}
	}
	if _, err := mapping.Load("plans.yaml", []byte(strings.Replace(pathsYAML, "WORD", "c/name/value", 1)), nil); err == nil {
		t.Error("paths were read for a database")
	}
	if m := loadGP(t); m.Paths {
		t.Error("a database's mapping says that it has paths")
	}
	if _, err := mapping.ParseExpr("c/name/value"); err == nil {
		t.Error("a path was read where no mapping of paths is")
	}
}

func TestAnOpenEHRServerKeepsItsVersionsToItself(t *testing.T) {
	text := strings.Replace(pathsYAML, "WORD", "c/name/value", 1)
	text = strings.Replace(text, "person:\n", "versions: [{table: EHR, of: a, number: b}]\nperson:\n", 1)
	if _, err := mapping.LoadPaths("plans.yaml", []byte(text), nil); err == nil || !strings.Contains(err.Error(), "by itself") {
		t.Errorf("versions of an openEHR server: %v", err)
	}
}

package circe_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
	"onelondon/internal/cohort/circe"
)

const sets = `"ConceptSets": [
  {"id": 1, "name": "Asthma", "expression": {"items": [{"concept": {"CONCEPT_ID": 10, "VOCABULARY_ID": "SNOMED", "CONCEPT_CODE": "195967001"}, "includeDescendants": true}]}},
  {"id": 2, "name": "Stays", "expression": {"items": [{"concept": {"CONCEPT_ID": 9201, "VOCABULARY_ID": "Visit", "CONCEPT_CODE": "IP"}, "includeDescendants": true}]}},
  {"id": 3, "name": "Drugs", "expression": {"items": [{"concept": {"CONCEPT_ID": 30, "VOCABULARY_ID": "ATC", "CONCEPT_CODE": "A10"}, "includeDescendants": true}]}}]`

// small is a vocabulary of a few concepts: 11 and 12 lie beneath 10, the code X40 maps to 12, the medicine 31 lies beneath 30.
func small(t *testing.T) *circe.Tables {
	t.Helper()
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	vocabulary, err := circe.ReadTables(fstest.MapFS{
		"CONCEPT.csv": file("concept_id,vocabulary_id,concept_code\n10,SNOMED,195967001\n11,SNOMED,233678006\n12,SNOMED,389145006\n" +
			"13,Read,H33..\n30,ATC,A10\n31,dm+d,325278007\n"),
		"CONCEPT_ANCESTOR.csv":     file("ancestor_concept_id,descendant_concept_id\n10,10\n10,11\n30,31\n"),
		"RELATIONSHIP.csv":         file("relationship_id,is_hierarchical,defines_ancestry\nSubsumes,1,1\nPanel contains,1,0\n"),
		"CONCEPT_RELATIONSHIP.csv": file("concept_id_1,concept_id_2,relationship_id\n11,12,Subsumes\n12,11,Subsumes\n13,12,Maps to\n12,12,Maps to\n10,30,Panel contains\n"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return vocabulary
}

func imported(t *testing.T, text string) *circe.Imported {
	t.Helper()
	made, err := circe.Import([]byte(text), circe.Options{Name: "test", Title: "A test", AsAt: day("2026-11-01"), Vocabulary: small(t)})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// asthma is a definition whose one primary criterion, and whatever follows, is given.
func asthma(criterion, rest string) string {
	return `{"PrimaryCriteria": {"CriteriaList": [{"ConditionOccurrence": {"CodesetId": 1` + criterion + `}}],
	  "PrimaryCriteriaLimit": {"Type": "First"}}, ` + sets + rest + `}`
}

// rule is an inclusion rule with one group.
func rule(group string) string {
	return `, "InclusionRules": [{"name": "a", "expression": ` + group + `}]`
}

// stays is a correlated criterion with one more part.
func stays(more string) string {
	return `{"Criteria": {"VisitOccurrence": {"CodesetId": 2}}, "Occurrence": {"Type": 2, "Count": 1}` + more + `}`
}

func TestAConceptSetIsTheCodesOfItsConceptsOfThoseBeneathAndOfThoseThatMapToThem(t *testing.T) {
	made := imported(t, asthma("", ""))
	want := []cohort.CodelistEntry{{System: clinical.Read2, Code: "H33.."}, {System: clinical.SNOMED, Code: "195967001"},
		{System: clinical.SNOMED, Code: "233678006"}, {System: clinical.SNOMED, Code: "389145006"}}
	if diff := cmp.Diff(want, made.Definition.Codelists[0].Codes); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(made.Unsupported) != 0 {
		t.Errorf("not said: %v", made.Unsupported)
	}
}

func TestAnExcludedConceptTakesWhatLiesBeneathAway(t *testing.T) {
	text := strings.Replace(asthma("", ""), `"includeDescendants": true}]}},
  {"id": 2`, `"includeDescendants": true}, {"concept": {"CONCEPT_ID": 11, "VOCABULARY_ID": "SNOMED", "CONCEPT_CODE": "233678006"}, "includeDescendants": true, "isExcluded": true}]}},
  {"id": 2`, 1)
	codes := imported(t, text).Definition.Codelists[0].Codes
	if len(codes) != 1 || codes[0].Code != "195967001" {
		t.Errorf("got %v", codes)
	}
}

func TestWhatCannotBeSaidIsToldWithItsPath(t *testing.T) {
	group := func(item string) string { return rule(`{"Type": "ALL", "CriteriaList": [` + item + `]}`) }
	for name, check := range map[string]struct{ text, path, why string }{
		"a key that nobody knows": {asthma(`, "ConditionStatus": [{"CONCEPT_ID": 1}]`, ""),
			"PrimaryCriteria.CriteriaList[0].ConditionOccurrence.ConditionStatus", "not known here"},
		"a key at the top": {asthma("", `, "CensorWindow": {"StartDate": "2020-01-01"}`), "CensorWindow", "not known here"},
		"a kind of record": {asthma("", group(`{"Criteria": {"DrugEra": {"CodesetId": 3}}, "Occurrence": {"Type": 2, "Count": 1}}`)),
			"InclusionRules[0].expression.CriteriaList[0].Criteria.DrugEra", "no such records"},
		"two criteria in one": {asthma("", group(`{"Criteria": {"DrugExposure": {}, "Observation": {}}}`)),
			"InclusionRules[0].expression.CriteriaList[0].Criteria", "not one criterion"},
		"a concept set that is not there": {asthma("", group(`{"Criteria": {"DrugExposure": {"CodesetId": 9}}, "Occurrence": {"Type": 2, "Count": 1}}`)),
			"InclusionRules[0].expression.CriteriaList[0].Criteria.DrugExposure.CodesetId", "no concept set 9"},
		"days of observation": {strings.Replace(asthma("", ""), `"PrimaryCriteriaLimit"`, `"ObservationWindow": {"PriorDays": 365}, "PrimaryCriteriaLimit"`, 1),
			"PrimaryCriteria.ObservationWindow.PriorDays", "365 days of observation"},
		"one visit":       {asthma("", group(stays(`, "RestrictVisit": true`))), "InclusionRules[0].expression.CriteriaList[0].RestrictVisit", "one visit"},
		"distinct events": {asthma("", group(strings.Replace(stays(""), `"Count": 1`, `"Count": 2, "IsDistinct": true`, 1))), "InclusionRules[0].expression.CriteriaList[0].Occurrence.IsDistinct", "counted"},
		"hours":           {asthma("", group(stays(`, "StartWindow": {"Start": {"Days": 5, "Coeff": -1, "TimeUnit": "hour"}}`))), "InclusionRules[0].expression.CriteriaList[0].StartWindow.Start.TimeUnit", "in days"},
		"windows of two ends": {asthma("", group(stays(`, "StartWindow": {"Start": {"Days": 5, "Coeff": -1}, "UseIndexEnd": true}, "EndWindow": {"End": {"Days": 5, "Coeff": 1}}`))),
			"InclusionRules[0].expression.CriteriaList[0].EndWindow", "other end"},
		"a window without days": {asthma("", group(stays(`, "StartWindow": {"Start": {"Days": 5, "Coeff": 1}, "End": {"Days": 5, "Coeff": -1}}`))),
			"InclusionRules[0].expression.CriteriaList[0].StartWindow", "no day lies"},
		"an age":             {asthma(`, "Age": {"Value": 18, "Op": "gte"}`, ""), "PrimaryCriteria.CriteriaList[0].ConditionOccurrence.Age", "year of birth"},
		"an age that is odd": {asthma(`, "Age": {"Value": 18.5, "Op": "gte"}`, ""), "PrimaryCriteria.CriteriaList[0].ConditionOccurrence.Age", "no range of whole years"},
		"a sex":              {asthma(`, "Gender": [{"CONCEPT_ID": 8551}]`, ""), "PrimaryCriteria.CriteriaList[0].ConditionOccurrence.Gender[0]", "neither female nor male"},
		"days":               {asthma(`, "OccurrenceStartDate": {"Value": "2020-01-01", "Op": "!bt"}`, ""), "PrimaryCriteria.CriteriaList[0].ConditionOccurrence.OccurrenceStartDate", "no range of days"},
		"a race":             {asthma("", rule(`{"Type": "ALL", "DemographicCriteriaList": [{"Race": [{"CONCEPT_ID": 1}]}]}`)), "InclusionRules[0].expression.DemographicCriteriaList[0].Race", "not known here"},
		"more than there are": {asthma("", rule(`{"Type": "AT_LEAST", "Count": 3, "CriteriaList": [`+stays("")+`]}`)),
			"InclusionRules[0].expression.Count", "cannot be asked for"},
	} {
		t.Run(name, func(t *testing.T) {
			gaps := imported(t, check.text).Unsupported
			if !slices.ContainsFunc(gaps, func(gap circe.Unsupported) bool {
				return gap.Path == check.path && strings.Contains(gap.Why, check.why) && gap.Of == circe.Logic
			}) {
				t.Errorf("got %v, want %s: %s", gaps, check.path, check.why)
			}
		})
	}
}

// last is the criterion of the last set.
func last(made *circe.Imported) *cohort.Criterion {
	return made.Definition.Events[len(made.Definition.Events)-1].Where
}

func pointer(number int) *int { return &number }

func TestGroupsWindowsAndOccurrencesAreSaid(t *testing.T) {
	has := func(change func(*cohort.Has)) *cohort.Criterion {
		made := &cohort.Has{Events: "stays-visits", AtLeast: pointer(1)}
		change(made)
		return &cohort.Criterion{Has: made}
	}
	one := *has(func(*cohort.Has) {})
	for name, check := range map[string]struct {
		group string
		want  *cohort.Criterion
	}{
		"any": {`{"Type": "ANY", "CriteriaList": [` + stays("") + `,` + stays("") + `]}`, &cohort.Criterion{Any: []cohort.Criterion{one, one}}},
		"at least": {`{"Type": "AT_LEAST", "Count": 1, "CriteriaList": [` + stays("") + `,` + stays("") + `]}`,
			&cohort.Criterion{Some: &cohort.Some{AtLeast: 1, Of: []cohort.Criterion{one, one}}}},
		"at most": {`{"Type": "AT_MOST", "Count": 1, "CriteriaList": [` + stays("") + `,` + stays("") + `]}`,
			&cohort.Criterion{Not: &cohort.Criterion{Some: &cohort.Some{AtLeast: 2, Of: []cohort.Criterion{one, one}}}}},
		"a group in a group": {`{"Type": "ALL", "CriteriaList": [` + stays("") + `], "Groups": [{"Type": "ANY", "CriteriaList": [` + stays("") + `]}]}`,
			&cohort.Criterion{All: []cohort.Criterion{one, one}}},
		"a sex of the person": {`{"Type": "ALL", "DemographicCriteriaList": [{"Gender": [{"CONCEPT_ID": 8532}, {"CONCEPT_ID": 8507}]}]}`,
			&cohort.Criterion{Sex: []clinical.Gender{clinical.GenderFemale, clinical.GenderMale}}},
		"from the event's end": {`{"Type": "ALL", "CriteriaList": [` + stays(`, "StartWindow": {"Start": {"Days": 1, "Coeff": 1}, "End": {"Days": 90, "Coeff": 1}, "UseIndexEnd": true}`) + `]}`,
			has(func(h *cohort.Has) { h.From, h.Until, h.Anchor = pointer(1), pointer(90), cohort.AnchorEnd })},
		"by the others' ends": {`{"Type": "ALL", "CriteriaList": [` + stays(`, "StartWindow": {"End": {"Days": 0, "Coeff": 1}}, "EndWindow": {"Start": {"Days": 0, "Coeff": -1}}`) + `]}`,
			has(func(h *cohort.Has) { h.Until, h.Ending = pointer(0), &cohort.Range{From: pointer(0)} })},
		"two windows of one end": {`{"Type": "ALL", "CriteriaList": [` + stays(`, "StartWindow": {"Start": {"Days": 30, "Coeff": -1}}, "EndWindow": {"Start": {"Days": 10, "Coeff": -1}, "End": {"Days": 5, "Coeff": 1}, "UseEventEnd": false}`) + `]}`,
			has(func(h *cohort.Has) { h.From, h.Until = pointer(-10), pointer(5) })},
		"none": {`{"Type": "ALL", "CriteriaList": [` + strings.Replace(stays(""), `"Type": 2, "Count": 1`, `"Type": 0, "Count": 0`, 1) + `]}`,
			has(func(h *cohort.Has) { h.AtLeast, h.AtMost = nil, pointer(0) })},
		"exactly two": {`{"Type": "ALL", "CriteriaList": [` + strings.Replace(stays(""), `"Type": 2, "Count": 1`, `"Type": 0, "Count": 2`, 1) + `]}`,
			has(func(h *cohort.Has) { h.AtLeast, h.AtMost = pointer(2), pointer(2) })},
	} {
		t.Run(name, func(t *testing.T) {
			made := imported(t, asthma("", rule(check.group)))
			if diff := cmp.Diff(check.want, last(made)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if made.Lacks(circe.Logic) {
				t.Errorf("not said: %v", made.Unsupported)
			}
		})
	}
}

func TestTheFirstOfACriterionIsPickedBeforeItIsNarrowed(t *testing.T) {
	made := imported(t, asthma(`, "First": true, "Gender": [{"CONCEPT_ID": 8532}]`, ""))
	events := made.Definition.Events
	if len(events) != 3 || events[0].Pick != cohort.PickFirst || events[0].Where != nil || events[1].Where == nil || events[1].Of[0] != events[0].Name {
		t.Errorf("got %+v", events)
	}
}

func TestASetWithoutAnyKnownCodeFindsNothingRatherThanEverything(t *testing.T) {
	text := strings.Replace(asthma("", ""), `"CodesetId": 1`, `"CodesetId": 3`, 1)
	made, err := circe.Import([]byte(text), circe.Options{Name: "test", Title: "A test", AsAt: day("2026-11-01")})
	if err != nil {
		t.Fatal(err)
	}
	if codes := made.Definition.Codelists[0].Codes; len(codes) != 1 || codes[0].System != clinical.LocalCode {
		t.Errorf("got %v", codes)
	}
	if !made.Lacks(circe.Codes) || made.Lacks(circe.Logic) {
		t.Errorf("not said: %v", made.Unsupported)
	}
	if known := imported(t, text).Definition.Codelists[0].Codes; len(known) != 1 || known[0].System != clinical.DMD {
		t.Errorf("with a vocabulary: got %v", known)
	}
}

func TestErasAreToldByWhatReachesAnEntry(t *testing.T) {
	all := strings.Replace(asthma("", `, "EndStrategy": {"DateOffset": {"DateField": "FIELD", "Offset": 7}}, "CollapseSettings": {"CollapseType": "ERA", "EraPad": 3}`),
		`{"Type": "First"}`, `{"Type": "All"}`, 1)
	none := pointer(0)
	byEnd := &cohort.Has{Events: "asthma-conditions", AtMost: none, Until: pointer(-1), Ending: &cohort.Range{From: pointer(-10)}}
	byStart := &cohort.Has{Events: "asthma-conditions", AtMost: none, Until: pointer(-1), From: pointer(-10)}
	for field, want := range map[string]*cohort.Has{"EndDate": byEnd, "StartDate": byStart} {
		made := imported(t, strings.Replace(all, "FIELD", field, 1))
		if diff := cmp.Diff(&cohort.Criterion{Has: want}, last(made)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", field, diff)
		}
	}
	endless := imported(t, strings.Replace(asthma("", ""), `{"Type": "First"}`, `{"Type": "All"}`, 1))
	if events := endless.Definition.Events; events[len(events)-1].Pick != cohort.PickFirst || !endless.Lacks(circe.Entries) {
		t.Errorf("without an end strategy: got %+v, %v", events, endless.Unsupported)
	}
}

func TestWhatIsNoDefinitionIsRefused(t *testing.T) {
	for text, want := range map[string]error{"{}": circe.ErrNotCirce, "[]": circe.ErrNotCirce, `{"PrimaryCriteria": {"CriteriaList": [{"Specimen": {}}]}, ` + sets + `}`: circe.ErrNoEntry} {
		if _, err := circe.Import([]byte(text), circe.Options{Name: "test", Title: "A test", AsAt: day("2026-11-01")}); !errors.Is(err, want) {
			t.Errorf("%s: got %v, want %v", text, err, want)
		}
	}
	if _, err := circe.Import([]byte("{"), circe.Options{}); err == nil {
		t.Error("half of a definition was read")
	}
}

func TestAVocabularyThatIsNotWholeIsRefused(t *testing.T) {
	for name, text := range map[string]string{"no column": "concept_id,concept_code\n", "no number": "concept_id,vocabulary_id,concept_code\nx,SNOMED,1\n",
		"no line": "", "a short line": "concept_id,vocabulary_id,concept_code\n1\n"} {
		if _, err := circe.ReadTables(fstest.MapFS{"CONCEPT.csv": &fstest.MapFile{Data: []byte(text)}}); err == nil {
			t.Errorf("%s: read", name)
		}
	}
	if _, err := circe.ReadTables(fstest.MapFS{}); err == nil {
		t.Error("a folder without CONCEPT.csv was read")
	}
}

func FuzzImport(f *testing.F) {
	f.Add([]byte(asthma("", "")))
	f.Add([]byte(asthma(`, "First": true, "Age": {"Value": 18, "Op": "bt", "Extent": 20}`, rule(`{"Type": "AT_LEAST", "Count": 1, "CriteriaList": [`+stays("")+`]}`))))
	if paths, err := filepath.Glob("../../../../shared/data/queries/circe/*.json"); err == nil {
		for _, path := range paths {
			if data, err := os.ReadFile(path); err == nil && len(data) < 20_000 {
				f.Add(data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		made, err := circe.Import(data, circe.Options{Name: "fuzz", Title: "Fuzz", AsAt: day("2026-11-01")})
		if (made == nil) == (err == nil) {
			t.Fatalf("got %v and error %v, want one of them", made, err)
		}
		var faults cohort.Faults
		if errors.As(err, &faults) {
			for _, fault := range faults {
				if !strings.Contains(fault.Message, "at most") && !strings.Contains(fault.Message, "criteria") {
					t.Fatalf("made what does not pass its own check: %v", err)
				}
			}
		}
		if made != nil {
			_ = made.Definition.Words()
		}
	})
}

package policy_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/policy"
)

// analyst asks within the example project, on a day of it, with lists that are fresh enough.
var analyst = policy.StudyInput{Analyst: "example-analyst", Role: "R8012", Organisation: "QRV", Purpose: policy.Operations,
	Project: "example-diabetes", Today: "2026-11-22", Lists: map[string]int{"national": 1, "type_one": 2, "london": 7}}

func TestAStudyIsToldItsBoundsWhoIsLeftOutAndHowNumbersAreProtected(t *testing.T) {
	engine := open(t, policy.Embedded())
	decision, err := engine.DecideStudy(t.Context(), analyst)
	if err != nil {
		t.Fatal(err)
	}
	want := &policy.StudyDecision{Revision: engine.Revision(), Permitted: true, Reasons: []string{"registered_project"},
		Identifiability: "aggregate", Kinds: []clinical.Kind{clinical.KindCondition, clinical.KindObservation, clinical.KindMedication,
			clinical.KindEncounter},
		Dimensions: []string{"age_band", "sex", "borough", "organisation", "year", "month"}, Codelists: []string{"diabetes", "hba1c"}, Without: []clinical.Label{clinical.LabelSealed},
		Exclusions: []policy.Exclusion{{List: "london"}, {List: "national", Unknown: true}, {List: "s_flag"}, {List: "type_one"}},
		Disclosure: policy.Disclosure{RedactUpTo: 7, RoundTo: 5, ZeroIsSmall: true, SmallestDifference: 8, LargestShare: 20,
			FewestForQuantiles: 32, MostQuestions: 200, SmallestGroup: 20}}
	if diff := cmp.Diff(want, decision); diff != "" {
		t.Errorf("(-expected +decided):\n%s", diff)
	}
}

func TestAStudyThatIsRefusedIsToldWhyInWordsAndNothingElse(t *testing.T) {
	engine := open(t, policy.Embedded())
	for _, test := range []struct {
		name   string
		change func(*policy.StudyInput)
		reason string
	}{
		{"no project", func(i *policy.StudyInput) { i.Project = "" }, "project_not_registered"},
		{"somebody else", func(i *policy.StudyInput) { i.Analyst = "somebody" }, "not_in_the_project"},
		{"a citizen", func(i *policy.StudyInput) { i.Citizen = true }, "not_in_the_project"},
		{"another purpose", func(i *policy.StudyInput) { i.Purpose = policy.Research }, "purpose_not_of_the_project"},
		{"treatment", func(i *policy.StudyInput) { i.Purpose = policy.Treatment }, "purpose_not_for_studies"},
		{"the day after the last", func(i *policy.StudyInput) { i.Today = "2036-11-01" }, "project_not_in_force"},
		{"no day", func(i *policy.StudyInput) { i.Today = "" }, "project_not_in_force"},
		{"an old list", func(i *policy.StudyInput) { i.Lists = map[string]int{"national": 8, "type_one": 0, "london": 0} }, "optouts_out_of_date"},
		{"a kind that the project has not", func(i *policy.StudyInput) {
			i.Asked.Kinds = []clinical.Kind{clinical.KindCondition, clinical.KindReferral}
		}, "kind_not_of_the_project"},
		{"a breakdown that the project has not", func(i *policy.StudyInput) { i.Asked.Dimensions = []string{"sex", "practice"} }, "dimension_not_of_the_project"},
		{"a list that the project has not", func(i *policy.StudyInput) { i.Asked.Codelists = []string{"sexual-health"} }, "codelist_not_of_the_project"},
		{"a list that was never loaded", func(i *policy.StudyInput) { i.Lists = map[string]int{"national": 0, "london": 0} }, "optouts_out_of_date"},
	} {
		input := analyst
		test.change(&input)
		decision, err := engine.DecideStudy(t.Context(), input)
		if err != nil {
			t.Fatal(err)
		}
		if decision.Permitted || !slices.Contains(decision.Reasons, test.reason) || len(decision.Kinds) > 0 {
			t.Errorf("%s: %+v, expected %s", test.name, decision, test.reason)
		}
		for _, reason := range decision.Reasons {
			if engine.Expectation(reason) == "" {
				t.Errorf("%s: the reason %s has no words and no expectation", test.name, reason)
			}
		}
	}
}

func TestAnswersAboutStudiesThatAreNotOnesAreFaults(t *testing.T) {
	const file = "rego/study/study.rego"
	for name, body := range map[string]string{
		"must have permitted":   `decision := {"reasons": []}`,
		"unknown field":         `decision := {"permitted": false, "reasons": [], "kind": []}`,
		"needs exclusions":      `decision := {"permitted": true, "reasons": [], "identifiability": "aggregate", "disclosure": data.disclosure}`,
		"not a kind of record":  `decision := {"permitted": true, "reasons": [], "identifiability": "aggregate", "disclosure": data.disclosure, "exclusions": [{"list": "london", "unknown": false}], "kinds": ["Diagnosis"]}`,
		"the policy gave none":  `decision := {"permitted": true} if input.purpose == "nothing"`,
		"conflicting values":    "decision := {\"permitted\": true}\n\ndecision := {\"permitted\": false}",
		"cannot unmarshal":      `decision := "yes"`,
		"must have permitted a": `decision := {"permitted": false}`,
	} {
		files := changed(t, map[string]string{file: "# METADATA\n# schemas:\n#   - input: schema.study\npackage onelondon.study\n\n" + body + "\n"})
		_, err := open(t, files).DecideStudy(t.Context(), analyst)
		if want := strings.TrimSuffix(name, " a"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNobodyStudiesOrOverseesUnderAPolicyThatDoesNotSpeakOfIt(t *testing.T) {
	files := changed(t, nil).(fstest.MapFS)
	delete(files, "rego/study/study.rego")
	delete(files, "rego/oversight/oversight.rego")
	engine := open(t, files)
	if _, err := engine.DecideStudy(t.Context(), analyst); !errors.Is(err, policy.ErrNoStudies) {
		t.Error(err)
	}
	permission, err := engine.Permit(t.Context(), policy.OversightInput{Action: policy.ReadRules})
	if !errors.Is(err, policy.ErrNoOversight) || permission.Permitted {
		t.Error(permission, err)
	}
}

func TestInputOfEntryPointsThatNoSignInProducesIsAnError(t *testing.T) {
	engine := open(t, policy.Embedded())
	long := strings.Repeat("x", 65)
	if _, err := engine.DecideStudy(t.Context(), policy.StudyInput{Project: long}); !errors.Is(err, policy.ErrInput) {
		t.Error(err)
	}
	if _, err := engine.DecideStudy(t.Context(), policy.StudyInput{Lists: map[string]int{long: 1}}); !errors.Is(err, policy.ErrInput) {
		t.Error(err)
	}
	if _, err := engine.Permit(t.Context(), policy.OversightInput{Activities: []string{"\xff"}}); !errors.Is(err, policy.ErrInput) {
		t.Error(err)
	}
}

func TestAStudyCountsWhatIsProvedToCarryNoLabelThatItLeavesOut(t *testing.T) {
	engine := open(t, policy.Embedded())
	decision, err := engine.DecideStudy(t.Context(), analyst)
	if err != nil {
		t.Fatal(err)
	}
	decision.Without = append(decision.Without, clinical.LabelHIV)
	record := func(sealed, known bool, code clinical.Text) *clinical.Condition {
		record := &clinical.Condition{}
		if record.Code.System, record.Code.Code = clinical.SNOMED, code; known {
			record.Labels.Put(clinical.LabelSealed, sealed)
		}
		return record
	}
	const diabetes, hiv = "44054006", "86406008"
	for _, test := range []struct {
		name    string
		record  clinical.Record
		counted bool
	}{
		{"open", record(false, true, diabetes), true},
		{"sealed", record(true, true, diabetes), false},
		{"not known to be open", record(false, false, diabetes), false},
		{"of a category left out", record(false, true, hiv), false},
		{"of no code, so that nobody knows", record(false, true, ""), false},
	} {
		if got := engine.StudyRows(decision, clinical.KindCondition).Match(test.record); got != test.counted {
			t.Errorf("%s: counted %v", test.name, got)
		}
	}
	if !engine.StudyRows(&policy.StudyDecision{}, clinical.KindCondition).IsNever() {
		t.Error("a study that may not ask counts something")
	}
}

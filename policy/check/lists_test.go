package check_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"onelondon/internal/testkit"
	"onelondon/policy"
	"onelondon/policy/check"
)

const listName = "london_sensitive_codes.csv"

// small holds one code of each of London's sets; the second has two digits exchanged.
const small = `category,refset_sctid,code
assisted_fertilisation,999004371000000100,225244002
gender_related_issues,999004351000000109,407367001
sexually_transmitted_disease,999004381000000103,186747009
termination_of_pregnancy,999004361000000107,86891002
termination_of_pregnancy,999004361000000107,1.03E+15
`

func TestTheCodesOfCodeListsAreLookedOverLineByLine(t *testing.T) {
	report := check.Run(t.Context(), policy.Embedded(), check.Options{Decisions: 50, Seed: 1,
		Codelists: fstest.MapFS{listName: {Data: []byte(small)}}})
	for _, want := range []struct {
		step    check.Step
		line    int
		message string
		advice  string
	}{
		{check.StepCodes, 3, "407367001 of gender_recognition has a wrong check digit", "compare it"},
		{check.StepCompile, 6, "a spreadsheet shortened the code to 1.03E+15", "exported as text"},
	} {
		found := false
		for _, f := range report.Findings {
			found = found || f.Step == want.step && f.File == listName && f.Line == want.line && strings.Contains(f.Message, want.message) &&
				strings.Contains(f.Advice, want.advice)
		}
		if !found {
			t.Errorf("expected %+v of %+v", want, report.Findings)
		}
	}
	if len(report.Findings) != 2 {
		t.Errorf("the other steps did not go on: %+v", report.Findings)
	}
}

func TestTheTerminologiesOfEachCategoryAreNoted(t *testing.T) {
	report := check.Run(t.Context(), policy.Embedded(), check.Options{Decisions: 50, Seed: 1})
	notes := map[string]string{}
	for _, note := range report.Notes {
		notes[note.About] = note.Says
	}
	if got := notes["alcohol"]; !strings.Contains(got, "can tell in SNOMED_CT, DMD, ICD_10, OPCS_4; a record coded only in CTV3, READ_2, or not at all, counts as of the category") {
		t.Errorf("alcohol: %s", got)
	}
	if got := notes["venereal_disease"]; !strings.Contains(got, "counts as free of it") {
		t.Errorf("venereal disease: %s", got)
	}
}

func TestOfLondonsOwnListEveryMangledCodeIsNamedWithItsLine(t *testing.T) {
	content, err := os.ReadFile(testkit.Shared(t, "data/codelists/"+listName))
	if err != nil {
		t.Fatal(err)
	}
	report := check.Run(t.Context(), policy.Embedded(), check.Options{Decisions: 50, Seed: 1,
		Codelists: fstest.MapFS{listName: {Data: content}}})
	lines := strings.Split(string(content), "\n")
	named := map[int]bool{}
	for _, finding := range report.Findings {
		if !strings.Contains(finding.Message, "spreadsheet shortened") || !strings.Contains(lines[finding.Line-1], "E+") {
			t.Errorf("%+v of %q", finding, lines[max(finding.Line-1, 0)])
		}
		named[finding.Line] = true
	}
	if mangled := strings.Count(string(content), "E+"); len(named) != mangled || mangled == 0 {
		t.Errorf("%d lines are named, %d are mangled", len(named), mangled)
	}
}

package handbook_test

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"

	"onelondon/policy"
	"onelondon/policy/casebook"
	"onelondon/policy/handbook"
)

func inspect(t *testing.T) *policy.Inspection {
	t.Helper()
	inspection, err := policy.Inspect(t.Context(), policy.Embedded(), policy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return inspection
}

func written(t *testing.T, inspection *policy.Inspection) string {
	t.Helper()
	cases, err := casebook.ReadPages(policy.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := handbook.Write(t.Context(), &text, inspection, cases); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

func TestTheHandbookInDocsSaysWhatTheRulesSay(t *testing.T) {
	kept, err := os.ReadFile("../../docs/policy-handbook.md")
	if err != nil {
		t.Fatal(err)
	}
	if got := written(t, inspect(t)); got != string(kept) {
		lines, keptLines := strings.Split(got, "\n"), strings.Split(string(kept), "\n")
		for i := range lines {
			if i >= len(keptLines) || lines[i] != keptLines[i] {
				t.Fatalf("docs/policy-handbook.md is not current from line %d on, which should be\n%s\nrun make handbook", i+1, lines[i])
			}
		}
		t.Fatal("docs/policy-handbook.md is longer than it should be; run make handbook")
	}
}

// Every rule, every case and every word is in it, and every link inside it leads somewhere.
func TestTheHandbookLeavesNothingOut(t *testing.T) {
	inspection := inspect(t)
	text := written(t, inspection)
	for _, topic := range inspection.Topics() {
		for _, rule := range topic.Rules {
			if !strings.Contains(text, "`"+rule.Ref()+"`") || !strings.Contains(text, "**"+rule.Title+".**") {
				t.Errorf("%s is not in it", rule.Ref())
			}
		}
	}
	cases, err := casebook.Read(policy.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	for i := range cases {
		if !strings.Contains(text, "**"+strings.TrimSuffix(cases[i].Title, ".")+".**") {
			t.Errorf("the case %q is not in it", cases[i].Title)
		}
	}
	headings := map[string]bool{}
	for _, heading := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(text, -1) {
		headings[strings.NewReplacer(" ", "-", ":", "").Replace(strings.ToLower(heading[1]))] = true
	}
	for _, link := range regexp.MustCompile(`\]\(([^)]*)\)`).FindAllStringSubmatch(text, -1) {
		if inside, found := strings.CutPrefix(link[1], "#"); found {
			if !headings[inside] {
				t.Errorf("nothing is headed %s", inside)
			}
		} else if _, err := os.Stat("../../docs/" + link[1]); err != nil {
			t.Errorf("a link leads to %s: %v", link[1], err)
		}
	}
}

func TestEveryExpectationThatARuleServesIsExplained(t *testing.T) {
	unknown, err := handbook.Unknown(inspect(t).Topics())
	if err != nil || len(unknown) > 0 {
		t.Error(unknown, err)
	}
	unknown, err = handbook.Unknown([]policy.Topic{{Rules: []policy.Rule{
		{Topic: "a", Name: "b", Expectation: "CS-16, CS-1"}, {Topic: "a", Name: "c", Expectation: "CS-3, Caldicott principle 1, Gender Recognition Act 2004, PDS and GP Connect, DOMAIN.md 9.9"}}}})
	if err != nil || strings.Join(unknown, "; ") != "a.b: CS-16; a.c: DOMAIN.md 9.9" {
		t.Error(unknown, err)
	}
}

// The handbook is for people who have never seen Rego.
func TestTheHandbookSpeaksNoRego(t *testing.T) {
	text := written(t, inspect(t))
	for _, word := range []string{"input.caller", "input.person", ":=", "data.onelondon"} {
		if strings.Contains(text, word) {
			t.Errorf("it says %s", word)
		}
	}
}

func TestTheHandbookSaysWhoOverseesAndWhoMayAskForNumbers(t *testing.T) {
	inspection, err := policy.Inspect(t.Context(), policy.Embedded(), policy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	text := written(t, inspection)
	for _, want := range []string{
		"| record what a review found | no | no | no | own organisation | own organisation | no | no |",
		"| break the glass | no | no | no | no | no | no | yes |",
		"| An example: people with diabetes by borough and age | HOPERAT | yes | Condition, Observation, Medication and Encounter",
		"A number from 1 to 7 is not shown, others are rounded to the nearest 5.",
		"- **A parent does not choose for a child of fourteen.** Not permitted. Your role does not permit this.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the handbook does not say %q", want)
		}
	}
}

package impact_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"iter"
	"strings"
	"testing"
	"testing/fstest"

	"onelondon/policy"
	"onelondon/policy/casebook"
	"onelondon/policy/impact"
	"onelondon/policy/prose"
)

// edited is the program's own policy in which old is new in one file.
func edited(t *testing.T, file, old, new string) *policy.Inspection {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(policy.Embedded(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(policy.Embedded(), name)
		if name == file {
			if !bytes.Contains(content, []byte(old)) {
				t.Fatalf("%s holds no %q", file, old)
			}
			content = bytes.Replace(content, []byte(old), []byte(new), 1)
		}
		files[name] = &fstest.MapFile{Data: content}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	inspection, err := policy.Inspect(t.Context(), files, policy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return inspection
}

func inForce(t *testing.T) *policy.Inspection { return edited(t, "data/words.yaml", "words", "words") }

// withoutDocuments takes kinds of record away from nurses, whose row is the second of the table.
func withoutDocuments(t *testing.T) *policy.Inspection {
	t.Helper()
	content, err := fs.ReadFile(policy.Embedded(), "data/role_kinds.yaml")
	if err != nil {
		t.Fatal(err)
	}
	_, after, found := strings.Cut(string(content), "\n  nurse:\n")
	row, _, ended := strings.Cut(after, "masked")
	if !found || !ended {
		t.Fatal("there is no row of nurses")
	}
	return edited(t, "data/role_kinds.yaml", "\n  nurse:\n"+row, "\n  nurse:\n"+strings.Replace(row, " Document,", "", 1))
}

// accesses are n people each seen once by a nurse and once by a doctor, and one access that nothing explains.
func accesses(n int) iter.Seq2[impact.Access, error] {
	return func(yield func(impact.Access, error) bool) {
		for i := range n {
			for _, role := range []string{"R0620", "R0260"} {
				if !yield(access(fmt.Sprint(role, "-", i), fmt.Sprint("person", i), role), nil) {
					return
				}
			}
		}
		strange := access("strange", "nobody", "R0260")
		strange.Reasons = []string{"the_moon_is_full"}
		yield(strange, nil)
	}
}

func access(request, person, role string) impact.Access {
	return impact.Access{RequestID: request, Person: person, Reasons: []string{"sealed_withheld", "care_relationship"},
		Input: policy.Input{Role: role, Organisation: "R1H", Purpose: policy.Treatment, Relationship: policy.RelationshipRecord},
		Kinds: []string{"Document", "Condition"}, Sources: []string{"barts"}}
}

func assess(t *testing.T, options impact.Options) *impact.Report {
	t.Helper()
	report, err := impact.Assess(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func TestTheSamePolicyChangesNothing(t *testing.T) {
	cases, err := casebook.Read(policy.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	same := inForce(t)
	report := assess(t, impact.Options{From: same, To: same, Questions: cases})
	if report.Changed() || report.Kept != len(cases) || len(report.Made) == 0 {
		t.Errorf("%+v", report)
	}
}

func TestWhoLosesAKindIsCountedAndSmallNumbersAreHidden(t *testing.T) {
	from, to := inForce(t), withoutDocuments(t)
	given := access("", "", "R0620").Input
	given.Person = impact.States()[0]
	decision, err := from.Decide(t.Context(), given)
	if err != nil {
		t.Fatal(err)
	}
	for people, want := range map[int]string{5: "*", 13: "15"} {
		explained := func(yield func(impact.Access, error) bool) {
			for each, err := range accesses(people) {
				if each.RequestID != "strange" {
					each.Reasons = decision.Reasons
				}
				if !yield(each, err) {
					return
				}
			}
		}
		report := assess(t, impact.Options{From: from, To: to, Accesses: explained, Examples: 2})
		got := map[string]impact.Row{}
		for _, row := range append(append(report.Roles, report.Kinds...), report.Sources...) {
			got[row.Name] = row
		}
		if nurse := got["nurse"]; nurse.Lose != want || nurse.Gain != "0" || nurse.People != want || len(nurse.Examples) != 2 {
			t.Errorf("nurse: %+v", nurse)
		}
		if doctor := got["doctor"]; doctor.Lose != "0" || doctor.Gain != "0" || len(doctor.Examples) != 0 {
			t.Errorf("doctor: %+v", doctor)
		}
		if got["Document"].Lose != want || got["Condition"].Lose != "0" || got["barts"].Lose != want {
			t.Errorf("%+v", got)
		}
		elsewhere := assess(t, impact.Options{From: from, To: to, Accesses: explained, Examples: 2, ExamplesOf: "RYJ"})
		for _, row := range elsewhere.Roles {
			if len(row.Examples) > 0 {
				t.Errorf("examples of another organisation: %+v", row)
			}
		}
		if report.NotReplayed != "*" {
			t.Errorf("not replayed: %s", report.NotReplayed)
		}
	}
}

func TestAnAccessOfWhichTheLedgerSaysWhatWasDecidedOnIsAskedAgainExactly(t *testing.T) {
	from, to := inForce(t), edited(t, "rego/preference/preference.rego", `said.code == input.caller.organisation`, `said.code == "NOBODY"`)
	given := func(yield func(impact.Access, error) bool) {
		for i := range 40 {
			each := access(fmt.Sprint("r", i), fmt.Sprint("person", i), "R0260")
			each.Known, each.Reasons = true, []string{"what an older policy said"}
			each.Input.Person = policy.Person{Objection: "none", Age: policy.Age16AndUp, Capacity: policy.CapacityPresumed}
			if i < 15 {
				each.Input.Person.Preferences = []policy.Preference{{Effect: "deny", Category: "hiv", Party: "organisation", Code: "R1H"}}
			}
			if !yield(each, nil) {
				return
			}
		}
	}
	report := assess(t, impact.Options{From: from, To: to, Accesses: given})
	if report.Exact != "40" || report.Guessed != "0" || report.NotReplayed != "0" || len(report.Assumed) != 0 || report.Accesses != "40" {
		t.Errorf("%+v", report)
	}
	if len(report.Roles) != 1 || report.Roles[0].Gain != "15" || report.Roles[0].Lose != "0" || report.Roles[0].People != "40" {
		t.Errorf("%+v", report.Roles)
	}
}

func TestAMadeQuestionShowsWhatLiesBetween(t *testing.T) {
	report := assess(t, impact.Options{From: inForce(t), To: withoutDocuments(t)})
	if len(report.Changes) == 0 || len(report.Changes[0].Then.Lost) == 0 || report.Changes[0].Then.Lost[0].Kinds[0] != "Document" ||
		!strings.Contains(prose.Joined(report.Changes[0].Example), " asks ") {
		t.Fatalf("%+v", report.Changes)
	}
	var text, svg bytes.Buffer
	if err := report.Write(&text); err != nil || !strings.Contains(text.String(), "(Document)") {
		t.Errorf("%v\n%s", err, &text)
	}
	if err := report.Plot(&svg); err != nil || !strings.HasPrefix(svg.String(), "<svg ") || !strings.Contains(svg.String(), "nurse, TREAT") {
		t.Errorf("%v\n%s", err, &svg)
	}
}

func TestACodeThatIsAddedToAListIsSaid(t *testing.T) {
	report := assess(t, impact.Options{From: inForce(t), To: edited(t, "data/categories.yaml", `"248062006": Self-injurious behaviour`,
		`"248062006": Self-injurious behaviour, "1234567890": Another`)})
	if len(report.Codes) != 1 || report.Codes[0].Category != "self-harm" || report.Codes[0].Added[0] != "SNOMED_CT 1234567890" {
		t.Errorf("%+v", report.Codes)
	}
}

func TestThePeopleOfTheRegisterAreCountedByWhatTheySaid(t *testing.T) {
	plain := policy.Person{Objection: "none", Age: policy.Age16AndUp, Capacity: policy.CapacityPresumed}
	denies := plain
	denies.Preferences = []policy.Preference{{Effect: "deny", Category: "hiv", Party: "anyone"}}
	report := assess(t, impact.Options{From: inForce(t), To: withoutDocuments(t), Said: []impact.Said{{Person: plain, People: 96}, {Person: denies, People: 3}}})
	if len(report.Registered) == 0 {
		t.Fatal("nobody is counted")
	}
	for _, row := range report.Registered {
		want := "0"
		if row.Name == "nurse" {
			want = "100"
		}
		if row.People != "100" || row.Lose != want || row.Gain != "0" {
			t.Errorf("%+v", row)
		}
	}
}

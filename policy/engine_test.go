package policy_test

import (
	"errors"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/policy"
	"onelondon/policy/casebook"
)

var gp = policy.Input{Role: "R0260", Activities: []string{"B0360", "B0380"}, Organisation: "F84010",
	Purpose: policy.Treatment, Relationship: policy.RelationshipRegistered, Person: policy.Person{Objection: "none"}}

func TestEqualInputsShareOneDecision(t *testing.T) {
	engine := open(t, policy.Embedded())
	first, err := engine.Decide(t.Context(), gp)
	if err != nil {
		t.Fatal(err)
	}
	reordered := gp
	reordered.Activities = []string{"B0380", "B0360", "B0380"}
	if second, err := engine.Decide(t.Context(), reordered); err != nil || second != first {
		t.Errorf("activities in another order were decided again: %v", err)
	}
	if got, want := reordered.Activities[0], "B0380"; got != want {
		t.Errorf("the caller's activities were put in order under its feet: %s first", got)
	}
	reordered.Activities = []string{"B0360", "B0360", "B0380"}
	if second, err := engine.Decide(t.Context(), reordered); err != nil || second != first {
		t.Errorf("an activity that stands twice was decided again: %v", err)
	}
	chosen := []policy.Preference{{Effect: "deny", Category: "fertility", Party: "anyone"}, {Effect: "deny", Category: "hiv", Party: "anyone"}}
	ordered, backwards := gp, gp
	ordered.Person.Preferences, backwards.Person.Preferences = chosen, []policy.Preference{chosen[1], chosen[0]}
	one, err := engine.Decide(t.Context(), ordered)
	if err != nil {
		t.Fatal(err)
	}
	if other, err := engine.Decide(t.Context(), backwards); err != nil || other != one {
		t.Errorf("preferences in another order were decided again: %v", err)
	}
	fresh, err := engine.Evaluate(t.Context(), gp)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, fresh, cmp.Exporter(func(reflect.Type) bool { return true })); diff != "" {
		t.Errorf("the cache says something else than the policy (-cache +policy):\n%s", diff)
	}
}

func TestInputsThatDifferInAnythingAreDecidedApart(t *testing.T) {
	engine := open(t, policy.Embedded())
	seen := map[*policy.Decision]string{}
	chose := func(chosen ...policy.Preference) func(*policy.Input) {
		return func(i *policy.Input) { i.Person.Preferences = chosen }
	}
	first := policy.Preference{Effect: "deny", Category: "hiv", Party: "organisation", Code: "RYJ"}
	for name, change := range map[string]func(*policy.Input){
		"a preference":        chose(first),
		"what it does":        chose(policy.Preference{Effect: "allow", Category: "hiv", Party: "organisation", Code: "RYJ"}),
		"its category":        chose(policy.Preference{Effect: "deny", Category: "fertility", Party: "organisation", Code: "RYJ"}),
		"its party":           chose(policy.Preference{Effect: "deny", Category: "hiv", Party: "role", Code: "RYJ"}),
		"who that is":         chose(policy.Preference{Effect: "deny", Category: "hiv", Party: "organisation", Code: "R1H"}),
		"a second preference": chose(first, policy.Preference{Effect: "deny", Category: "hiv", Party: "organisation", Code: "RJ1"}),
		"where its texts end": chose(policy.Preference{Effect: "eny", Category: "hiv", Party: "organisation", Code: "RYJd"}),
		"an S-flag":           func(i *policy.Input) { i.Person.Flagged = true },
		"a death":             func(i *policy.Input) { i.Person.Deceased = true },
		"age":                 func(i *policy.Input) { i.Person.Age = policy.AgeUnder11 },
		"capacity":            func(i *policy.Input) { i.Person.Capacity = policy.CapacityLacking },
		"authority":           func(i *policy.Input) { i.Person.Authority = policy.AuthorityParent },
		"nothing":             func(*policy.Input) {},
		"role":                func(i *policy.Input) { i.Role = "R0050" },
		"activities":          func(i *policy.Input) { i.Activities = []string{"B0360"} },
		"organisation":        func(i *policy.Input) { i.Organisation = "RYJ" },
		"citizen":             func(i *policy.Input) { i.Citizen = true },
		"purpose":             func(i *policy.Input) { i.Purpose = policy.EmergencyTreatment },
		"relationship":        func(i *policy.Input) { i.Relationship = policy.RelationshipRecord },
		"objection":           func(i *policy.Input) { i.Person.Objection = "upheld" },
		"emergency":           func(i *policy.Input) { i.Emergency = true },
	} {
		input := gp
		change(&input)
		decision, err := engine.Decide(t.Context(), input)
		if err != nil {
			t.Fatal(err)
		}
		if other, shared := seen[decision]; shared {
			t.Errorf("a change of %s and a change of %s share a decision", name, other)
		}
		seen[decision] = name
	}
}

func TestDecisionsAreTheSameForManyCallersAtOnce(t *testing.T) {
	engine, err := policy.Open(t.Context(), policy.Embedded(), policy.Options{CacheSize: 1})
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for _, organisation := range []string{"F84010", "RYJ", "R1H", "RJ1"} {
		group.Go(func() {
			input := gp
			input.Organisation, input.Person.Objection = organisation, "upheld"
			for range 20 {
				decision, err := engine.Decide(t.Context(), input)
				if err != nil {
					t.Error(err)
					return
				}
				want := []string{"organisation is " + organisation}
				if diff := cmp.Diff(want, casebook.Alternatives(decision.Release(clinical.KindCondition).Condition)); diff != "" {
					t.Errorf("%s (-expected +decided):\n%s", organisation, diff)
				}
			}
		})
	}
	group.Wait()
}

func TestAKindNobodyKnowsAndAZeroDecisionReleaseNothing(t *testing.T) {
	engine := open(t, policy.Embedded())
	decision, err := engine.Decide(t.Context(), gp)
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []clinical.Kind{clinical.Kind(len(clinical.Kinds())), 31, 32, 255} {
		if !decision.Release(kind).Condition.IsNever() {
			t.Errorf("kind %d is released", kind)
		}
	}
	if zero := new(policy.Decision); !zero.Release(clinical.KindCondition).Condition.IsNever() {
		t.Error("a zero decision releases")
	}
}

func TestInputThatNoSignInProducesIsAnError(t *testing.T) {
	engine := open(t, policy.Embedded())
	long := strings.Repeat("X", 65)
	chose := func(chosen ...policy.Preference) func(*policy.Input) {
		return func(i *policy.Input) { i.Person.Preferences = chosen }
	}
	for name, change := range map[string]func(*policy.Input){
		"a role that is not UTF-8":           func(i *policy.Input) { i.Role = "\xff" },
		"a very long organisation":           func(i *policy.Input) { i.Organisation = long },
		"a very long activity":               func(i *policy.Input) { i.Activities = []string{long} },
		"very many activities":               func(i *policy.Input) { i.Activities = make([]string, 257) },
		"very many preferences":              chose(make([]policy.Preference, 257)...),
		"two activities in one":              func(i *policy.Input) { i.Activities = []string{"B0360\x00B0380"} },
		"two preferences in one":             chose(policy.Preference{Effect: "deny", Category: "hiv", Party: "anyone", Code: "\x00deny\x00hiv"}),
		"a preference of a very long effect": chose(policy.Preference{Effect: long}),
		"of a very long category":            chose(policy.Preference{Category: long}),
		"of a very long party":               chose(policy.Preference{Party: long}),
	} {
		input := gp
		change(&input)
		if decision, err := engine.Decide(t.Context(), input); !errors.Is(err, policy.ErrInput) || decision != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	most := gp
	most.Organisation, most.Activities, most.Person.Preferences = long[1:], make([]string, 256), make([]policy.Preference, 256)
	if _, err := engine.Decide(t.Context(), most); errors.Is(err, policy.ErrInput) {
		t.Errorf("the most that may be is refused: %v", err)
	}
}

func TestTheRevisionNamesTheRulesAndTheTables(t *testing.T) {
	first := open(t, policy.Embedded())
	if again := open(t, policy.Embedded()); again.Revision() != first.Revision() || len(first.Revision()) != 12 {
		t.Errorf("one policy has the revisions %s and %s", first.Revision(), again.Revision())
	}
	decision, err := first.Decide(t.Context(), gp)
	if err != nil || decision.Revision != first.Revision() {
		t.Errorf("a decision of %s says revision %s: %v", first.Revision(), decision.Revision, err)
	}
	other := open(t, changed(t, map[string]string{"data/purposes.yaml": "purposes: {TREAT: {title: Treatment, asked_by: [staff], gives: identifiable, expectation: CS-1}}"}))
	if other.Revision() == first.Revision() {
		t.Error("another table has the same revision")
	}
	tests := open(t, changed(t, map[string]string{"rego/rows/rows_test.rego": "package onelondon.rows_test\n"}))
	if tests.Revision() != first.Revision() {
		t.Error("a test of a rule changes the revision")
	}
}

func TestEveryReasonHasWordsAndAnUnknownOneNamesNothing(t *testing.T) {
	engine := open(t, policy.Embedded())
	if got, want := engine.Words("own_record"), "This is your own record."; got != want {
		t.Errorf("got %q, expected %q", got, want)
	}
	if got, want := engine.Words("sexual_health_withheld"), "The policy decided so."; got != want {
		t.Errorf("got %q, expected %q", got, want)
	}
}

func TestTheSchemaOfTheInputDescribesWhatTheEngineSays(t *testing.T) {
	for name, document := range map[string]policy.Input{"gp": gp, "nobody": {}} {
		if faults := policy.Match(t, policy.Embedded(), policy.Document(document, nil)); faults != nil {
			t.Errorf("%s: %v", name, faults)
		}
	}
	record := &clinical.Condition{Meta: clinical.Meta{Source: "emis", Organisation: clinical.Organisation{Code: "F84010"},
		Publisher: "RYJ", Status: clinical.StatusActive, Code: clinical.Concept{Coding: clinical.Coding{System: clinical.SNOMED,
			Code: "38341003"}}}}
	date, err := clinical.ParseDateTime("2019")
	if err != nil {
		t.Fatal(err)
	}
	record.Date = date
	for _, label := range clinical.Labels() {
		record.Labels.Put(label, true)
	}
	if faults := policy.Match(t, policy.Embedded(), policy.Document(gp, record)); faults != nil {
		t.Errorf("a record with every property: %v", faults)
	}
}

func TestTheTableOfRolesByKindsMayNameEveryKind(t *testing.T) {
	var kinds []string
	for _, kind := range clinical.Kinds() {
		kinds = append(kinds, kind.String()+": [note]")
	}
	names := strings.ReplaceAll(strings.Join(kinds, ", "), ": [note]", "")
	table := "role_kinds: {doctor: {kinds: [" + names + "], masked: {" + strings.Join(kinds, ", ") + "}}}\n"
	engine := open(t, changed(t, map[string]string{"data/role_kinds.yaml": table}))
	decision, err := engine.Decide(t.Context(), gp)
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range clinical.Kinds() {
		if release := decision.Release(kind); release.Condition.IsNever() || release.Masked != kind.Descriptor().Set("note") {
			t.Errorf("%s is not released with its note masked", kind)
		}
	}
}

// A chart asks a source for eight kinds of record, and a statement is the shorter the more of them go by one condition.
func TestKindsThatComeToTheSameShareOneCondition(t *testing.T) {
	decision, err := open(t, policy.Embedded()).Decide(t.Context(), gp)
	if err != nil {
		t.Fatal(err)
	}
	of := func(kind clinical.Kind) condition.Condition { return decision.Release(kind).Condition }
	for _, kind := range []clinical.Kind{clinical.KindMedication, clinical.KindObservation, clinical.KindProcedure} {
		if !of(kind).Is(of(clinical.KindCondition)) {
			t.Errorf("%s has a condition of its own", kind)
		}
	}
	for _, kind := range []clinical.Kind{clinical.KindRegistration, clinical.KindUrgentCarePlan} {
		if of(kind).Is(of(clinical.KindCondition)) {
			t.Errorf("%s is judged as a diagnosis is", kind)
		}
	}
}

package policy_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"onelondon/internal/clinical"
	"onelondon/policy"
)

func TestAThousandPracticesAreDecidedByOneOutline(t *testing.T) {
	engine := open(t, policy.Embedded())
	input, seen := gp, map[*policy.Decision]bool{}
	for n := range 1000 {
		input.Organisation = fmt.Sprintf("F%05d", n)
		decision, err := engine.Decide(t.Context(), input)
		if err != nil {
			t.Fatal(err)
		}
		seen[decision] = true
		own, other := recordOf(input.Organisation), recordOf("F99999")
		own.Labels.Put(clinical.LabelSealed, true)
		other.Labels.Put(clinical.LabelSealed, true)
		if released := decision.Release(clinical.KindCondition).Condition; !released.Match(own) || released.Match(other) {
			t.Fatalf("%s: what it sealed itself is not released, or what others did is", input.Organisation)
		}
	}
	if known, can := engine.Outlines(); known != 1 || !can || len(seen) != 1000 {
		t.Errorf("%d outlines, of %d decisions", known, len(seen))
	}
}

func recordOf(organisation string) *clinical.Condition {
	record := &clinical.Condition{}
	record.Organisation.Code = clinical.Text(organisation)
	for _, label := range clinical.Labels() {
		record.Labels.Put(label, false)
	}
	return record
}

// A decision by an outline is the decision that evaluating the very input gives, condition by condition.
func TestAnOutlineSaysWhatTheRulesSay(t *testing.T) {
	engine := open(t, policy.Embedded())
	rapid.Check(t, func(t *rapid.T) {
		input := drawInput(t)
		input.Emergency = rapid.Bool().Draw(t, "emergency")
		input.Person.Preferences = rapid.SliceOfN(rapid.Custom(drawPreference), 0, 3).Draw(t, "preferences")
		decided, err := engine.Decide(t.Context(), input)
		if err != nil {
			t.Fatal(err)
		}
		evaluated, err := engine.Evaluate(t.Context(), input)
		if err != nil {
			t.Fatal(err)
		}
		for _, kind := range clinical.Kinds() {
			got, want := decided.Release(kind), evaluated.Release(kind)
			if got.Masked != want.Masked || got.Untold != want.Untold || got.Condition.IsAlways() != want.Condition.IsAlways() ||
				!reflect.DeepEqual(got.Condition.Clauses(), want.Condition.Clauses()) {
				t.Fatalf("%+v, %s: %+v, evaluated %+v", input, kind, got, want)
			}
		}
		if decided.Permitted != evaluated.Permitted || decided.Hide != evaluated.Hide || decided.Alert != evaluated.Alert ||
			decided.Notify != evaluated.Notify || !reflect.DeepEqual(decided.Reasons, evaluated.Reasons) {
			t.Fatalf("%+v: %+v, evaluated %+v", input, decided, evaluated)
		}
	})
	if known, _ := engine.Outlines(); known == 0 {
		t.Error("no decision was made by an outline")
	}
}

// drawPreference names organisations that may be the caller's, and texts that mean something else.
func drawPreference(t *rapid.T) policy.Preference {
	return policy.Preference{Effect: rapid.SampledFrom([]string{"allow", "deny"}).Draw(t, "effect"),
		Category: rapid.SampledFrom([]string{"hiv", "drugs", "all"}).Draw(t, "category"),
		Party:    rapid.SampledFrom(policy.Parties()).Draw(t, "party"), Code: rapid.SampledFrom(append(texts, "R0260", "")).Draw(t, "code")}
}

// fewRoles makes policies that are quickly proved.
const fewRoles = "roles: {doctor: {clinical: true, roles: {R0260: General Medical Practitioner}}, nurse: {clinical: true, roles: {R0620: Staff Nurse}}}\n"

// stands is the name that stands for organisations.
const stands = "(the organisation of whoever asks)"

// oneOfMany is a rule about single records, and where it may tell organisations apart.
type oneOfMany struct {
	rows  string
	apart []string // by line; none where they are alike
}

// apartOrNot are ways to speak of the organisation of whoever asks.
func apartOrNot() map[string]oneOfMany {
	const given, text, name = " may give the organisation of whoever asks to more than a comparison", "a text is put together of parts", " has the name of a comparison"
	return map[string]oneOfMany{
		"compared with the record":  {"released if input.record.organisation == input.caller.organisation", nil},
		"compared the other way":    {"released if input.caller.organisation == input.record.organisation", nil},
		"compared with a name":      {`released if input.caller.organisation == "RYJ"`, nil}, // RYJ itself is asked about apart
		"not a name":                {`released if input.caller.organisation != "RYJ"`, nil},
		"compared by one sign":      {`released if input.caller.organisation = "RYJ"`, nil},
		"the name of a rule's part": {"_trusts.RYJ.there := 1\n\nreleased if {\n\tsome name, _ in _trusts\n\town := {\"name\": name}\n\tinput.caller.organisation == own.name\n}", nil},
		"the name of a rule":        {"_trusts.RYJ := 1\n\nreleased if {\n\tsome name, _ in _trusts\n\town := {\"name\": name}\n\tinput.caller.organisation == own.name\n}", nil},
		"the name of another rule":  {"released if {\n\tsome name, _ in data.onelondon.tests\n\town := {\"name\": name}\n\tinput.caller.organisation == own.name\n}", nil},
		"a text of a table":         {"released if input.caller.organisation == data.roles.nurse.roles.R0620", nil},
		"a name in a table":         {"released if {\n\tsome name, _ in data.roles.nurse.roles\n\town := {\"name\": name}\n\tinput.caller.organisation == own.name\n}", nil},
		"one of a table's list":     {"released if input.caller.organisation == data.overseers.R0001.may[_]", nil},
		"a text within others":      {"_own := {\"names\": [\"RYJ\"]}\n\nreleased if input.caller.organisation == _own.names[_]", nil},
		"the name of a member":      {"released if {\n\tsome name, _ in input.person\n\town := {\"name\": name}\n\tinput.caller.organisation == own.name\n}", nil},
		"said in the input":         {"released if input.caller.organisation == input.caller.role\n\nreleased if input.caller.organisation == input.person.preferences[_].code", nil},
		"said of the person":        {"released if input.caller.organisation == input.person.age", nil},
		"said of the role":          {"released if input.caller.organisation == input.caller.activities[_]", nil},

		"the beginning of its name":  {`released if startswith(input.caller.organisation, "R")`, []string{"3: input.caller.organisation" + given}},
		"by another name":            {"released if {\n\town := input.caller.organisation\n\tinput.record.organisation == own\n}", []string{"4: input.caller.organisation" + given}},
		"under a name of the caller": {"released if {\n\tcaller := input.caller\n\tinput.record.organisation == caller.organisation\n}", []string{"4: input.caller" + given}},
		"any member of the caller":   {"released if {\n\tsome member\n\tinput.record.organisation == input.caller[member]\n}", []string{"5: input.caller[member]" + given}},
		"one of several":             {`released if input.caller.organisation in {"RYJ", "RYX"}`, []string{"3: input.caller.organisation" + given}},
		"compared with what hides":   {`released if input.caller.organisation == ["RYJ", input.caller.organisation][0]`, []string{"3: input.caller.organisation" + given}},
		"compared elsewhere":         {"_own if input.caller.organisation == \"RYJ\"\n\nreleased if _own with input.caller.organisation as \"RYX\"", []string{"5: input.caller.organisation" + given}},
		"compared with a change":     {"released if input.caller.organisation == \"RYJ\" with input.caller.organisation as \"RYJ\"", []string{"3: input.caller.organisation" + given}},
		"a name put together":        {"_own := concat(\"\", [\"RY\", \"J\"])\n\nreleased if input.caller.organisation == _own", []string{"3: concat may build a text", "5: input.caller.organisation" + given}},
		"a list of names":            {"_own := split(\"RYJ RYX\", \" \")\n\nreleased if input.caller.organisation != _own[0]", []string{"3: split may build a text"}},
		"a name out of a condition":  {"released if {\n\tsplit(\"RYJ RYX\", \" \", own)\n\tinput.caller.organisation != own[0]\n}", []string{"4: split may build a text"}},
		"a text with a gap":          {"_own := {\"name\": $\"RY{\"J\"}\"}\n\nreleased if input.caller.organisation == _own.name", []string{"3: " + text}},
		"a name in a rule's":         {"_by.name[input.caller.organisation].here := true\n\nreleased if {\n\tsome name\n\t_by.name[name].here\n\tstartswith(name, \"R\")\n}", []string{"3: input.caller.organisation" + given}},
		"a name in a rule's, and after": {"_by.name[input.caller.organisation].here := true\n\nreleased if startswith(input.caller.organisation, \"R\")",
			[]string{"3: input.caller.organisation" + given, "5: input.caller.organisation" + given}},
		"what a comparison says":  {"released if {\n\tequal(input.caller.organisation, \"RYJ\", same)\n\tsame\n}", []string{"4: input.caller.organisation" + given}},
		"given to a function":     {"_own(organisation) if organisation == \"RYJ\"\n\nreleased if _own(input.caller.organisation)", []string{"5: input.caller.organisation" + given}},
		"a rule called equal":     {"equal(a, b) if startswith(a, b)\n\nreleased if equal(input.caller.organisation, \"RY\")", []string{"3: the rule equal" + name}},
		"an import called equal":  {"import data.onelondon.tests.begins as equal\n\nreleased if equal(input.caller.organisation, \"RY\")", []string{"3: what is imported" + name}},
		"a rule for a comparison": {"_starts(a, b) if startswith(a, b)\n\n_other if input.caller.organisation != \"RY\"\n\nreleased if _other with neq as _starts", []string{"7: with puts another function in the place of a comparison"}},
		"an import": {"import input.caller\n\nreleased if input.record.organisation == caller.organisation",
			[]string{"3: the input, or a part of it, is imported, and may hold the organisation of whoever asks under another name"}},
	}
}

// It is said where rules could tell organisations apart, by file and line.
func TestWhereRulesCouldTellOrganisationsApartIsFound(t *testing.T) {
	for what, test := range apartOrNot() {
		var found []string
		for _, place := range policy.ApartIn(t, rowsFile, "package onelondon.rows\n\n"+test.rows+"\n") {
			found = append(found, fmt.Sprint(place.Line, ": ", place.Message))
			if place.File != rowsFile || place.Advice == "" {
				t.Errorf("%s: %+v", what, place)
			}
		}
		if !slices.Equal(found, test.apart) {
			t.Errorf("%s: found %q, want %q", what, found, test.apart)
		}
	}
}

// Rules that could tell organisations apart are asked about each, and so are organisations that the others name.
func TestOrganisationsThatRulesCouldTellApartAreNotAlike(t *testing.T) {
	for what, test := range apartOrNot() {
		if len(test.apart) > 0 && what != "by another name" && what != "a text with a gap" {
			continue // opening a policy takes its time, and all of these come to the same
		}
		t.Run(what, func(t *testing.T) {
			engine := open(t, changed(t, map[string]string{rowsFile: "package onelondon.rows\n\n" + test.rows + "\n",
				"rego/tests/tests.rego": "package onelondon.tests\n\nbegins(a, b) if startswith(a, b)\n\nRYX := 1\n", "data/roles.yaml": fewRoles}))
			for _, organisation := range []string{"RYJ", "RYX", "RAL", "F84010", "objection", "R0260", "Staff Nurse", "R0620", "read_alerts", "AGE", "B9999", stands} {
				input := gp
				input.Organisation, input.Person.Age, input.Activities = organisation, "AGE", []string{"B0360", "B9999"}
				input.Person.Preferences = []policy.Preference{{Effect: "allow", Category: "hiv", Party: "organisation", Code: "RAL"}}
				if organisation == "RYX" { // for whom nothing is then shared
					input.Person.Preferences[0].Code = stands
				}
				decided, err := engine.Decide(t.Context(), input)
				if err != nil {
					t.Fatal(err)
				}
				evaluated, err := engine.Evaluate(t.Context(), input)
				if err != nil {
					t.Fatal(err)
				}
				for _, of := range []string{"RYJ", "RYX", "F84010"} {
					record := recordOf(of)
					if got, want := decided.Release(record.Kind()).Condition.Match(record), evaluated.Release(record.Kind()).Condition.Match(record); got != want {
						t.Errorf("%s, a record of %s: released %v, the rules say %v", organisation, of, got, want)
					}
				}
			}
			if known, can := engine.Outlines(); known > 1 || can != (len(test.apart) == 0) || can && known == 0 || can != (len(engine.Apart()) == 0) {
				t.Errorf("organisations are alike: %v; %d outlines; %v", can, known, engine.Apart())
			}
		})
	}
}

// An input that holds the organisation's name elsewhere, or the name that stands for organisations, is decided for itself.
func TestAnInputThatHoldsTheNameElsewhereIsDecidedForItself(t *testing.T) {
	engine, name := open(t, policy.Embedded()), gp.Organisation
	chose := func(chosen policy.Preference) func(*policy.Input) {
		return func(i *policy.Input) { i.Person.Preferences = []policy.Preference{chosen} }
	}
	for what, change := range map[string]func(*policy.Input){
		"a preference's effect":     chose(policy.Preference{Effect: name}),
		"a preference's category":   chose(policy.Preference{Category: name}),
		"a preference's party":      chose(policy.Preference{Party: name}),
		"a preference's code":       chose(policy.Preference{Code: name}),
		"an activity":               func(i *policy.Input) { i.Activities = []string{name} },
		"a role":                    func(i *policy.Input) { i.Role = name },
		"stands in a role":          func(i *policy.Input) { i.Role = stands },
		"stands as an organisation": func(i *policy.Input) { i.Organisation = stands },
	} {
		input := gp
		change(&input)
		if _, err := engine.Decide(t.Context(), input); err != nil {
			t.Fatal(what, err)
		}
		if known, _ := engine.Outlines(); known != 0 {
			t.Fatalf("%s: decided by an outline", what)
		}
	}
	if _, err := engine.Decide(t.Context(), gp); err != nil {
		t.Fatal(err)
	}
	if known, _ := engine.Outlines(); known != 1 {
		t.Errorf("%d outlines where nothing holds the name", known)
	}
}

func TestAnOutlineThatCannotBeEvaluatedIsAnErrorAndNotKept(t *testing.T) {
	engine := open(t, policy.Embedded())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if decision, err := engine.Decide(ctx, gp); err == nil || decision != nil {
		t.Errorf("%v, %v", decision, err)
	}
	if known, _ := engine.Outlines(); known != 0 {
		t.Errorf("%d outlines are kept", known)
	}
}

// Kinds of which the same clauses hold share one condition, of an outline as of a decision that was evaluated.
func TestKindsShareConditionsInAnOutlineToo(t *testing.T) {
	engine := open(t, policy.Embedded())
	decided, err := engine.Decide(t.Context(), gp)
	if err != nil {
		t.Fatal(err)
	}
	evaluated, err := engine.Evaluate(t.Context(), gp)
	if err != nil {
		t.Fatal(err)
	}
	shared := 0
	for i, one := range clinical.Kinds() {
		for _, other := range clinical.Kinds()[:i] {
			want := evaluated.Release(one).Condition.Is(evaluated.Release(other).Condition)
			if got := decided.Release(one).Condition.Is(decided.Release(other).Condition); got != want {
				t.Errorf("%s and %s share a condition: %v, evaluated %v", one, other, got, want)
			}
			if want {
				shared++
			}
		}
	}
	if shared == 0 {
		t.Error("no kinds share a condition")
	}
}

// What no policy can say of single records, other rules may.
func TestRulesThatReadTheWholeInputTellOrganisationsApart(t *testing.T) {
	for rule, want := range map[string]string{
		"_own contains input[_].organisation":                                    "3: input[_].organisation",
		"_own := input":                                                          "3: input",
		"_own contains own if some own in input.caller":                          "3: input.caller",
		"_own contains input[which][_] if some which in input.x":                 "3: input[which][_]",
		"_own := value if {\n\twalk(input, [_, value])\n}":                       "4: input",
		"_own if true\n\nelse := input.caller.organisation":                      "5: input.caller.organisation",
		"_own := x if {\n\tevery _ in [1] {\n\t\tinput.caller\n\t}\n\tx := 1\n}": "5: input.caller",
	} {
		var found []string
		for _, place := range policy.ApartIn(t, rowsFile, "package onelondon.rows\n\n"+rule+"\n") {
			found = append(found, fmt.Sprint(place.Line, ": ", place.Message))
		}
		if !slices.Contains(found, want+" may give the organisation of whoever asks to more than a comparison") {
			t.Errorf("%s: found %q, want %s", rule, found, want)
		}
	}
}

// Whoever writes the name that stands for organisations into a rule gets each decided for by itself, and is told.
func TestARuleThatHoldsTheNameThatStandsForOrganisationsTellsThemApart(t *testing.T) {
	engine := open(t, changed(t, map[string]string{rowsFile: "package onelondon.rows\n\nreleased if input.caller.organisation != \"(the organisation of whoever asks)\"\n",
		"data/roles.yaml": fewRoles}))
	if decision, err := engine.Decide(t.Context(), gp); err != nil || !decision.Release(clinical.KindCondition).Condition.IsAlways() {
		t.Errorf("%+v, %v", decision, err)
	}
	if apart := engine.Apart(); len(apart) != 1 || apart[0].File != "rego" || apart[0].Line != 0 || !strings.Contains(apart[0].Message, "holds the text (the organisation of whoever asks)") {
		t.Errorf("%v", apart)
	}
}

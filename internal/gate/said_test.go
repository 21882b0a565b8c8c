package gate_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/audit"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/consent"
	"onelondon/internal/gate"
	"onelondon/policy"
)

func TestThePolicyHearsWhatThePersonSaid(t *testing.T) {
	s := smallTown(t)
	s.register.states = map[clinical.NHSNumber]consent.State{
		number(t, amina): {Objection: consent.ObjectionRequested, Capacity: consent.CapacityLacking, Notify: true,
			Preferences: []consent.Preference{{Effect: consent.Allow, Party: consent.Organisation, Code: "R1H"},
				{Effect: consent.Deny, Category: clinical.LabelHIV, Party: consent.Role, Code: "R0260"}}}}
	s.open(t)
	s.ask(t, gpCaller, conditionsOf(t, amina))
	want := policy.Person{Objection: "requested", Capacity: policy.CapacityLacking, Preferences: []policy.Preference{
		{Effect: "allow", Category: "all", Party: "organisation", Code: "R1H"},
		{Effect: "deny", Category: "hiv", Party: "role", Code: "R0260"}}}
	if diff := cmp.Diff(want, s.policy.inputs[0].Person); diff != "" {
		t.Error(diff)
	}
	if !s.ledger.entries[0].Notify {
		t.Error("the person asked to be told, and the ledger does not say so")
	}
}

func TestThePolicyHearsNothingOfSomebodyHidden(t *testing.T) {
	s := smallTown(t)
	s.register.states = map[clinical.NHSNumber]consent.State{number(t, hidden): {Objection: consent.ObjectionUpheld, Notify: true}}
	s.open(t)
	s.ask(t, gpCaller, conditionsOf(t, hidden))
	s.ask(t, gpCaller, conditionsOf(t, nobody))
	if len(s.policy.inputs) != 3 || !s.policy.inputs[0].Person.Flagged {
		t.Fatalf("inputs %+v", s.policy.inputs)
	}
	if diff := cmp.Diff(s.policy.inputs[2], s.policy.inputs[1]); diff != "" {
		t.Error(diff)
	}
}

func TestAPolicyMayLetAnSFlaggedPersonBeFound(t *testing.T) {
	s := smallTown(t)
	s.policy.findable = true
	s.open(t)
	if s.ask(t, gpCaller, conditionsOf(t, hidden)) == nil {
		t.Error("the person is hidden")
	}
	for _, input := range s.policy.inputs {
		if !input.Person.Flagged {
			t.Errorf("the policy decided without knowing of the flag: %+v", input)
		}
	}
}

// child puts Amina's date of birth into both of her registrations.
func child(t testing.TB, births ...string) *stage {
	s := smallTown(t)
	for i, source := range []clinical.SourceID{"emis", "barts"} {
		registration := s.people[source][0].Records[0].(*clinical.Registration)
		registration.BirthDate = date(births[min(i, len(births)-1)])
	}
	return s
}

func yearsAgo(years int) string { return time.Now().AddDate(-years, 0, -1).Format(time.DateOnly) }

func TestACitizensQuestionIsDecidedByThePersonsAge(t *testing.T) {
	parent := auth.Caller{ID: "p", Citizen: true, Person: number(t, another), Purpose: "PATRQT", RequestID: "r"}
	for name, test := range map[string]struct {
		births []string
		want   policy.Age
	}{
		"ten":                                {[]string{yearsAgo(10)}, policy.AgeUnder11},
		"eleven":                             {[]string{yearsAgo(11)}, policy.Age11And12},
		"thirteen":                           {[]string{yearsAgo(13)}, policy.Age13To15},
		"sixteen":                            {[]string{yearsAgo(16)}, policy.Age16AndUp},
		"a year that leaves no doubt":        {[]string{"1980"}, policy.Age16AndUp},
		"a year that leaves a doubt":         {[]string{time.Now().AddDate(-11, 0, 0).Format("2006")}, policy.AgeUnknown},
		"two dates in one band":              {[]string{yearsAgo(30), yearsAgo(40)}, policy.Age16AndUp},
		"two dates in two bands":             {[]string{yearsAgo(10), yearsAgo(40)}, policy.AgeUnknown},
		"not born yet":                       {[]string{"2999-01-01"}, policy.AgeUnknown},
		"no date of birth":                   {[]string{""}, policy.AgeUnknown},
		"no date of birth in one of the two": {[]string{"", yearsAgo(10)}, policy.AgeUnder11},
	} {
		s := child(t, test.births...)
		s.register.states = map[clinical.NHSNumber]consent.State{number(t, amina): {Proxies: []consent.Proxy{
			{Who: "key of " + another, Authority: consent.Parent}}}}
		s.open(t)
		s.ask(t, parent, conditionsOf(t, amina))
		last := s.policy.inputs[len(s.policy.inputs)-1]
		if last.Person.Age != test.want || last.Relationship != policy.RelationshipProxy || last.Person.Authority != policy.AuthorityParent {
			t.Errorf("%s: %+v", name, last)
		}
	}
}

func TestACitizenWithoutAuthorityIsNoProxy(t *testing.T) {
	s := child(t, yearsAgo(10))
	s.register.states = map[clinical.NHSNumber]consent.State{number(t, amina): {Proxies: []consent.Proxy{
		{Who: "key of " + nobody, Authority: consent.Parent}}}}
	s.open(t)
	if s.ask(t, auth.Caller{ID: "p", Citizen: true, Person: number(t, another), Purpose: "PATRQT", RequestID: "r"}, conditionsOf(t, amina)) != nil {
		t.Error("a stranger's child is shown")
	}
	if got := s.policy.inputs[0].Relationship; got != policy.RelationshipNone {
		t.Errorf("relationship %s", got)
	}
}

func TestADeathIsKnownBeforeTheRecordIsShownToAProxy(t *testing.T) {
	s := child(t, yearsAgo(80))
	s.people["barts"][0].Records[0].(*clinical.Registration).DeathDate = date("2024-02")
	s.open(t)
	self := auth.Caller{ID: "p", Citizen: true, Person: number(t, amina), Purpose: "PATRQT", RequestID: "r"}
	s.ask(t, self, conditionsOf(t, amina))
	if got := s.policy.inputs[0].Person; !got.Deceased || got.Age != policy.Age16AndUp {
		t.Errorf("%+v", got)
	}
}

func TestAQuestionMayDemandARevisionOfTheRegister(t *testing.T) {
	for name, test := range map[string]struct {
		demanded uint64
		behind   int64
		want     error
	}{
		"one long passed":           {6, 0, nil},
		"the present one":           {7, 0, nil},
		"one that is about to come": {7, 3, nil},
		"one that never comes":      {8, 0, gate.ErrRevision},
	} {
		s := smallTown(t)
		s.patience = time.Minute // a busy machine takes its time over three looks
		if test.want != nil {
			s.patience = 50 * time.Millisecond
		}
		s.register.behind.Store(test.behind)
		s.open(t)
		question := conditionsOf(t, amina)
		question.MinConsentRevision = test.demanded
		answers, err := s.gate.Ask(context.Background(), gpCaller, []gate.Question{question})
		if !errors.Is(err, test.want) || err == nil && uint64(answers[0].Person.Receipt.ConsentRevision) < test.demanded {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && (answers != nil || s.ledger.entries[0].Outcome != audit.OutcomeRefused) {
			t.Errorf("%s: something was answered", name)
		}
	}
}

func TestWhatAProgramReadsIsMarkedAsRead(t *testing.T) {
	s := smallTown(t).open(t)
	robot := gpCaller
	robot.Automated = true
	s.ask(t, robot, conditionsOf(t, amina))
	if !s.ledger.entries[0].Automated {
		t.Error("the ledger does not say that a program asked")
	}
}

func TestTheLedgerKeepsWhatWasDecidedOnAndNamesNoParty(t *testing.T) {
	s := smallTown(t)
	s.register.states = map[clinical.NHSNumber]consent.State{number(t, amina): {Objection: consent.ObjectionRequested,
		Preferences: []consent.Preference{
			{Effect: consent.Deny, Category: clinical.LabelHIV, Party: consent.Organisation, Code: clinical.Text(gpCaller.Organisation)},
			{Effect: consent.Allow, Party: consent.Role, Code: "R0001"},
			{Effect: consent.Deny, Category: clinical.LabelDrugs, Party: consent.Anyone}}}}
	s.open(t)
	caller := gpCaller
	caller.Activities = []string{"B0360"}
	s.ask(t, caller, conditionsOf(t, amina))
	want := &audit.Decided{Activities: []string{"B0360"}, Objection: "requested", Capacity: "presumed", Preferences: []audit.Preference{
		{Effect: "deny", Category: "hiv", Party: "organisation", Own: true},
		{Effect: "allow", Category: "all", Party: "role"},
		{Effect: "deny", Category: "drugs", Party: "anyone"}}}
	if diff := cmp.Diff(want, s.ledger.entries[0].Decided); diff != "" {
		t.Error(diff)
	}
}

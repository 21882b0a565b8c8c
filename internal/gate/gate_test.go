package gate_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/audit"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/gate"
	"onelondon/policy"
	"onelondon/sources"
)

const (
	amina   = "9990000018"
	nobody  = "9990000026"
	hidden  = "9990000034"
	another = "9990000042"
)

// smallTown holds Amina at her practice and at Barts, and a person who must not be found.
func smallTown(t testing.TB) *stage {
	s := newStage()
	s.holds("emis", "F84003", number(t, amina),
		&clinical.Condition{Meta: clinical.Meta{ID: "c1", Date: date("2020-05"), Code: snomed("73211009"), Note: "from her GP"}},
		&clinical.Condition{Meta: clinical.Meta{ID: "c2", Date: date("2021"), Code: snomed("38341003"), Labels: sealed()}})
	s.holds("barts", "R1H", number(t, amina),
		&clinical.Condition{Meta: clinical.Meta{ID: "d1", Date: date("2022-01-31T09:10"), Code: snomed("195967001"), Note: "from Barts"}})
	s.holds("emis", "F84003", number(t, hidden), &clinical.Condition{Meta: clinical.Meta{ID: "h1"}})
	s.people["emis"][1].Sensitive = true
	return s
}

func sealed() (labels clinical.LabelSet) {
	labels.Put(clinical.LabelSealed, true)
	return labels
}

func conditionsOf(t testing.TB, text string) gate.Question {
	return gate.Question{Person: number(t, text), Lists: []gate.List{listOf(clinical.KindCondition, 20)}}
}

func references(page gate.Page) []string {
	var names []string
	for _, record := range page.Records {
		names = append(names, record.About().Reference())
	}
	return names
}

func TestAnAnswerHoldsEverySourcesRecordsNewestFirst(t *testing.T) {
	s := smallTown(t).open(t)
	person := s.ask(t, gpCaller, conditionsOf(t, amina))
	if diff := cmp.Diff([]string{"barts/d1", "emis/c2", "emis/c1"}, references(person.Pages[0])); diff != "" {
		t.Error(diff)
	}
	if got := person.Receipt; got.Relationship != "registered" || got.Purpose != "TREAT" || got.ConsentRevision != 7 ||
		got.LedgerSequence != 1 || got.PolicyRevision != "test" || !slices.Equal(got.Reasons, []string{"Because because."}) {
		t.Errorf("receipt %+v", got)
	}
	entry := s.ledger.entries[0]
	if entry.Outcome != audit.OutcomeReleased || entry.Person.Reveal() != amina || len(entry.AnswerDigest) != 32 ||
		!slices.Contains(entry.Kinds, "Condition") || len(entry.Sources) != 2 {
		t.Errorf("ledger %+v", entry)
	}
}

func TestWhoeverIsNotShownLooksLikeNobody(t *testing.T) {
	s := smallTown(t).open(t)
	for name, who := range map[string]struct {
		caller  auth.Caller
		number  string
		claim   string
		outcome audit.Outcome
	}{
		"an unknown number":                     {gpCaller, nobody, "", audit.OutcomeRefused},
		"an unknown number with a claim":        {gpCaller, nobody, "in my clinic", audit.OutcomeNotFound},
		"an S-flagged person":                   {gpCaller, hidden, "", audit.OutcomeRefused},
		"an S-flagged person with a claim":      {gpCaller, hidden, "in my clinic", audit.OutcomeNotFound},
		"a person the caller has no tie to":     {stranger, amina, "", audit.OutcomeRefused},
		"somebody else, asked for by a citizen": {auth.Caller{ID: "c", Citizen: true, Person: number(t, another), Purpose: "PATRQT", RequestID: "r"}, amina, "", audit.OutcomeRefused},
	} {
		question := conditionsOf(t, who.number)
		question.ClaimedRelationship = who.claim
		before := len(s.ledger.entries)
		if person := s.ask(t, who.caller, question); person != nil {
			t.Errorf("%s is shown", name)
		}
		if len(s.ledger.entries) != before+1 || s.ledger.entries[before].Outcome != who.outcome {
			t.Errorf("%s: the ledger says %+v", name, s.ledger.entries[before:])
		}
	}
}

func TestAnSFlagSetSinceTheIndexWasBuiltHidesThePerson(t *testing.T) {
	s := smallTown(t)
	s.wrap = func(source sources.Source) sources.Source { return flagging{source} }
	s.open(t)
	if person := s.ask(t, gpCaller, conditionsOf(t, amina)); person != nil {
		t.Error("the person is shown")
	}
	if entry := s.ledger.entries[0]; entry.Outcome != audit.OutcomeRefused || len(entry.Kinds) > 0 {
		t.Errorf("ledger %+v", entry)
	}
}

// flagging is a source in which everybody has just been S-flagged.
type flagging struct{ sources.Source }

func (f flagging) Fetch(ctx context.Context, query sources.Query) (sources.Answer, error) {
	answer, err := f.Source.Fetch(ctx, query)
	for _, part := range answer.Parts {
		for _, record := range part.Records {
			record.About().Labels.Put(clinical.LabelSensitive, true)
		}
	}
	return answer, err
}

func TestARelationshipThatEndedSinceTheIndexWasBuiltReleasesNothing(t *testing.T) {
	s := smallTown(t)
	s.wrap = func(source sources.Source) sources.Source { return departed{source} }
	s.open(t)
	if person := s.ask(t, gpCaller, conditionsOf(t, amina)); person != nil {
		t.Error("the person is shown")
	}
	if got := s.ledger.entries[0]; got.Outcome != audit.OutcomeRefused || got.Relationship != "none" {
		t.Errorf("ledger %+v", got)
	}
}

// departed is a source whose registrations are gone.
type departed struct{ sources.Source }

func (d departed) Fetch(ctx context.Context, query sources.Query) (sources.Answer, error) {
	answer, err := d.Source.Fetch(ctx, query)
	for i := range answer.Parts {
		if query.Parts[i].Kind == clinical.KindRegistration {
			answer.Parts[i].Records = nil
		}
	}
	return answer, err
}

func TestWhoCameSinceTheIndexWasBuiltIsFoundByThoseWhoCareForThem(t *testing.T) {
	s := smallTown(t)
	s.holds("barts", "R1H", number(t, another), &clinical.Condition{Meta: clinical.Meta{ID: "new"}})
	s.unlisted = number(t, another)
	s.open(t)
	doctor := stranger
	doctor.Organisation = "R1H"
	person := s.ask(t, doctor, conditionsOf(t, another))
	if person == nil || person.Receipt.Relationship != "registered" {
		t.Fatalf("got %+v", person)
	}
	if diff := cmp.Diff([]string{"barts/new"}, references(person.Pages[0])); diff != "" {
		t.Error(diff)
	}
	if s.ask(t, gpCaller, conditionsOf(t, another)) != nil {
		t.Error("the person is shown to an organisation that has nothing to do with them")
	}
}

func TestAnOpenReferralToTheCallersOrganisationIsARelationship(t *testing.T) {
	s := smallTown(t)
	s.holds("emis", "F84003", number(t, another), &clinical.Referral{Meta: clinical.Meta{ID: "f1", Status: clinical.StatusActive},
		Recipient: "X99999"}, &clinical.Referral{Meta: clinical.Meta{ID: "f2", Status: clinical.StatusCompleted}, Recipient: "Y00000"})
	s.open(t)
	person := s.ask(t, stranger, conditionsOf(t, another))
	if person == nil || person.Receipt.Relationship != "referral" {
		t.Fatalf("got %+v", person)
	}
	closed := stranger
	closed.Organisation = "Y00000"
	if s.ask(t, closed, conditionsOf(t, another)) != nil {
		t.Error("a referral that was closed still shows the person")
	}
}

func TestAClaimedRelationshipIsKeptAndRaisesAnAlert(t *testing.T) {
	s := smallTown(t).open(t)
	question := conditionsOf(t, amina)
	question.ClaimedRelationship = "collapsed in our waiting room"
	if person := s.ask(t, stranger, question); person == nil || person.Receipt.Relationship != "claimed" {
		t.Fatalf("got %+v", person)
	}
	if entry := s.ledger.entries[0]; !entry.Alert || entry.ClaimedReason != question.ClaimedRelationship {
		t.Errorf("ledger %+v", entry)
	}
}

func TestNothingIsAnsweredWhenAStepCannotBeTaken(t *testing.T) {
	broken := errors.New("broken")
	for name, test := range map[string]struct {
		break_ func(*stage)
		caller auth.Caller
		want   error
	}{
		"the ledger cannot be written":   {func(s *stage) { s.ledger.err = broken }, gpCaller, gate.ErrLedger},
		"the register cannot be read":    {func(s *stage) { s.register.err = broken }, gpCaller, gate.ErrConsent},
		"no policy can decide":           {func(s *stage) { s.policy.err = broken }, gpCaller, gate.ErrPolicy},
		"nobody asks":                    {func(*stage) {}, auth.Caller{}, gate.ErrUnauthenticated},
		"no purpose is given":            {func(*stage) {}, auth.Caller{ID: "u", Role: "R0260", RequestID: "r"}, gate.ErrPurpose},
		"the purpose is none we know of": {func(*stage) {}, auth.Caller{ID: "u", Purpose: "SNOOP", RequestID: "r"}, gate.ErrPurpose},
	} {
		s := smallTown(t).open(t)
		test.break_(s)
		answers, err := s.gate.Ask(context.Background(), test.caller, []gate.Question{conditionsOf(t, amina)})
		if !errors.Is(err, test.want) || answers != nil {
			t.Errorf("%s: got %v, %v", name, answers, err)
		}
	}
}

func TestASupersededNumberFindsThePersonUnderTheCurrentOne(t *testing.T) {
	s := smallTown(t).open(t)
	if err := s.locator.Supersede(number(t, nobody), number(t, amina)); err != nil {
		t.Fatal(err)
	}
	person := s.ask(t, gpCaller, conditionsOf(t, nobody))
	if person == nil || person.NHSNumber.Reveal() != amina || len(person.Warnings) != 1 || person.Warnings[0].Kind != gate.NumberSuperseded {
		t.Errorf("got %+v", person)
	}
}

func TestRecordsUnderAFormerNumberAreStillThePersons(t *testing.T) {
	s := smallTown(t)
	s.holds("bhrut", "RF4", number(t, another), &clinical.Condition{Meta: clinical.Meta{ID: "old", Date: date("2001")}})
	s.open(t)
	if err := s.locator.Supersede(number(t, another), number(t, amina)); err != nil {
		t.Fatal(err)
	}
	for _, asked := range []string{amina, another} {
		person := s.ask(t, gpCaller, conditionsOf(t, asked))
		if diff := cmp.Diff([]string{"barts/d1", "emis/c2", "emis/c1", "bhrut/old"}, references(person.Pages[0])); diff != "" {
			t.Error(diff)
		}
		if len(person.Sources) != 3 {
			t.Errorf("lines %+v", person.Sources)
		}
	}
}

func TestTwoPeopleAreAskedOfEachSourceTogether(t *testing.T) {
	s := smallTown(t)
	s.holds("emis", "F84003", number(t, another), &clinical.Condition{Meta: clinical.Meta{ID: "a1"}})
	trips := &tripCounter{}
	s.wrap = func(source sources.Source) sources.Source { return tripping{source, trips} }
	s.open(t)
	questions := []gate.Question{conditionsOf(t, amina), conditionsOf(t, another)}
	questions[0].Lists = append(questions[0].Lists, listOf(clinical.KindMedication, 5), listOf(clinical.KindObservation, 5))
	answers, err := s.gate.Ask(context.Background(), gpCaller, questions)
	if err != nil || answers[0].Person == nil || answers[1].Person == nil {
		t.Fatal(answers, err)
	}
	if got := trips.count.Load(); got != 2 {
		t.Errorf("two sources were asked %d times", got)
	}
	if len(s.policy.inputs) != 2 {
		t.Errorf("the policy was asked %d times for two people", len(s.policy.inputs))
	}
	for _, input := range s.policy.inputs {
		if input.Relationship != policy.RelationshipRegistered {
			t.Errorf("input %+v", input)
		}
	}
}

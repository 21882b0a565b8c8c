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
	"onelondon/internal/condition"
	"onelondon/internal/gate"
	"onelondon/policy"
	"onelondon/sources"
)

// handed is a question of another OneLondon for lists of whole kinds, narrowed by its condition.
func handed(person clinical.NHSNumber, narrowed condition.Condition, sought bool, kinds ...clinical.Kind) gate.Question {
	question := gate.Question{Person: person, Handed: &gate.Handed{}}
	for _, kind := range kinds {
		list := listOf(kind, 100)
		list.Apart = &gate.Apart{Source: "theirs", Condition: narrowed, Sought: sought}
		question.Lists = append(question.Lists, list)
	}
	return question
}

func labelled(label clinical.Label, set bool, codes *condition.Codes) condition.Condition {
	return condition.Where(condition.Clause{{Attribute: condition.LabelAttribute(label), Op: condition.Equal,
		Values: []condition.Value{condition.Bool(set)}, Codes: codes}})
}

func TestWithheldRecordsAreNoMoreShownToAnotherOneLondonThanToPeople(t *testing.T) {
	s, person := newStage(), number(t, "9990000018")
	s.holds("barts", "R1H", person, consultation()...)
	s.holds("practice", "F84003", person)
	s.spreading("F84003", linkable()...)
	s.open(t)
	kinds := []clinical.Kind{clinical.KindObservation, clinical.KindEncounter, clinical.KindAppointment, clinical.KindMedication, clinical.KindCondition}
	question := gate.Question{Person: person}
	for _, kind := range kinds {
		question.Lists = append(question.Lists, listOf(kind, 100))
	}
	here, there := shown(s.ask(t, gpCaller, question)), s.ask(t, gpCaller, handed(person, condition.Always(), false, kinds...))
	if diff := cmp.Diff(here, shown(there)); diff != "" || len(here) < 4 {
		t.Errorf("%d records (-people +OneLondon):\n%s", len(here), diff)
	}
	for _, page := range there.Pages {
		for _, record := range page.Records {
			if labels := record.About().Labels; !labels.IsNone() {
				t.Errorf("%s comes with labels that its source did not give it", record.About().ID)
			}
			if record.About().Encounter == "visit" || record.About().Problem == "worry" {
				t.Errorf("%s names what is withheld", record.About().ID)
			}
		}
	}
}

func TestRecordsForAnotherOneLondonAreNotMerged(t *testing.T) {
	s, person := newStage(), number(t, "9990000018")
	allergy := func(id clinical.Text) clinical.Record {
		return &clinical.AllergyIntolerance{Meta: clinical.Meta{ID: id, Code: snomed("91936005"), Date: date("2020")}}
	}
	s.holds("barts", "R1H", person, allergy("a"))
	s.holds("practice", "F84003", person, allergy("b"))
	s.open(t)
	page := s.ask(t, gpCaller, handed(person, condition.Always(), false, clinical.KindAllergyIntolerance)).Pages[0]
	if len(page.Records) != 2 || len(page.Records[0].About().Others())+len(page.Records[1].About().Others()) != 0 {
		t.Errorf("%d records", len(page.Records))
	}
}

func TestAConditionOfAnotherOneLondonSeesWhatIsShownAlone(t *testing.T) {
	person := number(t, "9990000018")
	coded := &clinical.Condition{Meta: clinical.Meta{ID: "hiv", Code: snomed(hivCode), Date: date("2020"), Status: clinical.StatusActive}}
	coded.Labels.Put(clinical.LabelHIV, true)
	codes := condition.NewCodes([]clinical.Coding{{System: clinical.SNOMED, Code: hivCode}})
	source := func(id string) condition.Condition {
		return condition.Where(condition.Clause{{Attribute: condition.Source, Op: condition.Equal, Values: []condition.Value{condition.Text(id)}}})
	}
	code := condition.Where(condition.Clause{{Attribute: condition.Code, Op: condition.Equal, Values: []condition.Value{condition.Text(hivCode)}}})
	mask := clinical.KindCondition.Descriptor().Set("code")
	for name, test := range map[string]struct {
		masked    clinical.FieldSet
		condition condition.Condition
		want      int
	}{
		"nothing is asked":               {0, condition.Always(), 1},
		"what it is called there":        {0, source("theirs"), 1},
		"what it is called here":         {0, source("practice"), 0},
		"a code":                         {0, code, 1},
		"a masked code":                  {mask, code, 0},
		"a label":                        {0, labelled(clinical.LabelHIV, true, nil), 1},
		"a label by a code":              {0, labelled(clinical.LabelHIV, true, codes), 1},
		"a label that a mask hides":      {mask, labelled(clinical.LabelHIV, true, nil), 0},
		"that it lacks the hidden label": {mask, labelled(clinical.LabelHIV, false, nil), 0},
		"a hidden label by a code":       {mask, labelled(clinical.LabelHIV, true, codes), 0},
	} {
		s := newStage()
		s.holds("practice", "F84003", person, coded)
		s.policy.masked = map[clinical.Kind]clinical.FieldSet{clinical.KindCondition: test.masked}
		s.open(t)
		page := s.ask(t, gpCaller, handed(person, test.condition, false, clinical.KindCondition)).Pages[0]
		if len(page.Records) != test.want {
			t.Errorf("%s: %d records, want %d", name, len(page.Records), test.want)
		}
		for _, record := range page.Records {
			if masked := test.masked != 0; record.About().Code.IsZero() != masked || record.About().Labels.IsNone() != masked {
				t.Errorf("%s: code %v, labels %v", name, record.About().Code, record.About().Labels)
			}
		}
	}
}

func TestAMaskedDateLeavesNoListForAnotherOneLondon(t *testing.T) {
	s, person := newStage(), number(t, "9990000018")
	s.holds("practice", "F84003", person, &clinical.Condition{Meta: clinical.Meta{ID: "c", Date: date("2020")}})
	s.policy.masked = map[clinical.Kind]clinical.FieldSet{clinical.KindCondition: clinical.KindCondition.Descriptor().Set("date")}
	s.open(t)
	page := s.ask(t, gpCaller, handed(person, condition.Always(), false, clinical.KindCondition)).Pages[0]
	if len(page.Records) != 0 || len(page.Sources) != 1 || page.Sources[0].Outcome != gate.Withheld {
		t.Errorf("%d records, sources %+v", len(page.Records), page.Sources)
	}
}

// What is sought by labels that the probes here seek too is asked of a source only where they found some of it.
func TestWhatAnotherOneLondonSeeksIsNotSoughtTwice(t *testing.T) {
	person := number(t, "9990000018")
	codes := condition.NewCodes([]clinical.Coding{{System: clinical.SNOMED, Code: hivCode}}, clinical.LocalCode)
	same := condition.Where(labelled(clinical.LabelSealed, true, nil).Clauses()[0], labelled(clinical.LabelHIV, true, codes).Clauses()[0])
	other := labelled(clinical.LabelThirdParty, true, nil)
	for name, test := range map[string]struct {
		records []clinical.Record
		sought  condition.Condition
		trips   int64
	}{
		"nothing of it is there":        {consultation()[8:], same, 1},
		"some of it is there":           {consultation(), same, 2},
		"something else is sought":      {consultation()[8:], other, 1},
		"something else, and some here": {consultation(), other, 1},
	} {
		s, trips := newStage(), &tripCounter{}
		s.holds("barts", "R1H", person, test.records...)
		s.spreading("F84003", linkable()...)
		s.wrap = func(source sources.Source) sources.Source { return tripping{source, trips} }
		s.open(t)
		question := handed(person, test.sought, true, clinical.Kinds()[1:]...)
		question.Handed.Relationship = policy.RelationshipRegistered
		shown := s.ask(t, gpCaller, question)
		for _, page := range shown.Pages {
			for _, record := range page.Records {
				t.Errorf("%s: %s is told of", name, record.About().ID)
			}
		}
		if got := trips.count.Load(); got != test.trips {
			t.Errorf("%s: %d round trips, want %d", name, got, test.trips)
		}
	}
}

func TestARelationshipThatIsVouchedForHolds(t *testing.T) {
	person := number(t, "9990000018")
	for name, test := range map[string]struct {
		caller  auth.Caller
		vouched policy.Relationship
		want    policy.Relationship
	}{
		"one that nothing here shows":           {stranger, policy.RelationshipRegistered, policy.RelationshipRegistered},
		"a weaker one than is shown here":       {gpCaller, policy.RelationshipReferral, policy.RelationshipRegistered},
		"none":                                  {stranger, "", policy.RelationshipNone},
		"one that only the person can have":     {stranger, policy.RelationshipSelf, policy.RelationshipNone},
		"a proxy, whom the register here names": {stranger, policy.RelationshipProxy, policy.RelationshipNone},
		"one for a citizen":                     {auth.Caller{ID: "c", Citizen: true, Person: number(t, "9990000026"), Purpose: "PATRQT"}, policy.RelationshipRegistered, policy.RelationshipNone},
	} {
		s := newStage()
		s.holds("practice", "F84003", person)
		s.open(t)
		question := handed(person, condition.Always(), false, clinical.KindCondition)
		question.Handed.Relationship = test.vouched
		s.ask(t, test.caller, question)
		if got := s.policy.inputs[len(s.policy.inputs)-1].Relationship; got != test.want {
			t.Errorf("%s: decided on %q, want %q", name, got, test.want)
		}
	}
}

func TestAPageForAnotherOneLondonGoesOnFromAPosition(t *testing.T) {
	s, person := newStage(), number(t, "9990000018")
	for _, source := range []clinical.SourceID{"a", "b", "b-c"} {
		var records []clinical.Record
		for i := range 7 {
			records = append(records, &clinical.Document{Meta: clinical.Meta{ID: identifier("d", i), Date: date([]string{"2020", "2019-01-01", ""}[i%3])}})
		}
		s.holds(source, "F84003", person, records...)
	}
	s.open(t)
	whole := handed(person, condition.Always(), false, clinical.KindDocument)
	want := s.ask(t, gpCaller, whole).Pages[0]
	for _, size := range []int{1, 2, 5, 21} {
		var got []clinical.Record
		question := handed(person, condition.Always(), false, clinical.KindDocument)
		question.Lists[0].First = size
		for more := true; more; {
			page := s.ask(t, gpCaller, question).Pages[0]
			got = append(got, page.Records...)
			question.Lists[0].Apart.After = sources.PositionOf(page.Records[len(page.Records)-1])
			more = page.HasNext
		}
		same := slices.EqualFunc(want.Records, got, func(a, b clinical.Record) bool { return sources.PositionOf(a) == sources.PositionOf(b) })
		if !same || len(got) != 21 {
			t.Errorf("pages of %d: %d records", size, len(got))
		}
	}
}

func TestFlaggedRecordsLeaveForNobody(t *testing.T) {
	s, person := newStage(), number(t, "9990000018")
	flagged := &clinical.Condition{Meta: clinical.Meta{ID: "c", Date: date("2020")}}
	flagged.Labels.Put(clinical.LabelSensitive, true)
	s.holds("practice", "F84003", person, flagged)
	s.policy.findable = true
	s.open(t)
	if got := len(s.ask(t, gpCaller, handed(person, condition.Always(), false, clinical.KindCondition)).Pages[0].Records); got != 0 {
		t.Errorf("%d records", got)
	}
}

func TestWhatMayNotBeHandedOnIsInTheLedger(t *testing.T) {
	s, person := newStage(), number(t, "9990000018")
	s.holds("practice", "F84003", person)
	s.open(t)
	caller := gpCaller
	caller.Via = []string{"london", "nel"}
	if err := s.gate.Refuse(context.Background(), caller, []gate.Question{{Person: person}}); !errors.Is(err, gate.ErrHandedOn) {
		t.Errorf("got %v", err)
	}
	if err := s.gate.People(context.Background(), caller, func(sources.Membership) error { return nil }); err != nil {
		t.Errorf("list: %v", err)
	}
	refused, listed := s.ledger.entries[0], s.ledger.entries[1]
	if refused.Outcome != audit.OutcomeRefused || refused.Caller.Via != "london/nel" || refused.Person != person {
		t.Errorf("refused: %+v", refused)
	}
	if listed.Event != audit.EventOversight || listed.Action != gate.ListPeople || !listed.Person.IsZero() || listed.Caller.Via != "london/nel" {
		t.Errorf("listed: %+v", listed)
	}
}

package gate_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/internal/gate"
	"onelondon/sources"
)

// bending is a driver whose answers a test changes, part by part.
type bending struct {
	sources.Source
	bend func(asked *sources.Part, answer *sources.PartAnswer)
}

func (b bending) Fetch(ctx context.Context, query sources.Query) (sources.Answer, error) {
	answer, err := b.Source.Fetch(ctx, query)
	for i := range answer.Parts {
		b.bend(&query.Parts[i], &answer.Parts[i])
	}
	return answer, err
}

// bends wraps every source so.
func (s *stage) bends(bend func(asked *sources.Part, answer *sources.PartAnswer)) *stage {
	s.wrap = func(source sources.Source) sources.Source { return bending{source, bend} }
	return s
}

// cutShort says of an answer with records that there are more.
func cutShort(of clinical.Kind) func(*sources.Part, *sources.PartAnswer) {
	return func(asked *sources.Part, answer *sources.PartAnswer) {
		answer.Truncated = asked.Kind == of && asked.Limit < 200 && len(answer.Records) > 0
	}
}

// plansLost loses the answer to the question which plans may be shown.
func plansLost(asked *sources.Part, answer *sources.PartAnswer) {
	if asked.Kind == clinical.KindUrgentCarePlan && asked.Limit == 200 {
		answer.Records, answer.Truncated = nil, true
	}
}

// probesLost loses the answers of probes.
func probesLost(asked *sources.Part, answer *sources.PartAnswer) {
	if asked.Limit == 2000 {
		answer.Records, answer.Truncated = nil, true
	}
}

// whereLabel is a condition on one label that the source alone keeps.
func whereLabel(label clinical.Label, set bool) condition.Clause {
	return condition.Clause{{Attribute: condition.LabelAttribute(label), Op: condition.Equal, Values: []condition.Value{condition.Bool(set)}}}
}

// told asks for lists about Amina, and says which records came and how each list's one source did.
func told(t *testing.T, s *stage, lists ...gate.List) (ids []string, outcomes []gate.Outcome) {
	t.Helper()
	person := s.open(t).ask(t, gpCaller, gate.Question{Person: number(t, amina), ClaimedRelationship: "x", Lists: lists})
	if person == nil {
		return nil, nil
	}
	for _, page := range person.Pages {
		for _, record := range page.Records {
			ids = append(ids, string(record.About().ID))
		}
		outcomes = append(outcomes, page.Sources[0].Outcome)
	}
	return ids, outcomes
}

// A line says that its source was cut where something is withheld only because nobody could tell, and in no other case: neither
// what is withheld for a reason nor what is released makes it say so, and what a source says of itself stays.
func TestALineSaysThatItWasCutWhereSomethingCouldNotBeTold(t *testing.T) {
	contacts, medicines := listOf(clinical.KindContact, 20), listOf(clinical.KindMedication, 20)
	medicine := func(id, code, encounter clinical.Text) clinical.Record {
		return &clinical.Medication{Meta: clinical.Meta{ID: id, Code: snomed(string(code)), Encounter: encounter}}
	}
	byCode := condition.Where(whereLabel(clinical.LabelHIV, false), condition.Clause{{Attribute: condition.Code, Op: condition.Equal, Values: []condition.Value{condition.Text("6")}}})
	visited := &clinical.Observation{Meta: clinical.Meta{ID: "test", Encounter: "visit"}}
	visited.Labels.Put(clinical.LabelHIV, true)
	for name, test := range map[string]struct {
		stage   func() *stage
		list    gate.List
		want    []string
		outcome gate.Outcome
	}{
		"which plans are shown is known":      {func() *stage { return sharedStage(t) }, contacts, []string{"daughter", "nurse"}, gate.Answered},
		"which plans are shown is lost":       {func() *stage { return sharedStage(t).bends(plansLost) }, contacts, []string{"daughter"}, gate.Truncated},
		"the source was cut, plans are known": {func() *stage { return sharedStage(t).bends(cutShort(clinical.KindContact)) }, contacts, []string{"daughter", "nurse"}, gate.Truncated},
		"all is part of plans that are hidden": {func() *stage {
			s := sharedStage(t)
			s.people["care"][0].Records = append(s.people["care"][0].Records[:5:5], &clinical.Contact{Meta: clinical.Meta{ID: "kept-nurse", Plan: "kept", Source: "care"}})
			return s
		}, contacts, nil, gate.Nothing},
		"which plans are shown is lost, but no part of one is released": {func() *stage {
			s := sharedStage(t).bends(plansLost)
			bent := s.wrap
			s.wrap = func(source sources.Source) sources.Source { return bent(careless{source}) }
			s.policy.condition = only(condition.Publisher, "R1H")
			for _, record := range s.people["care"][0].Records {
				if record.About().ID == "daughter" {
					record.About().Publisher = "R1H"
				}
			}
			return s
		}, contacts, []string{"daughter"}, gate.Answered},
		"something is withheld with what it hangs together with": {func() *stage {
			s := newStage()
			s.spreading("F84003", linkable()...)
			s.holds("barts", "R1H", number(t, amina), consultation()...)
			return s
		}, medicines, []string{"at-other"}, gate.Answered},
		"the same, and the source was cut": {func() *stage {
			s := newStage().bends(cutShort(clinical.KindMedication))
			s.spreading("F84003", linkable()...)
			s.holds("barts", "R1H", number(t, amina), consultation()...)
			return s
		}, medicines, []string{"at-other"}, gate.Truncated},
		"a probe is lost, and what hangs together is released all the same": {func() *stage {
			s := newStage().bends(probesLost)
			s.policy.condition, s.policy.spread, s.policy.spreadTo = &byCode, []clinical.Label{clinical.LabelHIV}, linkable()
			s.holds("barts", "R1H", number(t, amina), visited, medicine("m", "6", "visit"))
			return s
		}, medicines, []string{"m"}, gate.Answered},
	} {
		ids, outcomes := told(t, test.stage(), test.list)
		if diff := cmp.Diff(test.want, sorted(ids)); diff != "" {
			t.Errorf("%s (-want +got): %s", name, diff)
		}
		if len(outcomes) != 1 || outcomes[0] != test.outcome {
			t.Errorf("%s: the line says %v, want %s", name, outcomes, test.outcome)
		}
	}
}

func TestWhatIsPartOfAHiddenPlanTakesNoPlaceOnAPage(t *testing.T) {
	ids, _ := told(t, sharedStage(t), listOf(clinical.KindContact, 1), listOf(clinical.KindMedication, 1))
	if diff := cmp.Diff([]string{"daughter", "morphine"}, sorted(ids)); diff != "" {
		t.Error(diff)
	}
}

// A label that spreads withholds. That a rule releases what carries it is about the record itself.
func TestALabelThatSpreadsReleasesNothing(t *testing.T) {
	for _, bent := range []bool{false, true} {
		s := newStage()
		carrying := condition.Where(whereLabel(clinical.LabelHIV, true))
		s.policy.condition, s.policy.spread, s.policy.spreadTo = &carrying, []clinical.Label{clinical.LabelHIV}, linkable()
		test := &clinical.Observation{Meta: clinical.Meta{ID: "test", Encounter: "visit"}}
		test.Labels.Put(clinical.LabelHIV, true)
		s.holds("barts", "R1H", number(t, amina), test, &clinical.Medication{Meta: clinical.Meta{ID: "at-visit", Encounter: "visit"}})
		if bent {
			s.wrap = func(source sources.Source) sources.Source { return careless{source} }
		}
		if ids, _ := told(t, s, listOf(clinical.KindMedication, 5), listOf(clinical.KindObservation, 5)); !cmp.Equal(ids, []string{"test"}) {
			t.Errorf("a driver that is bent, %v: %v", bent, ids)
		}
	}
}

// What hangs together in a source of the caller's own organisation is not asked for. A record there that is another's after all
// is judged by the worst.
func TestAnothersRecordInTheCallersOwnSourceIsJudgedByTheWorst(t *testing.T) {
	s := newStage()
	s.spreading("F84003", linkable()...)
	s.holds("emis", "F84003", number(t, amina), consultation()...)
	for _, record := range s.people["emis"][0].Records {
		if id := record.About().ID; id == "at-other" || id == "loose" {
			record.About().Organisation.Code = "R1H"
			record.About().Labels.Put(clinical.LabelHIV, false)
		}
	}
	ids, _ := told(t, s, listOf(clinical.KindMedication, 5), listOf(clinical.KindObservation, 5))
	if diff := cmp.Diff([]string{"at-visit", "for-worry", "loose", "pressure", "test"}, sorted(ids)); diff != "" {
		t.Error(diff)
	}
}

func TestAPlanThatIsShownDoesNotNameOneThatIsNot(t *testing.T) {
	s := sharedStage(t)
	for _, record := range s.people["care"][0].Records {
		switch record.About().ID {
		case "shared":
			record.About().Plan = "kept"
		case "told":
			record.About().Plan = "shared"
		}
	}
	person := s.open(t).ask(t, gpCaller, claimed(gate.Question{Person: number(t, amina), Lists: []gate.List{listOf(clinical.KindUrgentCarePlan, 5)}}))
	named := map[clinical.Text]clinical.Text{}
	for _, record := range person.Pages[0].Records {
		named[record.About().ID] = record.About().Plan
	}
	if diff := cmp.Diff(map[clinical.Text]clinical.Text{"shared": "", "told": "shared"}, named); diff != "" {
		t.Error(diff)
	}
}

// A conflict names records of other pages too. They show no more than they would on theirs.
func TestARecordOfAConflictShowsNoMoreThanOnItsPage(t *testing.T) {
	s := newStage()
	s.policy.withheld = []clinical.Kind{clinical.KindEncounter}
	s.policy.masked = map[clinical.Kind]clinical.FieldSet{clinical.KindAllergyIntolerance: clinical.KindAllergyIntolerance.Descriptor().Set("note")}
	s.holds("emis", "F84003", number(t, amina),
		&clinical.AllergyIntolerance{Meta: clinical.Meta{ID: "none", Date: date("2024"), Code: snomed("716186003"), Note: "n", Encounter: "visit", Status: clinical.StatusActive}},
		&clinical.AllergyIntolerance{Meta: clinical.Meta{ID: "one", Date: date("2023"), Code: snomed("91936005"), Note: "n", Encounter: "visit", Status: clinical.StatusActive}})
	s.wrap = func(source sources.Source) sources.Source { return careless{source} }
	page := s.open(t).ask(t, gpCaller, gate.Question{Person: number(t, amina), Lists: []gate.List{listOf(clinical.KindAllergyIntolerance, 1)}}).Pages[0]
	if len(page.Records) != 1 || len(page.Conflicts) != 1 || len(page.Conflicts[0].Records) != 2 {
		t.Fatalf("%d records, conflicts %+v", len(page.Records), page.Conflicts)
	}
	for _, record := range page.Conflicts[0].Records {
		if meta := record.About(); meta.Note != "" || meta.Encounter != "" {
			t.Errorf("%s shows %q and names %q", meta.ID, meta.Note, meta.Encounter)
		}
	}
}

func TestAnSFlagOnARecordAloneHidesThePerson(t *testing.T) {
	s := smallTown(t).bends(func(asked *sources.Part, answer *sources.PartAnswer) {
		for _, record := range answer.Records {
			if asked.Kind == clinical.KindCondition {
				record.About().Labels.Put(clinical.LabelSensitive, record.About().ID == "d1")
			}
		}
	})
	if person := s.open(t).ask(t, gpCaller, conditionsOf(t, amina)); person != nil {
		t.Error("the person is shown")
	}
	s.policy.findable = true
	if ids := shown(s.ask(t, gpCaller, conditionsOf(t, amina))); !cmp.Equal(ids, []string{"c1", "c2"}) {
		t.Errorf("where S-flags hide nobody, what carries one is withheld: %v", ids)
	}
}

func TestEveryRegistrationIsReadHoweverMany(t *testing.T) {
	s := newStage()
	var more []clinical.Record
	for i := range 60 {
		more = append(more, &clinical.Registration{Meta: clinical.Meta{ID: identifier("r", i), Status: clinical.StatusActive}})
	}
	s.holds("emis", "F84003", number(t, amina), more...)
	if person := s.open(t).ask(t, gpCaller, gate.Question{Person: number(t, amina)}); len(person.Registrations) != 61 {
		t.Errorf("%d registrations", len(person.Registrations))
	}
}

// The registration by which the question was permitted has ended, so that it is decided again after the sources were asked, and
// by then the policy withholds more. What was released before is looked at again.
func TestWhatTheLastDecisionWithholdsIsNotShown(t *testing.T) {
	about := func(id clinical.Text, hiv ...bool) (meta clinical.Meta) {
		meta.ID, meta.Date = id, date("2024")
		for _, set := range hiv {
			meta.Labels.Put(clinical.LabelHIV, set)
		}
		return meta
	}
	free := condition.Where(whereLabel(clinical.LabelHIV, false))
	lists := []gate.List{listOf(clinical.KindMedication, 9), listOf(clinical.KindObservation, 9), listOf(clinical.KindContact, 9)}
	for name, test := range map[string]struct {
		then     func(*bentPolicy)
		bend     func(*sources.Part, *sources.PartAnswer)
		want     []string
		outcomes []gate.Outcome
	}{
		"nothing more":                        {func(*bentPolicy) {}, nil, []string{"free", "hiv", "looked", "nurse", "unknown"}, []gate.Outcome{gate.Answered, gate.Answered, gate.Answered}},
		"a kind":                              {func(p *bentPolicy) { p.withheld = []clinical.Kind{clinical.KindObservation} }, nil, []string{"free", "hiv", "nurse", "unknown"}, nil},
		"what is not of another organisation": {func(p *bentPolicy) { p.condition = ofOrganisation("R1H") }, nil, nil, nil},
		"plans, and so what is part of them":  {func(p *bentPolicy) { p.withheld = []clinical.Kind{clinical.KindUrgentCarePlan} }, nil, []string{"free", "hiv", "looked", "unknown"}, nil},
		"a label that spreads to medicines, of which no probe was asked": {func(p *bentPolicy) { p.condition = &free }, nil, []string{"looked"},
			[]gate.Outcome{gate.Truncated, gate.Answered, gate.Nothing}},
		"the same, and another source was cut": {func(p *bentPolicy) { p.condition = &free }, cutShort(clinical.KindObservation), []string{"looked"},
			[]gate.Outcome{gate.Truncated, gate.Truncated, gate.Nothing}},
	} {
		s := newStage()
		s.policy.spread, s.policy.spreadTo = []clinical.Label{clinical.LabelHIV}, []clinical.Kind{clinical.KindMedication}
		s.holds("emis", "F84003", number(t, amina), &clinical.Medication{Meta: about("free", false)}, &clinical.Medication{Meta: about("hiv", true)},
			&clinical.Medication{Meta: about("unknown")}, &clinical.Observation{Meta: about("looked", false)},
			&clinical.Contact{Meta: about("nurse")}, planOf("plan", "2024", notForCPR))
		s.people["emis"][0].Records[5].About().Plan = "plan"
		s.people["emis"][0].Records[0].About().Status = clinical.StatusInactive
		s.wrap = func(source sources.Source) sources.Source {
			if test.bend != nil {
				source = bending{source, test.bend}
			}
			return interrupting{source, func() { test.then(s.policy) }}
		}
		ids, outcomes := told(t, s, lists...)
		if diff := cmp.Diff(test.want, sorted(ids)); diff != "" {
			t.Errorf("%s (-want +got): %s", name, diff)
		}
		if test.outcomes != nil && !cmp.Equal(test.outcomes, outcomes) {
			t.Errorf("%s: lines say %v, want %v", name, fmt.Sprint(outcomes), test.outcomes)
		}
	}
}

func sorted(ids []string) []string {
	slices.Sort(ids)
	return ids
}

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

const hivCode = "86406008"

// spreading is a policy that releases a caller's own organisation's records, and of others those that are neither sealed nor
// about HIV; both labels spread to all kinds that are listed.
func (s *stage) spreading(own string, kinds ...clinical.Kind) {
	codes := condition.NewCodes([]clinical.Coding{{System: clinical.SNOMED, Code: hivCode}}, clinical.LocalCode)
	released := condition.Where(
		condition.Clause{{Attribute: condition.Organisation, Op: condition.Equal, Values: []condition.Value{condition.Text(own)}}},
		condition.Clause{
			{Attribute: condition.LabelAttribute(clinical.LabelSealed), Op: condition.Equal, Values: []condition.Value{condition.Bool(false)}},
			{Attribute: condition.LabelAttribute(clinical.LabelHIV), Op: condition.Equal, Values: []condition.Value{condition.Bool(false)}, Codes: codes},
		})
	s.policy.condition, s.policy.spread, s.policy.spreadTo = &released, []clinical.Label{clinical.LabelSealed, clinical.LabelHIV}, kinds
}

func linkable() []clinical.Kind {
	return []clinical.Kind{clinical.KindMedication, clinical.KindObservation, clinical.KindEncounter, clinical.KindAppointment, clinical.KindDocument}
}

// consultation is a visit at which an HIV test was taken, and everything that hangs together with it, beside another visit.
func consultation() []clinical.Record {
	about := func(id clinical.Text, code clinical.Text, encounter, problem clinical.Text) clinical.Meta {
		return clinical.Meta{ID: id, Date: date("2024-03-0" + fmt.Sprint(1+len(id)%5)), Code: snomed(string(code)), Encounter: encounter, Problem: problem}
	}
	return []clinical.Record{
		&clinical.Observation{Meta: clinical.Meta{ID: "test", Code: snomed(hivCode), Encounter: "visit", Problem: "worry", Appointment: "slot"}},
		&clinical.Encounter{Meta: about("visit", "1", "", "")},
		&clinical.Appointment{Meta: about("slot", "1", "", "")},
		&clinical.Appointment{Meta: about("by-visit", "1", "visit", "")},
		&clinical.Medication{Meta: about("at-visit", "2", "visit", "")},
		&clinical.Medication{Meta: about("for-worry", "3", "other", "worry")},
		&clinical.Condition{Meta: about("worry", "4", "", "")},
		&clinical.AllergyIntolerance{Meta: about("allergy", "5", "visit", "worry")},
		&clinical.Encounter{Meta: about("other", "1", "", "")},
		&clinical.Appointment{Meta: about("later", "1", "other", "")},
		&clinical.Medication{Meta: about("at-other", "6", "other", "")},
		&clinical.Observation{Meta: about("pressure", "7", "other", "")},
		&clinical.Observation{Meta: about("loose", "8", "", "")},
	}
}

func shown(person *gate.Person) (ids []string) {
	for _, page := range person.Pages {
		for _, record := range page.Records {
			ids = append(ids, string(record.About().ID))
		}
	}
	slices.Sort(ids)
	return ids
}

func everyList(first int) (lists []gate.List) {
	for _, kind := range clinical.Kinds()[1:] {
		lists = append(lists, listOf(kind, first))
	}
	return lists
}

func TestAWithheldRecordTakesWithItWhatWouldGiveItAway(t *testing.T) {
	s := newStage()
	s.spreading("F84003", linkable()...)
	s.holds("barts", "R1H", number(t, amina), consultation()...)
	// The same identifiers in another source are other records.
	s.holds("homerton", "RQX", number(t, amina), consultation()[1:3]...)
	s.open(t)
	question := gate.Question{Person: number(t, amina), Lists: everyList(20)}
	claimed := gpCaller
	question.ClaimedRelationship = "in the waiting room"
	want := []string{"allergy", "at-other", "later", "loose", "other", "pressure", "slot", "visit", "worry"}
	if diff := cmp.Diff(want, shown(s.ask(t, claimed, question))); diff != "" {
		t.Error(diff)
	}
	own := gpCaller
	own.Organisation = "R1H"
	s.spreading("R1H", linkable()...)
	if ids := shown(s.ask(t, own, gate.Question{Person: number(t, amina), Lists: everyList(20)})); len(ids) != len(consultation())+2 {
		t.Errorf("their own organisation sees only %v", ids)
	}
}

func TestProbesCostNoRoundTripAndAreSparedWhereNothingSpreads(t *testing.T) {
	for name, test := range map[string]struct {
		kinds []clinical.Kind
		lists []gate.List
		parts int // lists, registrations, probes, and which plans are shown
	}{
		"lists of linked records":                           {linkable(), everyList(5), 15 + 1 + 14 + 1},
		"a list of allergies that may name their encounter": {linkable(), []gate.List{listOf(clinical.KindAllergyIntolerance, 5)}, 1 + 1 + 14 + 1},
		"a list of allergies that names nothing":            {linkable(), []gate.List{{Kinds: []clinical.Kind{clinical.KindAllergyIntolerance}, First: 5}}, 1 + 1 + 1},
		"a policy of no such records":                       {nil, everyList(5), 15 + 1 + 1},
	} {
		s := newStage()
		s.spreading("F84003", test.kinds...)
		s.holds("barts", "R1H", number(t, amina), consultation()...)
		trips, parts := &tripCounter{}, 0
		s.wrap = func(source sources.Source) sources.Source { return tripping{counted{source, &parts}, trips} }
		s.open(t)
		trips.count.Store(0)
		parts = 0
		s.ask(t, gpCaller, gate.Question{Person: number(t, amina), ClaimedRelationship: "x", Lists: test.lists})
		if trips.count.Load() > 2 || parts < test.parts { // one more for an open referral
			t.Errorf("%s: %d round trips, %d parts", name, trips.count.Load(), parts)
		}
		if test.parts < 20 && parts > test.parts+1 {
			t.Errorf("%s: %d parts, want %d and the one about referrals", name, parts, test.parts)
		}
	}
}

// counted counts the parts of the questions to a source.
type counted struct {
	sources.Source
	parts *int
}

func (s counted) Fetch(ctx context.Context, query sources.Query) (sources.Answer, error) {
	*s.parts += len(query.Parts)
	return s.Source.Fetch(ctx, query)
}

func TestAProbeThatCannotTellWithholdsWhatItMightHaveFound(t *testing.T) {
	for name, spoil := range map[string]func(*sources.PartAnswer){
		"cut at a cap":   func(p *sources.PartAnswer) { p.Records, p.Truncated = nil, true },
		"rows not read":  func(p *sources.PartAnswer) { p.Records, p.Rejected = nil, 1 },
		"more than most": func(p *sources.PartAnswer) { p.Records = slices.Repeat(p.Records, 2000) },
	} {
		s := newStage()
		s.spreading("F84003", linkable()...)
		s.holds("barts", "R1H", number(t, amina), consultation()...)
		s.wrap = func(source sources.Source) sources.Source { return spoilt{source, spoil} }
		s.open(t)
		person := s.ask(t, gpCaller, gate.Question{Person: number(t, amina), ClaimedRelationship: "x", Lists: everyList(20)})
		if diff := cmp.Diff([]string{"allergy", "loose", "worry"}, shown(person)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		for i, page := range person.Pages {
			kind, want := everyList(20)[i].Kinds[0], gate.Nothing
			switch kind {
			case clinical.KindAllergyIntolerance, clinical.KindCondition:
				want = gate.Answered
			case clinical.KindMedication, clinical.KindObservation, clinical.KindEncounter, clinical.KindAppointment:
				want = gate.Truncated
			}
			if page.Sources[0].Outcome != want {
				t.Errorf("%s: %s is %s, want %s", name, kind, page.Sources[0].Outcome, want)
			}
		}
	}
}

// spoilt spoils the answers to probes of observations, which are known by their limit.
type spoilt struct {
	sources.Source
	spoil func(*sources.PartAnswer)
}

func (s spoilt) Fetch(ctx context.Context, query sources.Query) (sources.Answer, error) {
	answer, err := s.Source.Fetch(ctx, query)
	for i := range answer.Parts {
		if part := query.Parts[i]; part.Kind == clinical.KindObservation && part.Limit == 2000 {
			s.spoil(&answer.Parts[i])
		}
	}
	return answer, err
}

func TestALabelThatGoesByAMaskedCodeIsHeeded(t *testing.T) {
	s := newStage()
	s.spreading("F84003", linkable()...)
	masked := map[clinical.Kind]clinical.FieldSet{}
	for _, kind := range clinical.Kinds() {
		masked[kind] = kind.Descriptor().Set("code", "encounterId", "problemId", "appointmentId")
	}
	s.policy.masked = masked
	s.holds("barts", "R1H", number(t, amina), consultation()...)
	s.open(t)
	person := s.ask(t, gpCaller, gate.Question{Person: number(t, amina), ClaimedRelationship: "x", Lists: everyList(20)})
	want := []string{"allergy", "at-other", "later", "loose", "other", "pressure", "worry"}
	if diff := cmp.Diff(want, shown(person)); diff != "" {
		t.Error(diff)
	}
	for _, page := range person.Pages {
		for _, record := range page.Records {
			if meta := record.About(); !meta.Code.IsZero() || meta.Encounter+meta.Problem+meta.Appointment != "" {
				t.Errorf("%s shows what is masked", meta.Reference())
			}
		}
	}
}

package gate_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/internal/gate"
	"onelondon/sources"
	"onelondon/sources/memory"
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

func TestARecordThatIsShownDoesNotNameWhatIsNot(t *testing.T) {
	s := newStage()
	s.spreading("F84003", linkable()...)
	s.holds("barts", "R1H", number(t, amina), append(consultation(),
		&clinical.AllergyIntolerance{Meta: clinical.Meta{ID: "open", Code: snomed("5"), Encounter: "other", Problem: "unworried"}})...)
	s.open(t)
	question := gate.Question{Person: number(t, amina), ClaimedRelationship: "x", Lists: []gate.List{listOf(clinical.KindAllergyIntolerance, 5)}}
	names := func(person *gate.Person) map[clinical.Text]clinical.Text {
		named := map[clinical.Text]clinical.Text{}
		for _, record := range person.Pages[0].Records {
			named[record.About().ID] = record.About().Encounter + "," + record.About().Problem
		}
		return named
	}
	if diff := cmp.Diff(map[clinical.Text]clinical.Text{"allergy": ",", "open": "other,unworried"}, names(s.ask(t, gpCaller, question))); diff != "" {
		t.Error(diff)
	}
	own := gpCaller
	own.Organisation = "R1H"
	s.spreading("R1H", linkable()...)
	if diff := cmp.Diff(map[clinical.Text]clinical.Text{"allergy": "visit,worry", "open": "other,unworried"}, names(s.ask(t, own, question))); diff != "" {
		t.Error(diff)
	}
}

func TestARecordThatIsShownNamesNothingOfAKindThatIsWithheld(t *testing.T) {
	for name, test := range map[string]struct {
		withheld []clinical.Kind
		decided  *condition.Condition
		want     string
	}{
		"everything is shown":                {nil, nil, "other worry slot"},
		"no encounters":                      {[]clinical.Kind{clinical.KindEncounter}, nil, " worry slot"},
		"neither problems nor appointments":  {[]clinical.Kind{clinical.KindCondition, clinical.KindAppointment}, nil, "other  "},
		"only that organisation's":           {nil, ofOrganisation("R1H"), "other worry slot"},
		"only of a code, which nobody knows": {nil, ofCode("5"), "  "},
	} {
		s := newStage()
		s.policy.withheld, s.policy.condition = test.withheld, test.decided
		s.holds("barts", "R1H", number(t, amina), &clinical.AllergyIntolerance{Meta: clinical.Meta{ID: "allergy", Code: snomed("5"),
			Encounter: "other", Problem: "worry", Appointment: "slot"}})
		s.open(t)
		got := ""
		for _, record := range s.ask(t, gpCaller, gate.Question{Person: number(t, amina), ClaimedRelationship: "x",
			Lists: []gate.List{listOf(clinical.KindAllergyIntolerance, 5)}}).Pages[0].Records {
			meta := record.About()
			got = fmt.Sprint(meta.Encounter, " ", meta.Problem, " ", meta.Appointment)
		}
		if got != test.want {
			t.Errorf("%s: names %q, want %q", name, got, test.want)
		}
	}
}

func ofOrganisation(code string) *condition.Condition { return only(condition.Organisation, code) }

func ofCode(code string) *condition.Condition { return only(condition.Code, code) }

func only(attribute condition.Attribute, text string) *condition.Condition {
	released := condition.Where(condition.Clause{{Attribute: attribute, Op: condition.Equal, Values: []condition.Value{condition.Text(text)}}})
	return &released
}

// Between the first decision and the last a registration ends, and with it what the records may name.
func TestWhatADecisionNoLongerShowsIsNotNamedEither(t *testing.T) {
	s := newStage()
	s.holds("emis", "F84003", number(t, amina), &clinical.AllergyIntolerance{Meta: clinical.Meta{ID: "allergy", Encounter: "visit"}})
	s.people["emis"][0].Records[0].About().Status = clinical.StatusInactive
	s.wrap = func(source sources.Source) sources.Source {
		return interrupting{source, func() { s.policy.withheld = []clinical.Kind{clinical.KindEncounter} }}
	}
	s.open(t)
	records := s.ask(t, gpCaller, gate.Question{Person: number(t, amina), Lists: []gate.List{listOf(clinical.KindAllergyIntolerance, 5)}}).Pages[0].Records
	if len(records) != 1 || records[0].About().Encounter != "" {
		t.Errorf("records %v", records)
	}
}

func TestProbesCostNoRoundTripAndAreSparedWhereNothingSpreads(t *testing.T) {
	for name, test := range map[string]struct {
		kinds []clinical.Kind
		lists []gate.List
		parts int
	}{
		"lists of linked records":                           {linkable(), everyList(5), 14 + 1 + 13},
		"a list of allergies that may name their encounter": {linkable(), []gate.List{listOf(clinical.KindAllergyIntolerance, 5)}, 1 + 1 + 13},
		"a list of allergies that names nothing":            {linkable(), []gate.List{{Kinds: []clinical.Kind{clinical.KindAllergyIntolerance}, First: 5}}, 1 + 1},
		"a policy of no such records":                       {nil, everyList(5), 14 + 1},
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

// town is some random records in two sources, with few identifiers to hang together by.
func town(t *rapid.T) map[clinical.SourceID][]clinical.Record {
	id := rapid.SampledFrom([]clinical.Text{"", "", "1", "2", "3"})
	held := map[clinical.SourceID][]clinical.Record{}
	for _, source := range []clinical.SourceID{"barts", "homerton"} {
		held[source] = nil
		used := map[string]bool{}
		for range rapid.IntRange(0, 25).Draw(t, "records") {
			record := rapid.SampledFrom(clinical.Kinds()[1:]).Draw(t, "kind").Descriptor().New()
			meta := record.About()
			meta.ID = clinical.Text(fmt.Sprint(rapid.IntRange(1, 9).Draw(t, "id")))
			if used[record.Kind().String()+string(meta.ID)] {
				continue
			}
			used[record.Kind().String()+string(meta.ID)] = true
			meta.Encounter, meta.Problem, meta.Appointment = id.Draw(t, "encounter"), id.Draw(t, "problem"), id.Draw(t, "appointment")
			meta.Date = date(rapid.SampledFrom([]string{"", "2020", "2021-05-06", "2022-02"}).Draw(t, "date"))
			meta.Code = rapid.SampledFrom([]clinical.Concept{snomed(hivCode), snomed("1"), snomed("1"), snomed("1"), {}}).Draw(t, "code")
			meta.Organisation.Code = rapid.SampledFrom([]clinical.Text{"R1H", "R1H", "F84003", ""}).Draw(t, "organisation")
			switch rapid.IntRange(0, 5).Draw(t, "sealed") {
			case 0:
				meta.Labels.Put(clinical.LabelSealed, true)
			case 1:
			default:
				meta.Labels.Put(clinical.LabelSealed, false)
			}
			held[source] = append(held[source], record)
		}
	}
	return held
}

// together reports whether two records of one source share an encounter, a problem or an appointment, or one is the other's.
func together(a, b clinical.Record) bool {
	named := func(r clinical.Record, kind clinical.Kind, id clinical.Text) clinical.Text {
		if r.Kind() == kind && id == "" {
			return r.About().ID
		}
		return id
	}
	for _, by := range []struct {
		kind clinical.Kind
		of   func(*clinical.Meta) clinical.Text
	}{
		{clinical.KindEncounter, func(m *clinical.Meta) clinical.Text { return m.Encounter }},
		{clinical.KindCondition, func(m *clinical.Meta) clinical.Text { return m.Problem }},
		{clinical.KindAppointment, func(m *clinical.Meta) clinical.Text { return m.Appointment }},
	} {
		for _, x := range []clinical.Text{by.of(a.About()), named(a, by.kind, "")} {
			for _, y := range []clinical.Text{by.of(b.About()), named(b, by.kind, "")} {
				if x != "" && x == y {
					return true
				}
			}
		}
	}
	return false
}

// model says what is released by the plain words of the rule.
func model(record clinical.Record, all []clinical.Record, spreadTo []clinical.Kind) bool {
	meta := record.About()
	if meta.Organisation.Code == "F84003" {
		return true
	}
	carries := func(r clinical.Record) bool {
		sealed, _ := r.About().Labels.Value(clinical.LabelSealed)
		return sealed || r.About().Code.Code == hivCode
	}
	sealed, known := meta.Labels.Value(clinical.LabelSealed)
	if !known || sealed || meta.Code.Code == "" || meta.Code.Code == hivCode {
		return false
	}
	if !slices.Contains(spreadTo, record.Kind()) {
		return true
	}
	return !slices.ContainsFunc(all, func(other clinical.Record) bool {
		return other.Kind() != clinical.KindContact && carries(other) && together(record, other)
	})
}

func TestWhatIsReleasedIsWhatTheModelOfTheLinkedSetReleases(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		spreadTo := rapid.SliceOfDistinct(rapid.SampledFrom(clinical.Kinds()[1:]), rapid.ID[clinical.Kind]).Draw(rt, "spread to")
		s := newStage()
		s.spreading("F84003", spreadTo...)
		var want []string
		for source, records := range town(rt) {
			for _, record := range records {
				if model(record, records, spreadTo) {
					want = append(want, fmt.Sprint(record.Kind(), " ", source, "/", record.About().ID))
				}
			}
			s.mixed(source, number(t, amina), records...)
		}
		slices.Sort(want)
		s.open(t)
		first := rapid.IntRange(1, 6).Draw(rt, "page")
		timeline := gate.List{Kinds: clinical.Kinds()[1:], First: first}
		got := s.whole(t, timeline)
		if diff := cmp.Diff(want, got); diff != "" {
			rt.Fatalf("timeline: %s", diff)
		}
		var byKind []string
		for _, kind := range clinical.Kinds()[1:] {
			byKind = append(byKind, s.whole(t, listOf(kind, first))...)
		}
		slices.Sort(byKind)
		if diff := cmp.Diff(want, byKind); diff != "" {
			rt.Fatalf("lists: %s", diff)
		}
	})
}

// mixed puts records of several organisations into one source.
func (s *stage) mixed(source clinical.SourceID, person clinical.NHSNumber, records ...clinical.Record) {
	registration := &clinical.Registration{Meta: clinical.Meta{ID: "reg", Status: clinical.StatusActive}}
	s.people[source] = append(s.people[source], memory.Person{NHSNumber: person, Organisation: "F84003", Registered: true,
		Records: append([]clinical.Record{registration}, records...)})
	s.specs[source] = sources.Spec{ID: source, Name: string(source)}
}

// whole walks a list page by page and names every record on it, the merged ones among them.
func (s *stage) whole(t *testing.T, list gate.List) (all []string) {
	for {
		page := s.ask(t, gpCaller, gate.Question{Person: number(t, amina), ClaimedRelationship: "x", Lists: []gate.List{list}}).Pages[0]
		for _, item := range page.Records {
			for _, record := range append([]clinical.Record{item}, item.About().Others()...) {
				all = append(all, fmt.Sprint(record.Kind(), " ", record.About().Reference()))
			}
		}
		if !page.HasNext {
			slices.Sort(all)
			return all
		}
		list.After = page.Cursor(len(page.Records) - 1)
	}
}

package gate_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"onelondon/internal/clinical"
	"onelondon/internal/gate"
	"onelondon/sources"
	"onelondon/sources/memory"
)

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

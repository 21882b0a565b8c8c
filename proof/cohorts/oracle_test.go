package cohorts_test

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
	"onelondon/sources"
)

// somebody is one person as the oracle sees them: everything that anybody may know of them, in lists.
type somebody struct {
	id            clinical.Pseudonym
	records       []clinical.Record
	registrations []held
}

// held is a registration with what its source says beside the record.
type held struct {
	*clinical.Registration
	registered bool
}

// occurrence is an event: records of one day that say the same.
type occurrence struct {
	said          string // what it says, in words
	day           clinical.Day
	end           clinical.Day
	number        float64
	unit          string
	organisations map[clinical.Text]bool
	mark          uint64 // settles ties that the language leaves open, as "any, but always the same"
}

// oracle answers a definition by looking at one record after another.
type oracle struct {
	people     []*somebody
	definition *cohort.Definition
	memory     map[string][]occurrence // of one person's sets
}

// everybody gathers the people of a world.
func everybody(w *world) []*somebody {
	known := map[clinical.Pseudonym]*somebody{}
	for _, data := range w.data {
		for _, person := range data.People {
			number, err := clinical.ParseNHSNumber(person.NHSNumber)
			if err != nil || person.Deleted || person.Test || person.Sensitive {
				continue
			}
			id, counts := w.stand(number)
			if !counts {
				continue
			}
			if known[id] == nil {
				known[id] = &somebody{id: id}
			}
			for _, record := range person.Records {
				known[id].add(data.Source, record, person.Registered)
			}
		}
	}
	var all []*somebody
	for _, person := range known {
		person.order()
		all = append(all, person)
	}
	slices.SortFunc(all, func(a, b *somebody) int { return cmp.Compare(a.id, b.id) })
	return all
}

func (s *somebody) add(source clinical.SourceID, record clinical.Record, registered bool) {
	if registration, ok := record.(*clinical.Registration); ok {
		duplicate := *registration
		duplicate.Source = source
		s.registrations = append(s.registrations, held{&duplicate, registered})
		return
	}
	if sealed, known := record.About().Labels.Value(clinical.LabelSealed); record.Kind() == clinical.KindCondition && (sealed || !known) {
		return
	}
	duplicate := copyOf(record)
	duplicate.About().Source = source
	s.records = append(s.records, duplicate)
}

// order puts registrations in the order in which they settle facts.
func (s *somebody) order() {
	slices.SortFunc(s.registrations, func(a, b held) int {
		if a.registered != b.registered {
			if a.registered {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(dayOf(b.Date), dayOf(a.Date)), cmp.Compare(a.Source, b.Source), cmp.Compare(a.ID, b.ID))
	})
}

// dayOf is the first day that a date covers.
func dayOf(date clinical.DateTime) clinical.Day {
	if date.IsZero() {
		return clinical.NoDay
	}
	return clinical.DayOf(date.At())
}

func (o *oracle) set(name string) *cohort.EventSet {
	for i := range o.definition.Events {
		if o.definition.Events[i].Name == name {
			return &o.definition.Events[i]
		}
	}
	panic("no set " + name) // the definition was checked
}

// occurrences are a person's events of a set, each once.
func (o *oracle) occurrences(s *somebody, name string) []occurrence {
	if known, ok := o.memory[name]; ok {
		return known
	}
	set := o.set(name)
	var all []occurrence
	if set.Kind != nil {
		all = o.recorded(s, set)
	}
	for _, of := range set.Of {
		all = append(all, o.occurrences(s, of)...)
	}
	all = o.choose(s, set, merged(all))
	o.memory[name] = all
	return all
}

func (o *oracle) choose(s *somebody, set *cohort.EventSet, all []occurrence) []occurrence {
	if set.Run > 0 {
		all = inARow(set, all)
	} else if set.Value != nil {
		all = only(all, func(e occurrence) bool { return passes(set.Value, e) })
	}
	if set.From != nil {
		all = only(all, func(e occurrence) bool { return e.day != clinical.NoDay && e.day >= set.From.In(asAt()) })
	}
	if set.Until != nil {
		all = only(all, func(e occurrence) bool { return e.day != clinical.NoDay && e.day <= set.Until.In(asAt()) })
	}
	if set.Where != nil {
		all = only(all, func(e occurrence) bool { return e.day != clinical.NoDay && o.true(s, set.Where, e.day, e.end) })
	}
	if set.Pick == cohort.PickFirst || set.Pick == cohort.PickLatest {
		all = pick(set.Pick, only(all, func(e occurrence) bool { return e.day != clinical.NoDay }))
	}
	return all
}

func only(all []occurrence, keep func(occurrence) bool) (kept []occurrence) {
	for _, e := range all {
		if keep(e) {
			kept = append(kept, e)
		}
	}
	return kept
}

// merged makes one of events that say the same on one day.
func merged(all []occurrence) (once []occurrence) {
next:
	for _, e := range all {
		for i := range once {
			if once[i].said == e.said && once[i].day == e.day {
				once[i].end = max(once[i].end, e.end)
				for organisation := range e.organisations {
					once[i].organisations[organisation] = true
				}
				continue next
			}
		}
		own := map[clinical.Text]bool{}
		for organisation := range e.organisations {
			own[organisation] = true
		}
		e.organisations = own
		once = append(once, e)
	}
	return once
}

// recorded are the events that the records of a set tell of.
func (o *oracle) recorded(s *somebody, set *cohort.EventSet) (all []occurrence) {
	for _, record := range s.records {
		meta := record.About()
		if record.Kind() != *set.Kind || !o.coded(set, meta.Code) {
			continue
		}
		if encounter, ok := record.(*clinical.Encounter); len(set.Classes) > 0 && (!ok || !slices.Contains(set.Classes, encounter.Class)) {
			continue
		}
		if len(set.Statuses) > 0 && !slices.Contains(set.Statuses, meta.Status) ||
			len(set.Organisations) > 0 && !slices.Contains(set.Organisations, meta.Organisation.Code) {
			continue
		}
		if e := occurrenceOf(record); e.day <= asAt() {
			all = append(all, e)
		}
	}
	return all
}

func (o *oracle) coded(set *cohort.EventSet, concept clinical.Concept) bool {
	if set.Codes == nil {
		return true
	}
	for _, list := range o.definition.Codelists {
		for _, entry := range list.Codes {
			for _, coding := range append([]clinical.Coding{concept.Coding}, concept.Translations...) {
				if slices.Contains(set.Codes, list.Name) && coding.Code == entry.Code && (entry.System == "" || entry.System == coding.System) {
					return true
				}
			}
		}
	}
	return false
}

// occurrenceOf reads a record. Its first code in SNOMED CT or dm+d, or else its first, is what it says; a local code means
// something in its source only.
func occurrenceOf(record clinical.Record) occurrence {
	meta := record.About()
	e := occurrence{day: dayOf(meta.Date), end: dayOf(meta.End), number: math.NaN(), organisations: map[clinical.Text]bool{meta.Organisation.Code: true}}
	if e.end == clinical.NoDay {
		e.end = e.day
	}
	coding := meta.Code.Coding
	for _, other := range append([]clinical.Coding{meta.Code.Coding}, meta.Code.Translations...) {
		if other.System == clinical.SNOMED || other.System == clinical.DMD {
			coding = other
			break
		}
	}
	if coding.System == clinical.DMD {
		coding.System = clinical.SNOMED
	}
	said := fmt.Sprintf("%s %q", coding.System, coding.Code)
	if coding.Code == "" {
		coding.System, said = "", "nothing in "+string(meta.Source)
	} else if coding.System == clinical.LocalCode {
		said += " of " + string(meta.Source)
	}
	saying := sources.Saying[clinical.Text]{Source: meta.Source, System: clinical.Text(coding.System), Code: coding.Code, Value: math.NaN()}
	if observation, ok := record.(*clinical.Observation); ok {
		e.unit = string(observation.Unit)
		if value, err := strconv.ParseFloat(string(observation.Value), 64); err == nil {
			e.number = math.Abs(value) * map[bool]float64{true: -1, false: 1}[value < 0]
			said += fmt.Sprintf(" %v", e.number)
		}
		saying.Value, saying.Unit = e.number, observation.Unit
	}
	said += " in " + strings.ToLower(e.unit)
	if record.Kind() == clinical.KindEncounter && (meta.Organisation.Code != "" || !meta.Date.IsZero() || !meta.End.IsZero()) {
		said += fmt.Sprintf(" at %s from %s until %s", meta.Organisation.Code, meta.Date.At(), meta.End.At())
		saying.Organisation, saying.Start, saying.End = meta.Organisation.Code, meta.Date, meta.End
	}
	e.said, e.mark = said, saying.Mark()
	return e
}

func passes(test *cohort.ValueTest, e occurrence) bool {
	if math.IsNaN(e.number) {
		return false
	}
	if test.Units != nil && !slices.ContainsFunc(test.Units, func(unit clinical.Text) bool { return strings.EqualFold(string(unit), e.unit) }) {
		return false
	}
	return !(test.Over != nil && e.number <= *test.Over || test.AtLeast != nil && e.number < *test.AtLeast ||
		test.Below != nil && e.number >= *test.Below || test.AtMost != nil && e.number > *test.AtMost)
}

// lower reports whether a's value comes before b's: none before any.
func lower(a, b occurrence) int {
	switch {
	case math.IsNaN(a.number) && math.IsNaN(b.number):
		return 0
	case math.IsNaN(a.number):
		return -1
	case math.IsNaN(b.number):
		return 1
	}
	return cmp.Compare(a.number, b.number)
}

func inARow(set *cohort.EventSet, all []occurrence) (kept []occurrence) {
	all = only(all, func(e occurrence) bool { return e.day != clinical.NoDay })
	slices.SortFunc(all, func(a, b occurrence) int {
		return cmp.Or(cmp.Compare(a.day, b.day), lower(a, b), cmp.Compare(a.mark, b.mark))
	})
	for i := range all {
		run := 0
		for run <= i && passes(set.Value, all[i-run]) {
			run++
		}
		if run >= set.Run {
			kept = append(kept, all[i])
		}
	}
	return kept
}

func pick(which cohort.Pick, all []occurrence) []occurrence {
	if len(all) == 0 {
		return nil
	}
	slices.SortFunc(all, func(a, b occurrence) int {
		day := cmp.Compare(a.day, b.day)
		if which == cohort.PickLatest {
			day = -day
		}
		return cmp.Or(day, lower(b, a), cmp.Compare(b.end, a.end), cmp.Compare(a.mark, b.mark))
	})
	return all[:1]
}

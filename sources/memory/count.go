package memory

import (
	"context"
	"math"
	"slices"

	"onelondon/internal/clinical"
	"onelondon/sources"
)

// Events passes on every event of every set, without reducing.
func (s *Source) Events(ctx context.Context, query sources.EventQuery, each func(set int, event sources.Event) error) error {
	for i := range query.Sets {
		for _, held := range s.all {
			if err := ctx.Err(); err != nil {
				return err
			}
			person, counts := pseudonymOf(held.person, query.Stand)
			if !counts || !belongs(&query.Sets[i], held.record) {
				continue
			}
			event := eventOf(held.record, query.Sets[i].Wanted, query.Organisation)
			event.Person = person
			if err := each(i, event); err != nil {
				return err
			}
		}
	}
	return nil
}

// pseudonymOf returns a registration's pseudonym, and whether it is counted at all.
func pseudonymOf(person *Person, stand sources.Stand) (clinical.Pseudonym, bool) {
	if person.NHSNumber.IsZero() || person.Sensitive {
		return 0, false
	}
	return stand(person.NHSNumber)
}

// belongs reports whether a record is in the set. Parts of urgent care plans are not: they are treated like plans,
// which are not counted.
func belongs(set *sources.RecordedSet, record clinical.Record) bool {
	meta := record.About()
	if record.Kind() != set.Kind || meta.Plan != "" && set.Kind != clinical.KindRegistration || !set.Condition.Match(record) {
		return false
	}
	if len(set.Codes) > 0 && !slices.ContainsFunc(set.Codes, func(c sources.Code) bool { return meta.Code.Has(c.System, c.Code) }) {
		return false
	}
	if !among(set.Classes, classOf(record)) || !among(set.Statuses, meta.Status) || !among(set.Organisations, meta.Organisation.Code) {
		return false
	}
	value, unit := numberOf(record)
	return within(meta.Date.Day(), set) && sources.Within(&set.Value, value, unit)
}

// among reports whether a word is in a list. An empty list contains every word; a missing word is in no other.
func among[Word ~string](list []Word, word Word) bool {
	return len(list) == 0 || word != "" && slices.Contains(list, word)
}

func within(day clinical.Day, set *sources.RecordedSet) bool {
	if set.From == clinical.NoDay && set.Until == clinical.NoDay {
		return true
	}
	if day == clinical.NoDay {
		return set.Undated
	}
	return day >= set.From && (set.Until == clinical.NoDay || day <= set.Until)
}

func classOf(record clinical.Record) clinical.EncounterClass {
	if encounter, ok := record.(*clinical.Encounter); ok {
		return encounter.Class
	}
	return ""
}

func numberOf(record clinical.Record) (float64, clinical.Text) {
	if observation, ok := record.(*clinical.Observation); ok {
		return sources.Number(observation.Value), observation.Unit
	}
	return math.NaN(), ""
}

// eventOf returns the wanted fields of a record; others are zero.
func eventOf(record clinical.Record, wanted sources.EventFields, number func(clinical.Text) uint32) sources.Event {
	meta := record.About()
	event := sources.Event{}
	if wanted&sources.WantDay != 0 {
		event.Day = meta.Date.Day()
	}
	if wanted&sources.WantEnd != 0 {
		event.End = meta.End.Day()
		if event.End == clinical.NoDay {
			event.End = meta.Date.Day()
		}
	}
	if wanted&sources.WantValue != 0 {
		event.Value, _ = numberOf(record)
	}
	if wanted&sources.WantMark != 0 {
		event.Mark = markOf(record)
	}
	if wanted&sources.WantOrganisation != 0 && meta.Organisation.Code != "" {
		event.Organisation = number(meta.Organisation.Code)
	}
	return event
}

func markOf(record clinical.Record) uint64 {
	meta := record.About()
	coding := meta.Code.Coding
	for _, other := range meta.Code.Translations {
		if !sources.Shared(coding.System) && sources.Shared(other.System) {
			coding = other
		}
	}
	saying := sources.Saying[clinical.Text]{Source: meta.Source, System: clinical.Text(coding.System), Code: coding.Code}
	saying.Value, saying.Unit = numberOf(record)
	if sources.IsVisit(record.Kind()) {
		saying.Organisation, saying.Start, saying.End = meta.Organisation.Code, meta.Date, meta.End
	}
	return saying.Mark()
}

// Facts passes on what every registration says.
func (s *Source) Facts(ctx context.Context, query sources.FactQuery, each func(sources.Facts) error) error {
	for _, held := range s.all {
		if err := ctx.Err(); err != nil {
			return err
		}
		registration, ok := held.record.(*clinical.Registration)
		if !ok || !query.Condition.Match(registration) {
			continue
		}
		person, counts := pseudonymOf(held.person, query.Stand)
		if !counts {
			continue
		}
		if err := each(sources.Facts{Person: person, Source: s.id, ID: registration.ID, Organisation: registration.Organisation.Code,
			Practice: registration.Practice, Registered: held.person.Registered, From: registration.Date.Day(), Until: registration.End.Day(),
			Birth: registration.BirthDate.Day(), Death: registration.DeathDate.Day(), Sex: registration.Gender}); err != nil {
			return err
		}
	}
	return nil
}

package circe

import (
	"maps"
	"slices"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
)

// domain is what a kind of criterion becomes.
type domain struct {
	kind   clinical.Kind
	noun   string // for names of sets
	prefix string // of keys that only say what is left out: "ConditionTypeExclude"
}

func domains() map[string]domain {
	return map[string]domain{
		"ConditionOccurrence": {clinical.KindCondition, "conditions", "Condition"},
		"DrugExposure":        {clinical.KindMedication, "medicines", "Drug"},
		"Measurement":         {clinical.KindObservation, "measurements", "Measurement"},
		"Observation":         {clinical.KindObservation, "observations", "Observation"},
		"ProcedureOccurrence": {clinical.KindProcedure, "procedures", "Procedure"},
		"DeviceExposure":      {clinical.KindProcedure, "devices", "Device"},
		"VisitOccurrence":     {clinical.KindEncounter, "visits", "Visit"},
	}
}

// criterion makes the set of the events of a criterion, an object with one key that names its domain.
func (i *importer) criterion(item *object) (name string, ok bool) {
	names := slices.Sorted(maps.Keys(item.fields))
	if len(names) != 1 {
		i.logicMissing(item.path, "is not one criterion; it is left out")
		return "", false
	}
	known, ok := domains()[names[0]]
	if !ok {
		item.get(names[0])
		i.logicMissing(item.at(names[0]), "there are no such records here; the criterion is left out")
		return "", false
	}
	return i.recorded(i.in(item, names[0]), known), true
}

// recorded makes the set of the records of a criterion, and if need be another that narrows it.
func (i *importer) recorded(o *object, of domain) string {
	set := cohort.EventSet{Kind: &of.kind}
	name := "any-" + of.noun
	if id, given := o.whole("CodesetId"); given {
		name = i.codes(o, id, &set, of)
	}
	o.get(of.prefix + "TypeExclude") // says how a list of types is meant, which is told where there is one
	first := o.truth("First")
	narrowed := cohort.EventSet{Where: i.narrowing(o)}
	i.value(o, &narrowed)
	i.days(o, &narrowed)
	narrows := narrowed.Value != nil || narrowed.From != nil || narrowed.Until != nil || narrowed.Where != nil
	switch {
	case !first && !narrows:
		return i.reuse(name, set)
	case !first:
		set.Value, set.From, set.Until, set.Where = narrowed.Value, narrowed.From, narrowed.Until, narrowed.Where
		return i.add(name, set)
	}
	set.Pick = cohort.PickFirst // of all events of the concept set, whatever else is asked
	name = i.add(name, set)
	if !narrows {
		return name
	}
	narrowed.Of = []string{name}
	return i.add(name, narrowed)
}

// reuse gives the name of a set that says the same, or adds it.
func (i *importer) reuse(name string, set cohort.EventSet) string {
	for _, other := range i.made.Events {
		plain := other.Kind != nil && *other.Kind == *set.Kind && other.Value == nil && other.From == nil && other.Until == nil &&
			other.Where == nil && other.Pick == ""
		if plain && slices.Equal(other.Codes, set.Codes) && slices.Equal(other.Classes, set.Classes) {
			return other.Name
		}
	}
	return i.add(name, set)
}

// codes narrows a set to the concept set of a criterion.
func (i *importer) codes(o *object, id int, set *cohort.EventSet, of domain) (name string) {
	concepts, ok := i.sets[id]
	if !ok {
		i.logicMissing(o.at("CodesetId"), "there is no concept set %d; nothing is found", id)
		concepts = &conceptSet{name: i.unique("concept-set-without-concepts", i.listNames)}
		i.sets[id] = concepts
	}
	if of.kind == clinical.KindEncounter && len(concepts.classes) > 0 {
		set.Classes = concepts.classes
		return slug(concepts.name, "some") + "-" + of.noun
	}
	concepts.used = true
	set.Codes = []string{concepts.name}
	return slug(concepts.name, "some") + "-" + of.noun
}

// narrowing is what a criterion says of the person and of other events.
func (i *importer) narrowing(o *object) *cohort.Criterion {
	var parts []cohort.Criterion
	if o.has("Age") {
		parts = append(parts, i.age(i.in(o, "Age"))...)
	}
	if o.has("Gender") {
		parts = append(parts, i.gender(o)...)
	}
	if o.has("CorrelatedCriteria") {
		if where := i.group(i.in(o, "CorrelatedCriteria")); where != nil {
			parts = append(parts, *where)
		}
	}
	return joined(parts)
}

// age is a range of ages. Circe subtracts years of birth.
func (i *importer) age(o *object) []cohort.Criterion {
	from, until, negated, ok := wholeEnds(o)
	if !ok {
		i.logicMissing(o.path, "is no range of whole years; age is not asked for")
		return nil
	}
	i.logicMissing(o.path, "age is told in whole years on the day, in Circe by the year of birth alone: people may be a year older here than there")
	of := cohort.Criterion{Age: &cohort.Range{From: from, Until: until}}
	if negated {
		return []cohort.Criterion{{Not: &of}}
	}
	return []cohort.Criterion{of}
}

// gender is one of the sexes that both know.
func (i *importer) gender(o *object) []cohort.Criterion {
	var sexes []clinical.Gender
	for _, concept := range i.list(o, "Gender") {
		id, _ := concept.whole("CONCEPT_ID")
		for key := range concept.fields {
			concept.get(key)
		}
		switch id {
		case 8507:
			sexes = append(sexes, clinical.GenderMale)
		case 8532:
			sexes = append(sexes, clinical.GenderFemale)
		default:
			i.logicMissing(concept.path, "is neither female nor male; it is left out")
		}
	}
	if len(sexes) == 0 {
		return nil
	}
	return []cohort.Criterion{{Sex: slices.Compact(slices.Sorted(slices.Values(sexes)))}}
}

// value narrows a set by the number and the unit of a measurement.
func (i *importer) value(o *object, set *cohort.EventSet) {
	if o.has("ValueAsNumber") {
		number := i.in(o, "ValueAsNumber")
		if test, ok := valueTest(number); ok {
			set.Value = test
		} else {
			i.logicMissing(number.path, "is no comparison that can be made here; the number is not asked for")
		}
	}
	if !o.has("Unit") {
		return
	}
	if set.Value == nil {
		set.Value = &cohort.ValueTest{}
	}
	for _, unit := range i.list(o, "Unit") {
		code := unit.text("CONCEPT_CODE")
		for key := range unit.fields {
			unit.get(key)
		}
		if code = strings.TrimSpace(code); code == "" {
			i.logicMissing(unit.path, "the unit has no code; it is left out")
			continue
		}
		if text := clinical.Text(code); !slices.Contains(set.Value.Units, text) {
			set.Value.Units = append(set.Value.Units, text)
		}
	}
}

// days narrows a set by when its events begin.
func (i *importer) days(o *object, set *cohort.EventSet) {
	if !o.has("OccurrenceStartDate") {
		return
	}
	days := i.in(o, "OccurrenceStartDate")
	from, first := clinical.ParseDay(days.text("Value"))
	until, second := clinical.ParseDay(days.text("Extent"))
	on := func(day clinical.Day) *cohort.Moment { moment := cohort.On(day); return &moment }
	operator := days.text("Op")
	switch {
	case first != nil, operator == "bt" && second != nil:
		operator = ""
	case operator == "bt":
		set.From, set.Until = on(from), on(until)
	case operator == "eq":
		set.From, set.Until = on(from), on(from)
	case operator == "gt":
		set.From = on(from + 1)
	case operator == "gte":
		set.From = on(from)
	case operator == "lt":
		set.Until = on(from - 1)
	case operator == "lte":
		set.Until = on(from)
	default:
		operator = ""
	}
	if operator == "" {
		i.logicMissing(days.path, "is no range of days that can be told here; days are not asked for")
	}
}

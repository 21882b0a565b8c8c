package circe

import (
	"errors"
	"strings"

	"onelondon/internal/cohort"
)

// ErrNoEntry reports a definition of whose primary criteria none can be said.
var ErrNoEntry = errors.New("make a definition: none of the primary criteria can be said here")

// limit is the pick of a limit, and whether it leaves a person one event.
func (i *importer) limit(o *object) cohort.Pick {
	switch kind := o.text("Type"); strings.ToUpper(kind) {
	case "FIRST":
		return cohort.PickFirst
	case "LAST":
		return cohort.PickLatest
	}
	return ""
}

// primary makes the set of the events by which people enter.
func (i *importer) primary(o *object) (last string, err error) {
	window := i.in(o, "ObservationWindow")
	for _, key := range []string{"PriorDays", "PostDays"} {
		if days, _ := window.whole(key); days > 0 {
			i.logicMissing(window.at(key), "%d days of observation are not asked for: there are no observation periods", days)
		}
	}
	var names []string
	for _, item := range i.list(o, "CriteriaList") {
		if name, ok := i.criterion(item); ok {
			names = append(names, name)
		}
	}
	pick := i.limit(i.in(o, "PrimaryCriteriaLimit"))
	switch {
	case len(names) == 0:
		return "", ErrNoEntry
	case len(names) == 1 && pick == "":
		return names[0], nil
	}
	return i.add("primary-events", cohort.EventSet{Of: names, Pick: pick}), nil
}

// qualified keeps the events that meet the additional criteria. Circe heeds the limit only where there are some.
func (i *importer) qualified(top *object, last string) string {
	pick := i.limit(i.in(top, "QualifiedLimit"))
	if !top.has("AdditionalCriteria") {
		return last
	}
	where := i.group(i.in(top, "AdditionalCriteria"))
	if where == nil && pick == "" {
		return last
	}
	return i.add("qualified-events", cohort.EventSet{Of: []string{last}, Where: where, Pick: pick})
}

// included keeps the events that meet every inclusion rule.
func (i *importer) included(top *object, last string) string {
	pick := i.limit(i.in(top, "ExpressionLimit"))
	var rules []cohort.Criterion
	for _, rule := range i.list(top, "InclusionRules") {
		rule.get("name")
		rule.get("description")
		if where := i.group(i.in(rule, "expression")); where != nil {
			rules = append(rules, *where)
		}
	}
	if len(rules) == 0 && (pick == "" || i.single(last)) {
		return last
	}
	return i.add("included-events", cohort.EventSet{Of: []string{last}, Where: joined(rules), Pick: pick})
}

// joined is the criterion that all of several hold, nil for none.
func joined(of []cohort.Criterion) *cohort.Criterion {
	switch len(of) {
	case 0:
		return nil
	case 1:
		return &of[0]
	}
	return &cohort.Criterion{All: of}
}

// single reports whether a person has one event of a set at most.
func (i *importer) single(name string) bool {
	for _, set := range i.made.Events {
		if set.Name == name {
			return set.Pick != "" || len(set.Of) == 1 && i.single(set.Of[0])
		}
	}
	return false
}

// eras keeps the events that begin an era: those that no earlier one, lengthened by the end strategy and the pad, reaches. Where
// a person has one event at most, ends change nothing that is counted.
func (i *importer) eras(top *object, last string) string {
	strategy, collapse := i.in(top, "EndStrategy"), i.in(top, "CollapseSettings")
	offset := i.in(strategy, "DateOffset")
	byEnd := strings.EqualFold(offset.text("DateField"), "EndDate")
	days, dated := offset.whole("Offset")
	pad, _ := collapse.whole("EraPad")
	strategy.get("CustomEra")
	collapse.get("CollapseType")
	top.get("CensoringCriteria")
	switch {
	case i.single(last):
		return last
	case strategy.has("CustomEra"):
		i.entriesDiffer(strategy.at("CustomEra"), "eras of medicines are not made; each event is an entry of its own")
		return last
	case !dated:
		i.entriesDiffer("EndStrategy", "without one an entry lasts until observation ends, so that a person has one entry here; in Circe one in each period")
		return i.add("entries", cohort.EventSet{Of: []string{last}, Pick: cohort.PickFirst})
	case top.has("CensoringCriteria"):
		i.entriesDiffer("CensoringCriteria", "end no era early, so that some entries are merged")
	}
	i.entriesDiffer("CollapseSettings", "entries that begin on one day are counted each, in Circe once")
	return i.begins(last, byEnd, -(days + pad))
}

// begins keeps the events before which none began whose end, or whose beginning, lies as near as reach.
func (i *importer) begins(last string, byEnd bool, reach int) string {
	none, before := 0, -1
	has := &cohort.Has{Events: last, AtMost: &none, Until: &before}
	switch {
	case byEnd:
		has.Ending = &cohort.Range{From: &reach}
	case reach > before:
		return last
	default:
		has.From = &reach
	}
	return i.add("entries", cohort.EventSet{Of: []string{last}, Where: &cohort.Criterion{Has: has}})
}

package circe

import (
	"strings"

	"onelondon/internal/cohort"
)

// group is what a group of criteria says of a person on the day of an event; nil where it says nothing.
func (i *importer) group(o *object) *cohort.Criterion {
	var parts []cohort.Criterion
	for _, item := range i.list(o, "CriteriaList") {
		if has, ok := i.correlated(item); ok {
			parts = append(parts, cohort.Criterion{Has: has})
		}
	}
	for _, person := range i.list(o, "DemographicCriteriaList") {
		if of := i.narrowing(person); of != nil {
			parts = append(parts, *of)
		}
	}
	for _, inner := range i.list(o, "Groups") {
		if of := i.group(inner); of != nil {
			parts = append(parts, *of)
		}
	}
	return i.counted(o, parts)
}

// counted joins the parts of a group as its type says.
func (i *importer) counted(o *object, parts []cohort.Criterion) *cohort.Criterion {
	kind := strings.ToUpper(o.text("Type"))
	count, _ := o.whole("Count")
	if len(parts) == 0 {
		return nil
	}
	switch kind {
	case "ANY":
		if len(parts) > 1 {
			return &cohort.Criterion{Any: parts}
		}
	case "AT_LEAST":
		if count < 1 || count > len(parts) {
			i.logicMissing(o.at("Count"), "at least %d of %d criteria cannot be asked for; all are", count, len(parts))
			break
		}
		return &cohort.Criterion{Some: &cohort.Some{AtLeast: count, Of: parts}}
	case "AT_MOST":
		if count < 0 || count >= len(parts) {
			return nil // always so
		}
		return &cohort.Criterion{Not: &cohort.Criterion{Some: &cohort.Some{AtLeast: count + 1, Of: parts}}}
	}
	return joined(parts)
}

// correlated is a criterion that is counted in windows around an event.
func (i *importer) correlated(o *object) (*cohort.Has, bool) {
	name, ok := i.criterion(i.in(o, "Criteria"))
	if !ok {
		i.passOver(o)
		return nil, false
	}
	has := &cohort.Has{Events: name}
	o.get("IgnoreObservationPeriod") // there are none
	if o.truth("RestrictVisit") {
		i.logicMissing(o.at("RestrictVisit"), "that both belong to one visit is not asked for")
	}
	i.windows(o, has)
	i.occurrence(i.in(o, "Occurrence"), has)
	return has, true
}

// passOver reads what belongs to a criterion that was left out.
func (i *importer) passOver(o *object) {
	for key := range o.fields {
		o.get(key)
	}
}

// occurrence is how many events there are.
func (i *importer) occurrence(o *object, has *cohort.Has) {
	kind, _ := o.whole("Type")
	count, _ := o.whole("Count")
	count = min(max(0, count), 10_000)
	if o.truth("IsDistinct") {
		i.logicMissing(o.at("IsDistinct"), "events are counted, not what differs among them")
	}
	o.get("CountColumn") // says what is distinct
	switch kind {
	case 0:
		has.AtLeast, has.AtMost = &count, &count
	case 1:
		has.AtMost = &count
	default:
		if count == 0 { // always so
			most := 10_000
			has.AtMost = &most
			return
		}
		has.AtLeast = &count
	}
	if has.AtLeast != nil && *has.AtLeast == 0 {
		has.AtLeast = nil
	}
}

// window is a range of days around one end of an event, told of one end of the others.
type window struct {
	from, until *int
	ending      bool // of the others' ends
	anchor      cohort.Anchor
}

// windows narrows by when the events begin and end.
func (i *importer) windows(o *object, has *cohort.Has) {
	start, given := i.window(i.in(o, "StartWindow"), false)
	end, both := i.window(i.in(o, "EndWindow"), true)
	switch {
	case !given && !both:
		return
	case !given:
		start = end
		both = false
	case both && start.anchor != end.anchor:
		i.logicMissing(o.at("EndWindow"), "is told from the other end of the event than StartWindow; it is not asked for")
		both = false
	case both && start.ending == end.ending:
		start.from, start.until = later(start.from, end.from, 1), later(start.until, end.until, -1)
		both = false
	}
	has.Anchor = start.anchor
	for _, each := range []window{start, end} {
		if each.ending {
			has.Ending = each.either()
		} else {
			has.From, has.Until = each.from, each.until
		}
		if !both {
			break
		}
	}
	if has.From != nil && has.Until != nil && *has.From > *has.Until {
		i.logicMissing(o.at("StartWindow"), "no day lies in the windows; they are not asked for")
		has.From, has.Until = nil, nil
	}
}

func (w window) either() *cohort.Range {
	if w.from == nil && w.until == nil {
		return nil
	}
	return &cohort.Range{From: w.from, Until: w.until}
}

// later is the later of two days, the earlier for -1; one that is not given is open.
func later(a, b *int, sign int) *int {
	switch {
	case a == nil:
		return b
	case b == nil || sign**a >= sign**b:
		return a
	}
	return b
}

// window reads a window; given is false where it narrows nothing.
func (i *importer) window(o *object, ending bool) (read window, given bool) {
	if o.fields == nil {
		return window{}, false
	}
	read.from, read.until = i.edge(i.in(o, "Start")), i.edge(i.in(o, "End"))
	read.ending = ending
	if _, said := o.fields["UseEventEnd"]; said {
		read.ending = o.truth("UseEventEnd")
	}
	if o.truth("UseIndexEnd") {
		read.anchor = cohort.AnchorEnd
	}
	return read, read.from != nil || read.until != nil
}

// edge is an end of a window in days: negative before the event. One without days is open.
func (i *importer) edge(o *object) *int {
	days, given := o.whole("Days")
	sign, _ := o.whole("Coeff")
	if unit := o.text("TimeUnit"); unit != "" && !strings.EqualFold(unit, "day") {
		i.logicMissing(o.at("TimeUnit"), "windows are told in days, not by the %s; the end is open", yielded(unit))
		return nil
	}
	if !given {
		return nil
	}
	days *= sign
	return &days
}

// yielded shortens what a message repeats.
func yielded(text string) string {
	if len(text) > 20 {
		return text[:20]
	}
	return strings.ToLower(text)
}

package cohort

import (
	"fmt"
	"strings"

	"onelondon/internal/clinical"
)

// Words says in plain English what the definition means: who is meant, what each set that is named there is, and what is
// counted, a line each. It says everything that Digest depends on but name and version. A definition that does not pass
// [Definition.Check] means nothing, which is what is then said.
func (d *Definition) Words() string {
	if d.Check() != nil {
		return "This definition has faults and means nothing."
	}
	w := &wording{asAt: d.AsAt, lists: map[string]*Codelist{}, sets: map[string]*EventSet{}, used: map[string]int{}}
	for i := range d.Codelists {
		w.lists[d.Codelists[i].Name] = &d.Codelists[i]
	}
	for i := range d.Events {
		w.sets[d.Events[i].Name] = &d.Events[i]
	}
	d.everySet(func(name string) { w.used[name]++ })
	lines := []string{w.people(d.People)}
	counted := w.counted(d)
	for i := range d.Events {
		if set := &d.Events[i]; w.used[set.Name] > 0 && !w.inline(set.Name) {
			lines = append(lines, w.definition(set))
		}
	}
	lines = append(lines, counted, "Nothing after "+longDay(d.AsAt)+" counts.")
	return strings.Join(lines, "\n")
}

// wording is what is known while a definition is put into words.
type wording struct {
	asAt  clinical.Day
	lists map[string]*Codelist
	sets  map[string]*EventSet
	used  map[string]int // how often each set is referred to
}

// everySet visits each reference to a set.
func (d *Definition) everySet(visit func(name string)) {
	for i := range d.Events {
		for _, name := range d.Events[i].Of {
			visit(name)
		}
		d.Events[i].Where.everySet(visit)
	}
	d.People.everySet(visit)
	for _, measure := range d.Measures {
		if measure.Events != "" {
			visit(measure.Events)
		}
	}
	for _, by := range d.By {
		if by.Events != "" {
			visit(by.Events)
		}
		for i := range by.Groups {
			by.Groups[i].Where.everySet(visit)
		}
	}
}

func (c *Criterion) everySet(visit func(name string)) {
	if c == nil {
		return
	}
	if c.Has != nil {
		visit(c.Has.Events)
	}
	c.Not.everySet(visit)
	for _, of := range [][]Criterion{c.All, c.Any, c.someOf()} {
		for i := range of {
			of[i].everySet(visit)
		}
	}
}

func (w *wording) people(of *Criterion) string {
	if of == nil {
		return "Everybody whom a source knows on " + longDay(w.asAt) + "."
	}
	return "People who, on " + longDay(w.asAt) + ", " + w.criterion(of, spoken{}) + "."
}

// longDay writes a day as people do: 26 November 2026.
func longDay(day clinical.Day) string { return day.Time().Format("2 January 2006") }

// counted says what is measured, and by what.
func (w *wording) counted(d *Definition) string {
	var measures, dimensions []string
	for _, measure := range d.Measures {
		measures = append(measures, w.measure(measure))
	}
	for i := range d.By {
		dimensions = append(dimensions, w.dimension(&d.By[i]))
	}
	text := "Counted: " + strings.Join(measures, "; ") + "."
	if len(dimensions) > 0 {
		text += "\nBy: " + strings.Join(dimensions, "; ") + "."
	}
	return text
}

func (w *wording) measure(measure Measure) string {
	switch measure.Kind {
	case MeasurePeople:
		return "people"
	case MeasureRate:
		per := measure.Per
		if per == 0 {
			per = defaultPer
		}
		return fmt.Sprintf("%s per %s people", w.events(measure.Events), grouped(per))
	case MeasureMedian:
		return "the median value of " + w.events(measure.Events)
	case MeasureQuartiles:
		return "the median and quartiles of the value of " + w.events(measure.Events)
	}
	return w.events(measure.Events)
}

// grouped writes a number with commas between thousands.
func grouped(number int) string {
	text := fmt.Sprint(number)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}

func (w *wording) dimension(by *Dimension) string {
	switch by.Kind {
	case ByAgeBand:
		return "age band (" + joined(by.Values(), "and") + ")"
	case ByPracticeSizeBand:
		return "the number of people at their practice (" + joined(by.Values(), "and") + ")"
	case ByBorough:
		return "borough of their practice"
	case ByOrganisation:
		return "organisation that holds the record of " + w.events(by.Events)
	case ByYear, ByMonth:
		return strings.ToLower(string(by.Kind)) + " of " + w.events(by.Events)
	case ByGroup:
		var groups []string
		for i := range by.Groups {
			groups = append(groups, fmt.Sprintf("%s, who %s", quoted(by.Groups[i].Name), w.criterion(&by.Groups[i].Where, spoken{})))
		}
		return "group, of which a person may be in several (" + strings.Join(groups, "; ") + ")"
	}
	return strings.ToLower(string(by.Kind))
}

func quoted(text string) string { return "“" + text + "”" }

// joined writes a list as people do: "a, b and c".
func joined(parts []string, last string) string {
	switch len(parts) {
	case 0:
		return ""
	case 1:
		return parts[0]
	}
	return strings.Join(parts[:len(parts)-1], ", ") + " " + last + " " + parts[len(parts)-1]
}

// between says between which days something lies. A day that is not given is open.
func between(from, until *clinical.Day) string {
	switch {
	case from != nil && until != nil && *from == *until:
		return "on " + longDay(*from)
	case from != nil && until != nil:
		return "from " + longDay(*from) + " to " + longDay(*until)
	case from != nil:
		return "on or after " + longDay(*from)
	case until != nil:
		return "on or before " + longDay(*until)
	}
	return ""
}

// plural gives "1 day" and "2 days".
func plural(count int, what string) string {
	if count == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", count, what)
}

package openehr

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/mapping"
	"onelondon/sources/openehr/aql"
)

// wanted is what of a question an openEHR server may be told, so that it sends less. What comes back is held against the question itself,
// so it may be more than the question means, and is never less.
type wanted struct {
	codes       []sources.Code
	statuses    []clinical.Status
	from, until time.Time // days of London; zero for no bound
}

// wantedBy is what a filter may tell.
func wantedBy(filter *sources.Filter) wanted {
	w := wanted{codes: filter.Codes, statuses: filter.Statuses}
	if !filter.From.IsZero() {
		w.from = filter.From.At()
	}
	if !filter.Until.IsZero() {
		w.until = filter.Until.At()
	}
	return w
}

// same reports whether the same is wanted.
func (w *wanted) same(other *wanted) bool {
	return slices.Equal(w.codes, other.codes) && slices.Equal(w.statuses, other.statuses) && w.from.Equal(other.from) && w.until.Equal(other.until)
}

// counting is what a set of events may tell. A record without a date may count where the set says so.
func counting(set *sources.RecordedSet) wanted {
	w := wanted{codes: set.Codes, statuses: set.Statuses}
	if set.Undated {
		return w
	}
	if set.From != clinical.NoDay {
		w.from = set.From.Time()
	}
	if set.Until != clinical.NoDay {
		w.until = set.Until.Time().AddDate(0, 0, 1)
	}
	return w
}

// aspect is something that is wanted, by name.
type aspect struct {
	name string
	say  func(*selection, *wanted) (aql.Condition, bool)
}

func aspects() []aspect {
	return []aspect{{"codes", (*selection).codes}, {"statuses", (*selection).statuses}, {"dates", (*selection).dates}}
}

// narrow adds what is wanted to the selection, as far as AQL can say it. Steady conditions are the same for every row of a record: a row
// that one leaves out is of a record that it leaves out whole. Others look at a row by itself, and a record's other rows may seal or
// complete it, so that they are to be asked for the ids of records alone. It returns the names of what it added.
func (s *selection) narrow(w *wanted, steady bool) []string {
	var added []string
	for _, one := range aspects() {
		before := len(s.values)
		said, ok := one.say(s, w)
		if !ok || s.set.steady(&said) != steady {
			for i := before; i < len(s.values); {
				delete(s.values, fmt.Sprintf("p%d", len(s.values)-1))
			}
			continue
		}
		s.and(said)
		added = append(added, one.name)
	}
	return added
}

// and adds a condition.
func (s *selection) and(one aql.Condition) {
	if s.query.Where == nil {
		s.query.Where = &aql.Condition{Op: aql.And}
	}
	s.query.Where.Parts = append(s.query.Where.Parts, one)
}

// codes is that one of the codings has one of the codes; false where that cannot be said.
func (s *selection) codes(w *wanted) (aql.Condition, bool) {
	field, held := s.set.Fields["code"]
	if len(w.codes) == 0 || !held || field.Concept == nil {
		return aql.Condition{}, false
	}
	var ways []aql.Condition
	for i := range field.Concept.Codings {
		coding := &field.Concept.Codings[i]
		var texts []string
		for _, code := range w.codes {
			if mayBe(coding.System, string(code.System)) {
				texts = append(texts, string(code.Code))
			}
		}
		one, ok := s.written(coding.Code, texts)
		if !ok {
			return aql.Condition{}, false
		}
		if one != nil {
			ways = append(ways, *one)
		}
	}
	return anyOf(ways)
}

// mayBe reports whether an expression for a code system can give one. Any system is meant by "".
func mayBe(expr mapping.Expr, system string) bool {
	literal, ok := expr.(*mapping.Literal)
	return system == "" || !ok || literal.Value == system
}

// statuses is that the status is one of some.
func (s *selection) statuses(w *wanted) (aql.Condition, bool) {
	field, held := s.set.Fields["status"]
	if len(w.statuses) == 0 || !held {
		return aql.Condition{}, false
	}
	texts := make([]string, len(w.statuses))
	for i, status := range w.statuses {
		texts[i] = string(status)
	}
	one, ok := s.written(field.Value, texts)
	if !ok || one == nil {
		return aql.Condition{}, false
	}
	return *one, true
}

// written is the condition that an expression gives one of some texts: nil where it gives none of them, and false where the server cannot
// be told. Only of what the reference model says is text it is known that equal texts are equal there too.
func (s *selection) written(expr mapping.Expr, texts []string) (*aql.Condition, bool) {
	switch e := expr.(type) {
	case *mapping.NodePath:
		if len(texts) == 0 {
			return nil, true
		}
		if !textual(e.Path, texts) {
			return nil, false
		}
		one := s.valued(s.plan.paths[e.String()], texts)
		return &one, true
	case *mapping.Literal:
		text, isText := e.Value.(string)
		return nil, e.Value == nil || isText && !slices.Contains(texts, text)
	case *mapping.Case:
		return s.translated(e, texts)
	}
	return nil, false
}

// translated is written of a translation: those words are asked for that become one of the texts.
func (s *selection) translated(e *mapping.Case, texts []string) (*aql.Condition, bool) {
	of, isPath := e.Of.(*mapping.NodePath)
	if !isPath {
		return nil, false
	}
	if e.Else != nil {
		literal, isLiteral := e.Else.(*mapping.Literal)
		if !isLiteral || slices.Contains(texts, textOf(literal.Value)) {
			return nil, false
		}
	}
	var keys []string
	for i := range e.When {
		if !slices.Contains(texts, textOf(e.When[i].Value.Value)) {
			continue
		}
		key, isText := e.When[i].Key.Value.(string)
		if !isText {
			return nil, false
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil, true
	}
	return s.written(of, keys)
}

// textual reports whether what a path leads to is text, so that a server compares it with texts as it is. A value may be a number or a
// truth value too; texts that look like neither are equal to neither.
func textual(path string, texts []string) bool {
	if slices.ContainsFunc(texts, func(text string) bool { return !plainText.MatchString(text) }) {
		return false
	}
	if strings.HasSuffix(path, "/code_string") || strings.HasSuffix(path, "/terminology_id/value") {
		return true
	}
	return strings.HasSuffix(path, "/value/value") && !slices.ContainsFunc(texts, func(text string) bool {
		return text == "true" || text == "false" || strings.Trim(text, "0123456789.-+eE") == ""
	})
}

// plainText is text that means the same to every server: one takes others for a pattern, for the end of the text, or not at all.
var plainText = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9 ._-]*[A-Za-z0-9])?$`)

// The days that a bound is widened by: a moment's day is written in its own zone, up to fourteen hours from London's.
const (
	daysBefore = 2
	daysBehind = 3
)

// dates is that the date is within the bounds, as texts of ISO 8601 compare: a partial date is what longer ones begin with, and is before
// them. An element's value may be no date: what begins with no digit is sent, to be read or counted here.
func (s *selection) dates(w *wanted) (aql.Condition, bool) {
	field, held := s.set.Fields["date"]
	if !held || field.Date == nil || field.Date.Precision != nil {
		return aql.Condition{}, false // where a precision is given apart, a date means the beginning of its year or month
	}
	column, ok := field.Date.From.(*mapping.NodePath)
	if !ok {
		return aql.Condition{}, false
	}
	element := strings.HasSuffix(column.Path, "/value/value")
	if !element && (column.Alias != s.set.From.Alias || column.Path != "context/start_time/value" && column.Path != "context/end_time/value") {
		return aql.Condition{}, false
	}
	compared := func(op aql.Op, text string) aql.Condition {
		return aql.Condition{Op: op, Path: s.plan.paths[column.String()], Values: []aql.Value{s.parameter(text)}}
	}
	both := aql.Condition{Op: aql.And}
	bound := func(op aql.Op, day time.Time, beyond aql.Op, digits string) {
		one := compared(op, day.Format(time.DateOnly))
		if element {
			one = aql.Condition{Op: aql.Or, Parts: []aql.Condition{one, compared(beyond, digits)}}
		}
		both.Parts = append(both.Parts, one)
	}
	if !w.from.IsZero() && w.from.Year() > 1 {
		bound(aql.GreaterEqual, w.from.AddDate(0, 0, -daysBefore), aql.Less, "0")
	}
	if !w.until.IsZero() && w.until.Year() < 9999 {
		bound(aql.Less, w.until.AddDate(0, 0, daysBehind), aql.GreaterEqual, ":")
	}
	switch len(both.Parts) {
	case 0:
		return aql.Condition{}, false
	case 1:
		return both.Parts[0], true
	}
	return both, true
}

func anyOf(ways []aql.Condition) (aql.Condition, bool) {
	switch len(ways) {
	case 0:
		return aql.Condition{}, false
	case 1:
		return ways[0], true
	}
	return aql.Condition{Op: aql.Or, Parts: ways}, true
}

// steady reports whether a condition is the same for all rows of a record: its paths lead by attributes that have one value each, from
// what the record's id is of or from what contains that.
func (s *set) steady(c *aql.Condition) bool {
	if len(c.Parts) > 0 {
		return !slices.ContainsFunc(c.Parts, func(part aql.Condition) bool { return !s.steady(&part) })
	}
	return s.identity != nil && single(s.identity) && single(&c.Path) && s.holds(c.Path.Variable, s.identity.Variable)
}

// single reports whether a path can lead to one value at most.
func single(p *aql.Path) bool {
	return !slices.ContainsFunc(p.Steps, func(step aql.Step) bool {
		return step.Node != "" || !slices.Contains([]string{"uid", "value", "context", "start_time", "end_time", "commit_audit", "time_committed",
			"archetype_details", "template_id", "category", "setting", "defining_code", "code_string", "terminology_id"}, step.Attribute)
	})
}

// holds reports whether one alias is another or contains it.
func (s *set) holds(outer, inner string) bool {
	composition := s.From.Alias
	version := func(alias string) bool {
		return slices.ContainsFunc(s.Joins, func(j mapping.Join) bool { return j.Alias == alias && j.Name == "VERSION" && j.Schema == "" })
	}
	return outer == inner || outer == composition || version(outer)
}

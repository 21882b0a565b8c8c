package condition

import (
	"strings"

	"onelondon/internal/clinical"
)

// Match reports whether record satisfies the condition.
func (c Condition) Match(record clinical.Record) bool {
	if c.always {
		return true
	}
	meta := record.About()
	for _, clause := range c.any {
		if clause.match(meta) {
			return true
		}
	}
	return false
}

func (c Clause) match(meta *clinical.Meta) bool {
	for i := range c {
		if !c[i].match(meta) {
			return false
		}
	}
	return true
}

func (a *Atom) match(meta *clinical.Meta) bool {
	actual, present := a.value(meta)
	if !present {
		return false
	}
	switch a.Op {
	case In, NotIn:
		for _, value := range a.Values {
			if order, comparable := actual.compare(value); comparable && order == 0 {
				return a.Op == In
			}
		}
		return a.Op == NotIn
	}
	if len(a.Values) != 1 {
		return false
	}
	order, comparable := actual.compare(a.Values[0])
	return comparable && a.Op.holds(order)
}

// value returns the left side of the atom. A label that depends on codes is set if the source or the list says so;
// otherwise not set if the list is conclusive or presumes so or, failing that, the source says so; otherwise missing.
func (a *Atom) value(meta *clinical.Meta) (Value, bool) {
	actual, present := a.Attribute.of(meta)
	if a.Codes == nil || present && actual.yes {
		return actual, present
	}
	carries, known := a.Codes.carries(&meta.Code)
	return Bool(carries), known || present || a.Codes.presumesFree(&meta.Code)
}

func (o Op) holds(order int) bool {
	switch o {
	case Equal:
		return order == 0
	case NotEqual:
		return order != 0
	case Less:
		return order < 0
	case LessEqual:
		return order <= 0
	case Greater:
		return order > 0
	case GreaterEqual:
		return order >= 0
	}
	return false
}

// of reads the attribute from a record; present is false if the record lacks it.
func (a Attribute) of(meta *clinical.Meta) (value Value, present bool) {
	switch a {
	case Source:
		return Text(string(meta.Source)), true
	case Organisation:
		return text(meta.Organisation.Code)
	case Publisher:
		return text(meta.Publisher)
	case System:
		return text(clinical.Text(meta.Code.System))
	case Code:
		return text(meta.Code.Code)
	case Status:
		return text(clinical.Text(meta.Status))
	case Date:
		return Moment(meta.Date), !meta.Date.IsZero()
	}
	label, ok := a.Label()
	if !ok {
		return Value{}, false
	}
	set, known := meta.Labels.Value(label)
	return Bool(set), known
}

func text(t clinical.Text) (Value, bool) { return Text(string(t)), t != "" }

// compare orders two constants of the same type; constants of different types are not comparable, and no atom holds for
// them.
func (v Value) compare(other Value) (order int, comparable bool) {
	if v.kind != other.kind {
		return 0, false
	}
	switch v.kind {
	case dateValue:
		return v.date.Compare(other.date), true
	case boolValue:
		if v.yes == other.yes {
			return 0, true
		}
		if other.yes {
			return -1, true
		}
		return 1, true
	}
	return strings.Compare(v.text, other.text), true
}

package condition

import "onelondon/internal/clinical"

// Attribute names a property of a record that conditions may mention.
type Attribute string

// The attributes of every record. A label's attribute is made by [LabelAttribute].
const (
	Source       Attribute = "source"       // configured source id; never missing
	Organisation Attribute = "organisation" // ODS code of the record's organisation
	Publisher    Attribute = "publisher"    // ODS code of the organisation that made the entry
	System       Attribute = "system"       // terminology of the record's preferred code
	Code         Attribute = "code"         // the record's preferred code
	Status       Attribute = "status"       // clinical.Status
	Date         Attribute = "date"         // first moment covered by the record's date
)

const labelPrefix = "label:"

// LabelAttribute is the attribute that says whether a record carries label; its values are Bool.
func LabelAttribute(label clinical.Label) Attribute { return Attribute(labelPrefix + string(label)) }

// Label returns the label that a stands for, if it stands for one.
func (a Attribute) Label() (clinical.Label, bool) {
	if len(a) <= len(labelPrefix) || a[:len(labelPrefix)] != labelPrefix {
		return "", false
	}
	return clinical.Label(a[len(labelPrefix):]), true
}

// Nullable reports whether a record may lack the attribute. Only the source is always present.
func (a Attribute) Nullable() bool { return a != Source }

// Op is how an attribute is compared.
type Op uint8

// The operators. In and NotIn take any number of values, the others exactly one.
const (
	Equal Op = iota
	NotEqual
	Less
	LessEqual
	Greater
	GreaterEqual
	In
	NotIn
)

// Value is a constant in a condition: text, a moment or a truth value.
type Value struct {
	kind valueKind
	text string
	date clinical.DateTime
	yes  bool
}

type valueKind uint8

const (
	textValue valueKind = iota
	dateValue
	boolValue
)

// Text is a text constant, compared byte for byte.
func Text(text string) Value { return Value{kind: textValue, text: text} }

// Moment is a date constant: the first moment that d covers.
func Moment(d clinical.DateTime) Value { return Value{kind: dateValue, date: d} }

// Bool is a truth value.
func Bool(yes bool) Value { return Value{kind: boolValue, yes: yes} }

// IsText reports whether the constant is text.
func (v Value) IsText() bool { return v.kind == textValue }

// Get returns the constant for a type switch: a string, a [clinical.DateTime] or a bool.
func (v Value) Get() any {
	switch v.kind {
	case dateValue:
		return v.date
	case boolValue:
		return v.yes
	}
	return v.text
}

// Atom compares one attribute with constants of the attribute's type.
type Atom struct {
	Attribute Attribute
	Op        Op
	Values    []Value
	// Codes, in an atom about a label, are the codes by which a record carries the label. If the source says that a
	// record carries it, that is believed; if the source denies it or says nothing, a code on the list takes
	// precedence.
	Codes *Codes
}

// Clause is satisfied when all of its atoms are. An empty clause always is.
type Clause []Atom

// Condition says which records are released. The zero value releases none.
type Condition struct {
	always bool
	any    []Clause
}

// Never releases nothing.
func Never() Condition { return Condition{} }

// Always releases everything.
func Always() Condition { return Condition{always: true} }

// Where releases what satisfies at least one clause. No clause releases nothing; an empty clause releases everything.
func Where(anyOf ...Clause) Condition {
	for _, clause := range anyOf {
		if len(clause) == 0 {
			return Always()
		}
	}
	return Condition{any: anyOf}
}

// Is reports whether c and other are copies of one condition; conditions that were built separately are not, even if
// equal.
func (c Condition) Is(other Condition) bool {
	return c.always == other.always && len(c.any) == len(other.any) && (len(c.any) == 0 || &c.any[0] == &other.any[0])
}

// IsAlways reports whether everything is released.
func (c Condition) IsAlways() bool { return c.always }

// IsNever reports whether nothing is released.
func (c Condition) IsNever() bool { return !c.always && len(c.any) == 0 }

// Clauses returns the alternatives of a condition that is neither Always nor Never.
func (c Condition) Clauses() []Clause { return c.any }

// Possible reports whether a record of the given source and organisation could satisfy the condition, whatever else it
// contains. A source that holds many organisations has organisation "", which rules nothing out. If the result is
// false, the source need not be asked.
func (c Condition) Possible(source clinical.SourceID, organisation clinical.Text) bool {
	if c.always {
		return true
	}
	known := clinical.Meta{Source: source, Organisation: clinical.Organisation{Code: organisation}}
	for _, clause := range c.any {
		if clause.possible(&known) {
			return true
		}
	}
	return false
}

func (c Clause) possible(known *clinical.Meta) bool {
	for i := range c {
		if c[i].Attribute != Source && (c[i].Attribute != Organisation || known.Organisation.Code == "") {
			continue
		}
		if !c[i].match(known) {
			return false
		}
	}
	return true
}

// Needs returns the fields that must be read for the condition to be checked in memory. Source, organisation and labels
// are always read.
func (c Condition) Needs(descriptor *clinical.Descriptor) clinical.FieldSet {
	var needs clinical.FieldSet
	for _, clause := range c.any {
		for i := range clause {
			needs |= descriptor.Set(clause[i].Attribute.field())
			if clause[i].Codes != nil {
				needs |= descriptor.Set("code")
			}
		}
	}
	return needs
}

// field names the record's field that holds the attribute; identity and labels are not fields.
func (a Attribute) field() string {
	switch a {
	case System, Code:
		return "code"
	case Status, Date, Publisher:
		return string(a)
	}
	return ""
}

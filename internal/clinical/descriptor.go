package clinical

import (
	"fmt"
	"reflect"
	"strings"
)

// FieldType says how a field is represented, compared and decoded.
type FieldType uint8

// The types of field.
const (
	TypeText FieldType = iota
	TypeConcept
	TypeDateTime
	TypeDecimal
	TypeStatus
	TypeClass
	TypeGender
)

// Field is one field of a kind of record: its public name, which is also its name in GraphQL, mappings and policy.
type Field struct {
	Name  string
	Type  FieldType
	Bit   FieldSet // the set of this field alone
	index []int
}

// In returns the field of record as a settable value. Record must be of the kind the field was described for.
func (f *Field) In(record Record) reflect.Value {
	return reflect.ValueOf(record).Elem().FieldByIndex(f.index)
}

// Refers reports whether the field refers to another record of the same source, by its identifier there.
func (f *Field) Refers() bool { return f.Type == TypeText && strings.HasSuffix(f.Name, "Id") }

// Clear sets the field of record to its missing value.
func (f *Field) Clear(record Record) { f.In(record).SetZero() }

// AppendTo appends the field's value in an unambiguous form, for digests and keys.
func (f *Field) AppendTo(b []byte, record Record) []byte {
	switch value := f.In(record).Addr().Interface().(type) {
	case *Text:
		b = append(b, *value...)
	case *DateTime:
		b = value.AppendTo(b)
	case *Decimal:
		b = append(b, *value...)
	case *Status:
		b = append(b, *value...)
	case *EncounterClass:
		b = append(b, *value...)
	case *Gender:
		b = append(b, *value...)
	case *Concept:
		b = value.appendTo(b)
	}
	return append(b, 0)
}

func (c *Concept) appendTo(b []byte) []byte {
	b = c.Coding.appendTo(b)
	for i := range c.Translations {
		b = c.Translations[i].appendTo(b)
	}
	return append(b, c.Text...)
}

func (c *Coding) appendTo(b []byte) []byte {
	b = append(append(b, c.System...), 1)
	b = append(append(b, c.Code...), 1)
	return append(append(b, c.Display...), 1)
}

// FieldSet is a set of the fields of one kind.
type FieldSet uint64

// Has reports whether every field of other is in s.
func (s FieldSet) Has(other FieldSet) bool { return s&other == other }

// Descriptor describes a kind of record. All code that handles kinds alike is driven by it.
type Descriptor struct {
	Kind   Kind
	Name   string  // as in GraphQL, mappings and policy: "Condition"
	Fields []Field // the shared ones first, in a fixed order

	byName map[string]*Field
	typ    reflect.Type
}

// Descriptor returns the descriptor of the kind.
func (k Kind) Descriptor() *Descriptor { return descriptors[k] }

// String returns the kind's name, "Condition".
func (k Kind) String() string {
	if k >= kindCount {
		return fmt.Sprintf("Kind(%d)", uint8(k))
	}
	return descriptors[k].Name
}

// ParseKind finds a kind by its name.
func ParseKind(name string) (Kind, bool) {
	for _, descriptor := range descriptors {
		if descriptor.Name == name {
			return descriptor.Kind, true
		}
	}
	return 0, false
}

// New returns an empty record of the kind.
func (d *Descriptor) New() Record { return reflect.New(d.typ).Interface().(Record) }

// Describes reports whether record is a non-nil struct of the kind.
func (d *Descriptor) Describes(record Record) bool {
	value := reflect.ValueOf(record)
	return value.IsValid() && value.Kind() == reflect.Pointer && value.Type().Elem() == d.typ && !value.IsNil()
}

// Field finds a field by its name.
func (d *Descriptor) Field(name string) (*Field, bool) {
	field, ok := d.byName[name]
	return field, ok
}

// All is the set of every field of the kind.
func (d *Descriptor) All() FieldSet { return 1<<len(d.Fields) - 1 }

// Set is the set of the named fields; names that the kind does not have are ignored.
func (d *Descriptor) Set(names ...string) FieldSet {
	var set FieldSet
	for _, name := range names {
		if field, ok := d.byName[name]; ok {
			set |= field.Bit
		}
	}
	return set
}

// descriptors is written once, here, and only read afterwards.
var descriptors = describeAll(&Registration{}, &AllergyIntolerance{}, &Condition{}, &Medication{}, &Observation{},
	&DiagnosticReport{}, &Encounter{}, &Procedure{}, &Immunisation{}, &Appointment{}, &Referral{}, &Document{}, &Alert{},
	&Contact{}, &CarePlan{}, &UrgentCarePlan{})

func describeAll(prototypes ...Record) [kindCount]*Descriptor {
	var all [kindCount]*Descriptor
	for _, prototype := range prototypes {
		all[prototype.Kind()] = describe(prototype)
	}
	return all
}

func describe(prototype Record) *Descriptor {
	typ := reflect.TypeOf(prototype).Elem()
	d := &Descriptor{Kind: prototype.Kind(), Name: typ.Name(), typ: typ, byName: map[string]*Field{}}
	for _, member := range reflect.VisibleFields(typ) {
		name, tagged := member.Tag.Lookup("record")
		if !tagged {
			continue
		}
		d.Fields = append(d.Fields, Field{Name: name, Type: fieldType(member.Type), Bit: 1 << len(d.Fields), index: member.Index})
	}
	for i := range d.Fields {
		d.byName[d.Fields[i].Name] = &d.Fields[i]
	}
	return d
}

func fieldType(typ reflect.Type) FieldType {
	switch reflect.Zero(typ).Interface().(type) {
	case Concept:
		return TypeConcept
	case DateTime:
		return TypeDateTime
	case Decimal:
		return TypeDecimal
	case Status:
		return TypeStatus
	case EncounterClass:
		return TypeClass
	case Gender:
		return TypeGender
	}
	return TypeText
}

package aql

import "errors"

// ErrSyntax reports text that is not a query of the part of AQL known here.
var ErrSyntax = errors.New("not a query in the part of AQL that is known here")

// Query is one query.
type Query struct {
	Select        []Item
	From          Containment
	Where         *Condition // nil for none
	Order         []Order
	Limit, Offset int // zero for none
}

// Item is a column of the answer.
type Item struct {
	Function string // MAX, MIN or COUNT over all rows; empty for the value itself
	Path     Path
	As       string
}

// Path leads from a variable to values: c/content[openEHR-EHR-EVALUATION.cpr_decision_uk.v0]/data[at0001]. Without steps it is the
// variable's own object.
type Path struct {
	Variable string
	Steps    []Step
}

// Step goes to an attribute, or to those objects of it that have a node code or archetype and, where it is given, a name.
type Step struct{ Attribute, Node, Name string }

// Containment says what an EHR contains: a class of object, or several containments of which all or any are wanted.
type Containment struct {
	Class, Variable string
	Archetype       string // or a node code; empty for any
	Latest          bool   // of a VERSION: the latest one
	Contains        *Containment

	Op    Op // And or Or; empty where this is a class
	Parts []Containment
}

// Op is an operator.
type Op string

// The operators.
const (
	And          Op = "AND"
	Or           Op = "OR"
	Not          Op = "NOT"
	Equal        Op = "="
	NotEqual     Op = "!="
	Less         Op = "<"
	LessEqual    Op = "<="
	Greater      Op = ">"
	GreaterEqual Op = ">="
	Matches      Op = "matches" // one of several values
)

// Condition is a condition on a row: a comparison of what a path leads to, or several conditions joined.
type Condition struct {
	Op     Op
	Parts  []Condition // of And, Or and Not
	Path   Path
	Values []Value // one, or those of Matches
}

// Value is a value that something is compared with: a parameter, or a string, a bool or a number as it is written.
type Value struct {
	Parameter string
	Literal   any
}

// Number is a literal number as it is written.
type Number string

// Order is one key of the order of rows.
type Order struct {
	Path       Path
	Descending bool
}

package executor_test

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// author writes random valid documents over a schema.
type author struct {
	random    *rand.Rand
	schema    *ast.Schema
	fragments []string
}

// arguments are the argument lists that random documents use. The same response key always has the same arguments, since a
// document with two differing ones is invalid.
func arguments() []string {
	return []string{"", "(first: 7)", `(after: "cursor-1")`,
		`(first: 3, filter: {codes: [{system: SNOMED_CT, code: "195967001"}, {code: "J45"}], from: "2019-04", status: [ACTIVE]})`,
		`(filter: {until: "2020", status: COMPLETED})`}
}

// document writes a query with the variables $yes (true), $no (false) and $who.
func (a *author) document() string {
	var b strings.Builder
	b.WriteString("query Random($yes: Boolean!, $no: Boolean!, $who: NHSNumber!) { ")
	for i := range 1 + a.random.IntN(3) {
		who := pick(a.random, []string{`"943 476 5919"`, "$who", `"9000000009"`})
		fmt.Fprintf(&b, "p%d: patient(nhsNumber: %s) %s ", i, who, a.selection("Patient", 5))
	}
	if a.random.IntN(3) == 0 {
		b.WriteString("sources " + a.selection("Source", 3))
	}
	b.WriteString(" u: __typename } fragment Used on Query { __typename @include(if: $yes) @skip(if: $no) } ")
	b.WriteString(strings.Join(a.fragments, " "))
	document := strings.Replace(b.String(), "u: __typename", "...Used patient(nhsNumber: $who) { nhsNumber }", 1)
	return document
}

func (a *author) selection(typeName string, depth int) string {
	definition := a.schema.Types[typeName]
	var parts []string
	for range 1 + a.random.IntN(5) {
		parts = append(parts, a.part(definition, depth))
	}
	return "{ " + strings.Join(parts, " ") + " }"
}

func (a *author) part(definition *ast.Definition, depth int) string {
	switch {
	case a.random.IntN(8) == 0 && depth > 0:
		return a.fragment(definition, depth)
	case a.random.IntN(12) == 0:
		return pick(a.random, []string{"__typename", "is: __typename"}) + a.directive()
	}
	var fields []*ast.FieldDefinition
	for _, field := range definition.Fields {
		if !strings.HasPrefix(field.Name, "__") && (depth > 0 || a.schema.Types[field.Type.Name()].IsLeafType()) {
			fields = append(fields, field)
		}
	}
	if len(fields) == 0 {
		return "__typename"
	}
	return a.field(pick(a.random, fields), depth)
}

func (a *author) field(field *ast.FieldDefinition, depth int) string {
	text := field.Name
	if len(field.Arguments) > 0 {
		given := a.random.IntN(len(arguments()))
		text = fmt.Sprintf("%s%d: %s%s", field.Name, given, field.Name, arguments()[given])
	} else if a.random.IntN(6) == 0 {
		text = "other_" + field.Name + ": " + field.Name
	}
	text += a.directive()
	if !a.schema.Types[field.Type.Name()].IsLeafType() {
		text += " " + a.selection(field.Type.Name(), depth-1)
	}
	return text
}

func (a *author) directive() string {
	if a.random.IntN(10) > 0 {
		return ""
	}
	return pick(a.random, []string{" @skip(if: $no)", " @skip(if: $yes)", " @include(if: $yes)", " @include(if: $no)",
		" @skip(if: true)", " @include(if: true)"})
}

// fragment writes an inline fragment or a spread, on the type itself, on Record, or on a kind of record.
func (a *author) fragment(definition *ast.Definition, depth int) string {
	on := definition
	if possible := a.schema.GetPossibleTypes(definition); definition.IsAbstractType() && a.random.IntN(4) > 0 {
		on = pick(a.random, possible)
	} else if len(definition.Interfaces) > 0 && a.random.IntN(2) == 0 {
		on = a.schema.Types[definition.Interfaces[0]]
	}
	body := a.selection(on.Name, depth-1)
	switch a.random.IntN(3) {
	case 0:
		name := fmt.Sprintf("F%d", len(a.fragments))
		a.fragments = append(a.fragments, fmt.Sprintf("fragment %s on %s %s", name, on.Name, body))
		return "..." + name + a.directive()
	case 1:
		if on == definition {
			return "..." + a.directive() + " " + body
		}
	}
	return "... on " + on.Name + a.directive() + " " + body
}

package limits

import (
	"encoding/json"
	"math"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// Assumed lengths of lists that are not pages, by which the cost of the fields beneath them is multiplied.
const (
	itemsOfList = 4
	largestPage = 200
	defaultPage = 20
)

// cost is the cost of a selection. Its numbers are capped at ceiling.
type cost struct{ depth, aliases, patients, complexity int }

const ceiling = math.MaxInt32

// meter measures one operation, each fragment once.
type meter struct {
	oc        *graphql.OperationContext
	fragments map[string]cost
	varies    bool // the length of a page depends on a variable
}

func measure(oc *graphql.OperationContext) (measured cost, varies bool) {
	m := meter{oc: oc, fragments: map[string]cost{}}
	measured = m.selections(oc.Operation.SelectionSet)
	return measured, m.varies
}

func (m *meter) selections(set ast.SelectionSet) cost {
	var sum cost
	for _, selection := range set {
		switch selection := selection.(type) {
		case *ast.Field:
			sum.add(m.field(selection))
		case *ast.InlineFragment:
			sum.add(m.selections(selection.SelectionSet))
		case *ast.FragmentSpread:
			sum.add(m.fragment(selection.Name))
		}
	}
	return sum
}

// fragment measures a fragment. Validation has ensured that no fragment contains itself.
func (m *meter) fragment(name string) cost {
	if known, ok := m.fragments[name]; ok {
		return known
	}
	fragment := m.oc.Doc.Fragments.ForName(name)
	if fragment == nil {
		return cost{}
	}
	measured := m.selections(fragment.SelectionSet)
	m.fragments[name] = measured
	return measured
}

func (m *meter) field(field *ast.Field) cost {
	if strings.HasPrefix(field.Name, "__") {
		return cost{aliases: aliased(field)}
	}
	beneath := m.selections(field.SelectionSet)
	all := cost{depth: beneath.depth + 1, aliases: grown(beneath.aliases, aliased(field), 1), patients: beneath.patients,
		complexity: grown(1, beneath.complexity, m.items(field))}
	if field.ObjectDefinition != nil {
		if field.ObjectDefinition.Name == "Query" && field.Name == "patient" {
			all.patients++
		}
		all.complexity = grown(all.complexity, entries(field), entryCost)
	}
	return all
}

// entryCost is the cost, in fields, of a ledger entry, which must be on disk before anything leaves.
const entryCost = 2000

// entries is the number of ledger entries caused by a field, apart from those of patients, which have a limit of their
// own.
func entries(field *ast.Field) int {
	switch field.ObjectDefinition.Name {
	case "Query":
		if field.Name == "patient" || field.Name == "sources" {
			return 0
		}
		return 1
	case "MyRecord":
		if field.Name == "choices" || field.Name == "accesses" || field.Name == "previewPreference" {
			return 1
		}
		return 0
	case "Mutation":
		return 1
	}
	return 0
}

func aliased(field *ast.Field) int {
	if field.Alias != field.Name {
		return 1
	}
	return 0
}

// items is how many times the fields beneath a field are answered. A page counts its items at the connection.
func (m *meter) items(field *ast.Field) int {
	if field.Definition == nil {
		return 1
	}
	if field.Definition.Arguments.ForName("first") != nil {
		return m.pageSize(field)
	}
	paged := field.Name == "nodes" || field.Name == "edges"
	if field.Definition.Type.Elem != nil && !paged {
		return itemsOfList
	}
	return 1
}

func (m *meter) pageSize(field *ast.Field) int {
	argument := field.Arguments.ForName("first")
	if argument == nil {
		return defaultPage
	}
	m.varies = m.varies || argument.Value.Kind == ast.Variable
	value, err := argument.Value.Value(m.oc.Variables)
	if err != nil {
		return largestPage
	}
	size, err := whole(value)
	if err != nil {
		return largestPage
	}
	return min(max(size, 1), largestPage)
}

func whole(value any) (int, error) {
	switch value := value.(type) {
	case nil:
		return defaultPage, nil
	case int:
		return value, nil
	case int64:
		return int(min(max(value, 0), largestPage)), nil
	case json.Number:
		size, err := value.Int64()
		return int(min(max(size, 0), largestPage)), err
	}
	return 0, errUnreadable
}

func (c *cost) add(other cost) {
	c.depth = max(c.depth, other.depth)
	c.aliases = grown(c.aliases, other.aliases, 1)
	c.patients = grown(c.patients, other.patients, 1)
	c.complexity = grown(c.complexity, other.complexity, 1)
}

// grown is base + amount * times, capped at ceiling.
func grown(base, amount, times int) int {
	return int(min(int64(base)+int64(amount)*int64(times), ceiling))
}

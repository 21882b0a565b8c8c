package plans

import (
	"sync"

	"github.com/99designs/gqlgen/graphql"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// most is the maximum number of combinations of conditions that are cached for one operation; further ones are
// recomputed each time.
const most = 16

// Cache holds plans of type P. It is safe for concurrent use.
type Cache[P any] struct {
	operations *lru.Cache[*ast.OperationDefinition, *operation[P]]
}

type operation[P any] struct {
	conditions []string // the variables in @skip and @include

	mu    sync.RWMutex
	plans map[uint64]P
}

// New returns a cache of the plans of at most size operations.
func New[P any](size int) *Cache[P] {
	operations, err := lru.New[*ast.OperationDefinition, *operation[P]](max(size, 1))
	if err != nil {
		return &Cache[P]{} // unreachable: the size is positive
	}
	return &Cache[P]{operations}
}

// Plan returns the plan of the operation under way, computing it if necessary. Two requests may compute the same plan
// at the same time; one of the results is kept.
func (c *Cache[P]) Plan(oc *graphql.OperationContext, compile func() P) P {
	op, known := c.operations.Get(oc.Operation)
	if !known {
		op = &operation[P]{conditions: Conditions(oc.Doc, oc.Operation), plans: map[uint64]P{}}
		c.operations.Add(oc.Operation, op)
	}
	if len(op.conditions) > 64 {
		return compile()
	}
	var state uint64
	for i, name := range op.conditions {
		if set, _ := oc.Variables[name].(bool); set {
			state |= 1 << i
		}
	}
	op.mu.RLock()
	plan, known := op.plans[state]
	op.mu.RUnlock()
	if known {
		return plan
	}
	plan = compile()
	op.mu.Lock()
	if len(op.plans) < most {
		op.plans[state] = plan
	}
	op.mu.Unlock()
	return plan
}

// Conditions lists the variables that determine what an operation selects, without duplicates.
func Conditions(doc *ast.QueryDocument, op *ast.OperationDefinition) []string {
	w := walk{doc: doc, seen: map[string]bool{}, spread: map[string]bool{}}
	w.selections(op.SelectionSet)
	return w.names
}

type walk struct {
	doc    *ast.QueryDocument
	names  []string
	seen   map[string]bool
	spread map[string]bool
}

func (w *walk) selections(set ast.SelectionSet) {
	for _, selection := range set {
		switch selection := selection.(type) {
		case *ast.Field:
			w.directives(selection.Directives)
			w.selections(selection.SelectionSet)
		case *ast.InlineFragment:
			w.directives(selection.Directives)
			w.selections(selection.SelectionSet)
		case *ast.FragmentSpread:
			w.directives(selection.Directives)
			if w.spread[selection.Name] {
				continue
			}
			w.spread[selection.Name] = true
			if fragment := w.doc.Fragments.ForName(selection.Name); fragment != nil {
				w.selections(fragment.SelectionSet)
			}
		}
	}
}

func (w *walk) directives(directives ast.DirectiveList) {
	for _, directive := range directives {
		if directive.Name != "skip" && directive.Name != "include" {
			continue
		}
		condition := directive.Arguments.ForName("if")
		if condition == nil || condition.Value.Kind != ast.Variable || w.seen[condition.Value.Raw] {
			continue
		}
		w.seen[condition.Value.Raw] = true
		w.names = append(w.names, condition.Value.Raw)
	}
}

package ehrstore

import (
	"slices"

	"onelondon/sources/openehr/aql"
)

// reading is a query with a place for each value that it reads.
type reading struct {
	*aql.Query
	trees     []*tree
	variables []string // whose trees they are
	places    map[string]int
}

// readingOf gives each path of a query its place.
func readingOf(query *aql.Query) *reading {
	r := &reading{Query: query, places: map[string]int{}}
	for i := range query.Select {
		r.add(&query.Select[i].Path)
	}
	for i := range query.Order {
		r.add(&query.Order[i].Path)
	}
	if query.Where != nil {
		paths(query.Where, r.add)
	}
	return r
}

func (r *reading) add(p *aql.Path) {
	key := p.String()
	if _, already := r.places[key]; already {
		return
	}
	r.places[key] = len(r.places)
	i := slices.Index(r.variables, p.Variable)
	if i < 0 {
		i = len(r.variables)
		r.variables, r.trees = append(r.variables, p.Variable), append(r.trees, &tree{place: -1})
	}
	r.trees[i].add(p.Steps, r.places[key])
}

func paths(c *aql.Condition, each func(*aql.Path)) {
	for i := range c.Parts {
		paths(&c.Parts[i], each)
	}
	if len(c.Parts) == 0 {
		each(&c.Path)
	}
}

// tree is which values a query reads of one object: attribute by attribute, so that two paths that begin alike mean the same objects.
type tree struct {
	step     aql.Step
	place    int // of the value itself, -1 where it is not read
	children []*tree
}

func (t *tree) add(steps []aql.Step, place int) {
	if len(steps) == 0 {
		t.place = place
		return
	}
	for _, child := range t.children {
		if child.step == steps[0] {
			child.add(steps[1:], place)
			return
		}
	}
	child := &tree{step: steps[0], place: -1}
	t.children = append(t.children, child)
	child.add(steps[1:], place)
}

// fill puts an object's values into rows: where a step leads to several, into a copy of the rows for each.
func (t *tree) fill(value any, rows [][]any) [][]any {
	if t.place >= 0 {
		for _, row := range rows {
			row[t.place] = value
		}
	}
	for _, child := range t.children {
		found := values(value, child.step)
		if len(found) == 0 {
			continue
		}
		var all [][]any
		for _, each := range found[1:] {
			copies := make([][]any, len(rows))
			for i := range rows {
				copies[i] = slices.Clone(rows[i])
			}
			all = append(all, child.fill(each, copies)...)
		}
		rows = append(child.fill(found[0], rows), all...)
	}
	return rows
}

// values are what a step leads to.
func values(value any, step aql.Step) []any {
	of, ok := value.(Object)
	if !ok {
		return nil
	}
	next := of[step.Attribute]
	if next == nil {
		return nil
	}
	list, isList := next.([]any)
	if !isList {
		list = []any{next}
	}
	if step.Node == "" {
		return list
	}
	var found []any
	for _, each := range list {
		if inner, isObject := each.(Object); isObject && named(inner, step) {
			found = append(found, each)
		}
	}
	return found
}

func named(of Object, step aql.Step) bool {
	return at(of, "archetype_node_id") == step.Node && (step.Name == "" || at(of, "name", "value") == step.Name)
}

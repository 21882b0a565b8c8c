package ehrstore

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"onelondon/sources/openehr/aql"
)

// ErrQuery reports a query that cannot be answered: one that is not known, or a parameter that is missing.
var ErrQuery = errors.New("query cannot be answered")

// mostRows is more than any answer has.
const mostRows = 200_000

// Query answers a query. Rows come in the query's order, and without one in that in which EHRs and compositions were made.
func (s *Store) Query(ctx context.Context, text string, parameters map[string]any) ([][]any, error) {
	r, err := s.read(text)
	if err != nil {
		return nil, err
	}
	if r.Where != nil {
		where, err := filled(r.Where, parameters)
		if err != nil {
			return nil, err
		}
		query := *r.Query
		query.Where = &where
		r = &reading{Query: &query, trees: r.trees, variables: r.variables, places: r.places}
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	var all [][]any
	for _, each := range s.candidates(r.Query) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if all = append(all, r.rows(each)...); len(all) > mostRows {
			return nil, fmt.Errorf("%w: it has more than %d rows", ErrQuery, mostRows)
		}
	}
	return r.shown(all)
}

// mostRead is how many queries are kept as they were read: a client asks the same ones with other parameters.
const mostRead = 256

// read reads a query, or takes it as it was read before.
func (s *Store) read(text string) (*reading, error) {
	s.reading.Lock()
	defer s.reading.Unlock()
	if kept := s.kept[text]; kept != nil {
		return kept, nil
	}
	query, err := aql.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrQuery, err)
	}
	if len(s.kept) >= mostRead {
		clear(s.kept)
	}
	s.kept[text] = readingOf(query)
	return s.kept[text], nil
}

// filled is a condition with its parameters in their places.
func filled(c *aql.Condition, parameters map[string]any) (aql.Condition, error) {
	made := *c
	made.Parts, made.Values = slices.Clone(c.Parts), slices.Clone(c.Values)
	for i := range c.Parts {
		part, err := filled(&c.Parts[i], parameters)
		if err != nil {
			return aql.Condition{}, err
		}
		made.Parts[i] = part
	}
	for i := range c.Values {
		if name := c.Values[i].Parameter; name != "" {
			value, ok := parameters[name]
			if !ok {
				return aql.Condition{}, fmt.Errorf("%w: a parameter is missing", ErrQuery)
			}
			made.Values[i] = aql.Value{Literal: value}
		}
	}
	return made, nil
}

// candidates are the EHRs that a query may find anything in.
func (s *Store) candidates(query *aql.Query) []*ehr {
	if query.Where == nil {
		return s.ehrs
	}
	conditions := []aql.Condition{*query.Where}
	if query.Where.Op == aql.And {
		conditions = query.Where.Parts
	}
	for i := range conditions {
		c := &conditions[i]
		byID, bySubject := query.From.Variable+"/ehr_id/value", query.From.Variable+"/ehr_status/subject/external_ref/id/value"
		if c.Op != aql.Equal && c.Op != aql.Matches || c.Path.String() != byID && c.Path.String() != bySubject {
			continue
		}
		var some []*ehr
		for _, value := range c.Values {
			text, _ := value.Literal.(string)
			found := s.bySubject[text]
			if c.Path.String() == byID {
				found = []*ehr{s.byID[text]}
			}
			for _, one := range found {
				if one != nil && !slices.Contains(some, one) {
					some = append(some, one)
				}
			}
		}
		return some
	}
	return s.ehrs
}

// rows are the rows that a query has of one EHR.
func (r *reading) rows(of *ehr) [][]any {
	var all [][]any
	for _, bound := range bindings(&r.From, of) {
		rows := [][]any{make([]any, len(r.places))}
		for i, variable := range r.variables {
			if object := bound[variable]; object != nil {
				rows = r.trees[i].fill(object, rows)
			}
		}
		for _, row := range rows {
			if r.Where == nil || r.holds(r.Where, row) {
				all = append(all, row)
			}
		}
	}
	return all
}

// holds reports whether a row satisfies a condition; a value that is missing satisfies no comparison.
func (r *reading) holds(c *aql.Condition, row []any) bool {
	switch c.Op {
	case aql.And:
		return !slices.ContainsFunc(c.Parts, func(part aql.Condition) bool { return !r.holds(&part, row) })
	case aql.Or:
		return slices.ContainsFunc(c.Parts, func(part aql.Condition) bool { return r.holds(&part, row) })
	case aql.Not:
		return !r.holds(&c.Parts[0], row)
	}
	value := row[r.places[c.Path.String()]]
	if c.Op == aql.Matches {
		return slices.ContainsFunc(c.Values, func(v aql.Value) bool { order, ok := compare(value, v.Literal); return ok && order == 0 })
	}
	order, ok := compare(value, c.Values[0].Literal)
	if !ok {
		return false
	}
	switch c.Op {
	case aql.Equal:
		return order == 0
	case aql.NotEqual:
		return order != 0
	case aql.Less:
		return order < 0
	case aql.LessEqual:
		return order <= 0
	case aql.Greater:
		return order > 0
	}
	return order >= 0
}

// compare orders two texts, two numbers or two truth values; ok is false for anything else.
func compare(a, b any) (order int, ok bool) {
	switch x := a.(type) {
	case string:
		y, isText := b.(string)
		return strings.Compare(x, y), isText
	case bool:
		y, isTruth := b.(bool)
		return cmp.Compare(fmt.Sprint(x), fmt.Sprint(y)), isTruth
	}
	x, y := number(a), number(b)
	if x == nil || y == nil {
		return 0, false
	}
	return x.Cmp(y), true
}

func number(value any) *big.Rat {
	written := ""
	switch of := value.(type) {
	case json.Number:
		written = of.String()
	case aql.Number:
		written = string(of)
	case float64:
		return new(big.Rat).SetFloat64(of)
	case int:
		return new(big.Rat).SetInt64(int64(of))
	}
	if read, ok := new(big.Rat).SetString(written); ok && len(written) < 60 {
		return read
	}
	return nil
}

// shown orders the rows, cuts them and selects the columns.
func (r *reading) shown(all [][]any) ([][]any, error) {
	slices.SortStableFunc(all, func(a, b []any) int {
		for i := range r.Order {
			place := r.places[r.Order[i].Path.String()]
			order := ordered(a[place], b[place])
			if r.Order[i].Descending {
				order = -order
			}
			if order != 0 {
				return order
			}
		}
		return 0
	})
	if slices.ContainsFunc(r.Select, func(item aql.Item) bool { return item.Function != "" }) {
		return r.aggregated(all)
	}
	all = all[min(r.Offset, len(all)):]
	if r.Limit > 0 {
		all = all[:min(r.Limit, len(all))]
	}
	rows := make([][]any, len(all))
	for i, row := range all {
		rows[i] = make([]any, len(r.Select))
		for j := range r.Select {
			rows[i][j] = row[r.places[r.Select[j].Path.String()]]
		}
	}
	return rows, nil
}

// ordered puts what is missing last.
func ordered(a, b any) int {
	if a == nil || b == nil {
		return cmp.Compare(fmt.Sprint(a == nil), fmt.Sprint(b == nil))
	}
	order, _ := compare(a, b)
	return order
}

func (r *reading) aggregated(all [][]any) ([][]any, error) {
	row := make([]any, len(r.Select))
	for i := range r.Select {
		item := &r.Select[i]
		count := 0
		for _, each := range all {
			value := each[r.places[item.Path.String()]]
			if value == nil {
				continue
			}
			count++
			order, ok := compare(value, row[i])
			if !ok || item.Function == "MAX" && order > 0 || item.Function == "MIN" && order < 0 {
				row[i] = value
			}
		}
		switch item.Function {
		case "":
			return nil, fmt.Errorf("%w: values and a function of all rows are not to be selected together", ErrQuery)
		case "COUNT":
			row[i] = count
		}
	}
	return [][]any{row}, nil
}

package openehr

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"

	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/openehr/aql"
)

// request is what is read of a set of records.
type request struct {
	caller *sources.Caller
	set    *set
	fields clinical.FieldSet
	path   aql.Path // whom it is about: one of the values
	values []string
	wanted wanted
	most   int // rows that may be read
	trips  *atomic.Int64
}

// atATime is how many ids of records one query names.
const atATime = 500

// rows reads the rows of a request; one more than it may has where there are more. A set with few rows is read as it is. Of one with many
// the server says first which records have what is wanted, and then gives those, with all of their rows.
func (s *Source) rows(ctx context.Context, r *request) (*selection, [][]any, error) {
	selected, rows, err := s.narrowly(ctx, r)
	if errors.Is(err, sources.ErrSchema) && (selected == nil || len(selected.added) > 0) && !r.set.refused.Swap(true) {
		return s.rows(ctx, r) // it may be what was told beside the person
	}
	return selected, rows, err
}

func (s *Source) narrowly(ctx context.Context, r *request) (*selection, [][]any, error) {
	told := r.wanted
	if !s.tells(r.set) {
		told = wanted{}
	}
	selected := s.selecting(r, &told)
	first := r.most
	inTwo := s.identifying(r, &told)
	if inTwo != nil {
		first = min(first, s.options.Whole)
	}
	rows, err := s.ask(ctx, r, selected, first+1)
	if err != nil || len(rows) <= first || first == r.most {
		return selected, rows, err
	}
	ids, known, err := s.identities(ctx, r, inTwo)
	if err != nil {
		return inTwo, nil, err
	}
	if !known {
		rows, err = s.ask(ctx, r, selected, r.most+1)
		return selected, rows, err
	}
	rows = nil
	for some := range slices.Chunk(ids, atATime) {
		part := s.selecting(r, &told)
		part.only(*r.set.identity, some)
		more, err := s.ask(ctx, r, part, r.most+1-len(rows))
		if err != nil {
			return part, nil, err
		}
		if rows = append(rows, more...); len(rows) > r.most {
			break
		}
	}
	return selected, rows, nil
}

// tells reports whether the server is told what is wanted of a set.
func (s *Source) tells(set *set) bool {
	return !s.options.Wide && !set.refused.Load() && set.identity != nil && !set.own && !set.bare
}

// selecting is the selection of a request with what is steady of what is wanted.
func (s *Source) selecting(r *request, told *wanted) *selection {
	selected := s.plan.selecting(r.set, r.fields)
	selected.only(r.path, r.values)
	selected.added = selected.narrow(told, true)
	return selected
}

// identifying selects the ids of the records that have what is wanted; nil where that says no more.
func (s *Source) identifying(r *request, told *wanted) *selection {
	selected := s.selecting(r, told)
	if selected.added = selected.narrow(told, false); len(selected.added) == 0 {
		return nil
	}
	selected.query.Select = []aql.Item{{Path: *r.set.identity}}
	return selected
}

// identities asks for the ids of records; known is false where there are more than may be read, or one is no text.
func (s *Source) identities(ctx context.Context, r *request, selected *selection) (ids []string, known bool, err error) {
	rows, err := s.ask(ctx, r, selected, r.most+1)
	if err != nil || len(rows) > r.most {
		return nil, false, err
	}
	seen := map[string]bool{}
	for _, row := range rows {
		id, isText := row[0].(string)
		if !isText || !findable(r.set.identity, id) {
			return nil, false, nil
		}
		if !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	return ids, true, nil
}

func (s *Source) ask(ctx context.Context, r *request, selected *selection, most int) ([][]any, error) {
	r.trips.Add(1)
	rows, _, err := s.client.ask(ctx, r.caller, selected.statement(most), len(selected.query.Select))
	return rows, err
}

// findable reports whether a server finds a record by its id: a version's uid, or text that every server compares alike.
func findable(identity *aql.Path, id string) bool {
	text := identity.String()
	return strings.HasSuffix(text, "/uid/value") && strings.Contains(id, "::") || textual(text, []string{id})
}

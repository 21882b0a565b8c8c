package embedded

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"slices"
)

// finding is one Read by tags: what is tagged is looked up, what is not tagged yet is read through.
type finding struct {
	log      *Log
	query    Query
	groups   [][]Tag      // a row must have a tag of each
	page     int          // rows looked up at once
	mark     uint64       // the last tagged row
	untagged map[Tag]bool // the tags that rows after it will have; only where some must be lacking
	found    []Row
}

// find reads the rows that have what the query names.
func (l *Log) find(ctx context.Context, query Query) ([]Row, error) {
	f := &finding{log: l, query: query, groups: l.groups(&query), page: query.Limit}
	var err error
	if f.mark, err = l.mark(ctx); err != nil {
		return nil, unavailable("read", err)
	}
	if query.Lacking != nil {
		f.page = max(f.page, pageRows) // most may have it
		if err := f.gatherUntagged(ctx); err != nil {
			return nil, unavailable("read", err)
		}
	}
	stages := []func(context.Context) error{f.lookUp, f.readThrough}
	if query.NewestFirst {
		slices.Reverse(stages)
	}
	for _, stage := range stages {
		if err := stage(ctx); err != nil {
			return nil, err
		}
	}
	return f.found, nil
}

// groups are the tags the query goes by, the person's first: few rows have it.
func (l *Log) groups(query *Query) (groups [][]Tag) {
	if query.Person != (Person{}) {
		groups = append(groups, []Tag{Tag(query.Person)})
	}
	for _, terms := range query.Terms {
		var group []Tag
		for _, term := range terms {
			group = append(group, l.keys.tag(term))
		}
		groups = append(groups, group)
	}
	return groups
}

func (f *finding) full() bool { return len(f.found) >= f.query.Limit }

// lookUp goes page by page; one page is enough unless rows must lack something.
func (f *finding) lookUp(ctx context.Context) error {
	if f.log.tagged == nil {
		return nil
	}
	lookup := Lookup{Groups: f.groups, First: 1, Last: f.mark, NewestFirst: f.query.NewestFirst, Limit: f.page}
	switch {
	case f.query.After == 0:
	case f.query.NewestFirst:
		lookup.Last = min(lookup.Last, f.query.After-1)
	default:
		lookup.First = min(f.query.After, math.MaxInt64) + 1
	}
	for !f.full() && lookup.First <= lookup.Last {
		rows, err := f.log.tagged.Find(ctx, lookup)
		if err != nil {
			return unavailable("read", err)
		}
		for _, stored := range rows {
			row, err := f.log.openRow(stored)
			if err != nil {
				return fmt.Errorf("read: %w", err)
			}
			if !f.matches(&row) {
				return fmt.Errorf("read: %w", brokenAt{row.Sequence, "it is tagged as what it is not"})
			}
			if err := f.keep(ctx, row); err != nil {
				return err
			}
		}
		if len(rows) < f.page {
			return nil
		}
		if last := uint64(rows[len(rows)-1].Sequence); f.query.NewestFirst {
			lookup.Last = last - 1
		} else {
			lookup.First = last + 1
		}
	}
	return nil
}

// readThrough looks at every row after the last tagged one. The first pages are small: often there is no such row.
func (f *finding) readThrough(ctx context.Context) error {
	pages := Query{After: f.query.After, NewestFirst: f.query.NewestFirst, Limit: 8}
	if f.log.tagged == nil {
		pages.Person = f.query.Person // a store without tags has its own way to a person's rows
	}
	if !f.query.NewestFirst {
		pages.After = max(pages.After, f.mark)
	}
	for !f.full() {
		rows, err := f.log.store.Select(ctx, pages)
		if err != nil {
			return unavailable("read", err)
		}
		for _, stored := range rows {
			pages.After = uint64(max(stored.Sequence, 0))
			if pages.After <= f.mark {
				return nil
			}
			if err := f.consider(ctx, stored); err != nil {
				return err
			}
		}
		if len(rows) < pages.Limit {
			return nil
		}
		pages.Limit = min(4*pages.Limit, pageRows)
	}
	return nil
}

// consider takes a row that was not looked up if it is one that the query names. One that cannot be opened is nobody's but
// the person's under whom it stands.
func (f *finding) consider(ctx context.Context, stored StoredRow) error {
	if f.query.Person != (Person{}) && !bytes.Equal(stored.Person, f.query.Person[:]) {
		return nil
	}
	row, err := f.log.openRow(stored)
	if err != nil && f.query.Person != (Person{}) {
		return fmt.Errorf("read: %w", err)
	}
	if err != nil || !f.matches(&row) {
		return nil
	}
	return f.keep(ctx, row)
}

// matches reports whether a row has what the query names.
func (f *finding) matches(row *Row) bool {
	tags := f.log.tagsOf(row)
	for _, group := range f.groups {
		if !slices.ContainsFunc(group, func(tag Tag) bool { return slices.Contains(tags, tag) }) {
			return false
		}
	}
	return true
}

// keep takes a row, unless there is one with the term that it must lack.
func (f *finding) keep(ctx context.Context, row Row) error {
	if f.full() {
		return nil
	}
	if f.query.Lacking != nil {
		tag := f.log.keys.tag(f.query.Lacking(row.Sequence))
		if f.untagged[tag] {
			return nil
		}
		if f.mark > 0 {
			others, err := f.log.tagged.Find(ctx, Lookup{Groups: [][]Tag{{tag}}, First: 1, Last: f.mark, Limit: 1})
			if err != nil {
				return unavailable("read", err)
			}
			if len(others) > 0 {
				return nil
			}
		}
	}
	f.found = append(f.found, row)
	return nil
}

// gatherUntagged collects the tags of the rows that are not tagged yet.
func (f *finding) gatherUntagged(ctx context.Context) error {
	f.untagged = map[Tag]bool{}
	for after := f.mark; ; {
		rows, _, err := f.log.store.Page(ctx, after, pageRows)
		if err != nil {
			return err
		}
		for _, one := range f.log.tagAll(rows) {
			f.untagged[one.Tag] = true
		}
		if len(rows) < pageRows {
			return nil
		}
		after = uint64(max(rows[len(rows)-1].Sequence, 0))
	}
}

package embedded

import (
	"bytes"
	"context"
	"fmt"
	"slices"
)

// Term is something that rows can be found by: its kind, and its value as the body has it. "caller" and a subject id.
type Term struct{ Kind, Value string }

// Tag stands for a term in a store: HMAC-SHA-256 of kind and value, cut to 128 bits. A row's person is a tag of its own.
type Tag [16]byte

// Tagged is a store that keeps tags beside its rows. They are derived from the rows, so they are not written with them but
// later, for many rows together. Until then those rows are read through.
type Tagged interface {
	Store
	// Mark says up to which row tags have been written.
	Mark(ctx context.Context) (uint64, error)
	// Tag writes tags, and up to which row they now go, all or none. Only the goroutine that writes calls it.
	Tag(ctx context.Context, tags []StoredTag, mark uint64) error
	// Tags returns the tags of some rows, in the order of rows and tags. What is no tag comes as zeros.
	Tags(ctx context.Context, first, last uint64) ([]StoredTag, error)
	// Find returns rows by their tags.
	Find(ctx context.Context, lookup Lookup) ([]StoredRow, error)
	// CheckTags says in words what is wrong with the way from tags to rows, which Tags does not take; empty when nothing is.
	CheckTags(ctx context.Context) (fault string, err error)
}

// StoredTag is a tag at its row.
type StoredTag struct {
	Sequence uint64
	Tag      Tag
}

// Lookup says which rows to find.
type Lookup struct {
	Groups      [][]Tag // a row must have one of each; there is at least one, and the first decides what is looked through
	First, Last uint64  // rows from and to; Last may be beyond the end
	NewestFirst bool
	Limit       int
}

// chunk is how many rows are tagged at once.
const chunk = 1024

// tagsOf gives the tags that a row must have, in order and each once.
func (l *Log) tagsOf(row *Row) []Tag {
	var tags []Tag
	if row.Person != (Person{}) {
		tags = append(tags, Tag(row.Person))
	}
	if l.options.Terms != nil {
		for _, term := range l.options.Terms(row.Body) {
			tags = append(tags, l.keys.tag(term))
		}
	}
	slices.SortFunc(tags, func(a, b Tag) int { return bytes.Compare(a[:], b[:]) })
	return slices.Compact(tags)
}

// mark says up to which row tags can be relied on.
func (l *Log) mark(ctx context.Context) (uint64, error) {
	if l.tagged == nil {
		return 0, nil
	}
	return l.tagged.Mark(ctx)
}

// index tags every row that has no tags yet. A row that cannot be opened is found by its person alone, so that reading that
// person's rows fails; Verify says that it is broken, and nothing else may stop for it. It stops early once enough says so.
func (l *Log) index(ctx context.Context, enough func() bool) error {
	if l.tagged == nil {
		return nil
	}
	mark, err := l.tagged.Mark(ctx)
	if err != nil {
		return err
	}
	for {
		rows, _, err := l.store.Page(ctx, mark, chunk)
		if err != nil || len(rows) == 0 {
			return err
		}
		mark = uint64(max(rows[len(rows)-1].Sequence, 0))
		if err := l.tagged.Tag(ctx, l.tagAll(rows), mark); err != nil {
			return err
		}
		if len(rows) < chunk || enough() {
			return nil
		}
		l.tidyStore(ctx) // a log of millions, tagged for the first time
	}
}

func (l *Log) tagAll(rows []StoredRow) []StoredTag {
	all := make([]StoredTag, 0, 5*len(rows))
	for _, stored := range rows {
		row, err := l.openRow(stored)
		if err != nil {
			if person, known := personFrom(stored.Person); known && person != (Person{}) {
				all = append(all, StoredTag{uint64(max(stored.Sequence, 0)), Tag(person)})
			}
			continue
		}
		for _, tag := range l.tagsOf(&row) {
			all = append(all, StoredTag{row.Sequence, tag})
		}
	}
	return all
}

// proveTags compares the tags in the store with those that rows, which hold, must have.
func (l *Log) proveTags(ctx context.Context, rows []Row) error {
	mark, err := l.mark(ctx)
	if err != nil || len(rows) == 0 || mark < rows[0].Sequence {
		return err
	}
	stored, err := l.tagged.Tags(ctx, rows[0].Sequence, min(mark, rows[len(rows)-1].Sequence))
	if err != nil {
		return err
	}
	for i := range rows {
		sequence, end := rows[i].Sequence, 0
		if sequence > mark {
			break
		}
		for end < len(stored) && stored[end].Sequence == sequence {
			end++
		}
		if !slices.EqualFunc(stored[:end], l.tagsOf(&rows[i]), func(a StoredTag, b Tag) bool { return a.Tag == b }) {
			return brokenAt{sequence, "its tags are not those it was written with: it may not be found by its person or caller"}
		}
		stored = stored[end:]
	}
	return nil
}

// proveIndex has the store compare its way from tags to rows with the tags of the rows.
func (l *Log) proveIndex(ctx context.Context) error {
	mark, err := l.mark(ctx)
	if err != nil || mark == 0 {
		return err
	}
	fault, err := l.tagged.CheckTags(ctx)
	if err != nil {
		return fmt.Errorf("check the tags: %w", err)
	}
	if fault != "" {
		return brokenAt{1, "the index of tags does not hold, so entries may not be found by their person or caller: " + fault}
	}
	return nil
}

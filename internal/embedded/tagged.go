package embedded

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
)

var _ Tagged = (*file)(nil)

// tagsAtOnce is how many tags one statement writes.
const tagsAtOnce = 32

// Mark says how far the tags go: 0 in a file that an earlier version wrote.
func (f *file) Mark(ctx context.Context) (uint64, error) {
	var version int
	if err := f.reader.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return 0, fmt.Errorf("read the version: %w", err)
	}
	if version < taggedVersion {
		return 0, nil
	}
	var mark int64
	err := f.reader.QueryRowContext(ctx, "SELECT sequence FROM indexed").Scan(&mark)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("read how far the tags go: %w", err)
	}
	return uint64(max(mark, 0)), nil
}

// Tag writes tags on the one connection that writes.
func (f *file) Tag(ctx context.Context, tags []StoredTag, mark uint64) error {
	s := f.session
	return s.within(ctx, func() error {
		for some := range slices.Chunk(tags, tagsAtOnce) {
			arguments := make([]any, 0, 2*tagsAtOnce)
			for i := range tagsAtOnce {
				one := &some[min(i, len(some)-1)] // the last again where there are fewer: it is ignored
				arguments = append(arguments, bounded(one.Sequence), one.Tag[:])
			}
			if _, err := s.tagging.ExecContext(ctx, arguments...); err != nil {
				return fmt.Errorf("write tags: %w", err)
			}
		}
		if _, err := s.marking.ExecContext(ctx, bounded(mark)); err != nil {
			return fmt.Errorf("write how far the tags go: %w", err)
		}
		return nil
	})
}

// Tags reads the tags of some rows.
func (f *file) Tags(ctx context.Context, first, last uint64) (stored []StoredTag, err error) {
	rows, err := f.reader.QueryContext(ctx, "SELECT sequence, tag FROM tag WHERE sequence BETWEEN ? AND ? ORDER BY sequence, tag",
		bounded(first), bounded(last))
	if err != nil {
		return nil, fmt.Errorf("ask for tags: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var sequence int64
		var raw sql.RawBytes
		if err := rows.Scan(&sequence, &raw); err != nil {
			return nil, fmt.Errorf("read a tag: %w", err)
		}
		one := StoredTag{Sequence: uint64(sequence)}
		if len(raw) == len(one.Tag) {
			copy(one.Tag[:], raw)
		}
		stored = append(stored, one)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read tags: %w", err)
	}
	return stored, nil
}

// Find goes from the first group's tags to the rows. Each tag of the group has a branch of the statement, in order and no
// longer than the limit, so that none is looked through for the sake of another.
func (f *file) Find(ctx context.Context, lookup Lookup) ([]StoredRow, error) {
	order := " ORDER BY sequence"
	if lookup.NewestFirst {
		order += " DESC"
	}
	var branches []string
	var arguments []any
	for _, tag := range lookup.Groups[0] {
		branch := "SELECT * FROM (SELECT sequence FROM tag AS t WHERE tag = ? AND sequence BETWEEN ? AND ?"
		arguments = append(arguments, tag[:], bounded(lookup.First), bounded(lookup.Last))
		for _, group := range lookup.Groups[1:] {
			branch += " AND EXISTS (SELECT 1 FROM tag AS u WHERE u.sequence = t.sequence AND u.tag IN (?" +
				strings.Repeat(", ?", len(group)-1) + "))"
			for _, other := range group {
				arguments = append(arguments, other[:])
			}
		}
		branches = append(branches, branch+order+" LIMIT ?)")
		arguments = append(arguments, lookup.Limit)
	}
	text := "SELECT sequence, person, body, hash FROM entry WHERE sequence IN (" + strings.Join(branches, " UNION ") + ")" +
		order + " LIMIT ?"
	return queryRows(ctx, f.reader, text, append(arguments, lookup.Limit)...)
}

// CheckTags has SQLite compare the index of tags with their table.
func (f *file) CheckTags(ctx context.Context) (fault string, err error) {
	if err := f.reader.QueryRowContext(ctx, "PRAGMA integrity_check(tag)").Scan(&fault); err != nil {
		return "", err
	}
	return strings.TrimPrefix(fault, "ok"), nil
}

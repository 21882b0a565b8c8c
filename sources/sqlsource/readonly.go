package sqlsource

import (
	"context"
	"errors"
	"fmt"

	"onelondon/sources/mapping"
)

// ProveReadOnly attempts a write that would change nothing even if it succeeded, and returns nil if the database
// refused it, because the session is read-only or because the role lacks the right.
func (s *Source) ProveReadOnly(ctx context.Context) error {
	target, found := s.writable()
	if !found {
		return fmt.Errorf("prove source %s read-only: the mapping names no column to try", s.id)
	}
	sql := "UPDATE " + target.table + " SET " + target.column + " = " + target.column + " WHERE 1 = 0"
	_, err := s.connection.Query(ctx, &Statement{SQL: sql, Once: true, serial: s.serials.Add(1)}, nil, func([]string) error { return nil })
	switch {
	case errors.Is(err, ErrReadOnly), errors.Is(err, ErrDenied):
		return nil
	case err == nil:
		return fmt.Errorf("prove source %s read-only: %w", s.id, ErrWritable)
	}
	return fmt.Errorf("prove source %s read-only: %w", s.id, err)
}

type target struct{ table, column string }

// writable finds the column of the NHS number, which every mapping has.
func (s *Source) writable() (target, bool) {
	person := &s.mapping.Person
	at, ok := firstColumn(person.NHSNumber)
	if !ok {
		return target{}, false
	}
	tables := []mapping.Table{person.From}
	for _, join := range person.Joins {
		tables = append(tables, join.Table)
	}
	for _, t := range tables {
		if t.Alias == at.Alias {
			written := s.dialect.name(t.Name)
			if t.Schema != "" {
				written = s.dialect.name(t.Schema) + "." + written
			}
			return target{written, s.dialect.name(at.Name)}, true
		}
	}
	return target{}, false
}

func firstColumn(e mapping.Expr) (*mapping.Column, bool) {
	for _, column := range columnsOf(e) {
		return column, true
	}
	return nil, false
}

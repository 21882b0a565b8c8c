package sqlsource

import (
	"context"
	"fmt"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/mapping"
)

// People lists whom the person's tables hold, one row after the other and none kept.
func (s *Source) People(ctx context.Context, yield func(sources.Membership) error) error {
	statement := s.peopleStatement()
	_, err := s.connection.Query(ctx, statement, nil, func(row []string) error {
		person, ok := readNumber(row[0], s.mapping.Person.Format)
		if !ok {
			return nil
		}
		registered, _ := truthOf(row[2])
		sensitive, _ := truthOf(row[3])
		return yield(sources.Membership{
			Person: person, Organisation: clinical.Text(clean(row[1])), Registered: registered, Sensitive: sensitive,
		})
	})
	if err != nil {
		return fmt.Errorf("list people of source %s: %w", s.id, err)
	}
	return nil
}

// long makes a statement that reads whole tables.
func (s *Source) long(sql string, width int) *Statement {
	if s.dialect.LongSelect != "" {
		sql = s.dialect.LongSelect + strings.TrimPrefix(sql, "SELECT")
	}
	return &Statement{SQL: sql, Width: width, Once: true, Long: true, serial: s.serials.Add(1)}
}

func (s *Source) peopleStatement() *Statement {
	person := &s.mapping.Person
	used := aliases{}
	used.note(person.NHSNumber, person.Where)
	columns := []string{s.dialect.text(person.NHSNumber)}
	if code := person.Organisation.Code; code != nil {
		used.note(code)
		columns = append(columns, s.dialect.text(code))
	} else {
		columns = append(columns, "NULL")
	}
	for _, e := range []mapping.Expr{person.Registered, person.Sensitive} {
		if e == nil {
			columns = append(columns, "NULL")
			continue
		}
		used.note(e)
		columns = append(columns, s.dialect.said(e))
	}
	where := []string{s.dialect.operand(person.NHSNumber) + " IS NOT NULL"}
	if person.Where != nil {
		where = append(where, s.dialect.truth(person.Where))
	}
	from, rest := s.dialect.from(person, nil, used)
	for _, e := range rest {
		where = append(where, s.dialect.truth(e))
	}
	sql := "SELECT " + strings.Join(columns, ", ") + " FROM " + from + " WHERE " + strings.Join(where, " AND ")
	return s.long(sql, len(columns))
}

// readNumber reads an NHS number as the system writes it. A numeric column drops leading zeros and may show a fraction.
func readNumber(text string, format mapping.NumberFormat) (clinical.NHSNumber, bool) {
	text = strings.TrimSpace(text)
	if format == mapping.NumberNumeric {
		text, _, _ = strings.Cut(text, ".")
		if len(text) > 0 && len(text) < 10 {
			text = strings.Repeat("0", 10-len(text)) + text
		}
	}
	number, err := clinical.ParseNHSNumber(text)
	return number, err == nil
}

// Watermark asks every column that the mapping names for its newest moment. A system that names none gives a missing date.
func (s *Source) Watermark(ctx context.Context) (clinical.DateTime, error) {
	newest := clinical.DateTime{}
	if len(s.mapping.Watermark) == 0 {
		return newest, nil
	}
	parts := make([]string, len(s.mapping.Watermark))
	for i := range s.mapping.Watermark {
		parts[i] = s.newest(&s.mapping.Watermark[i])
	}
	_, err := s.connection.Query(ctx, s.long(strings.Join(parts, "\nUNION ALL\n"), 1), nil, func(row []string) error {
		if date, err := clinical.ParseDateTime(row[0]); err == nil && date.Compare(newest) > 0 {
			newest = date
		}
		return nil
	})
	if err != nil {
		return clinical.DateTime{}, fmt.Errorf("read watermark of source %s: %w", s.id, err)
	}
	return newest, nil
}

// newest takes the largest value as the column itself has it, where it is stored in the order of time: an index then gives
// it at once.
func (s *Source) newest(w *mapping.Watermark) string {
	from := " FROM " + table(w.From)
	stored, isColumn := w.Date.From.(*mapping.Column)
	if isColumn && len(w.Date.Missing) == 0 && w.Date.Precision == nil && w.Date.Type != mapping.DateUK {
		of := name("newest")
		inner := "(SELECT MAX(" + column(stored) + ") AS " + of + from + ") AS " + name("w")
		at := mapping.DateExpr{From: &mapping.Column{Alias: "w", Name: "newest"}, Type: w.Date.Type}
		return "SELECT " + s.dialect.date(&at) + " FROM " + inner
	}
	return "SELECT MAX(" + s.dialect.date(&w.Date) + ")" + from
}

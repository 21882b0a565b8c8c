package sqlsource

import (
	"context"
	"fmt"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/mapping"
)

// People lists the people in the person's tables, row by row, keeping none.
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
	d := s.writing(nil).dialect
	columns := []string{d.text(person.NHSNumber)}
	if code := person.Organisation.Code; code != nil {
		used.note(code)
		columns = append(columns, d.text(code))
	} else {
		columns = append(columns, d.null())
	}
	for _, e := range []mapping.Expr{person.Registered, person.Sensitive} {
		if e == nil {
			columns = append(columns, d.null())
			continue
		}
		used.note(e)
		columns = append(columns, d.said(e))
	}
	where := []string{d.operand(person.NHSNumber) + " IS NOT NULL"}
	if person.Where != nil {
		where = append(where, d.truth(person.Where))
	}
	from, rest := d.from(person, nil, used)
	for _, e := range rest {
		where = append(where, d.truth(e))
	}
	sql := "SELECT " + strings.Join(columns, ", ") + " FROM " + from + " WHERE " + strings.Join(where, " AND ")
	return s.long(sql, len(columns))
}

// readNumber parses an NHS number in the system's format. A numeric column loses leading zeros and may show a fraction.
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

// Watermark returns the newest moment in the columns that the mapping names; missing if it names none.
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

// newest selects the largest value of the bare column if its stored order is chronological, so that an index provides
// it at once.
func (s *Source) newest(w *mapping.Watermark) string {
	d := s.dialect
	from := " FROM " + d.table(w.From)
	stored, isColumn := w.Date.From.(*mapping.Column)
	if isColumn && len(w.Date.Missing) == 0 && w.Date.Precision == nil && w.Date.Type != mapping.DateUK {
		of := d.name("newest")
		inner := "(SELECT MAX(" + d.column(stored) + ") AS " + of + from + ") AS " + d.name("w")
		at := mapping.DateExpr{From: &mapping.Column{Alias: "w", Name: "newest"}, Type: w.Date.Type}
		return "SELECT " + d.date(&at) + " FROM " + inner
	}
	return "SELECT MAX(" + d.date(&w.Date) + ")" + from
}

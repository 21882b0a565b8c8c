package consent

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"onelondon/internal/clinical"
)

// columns are the columns of a file to import, in this order.
func columns() []string { return []string{"nhs_number", "objection", "reason", "recorded_by", "date"} }

const (
	maxLines  = 1_000_000 // lines in one import
	maxFaults = 1000      // faults that are reported in full
)

// LineError is what is wrong with one line of a file. It holds nothing of the line.
type LineError struct {
	Line  int // counted from 1, the header
	Fault string
}

// ImportError reports every bad line of a file, none of which was recorded.
type ImportError struct {
	Lines []LineError // in order; the first 1,000
	More  int         // bad lines beyond those
}

// Error lists the bad lines, the first ten in full.
func (e *ImportError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "import nothing: %d bad lines", len(e.Lines)+e.More)
	for i, line := range e.Lines {
		if i == 10 {
			b.WriteString("; and more")
			break
		}
		fmt.Fprintf(&b, "; line %d: %s", line.Line, line.Fault)
	}
	return b.String()
}

func (e *ImportError) add(line int, fault string) {
	if len(e.Lines) == maxFaults {
		e.More++
		return
	}
	e.Lines = append(e.Lines, LineError{line, fault})
}

// Imported says what an import recorded.
type Imported struct {
	Directives int
	Revision   Revision // of the last of them; 0 where there was none
}

// Import records a CSV file (RFC 4180, UTF-8) with the header nhs_number,objection,reason,recorded_by,date, all of it or
// nothing, in the order of its lines. The objection is a [Step], the date YYYY-MM-DD. The file does not say on whose word
// its lines stand, so whoever imports it does. Where lines are bad the error is an [ImportError] that names them all.
func (r *Register) Import(ctx context.Context, file io.Reader, authority Authority) (Imported, error) {
	if !authority.known() {
		return Imported{}, fmt.Errorf("%w: %s", ErrDirective, unknownAuthority)
	}
	directives, err := parse(file, authority)
	if err != nil {
		return Imported{}, err
	}
	if len(directives) == 0 {
		return Imported{}, nil
	}
	revision, err := r.record(ctx, directives)
	if err != nil {
		return Imported{}, fmt.Errorf("import: %w", err)
	}
	return Imported{Directives: len(directives), Revision: revision}, nil
}

func parse(file io.Reader, authority Authority) ([]Directive, error) {
	reader := csv.NewReader(file)
	reader.FieldsPerRecord = -1 // a line too short is ours to report, like any other
	reader.ReuseRecord = true
	if err := readHeader(reader); err != nil {
		return nil, err
	}
	var directives []Directive
	faults, now := &ImportError{}, time.Now()
	for len(directives) <= maxLines {
		fields, err := reader.Read()
		if err == io.EOF {
			break
		}
		var malformed *csv.ParseError
		if errors.As(err, &malformed) {
			faults.add(malformed.StartLine, "not CSV: "+malformed.Err.Error())
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read the file to import: %w", err)
		}
		directive, fault := parseLine(fields, authority, now)
		if fault != "" {
			line, _ := reader.FieldPos(0)
			faults.add(line, fault)
		}
		directives = append(directives, directive)
	}
	if len(directives) > maxLines {
		return nil, fmt.Errorf("import nothing: more than %d lines, split the file", maxLines)
	}
	if len(faults.Lines) > 0 {
		return nil, faults
	}
	return directives, nil
}

// readHeader reads the first line, with or without the mark that spreadsheet programs put before it.
func readHeader(reader *csv.Reader) error {
	header, err := reader.Read()
	var malformed *csv.ParseError
	if err != nil && err != io.EOF && !errors.As(err, &malformed) {
		return fmt.Errorf("read the file to import: %w", err)
	}
	if len(header) > 0 {
		header[0] = strings.TrimPrefix(header[0], "\ufeff")
	}
	if !slices.Equal(header, columns()) {
		return &ImportError{Lines: []LineError{{1, "the header is not " + strings.Join(columns(), ",")}}}
	}
	return nil
}

// parseLine reads one line, or says what is wrong with it in words that hold nothing of it.
func parseLine(fields []string, authority Authority, now time.Time) (Directive, string) {
	if len(fields) != len(columns()) {
		return Directive{}, fmt.Sprintf("%d fields, expected %d", len(fields), len(columns()))
	}
	number, err := clinical.ParseNHSNumber(fields[0])
	if err != nil {
		return Directive{}, "the NHS number is not valid"
	}
	at, err := time.Parse(time.DateOnly, fields[4])
	if err != nil {
		return Directive{}, "the date is not YYYY-MM-DD"
	}
	directive := Directive{Person: number, About: SharedRecord{Step(fields[1])}, Reason: fields[2], RecordedBy: fields[3],
		Authority: authority, At: at}
	return directive, directive.fault(now)
}

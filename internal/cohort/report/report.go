package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"onelondon/internal/cohort"
)

// Format is a form of an answer.
type Format string

// The formats.
const (
	Table   Format = "table"   // for people, aligned, in plain text
	CSV     Format = "csv"     // RFC 4180, one row a cell
	Parquet Format = "parquet" // one row a cell, with the provenance in the file's metadata
	JSON    Format = "json"    // the whole answer
)

// Formats lists every format.
func Formats() []Format { return []Format{Table, CSV, Parquet, JSON} }

// Options change how an answer is written.
type Options struct {
	// Provenance puts what is needed to cite the figures before a CSV, in lines that begin with "# ". RFC 4180 knows no
	// comments, so it is left out unless it is asked for. The other formats always carry it.
	Provenance bool
}

// ErrMisshapen reports an answer whose rows do not have the columns that it says.
var ErrMisshapen = errors.New("the answer's rows do not have its columns")

// Write writes an answer.
func Write(out io.Writer, answer *cohort.Answer, format Format, options Options) error {
	if err := check(&answer.Result); err != nil {
		return err
	}
	answer = withoutHidden(answer)
	switch format {
	case Table:
		return writeTable(out, answer)
	case CSV:
		return writeCSV(out, answer, options)
	case Parquet:
		return writeParquet(out, answer)
	case JSON:
		encoder := json.NewEncoder(out)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		return encoder.Encode(answer)
	}
	return fmt.Errorf("no such format: %q", format)
}

// check finds rows that would be printed under the wrong heads.
func check(result *cohort.Result) error {
	rows := result.Rows
	if result.Total != nil && len(result.Total.Figures) != len(result.Measures) {
		return fmt.Errorf("%w: the total", ErrMisshapen)
	}
	for i := range rows {
		if len(rows[i].Key) != len(result.Columns) || len(rows[i].Figures) != len(result.Measures) {
			return fmt.Errorf("%w: row %d", ErrMisshapen, i+1)
		}
	}
	return nil
}

// withoutHidden is the answer without any number beside the mark that it may not be shown: a form that writes whole figures would
// write it.
func withoutHidden(answer *cohort.Answer) *cohort.Answer {
	clean := *answer
	clean.Result.Rows = slices.Clone(answer.Result.Rows)
	for i := range clean.Result.Rows {
		clean.Result.Rows[i] = cleaned(clean.Result.Rows[i])
	}
	if answer.Result.Total != nil {
		total := cleaned(*answer.Result.Total)
		clean.Result.Total = &total
	}
	return &clean
}

func cleaned(row cohort.Row) cohort.Row {
	row.Figures = slices.Clone(row.Figures)
	for i, figure := range row.Figures {
		if !figure.Shown {
			row.Figures[i] = cohort.Figure{}
		}
	}
	return row
}

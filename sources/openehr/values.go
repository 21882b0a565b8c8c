package openehr

import (
	"slices"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/sources/mapping"
	"onelondon/sources/web"
)

// date reads a date as the mapping says.
func (d *decoder) date(r *row, e *mapping.DateExpr) (clinical.DateTime, bool) {
	written := strings.TrimSpace(textOf(r.value(e.From)))
	if written == "" || slices.Contains(e.Missing, written[:min(len(written), len("2006-01-02"))]) {
		return clinical.DateTime{}, true
	}
	read, ok := web.Moment(written, d.london)
	if !ok {
		return clinical.DateTime{}, false
	}
	if e.Type == mapping.DateColumn {
		read = read.Cut(clinical.PrecisionDay)
	}
	if e.Precision != nil {
		precision, known := e.Precisions[textOf(r.value(e.Precision))]
		if !known || precision == clinical.PrecisionNone {
			return clinical.DateTime{}, true
		}
		read = read.Cut(precision)
	}
	return read, true
}

// concept reads a concept.
func concept(r *row, e *mapping.ConceptExpr) clinical.Concept {
	read := clinical.Concept{Text: text(r, e.Text)}
	for i := range e.Codings {
		coding := &e.Codings[i]
		web.Coded(&read, clinical.Coding{System: clinical.CodeSystem(text(r, coding.System)), Code: text(r, coding.Code), Display: text(r, coding.Display)})
	}
	return read
}

func text(r *row, expr mapping.Expr) clinical.Text {
	if expr == nil {
		return ""
	}
	return web.Clean(textOf(r.value(expr)))
}

package sqlsource

import (
	"strings"

	"onelondon/sources/mapping"
)

// later is the alias of what a row is compared with; a mapping's aliases are its own, and its tables stand further out.
const later = "later"

// latest writes that no row of the same thing is a later version. A number is compared as it is written, first by its length, so
// that 10 is greater than 9 and nothing that is no number stops the statement; a missing one is the least. Two rows of the same
// version both are the latest: which of them counts nobody has said.
func (d *Dialect) latest(e *mapping.Latest) string {
	beside := d
	if d.declared != nil {
		beside = d.typed(func(at *mapping.Column) string {
			if at.Alias == later {
				return d.declared(&mapping.Column{Alias: e.Table.Alias, Name: at.Name})
			}
			return d.declared(at)
		})
	}
	other := func(c *mapping.Column) *mapping.Column { return &mapping.Column{Alias: later, Name: c.Name} }
	var where []string
	for _, c := range e.Of {
		where = append(where, d.column(other(c))+" = "+d.column(c)) // by the column's index
		if d.LooseText {
			where = append(where, d.ended(beside.text(other(c)))+" = "+d.ended(d.text(c)))
		}
	}
	filled := func(c *mapping.Column) string { return d.orElse(beside.text(c), d.literal("")) }
	var greater string
	if e.Text != nil {
		greater = d.ended(filled(other(e.Text))) + " > " + d.ended(filled(e.Text))
	}
	if e.Number != nil {
		theirs, own := filled(other(e.Number)), filled(e.Number)
		any := []string{d.length(theirs) + " > " + d.length(own),
			"(" + d.length(theirs) + " = " + d.length(own) + " AND " + d.ended(theirs) + " > " + d.ended(own) + ")"}
		if greater != "" {
			any = append(any, "("+d.ended(theirs)+" = "+d.ended(own)+" AND "+greater+")")
		}
		greater = "(" + strings.Join(any, " OR ") + ")"
	}
	table := e.Table
	table.Alias = later
	return "(NOT EXISTS (SELECT 1 FROM " + d.table(table) + " WHERE " + strings.Join(append(where, greater), " AND ") + "))"
}

package sqlsource

import (
	"strings"

	"onelondon/sources/mapping"
)

// later is the alias of the row to compare with; it cannot clash, because a mapping's aliases belong to the outer
// query.
const later = "later"

// latest writes the condition that no row with the same key is a later version. Numbers are compared as text, by length
// first, so that 10 is greater than 9 and a value that is not a number does not stop the statement; a missing one sorts
// lowest. If two rows have the same version, both count as the latest.
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
		where = append(where, d.column(other(c))+" = "+d.column(c)) // bare, so that the column's index is used
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

package sqlsource

import (
	"strings"

	"onelondon/internal/condition"
	"onelondon/sources/mapping"
)

// A record may come as several rows: a join finds several codes of one product, a flag stands there twice, an extract was sent again.
// What one of them withholds is withheld. So a row is released if the condition holds of it and no row of the same record, of the same
// person, is found of which it does not. That is asked about beside the filter of the question, which might pass over just that row.

// held writes that no row of the record is withheld. Whose record it is must be told where everybody is counted, since identifiers of two
// people may be the same.
func (b *brancher) held(released condition.Condition, everybody bool) string {
	d, person := b.source.dialect, &b.source.mapping.Person
	other := *b
	other.used, other.where = aliases{}, nil
	other.used.note(b.set.ID, person.NHSNumber, person.Where, b.set.Where)
	own := []string{d.ended(d.text(b.set.ID))}
	if everybody {
		own = append(own, d.ended(d.text(person.NHSNumber)))
	} else {
		other.and(other.isPerson())
	}
	for _, e := range []mapping.Expr{person.Where, b.set.Where} {
		if e != nil {
			other.and(d.truth(e))
		}
	}
	for _, column := range own { // of what is null nothing can be told apart
		other.and(column + " IS NOT NULL")
	}
	passes, _ := other.condition(released)
	other.and("CASE WHEN " + passes + " THEN 1 ELSE 0 END = 0")
	from, rest := d.from(person, b.set, other.used)
	for _, e := range rest {
		other.and(d.truth(e))
	}
	return d.noneOf(own, " FROM "+from+" WHERE "+strings.Join(other.where, " AND "), everybody)
}

// differs reports whether the condition, which some record of the set may satisfy, can say one thing of one row and another of
// another, so that a record must be held back. Whoever asks what hangs together with what carries a label wants every row that does.
func (b *brancher) differs(released condition.Condition) bool {
	if b.asked.Ties {
		return false
	}
	for _, clause := range released.Clauses() {
		if b.possible(clause) && b.allSettled(clause) {
			return false
		}
	}
	return len(b.read(released)) > 0
}

// read lists the tables that the condition reads.
func (b *brancher) read(released condition.Condition) aliases {
	reads := *b
	reads.used, reads.slots = aliases{}, &[]slot{}
	reads.condition(released)
	return reads.used
}

// allSettled reports whether every atom of a clause is decided for the whole set.
func (b *brancher) allSettled(clause condition.Clause) bool {
	for i := range clause {
		if _, settled := b.settled(&clause[i]); !settled {
			return false
		}
	}
	return true
}

// noneOf writes that some texts of a row are not those of any row of a table that is made of the same texts. The aliases of that table
// are those of the statement around it, and stay within it.
func (d *Dialect) noneOf(own []string, rows string, whole bool) string {
	if !d.Transact && !(whole && d.Antijoin) {
		texts := strings.Join(own, ", ")
		if len(own) > 1 {
			return "(" + texts + ") NOT IN (SELECT " + texts + rows + ")"
		}
		return texts + " NOT IN (SELECT " + texts + rows + ")"
	}
	columns, same := make([]string, len(own)), make([]string, len(own))
	for i, text := range own {
		name := d.numbered(i)
		columns[i] = text + " AS " + name
		same[i] = d.name(withheld) + "." + name + " = " + text
	}
	return "NOT EXISTS (SELECT 1 FROM (SELECT " + strings.Join(columns, ", ") + rows + ") AS " + d.name(withheld) +
		" WHERE " + strings.Join(same, " AND ") + ")"
}

// withheld is the alias of what a row is compared with.
const withheld = "withheld"

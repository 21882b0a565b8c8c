package sqlsource

import (
	"slices"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
	"onelondon/sources/mapping"
)

// slot says which value of a query a placeholder stands for.
type slot struct {
	value   slotValue
	part    int
	a, b, c int // which code, status, or clause, atom and value
}

type slotValue uint8

const (
	slotCaller slotValue = iota
	slotPerson
	slotLimit
	slotFrom
	slotUntil
	slotCode
	slotSystem
	slotStatus
	slotConstant
	slotAfterDate
	slotAfterID
	slotList
	slotCodes // all codes that name the same system as one does, as one value
	slotGiven // a value of its own, see counting
)

// brancher writes the branch of one set of records for one part. Placeholders are numbered in the order they are written.
type brancher struct {
	source *Source
	set    *mapping.RecordSet
	part   int
	asked  *sources.Part
	used   aliases
	slots  *[]slot
	lists  lists
	layout *layout
	where  []string
}

// bind writes a placeholder for a value. Where placeholders have names, one serves as often as the value is needed.
func (b *brancher) bind(s slot) string {
	s.part = b.part
	if b.source.dialect.Transact {
		if at := slices.Index(*b.slots, s); at >= 0 {
			return b.source.dialect.placeholder(at + 1)
		}
	}
	*b.slots = append(*b.slots, s)
	return b.source.dialect.placeholder(len(*b.slots))
}

// mostPlaces is how many texts are given one by one where placeholders are few; more are one value.
const mostPlaces = 100

// bindEnded writes a placeholder for a text to be compared with one whose end is marked.
func (b *brancher) bindEnded(s slot) string { return b.source.dialect.ended(b.bind(s)) }

func (b *brancher) and(sql string) {
	if sql != "" {
		b.where = append(b.where, sql)
	}
}

// write returns the branch: FROM, WHERE, ORDER BY and LIMIT around the layout's columns, padded to a width, or "" where the condition can release nothing of this set.
func (b *brancher) write(number string, width int) string {
	if tieLabels(b.asked) != nil {
		return b.writeTies(number, width)
	}
	d, person := b.source.dialect, &b.source.mapping.Person
	b.used.note(b.set.ID, person.NHSNumber, person.Where, b.set.Where)
	id := d.text(b.set.ID)
	b.and(b.isPerson())
	for _, e := range []mapping.Expr{person.Where, b.set.Where} {
		if e != nil {
			b.and(d.truth(e))
		}
	}
	b.filter()
	released, some := b.condition(b.asked.Condition)
	if !some {
		return ""
	}
	b.and(released)
	order, dated := b.order()
	ordered := d.ended(id)
	if dated {
		ordered = order + " DESC, " + d.second(id)
	}
	b.after(order, id)
	limit := b.limit()
	from, rest := d.from(person, b.set, b.used)
	for _, e := range rest {
		b.and(d.truth(e))
	}
	return d.branch(d.limited(limit, b.selecting(number, id, width, from)+" ORDER BY "+ordered), number)
}

// selecting writes the branch behind its SELECT and up to its last condition.
func (b *brancher) selecting(number, id string, width int, from string) string {
	d := b.source.dialect
	columns := append([]string{d.literal(number), id}, b.layout.selects...)
	for len(columns) < width {
		columns = append(columns, d.null())
	}
	if d.Transact { // a branch is a table of its own, and its columns have names
		for i := range columns {
			columns[i] += " AS " + d.numbered(i)
		}
	}
	return strings.Join(columns, ", ") + " FROM " + from + " WHERE " + strings.Join(b.where, " AND ")
}

// isPerson writes that a row is of the person asked for.
func (b *brancher) isPerson() string {
	d := b.source.dialect
	return d.operand(b.source.mapping.Person.NHSNumber) + " = " + d.asNumber(b.bind(slot{value: slotPerson}))
}

func (b *brancher) limit() string {
	placeholder := b.bind(slot{value: slotLimit})
	if how := b.source.dialect.Limit; how != "" {
		return strings.Replace(how, "%", placeholder, 1)
	}
	return placeholder
}

// order writes what records are ordered by, ” for a missing date so that it comes last.
func (b *brancher) order() (order string, dated bool) {
	date, dated := b.source.date(b.set, b.used)
	if !dated {
		return b.source.dialect.exact(b.source.dialect.literal("")), false
	}
	return b.source.dialect.orElse(date, b.source.dialect.literal("")), true
}

// after leaves out what stands before or at the position asked for. Where this source's name differs from the position's,
// the order of the names decides among records of the same moment.
func (b *brancher) after(order, id string) {
	switch turnOf(b.source.id, b.asked.After) {
	case turnEarlier:
		b.and(order + " < " + b.bind(slot{value: slotAfterDate}))
	case turnLater:
		b.and(order + " <= " + b.bind(slot{value: slotAfterDate}))
	case turnSame:
		older := order + " < " + b.bind(slot{value: slotAfterDate})
		same := order + " = " + b.bind(slot{value: slotAfterDate})
		b.and("(" + older + " OR (" + same + " AND " + b.source.dialect.ended(id) + " > " + b.bindEnded(slot{value: slotAfterID}) + "))")
	}
}

// turn says where a position stands among the records of one moment, seen from one source.
type turn byte

const (
	turnStart   turn = iota // no position: everything comes after
	turnEarlier             // this source's records of that moment have been shown
	turnSame                // those up to the identifier have
	turnLater               // none has
)

func turnOf(own clinical.SourceID, after sources.Position) turn {
	switch {
	case after.IsStart():
		return turnStart
	case own < after.Source:
		return turnEarlier
	case own > after.Source:
		return turnLater
	}
	return turnSame
}

// condition writes what is released. Each attribute is null where a record lacks it, and no comparison holds of null, so
// that a missing value never releases anything; some is false where nothing of this set can be.
func (b *brancher) condition(released condition.Condition) (sql string, some bool) {
	if released.IsAlways() {
		return "", true
	}
	var clauses []string
	for i, clause := range released.Clauses() {
		if !b.possible(clause) {
			continue
		}
		clauses = append(clauses, "("+strings.Join(b.clause(clause, i), " AND ")+")")
	}
	if len(clauses) == 0 {
		return "", false
	}
	return "(" + strings.Join(clauses, " OR ") + ")", true
}

// clause writes what a possible clause asks of each row.
func (b *brancher) clause(clause condition.Clause, number int) (atoms []string) {
	var free []*condition.Atom
	together := together(clause)
	for i := range clause {
		if _, settled := b.settled(&clause[i]); settled {
			continue
		}
		if together != nil && mustBeFree(&clause[i]) {
			free = append(free, &clause[i])
			continue
		}
		atoms = append(atoms, b.atom(&clause[i], number, i))
	}
	if len(free) > 0 {
		atoms = append(atoms, b.free(free, together))
	}
	if len(atoms) == 0 {
		return []string{b.source.dialect.yes()}
	}
	return atoms
}

// possible reports whether some record of the set may satisfy the clause. What concerns the source alone is decided here.
func (b *brancher) possible(clause condition.Clause) bool {
	for i := range clause {
		if !b.atomPossible(&clause[i]) {
			return false
		}
	}
	return true
}

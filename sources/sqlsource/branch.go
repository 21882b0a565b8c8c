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
	a, b, c int // index of the code or status; or of clause, atom and value
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
	slotCodes // all codes in the same system as this one, as one value
	slotGiven // a value supplied separately, see counting
)

// brancher writes the branch for one set of records and one part. Placeholders are numbered in the order of writing.
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

// bind writes a placeholder for a value. If placeholders are numbered, one is reused whenever the value is needed
// again.
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

// mostPlaces is how many texts are bound individually if placeholders are scarce; more are bound as one value.
const mostPlaces = 100

// bindEnded writes a placeholder for text that is compared with text whose end is marked.
func (b *brancher) bindEnded(s slot) string { return b.source.dialect.ended(b.bind(s)) }

func (b *brancher) and(sql string) {
	if sql != "" {
		b.where = append(b.where, sql)
	}
}

// write returns the branch (FROM, WHERE, ORDER BY and LIMIT around the layout's columns, padded to a width), or "" if
// the condition can release nothing from this set.
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
	if b.differs(b.asked.Condition) {
		b.and(b.held(b.asked.Condition, false))
	}
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

// selecting writes the branch after its SELECT and up to its last condition.
func (b *brancher) selecting(number, id string, width int, from string) string {
	d := b.source.dialect
	columns := append([]string{d.literal(number), id}, b.layout.selects...)
	for len(columns) < width {
		columns = append(columns, d.null())
	}
	if d.Transact { // a branch is a derived table, whose columns need names
		for i := range columns {
			columns[i] += " AS " + d.numbered(i)
		}
	}
	return strings.Join(columns, ", ") + " FROM " + from + " WHERE " + strings.Join(b.where, " AND ")
}

// isPerson writes the condition that a row belongs to the person asked for.
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

// order writes the sort key of records; a missing date becomes the empty text, so that it comes last.
func (b *brancher) order() (order string, dated bool) {
	date, dated := b.source.date(b.set, b.used)
	if !dated {
		return b.source.dialect.exact(b.source.dialect.literal("")), false
	}
	return b.source.dialect.orElse(date, b.source.dialect.literal("")), true
}

// after excludes rows at or before the requested position. If this source's name differs from the position's, the order
// of the names decides between records of the same moment.
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

// turn says where a position lies among the records of one moment, for one source.
type turn byte

const (
	turnStart   turn = iota // no position: everything comes after
	turnEarlier             // this source's records of that moment have been shown
	turnSame                // those up to the identifier have been shown
	turnLater               // none has been shown
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

// condition writes what is released. An attribute that a record lacks is null, and no comparison with null is true, so
// a missing value never releases anything. Some is false if nothing from this set can be released.
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

// clause writes the atoms of a possible clause that depend on the row.
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

// possible reports whether any record of the set can satisfy the clause. Atoms about the source itself are decided
// here.
func (b *brancher) possible(clause condition.Clause) bool {
	for i := range clause {
		if !b.atomPossible(&clause[i]) {
			return false
		}
	}
	return true
}

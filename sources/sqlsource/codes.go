package sqlsource

import (
	"encoding/binary"
	"slices"
	"strconv"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
	"onelondon/sources/mapping"
)

// lists are the code lists used by a statement. Each is bound as one value, whatever its length and however many
// branches use it; the statement unpacks it once, before its branches.
type lists []*condition.Codes

// noted returns the lists with those of a condition appended.
func (l lists) noted(released condition.Condition) lists {
	for _, clause := range released.Clauses() {
		together := together(clause)
		l = l.with(together)
		for i := range clause {
			if together == nil || !mustBeFree(&clause[i]) {
				l = l.with(clause[i].Codes)
			}
		}
	}
	return l
}

func (l lists) with(codes *condition.Codes) lists {
	if codes == nil || l.index(codes) >= 0 {
		return l
	}
	return append(l, codes)
}

// index finds a list by its codes: a list that presumes equals the same codes without presuming.
func (l lists) index(codes *condition.Codes) int {
	return slices.IndexFunc(l, func(known *condition.Codes) bool { return known.JSON() == codes.JSON() })
}

// of is the name of a list within a statement.
func (l lists) of(codes *condition.Codes) string {
	return "codes" + strconv.Itoa(l.index(codes))
}

// shape appends to a plan's key what its text depends on: which list is used, if any, what it covers and what it
// presumes.
func (l lists) shape(key []byte, codes *condition.Codes) []byte {
	var number int
	var covers []clinical.CodeSystem
	var presumes condition.Presumption
	if codes != nil {
		number, covers, presumes = 1+l.index(codes), codes.Covers(), codes.Presumes()
	}
	key = binary.AppendUvarint(key, uint64(number))
	for _, system := range covers {
		key = append(key, "|"+system...)
	}
	return append(key, byte(presumes))
}

// unpack writes the common table expressions for the lists, each a table of one column.
func (s *Source) unpack(l lists, slots *[]slot) string {
	if len(l) == 0 {
		return ""
	}
	tables := make([]string, len(l))
	for i := range l {
		*slots = append(*slots, slot{value: slotList, a: i})
		tables[i] = s.dialect.name(l.of(l[i])) + " " + strings.ReplaceAll(s.dialect.Unpack, "%", s.dialect.placeholder(len(*slots)))
	}
	return "WITH " + strings.Join(tables, ", ") + "\n"
}

// listsOf lists the code lists of a query, in the order of first use.
func listsOf(query *sources.Query) lists {
	var all lists
	for i := range query.Parts {
		if i == 0 || !query.Parts[i].Condition.Is(query.Parts[i-1].Condition) {
			all = all.noted(query.Parts[i].Condition)
		}
	}
	return all
}

// labelByCodes writes a label that depends on codes as '1', '0' or null, with the same result as in memory. It is set
// if the source says so or a coding is listed; otherwise not set if a coding is in a terminology that the list covers,
// if the source says so, or if the list presumes so; otherwise missing. What is constant for the whole set has been
// decided before, so some of it depends on the row.
func (b *brancher) labelByCodes(flag mapping.Expr, codes *condition.Codes) string {
	d := b.source.dialect
	yes, no := d.literal("1"), d.literal("0")
	listed, covered, divided := b.lookUp(codes)
	var text strings.Builder
	text.WriteString("CASE")
	_, fixed := fixedTruth(flag)
	if flag != nil && !fixed {
		b.used.note(flag)
		said := d.truthText(flag)
		text.WriteString(" WHEN " + said + " = " + yes + " THEN " + yes)
		covered = append(covered, said+" = "+no)
	}
	if len(listed) > 0 {
		text.WriteString(" WHEN " + strings.Join(listed, " OR ") + " THEN " + yes)
	}
	switch doubted := codes.Presumes() == condition.PresumesSilence && len(divided) > 0; {
	case fixed || codes.Presumes() != condition.PresumesNothing && !doubted:
		text.WriteString(" ELSE " + no)
	case doubted:
		text.WriteString(" WHEN " + strings.Join(covered, " OR ") + " THEN " + no + " WHEN " + strings.Join(divided, " OR ") + " THEN NULL ELSE " + no)
	default:
		text.WriteString(" WHEN " + strings.Join(covered, " OR ") + " THEN " + no)
	}
	return d.ended(d.exact(text.String() + " END"))
}

// lookUp writes, for each coding that may be in a covered terminology, whether it is listed, whether the list is
// conclusive about it, and whether it is in a classification; in the last case a code on which the list is inconclusive
// is an unreadable one.
func (b *brancher) lookUp(codes *condition.Codes) (listed, covered, divided []string) {
	concept := b.set.Fields["code"].Concept
	if concept == nil || len(codes.Covers()) == 0 {
		return nil, nil, nil
	}
	d := b.source.dialect
	table := " IN (SELECT " + d.name(unpacked) + " FROM " + d.name(b.lists.of(codes)) + ")"
	for i := range concept.Codings {
		coding := &concept.Codings[i]
		code, _ := b.source.filled(coding.Code, b.used)
		if fixed, isFixed := coding.System.(*mapping.Literal); isFixed {
			if system := constant(fixed); slices.Contains(codes.Covers(), clinical.CodeSystem(system)) {
				listed = append(listed, d.exact(d.joined(d.literal(system+"|"), code))+table)
				if condition.Divided(clinical.CodeSystem(system)) {
					covered = append(covered, d.asDivided(code))
					divided = append(divided, code+" IS NOT NULL")
				} else {
					covered = append(covered, code+" IS NOT NULL")
				}
			}
			continue
		}
		b.used.note(coding.System)
		system := d.text(coding.System)
		listed = append(listed, d.exact(d.joined(system, d.literal("|"), code))+table)
		known := "(" + d.ended(system) + " IN (" + d.literals(codes.Covers()) + ") AND " + code + " IS NOT NULL"
		if classifications := dividedOf(codes.Covers()); len(classifications) > 0 {
			known += " AND (" + d.ended(system) + " NOT IN (" + d.literals(classifications) + ") OR " + d.asDivided(code) + ")"
			divided = append(divided, "("+d.ended(system)+" IN ("+d.literals(classifications)+") AND "+code+" IS NOT NULL)")
		}
		covered = append(covered, known+")")
	}
	return listed, covered, divided
}

// asDivided writes the condition that a code has the form that its classification prescribes.
func (d *Dialect) asDivided(code string) string {
	within := func(at, first, last string) string {
		return d.exact(d.sub(code, at, "1")) + " BETWEEN " + d.literal(first) + " AND " + d.literal(last)
	}
	behind := condition.Behind()
	for i := range behind {
		behind[i] = d.ended(d.literal(behind[i]))
	}
	return "(" + strings.Join([]string{within("1", "A", "Z"), within("2", "0", "9"), within("3", "0", "9"),
		d.exact(d.rest(code, "4")) + " IN (" + strings.Join(behind, ", ") + ")"}, " AND ") + ")"
}

// dividedOf selects the classifications among terminologies.
func dividedOf(systems []clinical.CodeSystem) []clinical.CodeSystem {
	return slices.DeleteFunc(slices.Clone(systems), func(system clinical.CodeSystem) bool { return !condition.Divided(system) })
}

// unpacked is the column of an unpacked list.
const unpacked = "code"

func (d *Dialect) literals(systems []clinical.CodeSystem) string {
	quoted := make([]string, len(systems))
	for i, system := range systems {
		quoted[i] = d.ended(d.literal(string(system)))
	}
	return strings.Join(quoted, ", ")
}

// fixedTruth reads a label that the mapping makes the same for all records of a set; fixed is false if it depends on
// the row.
func fixedTruth(e mapping.Expr) (yes, fixed bool) {
	l, fixed := e.(*mapping.Literal)
	if fixed {
		yes, _ = l.Value.(bool)
	}
	return yes, fixed
}

// settled decides an atom that has the same result for all records of the set: one about the source, or about a label
// that the mapping makes constant and that no code could change.
func (b *brancher) settled(atom *condition.Atom) (holds, settled bool) {
	if atom.Attribute == condition.Source {
		return b.source.satisfies(atom), true
	}
	label, isLabel := atom.Attribute.Label()
	if !isLabel {
		return false, false
	}
	flag := b.source.label(b.set, label)
	yes, fixed := fixedTruth(flag)
	if flag != nil && !fixed || !yes && b.mayBeListed(atom.Codes) {
		return false, false
	}
	record := &clinical.Condition{}
	if fixed {
		record.Labels.Put(label, yes)
	}
	return condition.Where(condition.Clause{*atom}).Match(record), true
}

// mayBeListed reports whether a record of the set can have a code in a terminology that the list covers.
func (b *brancher) mayBeListed(codes *condition.Codes) bool {
	if codes == nil {
		return false
	}
	listed, _, _ := b.lookUp(codes)
	return len(listed) > 0
}

package sqlsource

import (
	"slices"
	"strings"

	"onelondon/internal/condition"
)

// Some clauses demand that a record carries none of several labels that depend on code lists. Such a clause is tested
// with one lookup in all of their lists together, instead of one for each label: two lists for somebody who has
// expressed no preference, a dozen for somebody who denies every category.

// mustBeFree reports whether the atom demands that a record does not carry a label that depends on codes.
func mustBeFree(atom *condition.Atom) bool {
	return atom.Codes != nil && atom.Op == condition.Equal && slices.Equal(atom.Values, []condition.Value{condition.Bool(false)})
}

// together is one list of the codes of every label that the clause excludes; nil if there are fewer than two such
// labels, or too many.
func together(clause condition.Clause) *condition.Codes {
	var first *condition.Codes
	var others []*condition.Codes
	for i := range clause {
		switch {
		case !mustBeFree(&clause[i]):
		case first == nil:
			first = clause[i].Codes
		default:
			others = append(others, clause[i].Codes)
		}
	}
	if len(others) == 0 {
		return nil
	}
	return first.Together(others)
}

// free writes the condition that a row carries none of the labels: no source says so, no coding is on any of the lists,
// and for each label that is known. It is equivalent to the individual atoms, see labelByCodes.
func (b *brancher) free(atoms []*condition.Atom, together *condition.Codes) string {
	var known []string
	d := b.source.dialect
	yes, no := d.literal("1"), d.literal("0")
	listed, _, _ := b.lookUp(together)
	for _, atom := range atoms {
		said, doubt := b.doubt(atom)
		if said != "" {
			listed = append(listed, said+" = "+yes)
		}
		if doubt != "" && !slices.Contains(known, doubt) {
			known = append(known, doubt)
		}
	}
	text := "CASE WHEN " + strings.Join(listed, " OR ") + " THEN " + yes
	if len(known) == 0 {
		return d.exact(text+" ELSE "+no+" END") + " = " + no
	}
	return d.exact(text+" WHEN "+strings.Join(known, " AND ")+" THEN "+no+" END") + " = " + no
}

// doubt writes what the source says about the label in each row, and the condition under which the label of an unlisted
// row is known; each is empty if it does not depend on the row.
func (b *brancher) doubt(atom *condition.Atom) (said, known string) {
	label, _ := atom.Attribute.Label()
	flag := b.source.label(b.set, label)
	_, fixed := fixedTruth(flag)
	_, covered, divided := b.lookUp(atom.Codes)
	if flag != nil && !fixed {
		b.used.note(flag)
		said = b.source.dialect.truthText(flag)
		covered = append(covered, said+" = "+b.source.dialect.literal("0"))
	}
	doubted := atom.Codes.Presumes() == condition.PresumesSilence && len(divided) > 0
	switch {
	case fixed || atom.Codes.Presumes() != condition.PresumesNothing && !doubted:
		return said, ""
	case doubted:
		d := b.source.dialect
		plain := d.exact("CASE WHEN "+strings.Join(divided, " OR ")+" THEN "+d.literal("1")+" ELSE "+d.literal("0")+" END") + " = " + d.literal("0")
		covered = append(covered, plain)
	}
	return said, "(" + strings.Join(covered, " OR ") + ")"
}

// carried writes the condition that a row carries the label; it is not true if that is unknown.
func (b *brancher) carried(atom *condition.Atom) string {
	if atom.Codes == nil {
		return b.attribute(atom) + " = " + b.source.dialect.ended(b.source.dialect.literal("1"))
	}
	listed, _, _ := b.lookUp(atom.Codes)
	if said, _ := b.doubt(atom); said != "" {
		listed = append(listed, said+" = "+b.source.dialect.literal("1"))
	}
	return "(" + strings.Join(listed, " OR ") + ")"
}

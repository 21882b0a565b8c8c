package sqlsource

import (
	"slices"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
	"onelondon/sources/mapping"
)

// A part that asks for ties is answered with substitutes for the records. Sets that come from the same tables and have
// the same ties are read together in one branch, whatever their kinds, and each row says which of the labels any of
// them carries. The thirteen diagnoses and thirteen procedures side by side in a row of a PAS thus need one branch
// instead of 26.

// tieLabels are the labels that a part asks for, if it asks for ties in the form that can be answered with substitutes:
// any of some labels.
func tieLabels(part *sources.Part) []condition.Atom {
	if !part.Ties {
		return nil
	}
	var atoms []condition.Atom
	for _, clause := range part.Condition.Clauses() {
		if len(clause) != 1 || clause[0].Op != condition.Equal || !slices.Equal(clause[0].Values, []condition.Value{condition.Bool(true)}) {
			return nil
		}
		if _, isLabel := clause[0].Attribute.Label(); !isLabel {
			return nil
		}
		atoms = append(atoms, clause[0])
	}
	return atoms
}

// tieFields are the names of the fields that hold ties, with the kind that each identifies.
func tieFields() map[string]clinical.Kind {
	return map[string]clinical.Kind{"encounterId": clinical.KindEncounter, "problemId": clinical.KindCondition,
		"appointmentId": clinical.KindAppointment}
}

// named reports whether other records in this system refer to records of the kind, so that those must be identified.
func (s *Source) named(kind clinical.Kind) bool {
	for field, of := range tieFields() {
		if of != kind {
			continue
		}
		for _, sets := range s.mapping.Records {
			if slices.ContainsFunc(sets, func(set mapping.RecordSet) bool { return set.Fields[field].Value != nil }) {
				return true
			}
		}
	}
	return false
}

// gather merges branches that can be read together: of parts about one person with the same condition.
func (s *Source) gather(query *sources.Query, branches []branchOf) []branchOf {
	first := map[string]int{}
	var gathered []branchOf
	for _, branch := range branches {
		part := &query.Parts[branch.part]
		if tieLabels(part) == nil {
			gathered = append(gathered, branch)
			continue
		}
		key := string(rune(tieGroup(query, branch.part))) + s.tieKey(branch.set)
		if s.named(part.Kind) {
			key = part.Kind.String() + branch.set.ID.String() + key
		}
		if at, known := first[key]; known {
			gathered[at].beside = append(gathered[at].beside, branch.set)
			continue
		}
		first[key] = len(gathered)
		gathered = append(gathered, branch)
	}
	return gathered
}

// tieGroup is the first part that asks for ties of the same person with the same condition.
func tieGroup(query *sources.Query, part int) int {
	same := func(p sources.Part) bool {
		return p.Ties && p.Person == query.Parts[part].Person && p.Condition.Is(query.Parts[part].Condition)
	}
	return slices.IndexFunc(query.Parts[:part+1], same)
}

// tieKey is equal for sets that are read from the same tables and have the same ties.
func (s *Source) tieKey(set *mapping.RecordSet) string {
	l := s.layTies(0, set)
	for _, join := range set.Joins {
		l.used[join.Alias] = true
	}
	from, _ := s.dialect.from(&s.mapping.Person, set, l.used)
	return from + strings.Join(l.selects, ", ")
}

// layTies selects the ties.
func (s *Source) layTies(part int, set *mapping.RecordSet) *layout {
	l := &layout{part: part, kind: set.Kind.Descriptor(), dialect: s.dialect, used: aliases{}}
	for i := range l.kind.Fields {
		field := &l.kind.Fields[i]
		if _, isTie := tieFields()[field.Name]; isTie && set.Fields[field.Name].Value != nil {
			l.field(field, set.Fields[field.Name])
		}
	}
	return l
}

// ties adds to the layout, for each label, whether a row carries it in any of the branch's sets, and to the branch's
// conditions that one of those columns is not null; it returns false if none ever is. None of this depends on a value.
func (b *brancher) ties(branch branchOf) bool {
	var any []string
	l, sets := b.layout, append([]*mapping.RecordSet{branch.set}, branch.beside...)
	for _, atom := range tieLabels(b.asked) {
		var carries []string
		for _, set := range sets {
			b.set = set
			if sql := b.carries(&atom); sql != "" {
				carries = append(carries, sql)
			}
		}
		if len(carries) == 0 {
			continue
		}
		label, _ := atom.Attribute.Label()
		at := columnFirst + len(l.selects)
		any = append(any, b.source.dialect.numbered(at)+" IS NOT NULL")
		l.cells = append(l.cells, cell{role: roleLabel, label: label, column: at})
		l.selects = append(l.selects, b.source.dialect.exact("CASE WHEN "+strings.Join(carries, " OR ")+" THEN "+b.source.dialect.literal("1")+" END"))
	}
	b.set = branch.set
	if len(any) > 0 {
		b.and("(" + strings.Join(any, " OR ") + ")")
	}
	return len(any) > 0
}

// carries writes whether a row is a record of the set that carries the label; "" if none is.
func (b *brancher) carries(atom *condition.Atom) string {
	if !b.atomPossible(atom) {
		return ""
	}
	sql := b.source.dialect.yes()
	if _, settled := b.settled(atom); !settled {
		sql = b.carried(atom)
	}
	if b.set.Where != nil {
		b.used.note(b.set.Where)
		sql = b.source.dialect.truth(b.set.Where) + " AND " + sql
	}
	return "(" + sql + ")"
}

// everyRow is a limit above the size of any table. It makes the database evaluate the rows before filtering them;
// otherwise every lookup in a code list is planned twice, once to return the label and once to filter by it.
const everyRow = "9223372036854775807"

// writeTies returns the branch of substitutes.
func (b *brancher) writeTies(number string, width int) string {
	d, person := b.source.dialect, &b.source.mapping.Person
	b.used.note(b.set.ID, person.NHSNumber, person.Where)
	who := []string{b.isPerson()}
	if person.Where != nil {
		who = append(who, d.truth(person.Where))
	}
	from, rest := d.from(person, b.set, b.used)
	for _, e := range rest {
		who = append(who, d.truth(e))
	}
	columns := append([]string{d.literal(number), d.text(b.set.ID)}, b.layout.selects...)
	chosen := make([]string, 0, width)
	for i := range columns {
		columns[i] += " AS " + d.numbered(i)
		chosen = append(chosen, d.numbered(i))
	}
	for len(chosen) < width {
		chosen = append(chosen, d.null())
	}
	rows := d.limited(everyRow, strings.Join(columns, ", ")+" FROM "+from+" WHERE "+strings.Join(who, " AND "))
	return d.branch(d.limited(b.limit(), strings.Join(chosen, ", ")+" FROM ("+rows+") AS "+d.name("ties")+" WHERE "+
		strings.Join(b.where, " AND ")), number)
}

package policy

import (
	"slices"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
)

// residue is what partial evaluation leaves of the rule about records: a disjunction of clauses, each a conjunction of
// atoms. Atoms may still mention the record's kind. No clause at all releases nothing.
type residue []condition.Clause

// forKind resolves the kind and returns the condition on single records of it, in which labels of categories are
// determined by codes.
func (r residue) forKind(kind clinical.Kind, lists categoryLists) condition.Condition {
	var clauses []condition.Clause
	for _, clause := range r {
		settled := condition.Clause{}
		holds := true
		for _, atom := range clause {
			switch {
			case atom.Attribute == kindAttribute:
				holds = holds && ofKind(&atom, kind)
			case !contains(settled, atom):
				if label, ok := atom.Attribute.Label(); ok {
					atom.Codes = lists.of(label, kind)
				}
				settled = append(settled, atom)
			}
		}
		if holds {
			clauses = append(clauses, settled)
		}
	}
	return condition.Where(withoutWeaker(clauses)...)
}

// settledBy identifies everything about a kind on which forKind depends: which clauses apply to it, and which lists.
// Kinds with equal results have the same condition.
func (r residue) settledBy(kind clinical.Kind, lists categoryLists) string {
	key := make([]byte, 0, 64)
	for _, clause := range r {
		holds := byte('1')
		for i := range clause {
			if clause[i].Attribute == kindAttribute && !ofKind(&clause[i], kind) {
				holds = '0'
			}
		}
		key = append(key, holds)
	}
	if lists.judges(kind) {
		key = append(key, 'j')
	}
	return string(key)
}

// ofKind reports whether an atom about the kind holds for kind.
func ofKind(atom *condition.Atom, kind clinical.Kind) bool {
	named := slices.Contains(atom.Values, condition.Text(kind.String()))
	switch atom.Op {
	case condition.Equal, condition.In:
		return named
	case condition.NotEqual, condition.NotIn:
		return !named
	}
	return false
}

// withoutWeaker drops clauses that demand more than another: if organisation = 'A' releases a record, then sealed =
// false and organisation = 'A' releases nothing more.
func withoutWeaker(clauses []condition.Clause) []condition.Clause {
	var kept []condition.Clause
	for i, clause := range clauses {
		implied := false
		for j, other := range clauses {
			if implies(clause, other) && (j < i || !implies(other, clause)) {
				implied = true
			}
		}
		if !implied {
			kept = append(kept, clause)
		}
	}
	return kept
}

// implies reports whether whatever satisfies clause satisfies other, because clause contains all atoms of other.
func implies(clause, other condition.Clause) bool {
	for _, atom := range other {
		if !contains(clause, atom) {
			return false
		}
	}
	return true
}

func contains(clause condition.Clause, atom condition.Atom) bool {
	return slices.ContainsFunc(clause, func(other condition.Atom) bool {
		return other.Attribute == atom.Attribute && other.Op == atom.Op && slices.Equal(other.Values, atom.Values)
	})
}

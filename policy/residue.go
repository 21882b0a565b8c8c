package policy

import (
	"slices"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
)

// residue is what is left of the rule about records: any of these clauses, each all of its atoms. Atoms may still speak of
// the record's kind. No clause releases nothing.
type residue []condition.Clause

// forKind settles what the residue says about the kind and leaves a condition on single records of it, in which labels that
// are categories go by their codes.
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

// settledBy is everything that forKind takes of a kind: which clauses hold of it, and by which lists it goes. Kinds of which it is
// the same have the same condition.
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

// ofKind reports whether atom, which speaks of the kind, holds of kind.
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

// withoutWeaker leaves out clauses that ask for more than another one does: where organisation = 'A' releases a record, so
// does nothing more by sealed = false and organisation = 'A'.
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

// implies reports whether whatever satisfies clause satisfies other, because all atoms of other are in it.
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

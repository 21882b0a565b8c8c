package translation_test

import (
	"strings"
	"testing"
)

// The proof of leaks would see a leak: it fails, and it is a record that leaked, where drivers are bent and the gate believes
// them, and where the translator from Rego makes conditions that release too much, which the gate's second look goes by too. That
// it passes where only the drivers are bent is its own test.
func TestTheProofOfLeaksSeesAGateThatBelievesItsDriversAndABentTranslator(t *testing.T) {
	all := breakAll(t)
	for name, broken := range map[string][]string{
		"a gate that believes its drivers":              {"internal/gate/judge.go: releases: say true at once", "internal/gate/judge.go: released: say true at once"},
		"a translator that loses comparisons":           {"policy/translate.go: translate: lose what is added in append(clause, atom)"},
		"a translator that takes one label for another": {"policy/residue.go: contains: drop other.Attribute == atom.Attribute"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var numbers []int
			for _, key := range broken {
				numbers = append(numbers, all.numbered(t, key))
			}
			if seen, err := all.fails(t.Context(), leaks(), numbers...); err != nil || !strings.HasSuffix(seen, "a record leaked") {
				t.Errorf("the proof of leaks says %q: %v", seen, err)
			}
		})
	}
}

// numbered is the number of a break.
func (all *breakages) numbered(t *testing.T, key string) int {
	t.Helper()
	for i := range all.points {
		if all.points[i].key() == key {
			return all.points[i].number
		}
	}
	t.Fatalf("there is no break %q", key)
	return 0
}

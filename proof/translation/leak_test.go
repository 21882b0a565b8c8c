package translation_test

import (
	"strings"
	"testing"
)

// The proof of leaks would see a leak: with drivers that are bent and a gate that believes them, it fails, and it is a record
// that leaked. That it passes where only the drivers are bent is its own test.
func TestTheProofOfLeaksSeesAGateThatBelievesItsDrivers(t *testing.T) {
	all := breakAll(t)
	believes := []int{all.numbered(t, "internal/gate/judge.go: releases: say true at once"),
		all.numbered(t, "internal/gate/judge.go: released: say true at once")}
	seen, err := all.fails(t.Context(), leaks(), believes...)
	if err != nil || !strings.HasSuffix(seen, "a record leaked") {
		t.Errorf("with no second look the proof says %q: %v", seen, err)
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

package testkit

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"os"
	"strconv"
	"testing"
)

// What the proofs read from the environment. make prove sets the first; a person who wants to see a failure again sets the
// second to the seed that the failure printed.
const (
	ProveVariable = "ONELONDON_PROVE"
	SeedVariable  = "ONELONDON_SEED"
	// CountsVariable names the environment variable that holds the path of a file to which [Counted] adds its lines. make
	// check and make prove print that file, because go test hides what passing packages print.
	CountsVariable = "ONELONDON_COUNTS"
)

// Proving reports whether the proofs are to take as long as they like (make prove) rather than their short form (make
// check).
func Proving() bool { return os.Getenv(ProveVariable) == "1" }

// Size is the first number in the short form of a proof, and the second in the long.
func Size(short, long int) int {
	if Proving() {
		return long
	}
	return short
}

// Seed returns the seed of a test that draws at random, and notes how to draw the same again: the one in [SeedVariable]
// where it is set, else a new one.
func Seed(t testing.TB) uint64 {
	t.Helper()
	seed, err := strconv.ParseUint(os.Getenv(SeedVariable), 10, 64)
	if err != nil {
		var random [8]byte
		_, _ = rand.Read(random[:]) // never fails
		seed = binary.LittleEndian.Uint64(random[:]) >> 1
	}
	t.Logf("%s=%d draws the same again", SeedVariable, seed)
	return seed
}

// Counted says how much a proof has tried, on the test's log and in the file that [CountsVariable] names.
func Counted(t testing.TB, format string, arguments ...any) {
	t.Helper()
	line := fmt.Sprintf(format, arguments...)
	t.Log(line)
	if path := os.Getenv(CountsVariable); path != "" {
		if err := appendLine(path, fmt.Sprintf("PROVED: %s: %s\n", t.Name(), line)); err != nil {
			t.Errorf("noting a count: %v", err)
		}
	}
}

package disclosure_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
	"onelondon/internal/cohort/disclosure"
)

// half is a question about a random half of so many people, in twenty bands, and about everybody for all that is known of them.
func half(everybody, number int) disclosure.Question {
	const bands = 20
	by := cohort.Dimension{Kind: cohort.ByAgeBand}
	for i := range bands {
		by.Bands = append(by.Bands, 5*i)
	}
	random := rand.New(rand.NewPCG(uint64(number), 1))
	cells, known := make([]cohort.Cell, bands), make([]cohort.Cell, bands)
	for person := range everybody {
		at := person % bands
		known[at].People = append(known[at].People, clinical.Pseudonym(person))
		if random.IntN(2) == 0 {
			cells[at].People = append(cells[at].People, clinical.Pseudonym(person))
		}
	}
	for i, name := range by.Values() {
		cells[i] = cell(cells[i].People, name)
		known[i] = cell(known[i].People, name)
	}
	definition := asking(by)
	definition.Name = fmt.Sprint("half-", number)
	definition.People = &cohort.Criterion{Has: &cohort.Has{Events: "e"}}
	return disclosure.Question{Definition: definition, Digest: definition.Name, Counted: together(cells), Known: together(known), Rules: rules()}
}

func together(cells []cohort.Cell) *cohort.Counted {
	of := &cohort.Counted{Cells: cells}
	for _, cell := range cells {
		of.Everybody = append(of.Everybody, cell.People...)
	}
	slices.Sort(of.Everybody)
	return of
}

// BenchmarkReserve decides a question of so many people after so many others of as many.
func BenchmarkReserve(b *testing.B) {
	for _, size := range []struct{ people, before int }{{1_000_000, 0}, {1_000_000, 20}, {100_000, 199}, {1_000_000, 199}} {
		b.Run(fmt.Sprintf("%d/%d", size.people, size.before), func(b *testing.B) {
			ledger, err := disclosure.Open(b.Context(), options(filepath.Join(b.TempDir(), "ledger")))
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = ledger.Close() }()
			for number := range size.before {
				answer(b, ledger, half(size.people, number))
			}
			q := half(size.people, size.before)
			for b.Loop() {
				reservation, err := ledger.Reserve(b.Context(), q)
				if err != nil {
					b.Fatal(err)
				}
				reservation.Cancel()
			}
		})
	}
}

func answer(b *testing.B, ledger *disclosure.Ledger, q disclosure.Question) {
	b.Helper()
	reservation, err := ledger.Reserve(b.Context(), q)
	if err != nil {
		b.Fatal(err)
	}
	if err := reservation.Commit(b.Context(), &cohort.Answer{}); err != nil {
		b.Fatal(err)
	}
}

package bench_test

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
	"onelondon/internal/cohort/disclosure"
	"onelondon/internal/embedded"
)

// bookSizes are how many people a site has, and how many questions a project asks; ONELONDON_BOOK names others, as 10000000/200.
func bookSizes(b *testing.B) (sizes [][2]int) {
	b.Helper()
	named := os.Getenv("ONELONDON_BOOK")
	if named == "" {
		named = "100000/200 1000000/20"
	}
	for _, each := range strings.Fields(named) {
		var size [2]int
		if _, err := fmt.Sscanf(each, "%d/%d", &size[0], &size[1]); err != nil {
			b.Fatalf("ONELONDON_BOOK: %s: %v", each, err)
		}
		sizes = append(sizes, size)
	}
	return sizes
}

// BenchmarkBook fills the book of a project with questions, each about one in twenty of everybody by age band, as a chronic disease
// is, and says how large it has become, and how much CPU the second question, the last and opening it take.
func BenchmarkBook(b *testing.B) {
	for _, size := range bookSizes(b) {
		b.Run(fmt.Sprintf("%d/%d", size[0], size[1]), func(b *testing.B) {
			options := disclosure.Options{Path: filepath.Join(b.TempDir(), "book.db"), Key: embedded.Key{1}, Log: slog.New(slog.DiscardHandler)}
			everybody := newBands(size[0])
			for b.Loop() {
				before := heap()
				book := openBook(b, options)
				var first, last time.Duration
				for number := range size[1] {
					last = everybody.ask(b, book, number, size[1])
					if number == 1 {
						first = last
					}
				}
				held := heap() - before
				if err := book.Close(); err != nil {
					b.Fatal(err)
				}
				begun := cpu(b)
				book = openBook(b, options)
				opened := cpu(b) - begun
				info, err := os.Stat(options.Path)
				if err != nil {
					b.Fatal(err)
				}
				if err := book.Forget(); err != nil {
					b.Fatal(err)
				}
				b.Logf("| %d | %d | %.0f MB | %.0f MB | %.1f s | %.1f s | %.1f s |", size[0], size[1], float64(info.Size())/1e6, float64(held)/1e6,
					first.Seconds(), last.Seconds(), opened.Seconds())
				b.ReportMetric(float64(info.Size())/float64(size[0])/float64(size[1]), "file-B/person/question")
				b.ReportMetric(float64(held)/float64(size[0]), "heap-B/person")
			}
		})
	}
}

func openBook(b *testing.B, options disclosure.Options) *disclosure.Ledger {
	b.Helper()
	book, err := disclosure.Open(b.Context(), options)
	if err != nil {
		b.Fatal(err)
	}
	return book
}

// heap is what is held after everything else is let go of.
func heap() int64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

// bands are everybody by age band, under numbers that have no order.
type bands struct {
	known *cohort.Counted
	by    cohort.Dimension
}

func newBands(people int) *bands {
	const count = 18
	e := &bands{known: &cohort.Counted{Cells: make([]cohort.Cell, count)}, by: cohort.Dimension{Kind: cohort.ByAgeBand}}
	for i := range count {
		e.by.Bands = append(e.by.Bands, 5*i)
	}
	for i, name := range e.by.Values()[:count] {
		e.known.Cells[i].Key = []string{name}
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range people {
		who := clinical.Pseudonym(random.Uint64())
		cell := &e.known.Cells[random.IntN(count)]
		cell.People, e.known.Everybody = append(cell.People, who), append(e.known.Everybody, who)
	}
	for i := range e.known.Cells {
		slices.Sort(e.known.Cells[i].People)
		e.known.Cells[i].Exact = []cohort.Measured{{Number: float64(len(e.known.Cells[i].People)), People: len(e.known.Cells[i].People)}}
	}
	slices.Sort(e.known.Everybody)
	return e
}

// ask puts one question and keeps its answer; it says how much of this process's CPU that took.
func (e *bands) ask(b *testing.B, book *disclosure.Ledger, number, most int) time.Duration {
	b.Helper()
	random, counted := rand.New(rand.NewPCG(uint64(number), 3)), &cohort.Counted{}
	for i := range e.known.Cells {
		cell := cohort.Cell{Key: e.known.Cells[i].Key}
		for _, who := range e.known.Cells[i].People {
			if random.IntN(20) == 0 {
				cell.People = append(cell.People, who)
			}
		}
		cell.Exact = []cohort.Measured{{Number: float64(len(cell.People)), People: len(cell.People)}}
		counted.Cells, counted.Everybody = append(counted.Cells, cell), append(counted.Everybody, cell.People...)
	}
	slices.Sort(counted.Everybody)
	definition := &cohort.Definition{Name: "question-" + strconv.Itoa(number), Version: 1, By: []cohort.Dimension{e.by},
		Measures: []cohort.Measure{{Kind: cohort.MeasurePeople}}, People: &cohort.Criterion{Has: &cohort.Has{Events: "e"}}}
	begun := cpu(b)
	reservation, err := book.Reserve(b.Context(), disclosure.Question{Definition: definition, Digest: definition.Name, Counted: counted, Known: e.known,
		Rules: disclosure.Rules{RedactUpTo: 7, RoundTo: 5, ZeroIsSmall: true, SmallestDifference: 20, LargestShare: 20, FewestForQuantiles: 32,
			MostQuestions: most + 1, SmallestGroup: 20}})
	if err != nil {
		b.Fatal(err)
	}
	if err := reservation.Commit(b.Context(), &cohort.Answer{Definition: *definition}); err != nil {
		b.Fatal(err)
	}
	return cpu(b) - begun
}

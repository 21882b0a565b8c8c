package bench_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"onelondon/internal/clinical"
	"onelondon/internal/consent"
)

const (
	londoners  = 10_000_000
	directives = 600_000
	choices    = directives / 10 // those that do not fit in a few bits: preferences by category and party
)

// BenchmarkRegister opens a register of 600,000 directives among ten million people, which proves the whole chain and projects
// it, and looks people up in it, most of whom never said anything.
func BenchmarkRegister(b *testing.B) {
	path := filepath.Join(b.TempDir(), "register.db")
	fillRegister(b, path)
	before, began := heapInUse(), time.Now()
	register := openRegister(b, path)
	load, held := time.Since(began), heapInUse()-before
	numbers, random := make([]clinical.NHSNumber, 1<<16), rand.New(rand.NewPCG(1, 2))
	known := 0
	for i := range numbers {
		numbers[i] = londoner(b, random.IntN(londoners))
		state, _, err := register.State(numbers[i])
		if err != nil {
			b.Fatal(err)
		}
		if state.Objection != consent.ObjectionNone || len(state.Preferences) > 0 || state.OptOuts.London != consent.OptOutUnknown {
			known++
		}
	}
	if known == 0 || known == len(numbers) {
		b.Fatalf("%d of %d people said something", known, len(numbers))
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if _, _, err := register.State(numbers[i%len(numbers)]); err != nil {
			b.Fatal(err)
		}
		i++
	}
	b.ReportMetric(load.Seconds(), "load-s")
	b.ReportMetric(float64(held)/(1<<20), "MiB")
	b.ReportMetric(float64(known)/float64(len(numbers))*100, "%said")
	runtime.KeepAlive(register)
}

func openRegister(b *testing.B, path string) *consent.Register {
	b.Helper()
	register, err := consent.Open(b.Context(), path, consent.Key{1}, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = register.Close() })
	return register
}

// londoner is one of the ten million, in no order.
func londoner(b *testing.B, n int) clinical.NHSNumber {
	b.Helper()
	stem := 400_000_000 + n*11%londoners*7
	for check := range 10 {
		if number, err := clinical.ParseNHSNumber(fmt.Sprintf("%09d%d", stem, check)); err == nil {
			return number
		}
	}
	return londoner(b, n+1) // a tenth of the stems have no check digit
}

// fillRegister records 300,000 opt-outs, 240,000 objections and 60,000 choices.
func fillRegister(b *testing.B, path string) {
	b.Helper()
	register := openRegister(b, path)
	var optOuts, objections strings.Builder
	optOuts.WriteString("NhsNumber,PatientInstructionCategory,PatientInstructionState,InstructionDate\n")
	objections.WriteString("nhs_number,objection,reason,recorded_by,date\n")
	for n := range directives / 2 {
		fmt.Fprintf(&optOuts, "%s,opt-out,optout,2026-01-02\n", londoner(b, n).Reveal())
	}
	for n := range directives/2 - choices {
		fmt.Fprintf(&objections, "%s,upheld,,IG team,2026-01-02\n", londoner(b, directives/2+n).Reveal())
	}
	for form, text := range map[consent.Form]string{consent.IDecide: optOuts.String(), consent.Objections: objections.String()} {
		what := consent.Import{Form: form, File: strings.NewReader(text), RecordedBy: "bench"}
		if _, err := register.Import(b.Context(), what); err != nil {
			b.Fatal(err)
		}
	}
	recordChoices(b, register)
	if err := register.Close(); err != nil {
		b.Fatal(err)
	}
	// The first to open it finishes what nobody had waited for, the index by person.
	if err := openRegister(b, path).Close(); err != nil {
		b.Fatal(err)
	}
}

func recordChoices(b *testing.B, register *consent.Register) {
	const callers = 500
	var group sync.WaitGroup
	for caller := range callers {
		group.Go(func() {
			for i := range choices / callers {
				choice := consent.Choice{Preference: consent.Preference{Effect: consent.Deny, Category: clinical.LabelHIV,
					Party: consent.Organisation, Code: clinical.Text(fmt.Sprintf("F%05d", i))}}
				_, err := register.Record(context.Background(), consent.Directive{Person: londoner(b, caller*1000+i), About: choice,
					Authority: consent.Self, RecordedBy: "bench", At: time.Now()})
				if err != nil {
					b.Error(err)
				}
			}
		})
	}
	group.Wait()
}

func heapInUse() uint64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

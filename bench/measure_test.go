package bench_test

import (
	"bytes"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"
)

// requests is how many requests make one turn: long enough for the kernel's accounts, short enough that a noisy neighbour
// meets both programs.
const requests = 100

// runner sends one program's requests and keeps the books.
type runner struct {
	questions []*question
	cpu       time.Duration
	walls     []time.Duration
}

// newRunner prepares questions about many of the first count people, so that no cache of one person's pages decides, and asks
// each once.
func newRunner(b *testing.B, count int, chart func(t testing.TB, n int) *question) *runner {
	r := &runner{}
	for n := range requests {
		q := chart(b, 7*n%count)
		if answer := q.ask(b); !bytes.Contains(answer, []byte(`"provenance"`)) {
			b.Fatalf("person %d has no records: %.200s", 7*n%count, answer)
		}
		r.questions = append(r.questions, q)
	}
	return r
}

// round sends every question once, one after another.
func (r *runner) round(b *testing.B) {
	runtime.GC()
	before := cpu(b)
	for _, q := range r.questions {
		begun := time.Now()
		q.ask(b)
		r.walls = append(r.walls, time.Since(begun))
	}
	r.cpu += cpu(b) - before
}

// result is one program's: CPU per request of this process, and the median and the 99th percentile of the time to an answer.
type result struct{ cpu, p50, p99 time.Duration }

func (r *runner) result() result {
	slices.Sort(r.walls)
	return result{r.cpu / time.Duration(len(r.walls)), r.walls[len(r.walls)/2], r.walls[len(r.walls)*99/100]}
}

// cpu is the processor time, of user and system, that this process has used.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

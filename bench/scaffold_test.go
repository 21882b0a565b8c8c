package bench_test

import (
	"fmt"
	"strings"
	"testing"

	"onelondon/sources/scaffold/score"
)

// BenchmarkScaffold counts what scaffold guesses of the systems whose mapping was written by hand, blind, and prints the table:
//
//	go test -run XXX -bench Scaffold -benchtime 1x ./bench
//
// A test of sources/scaffold holds it to what the README and the chapter say.
func BenchmarkScaffold(b *testing.B) {
	for b.Loop() {
		rows, right, fields := []string{}, 0, 0
		score.Each(b, b.TempDir(), func(s score.Subject, r *score.Result) {
			rows = append(rows, r.Row(strings.TrimSuffix(s.File, ".yaml"), s.Words))
			right, fields = right+r.Right, fields+r.Fields
		})
		fmt.Println(strings.Join(append([]string{"", "| system | words | NHS number | kinds found | fields right | wrong | missed | joins found |"}, rows...), "\n"))
		b.ReportMetric(100*float64(right)/float64(fields), "%right")
	}
}

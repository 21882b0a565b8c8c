package bench_test

import "testing"

// BenchmarkProduct is the product alone, for profiles:
//
//	go test -run '^$' -bench Product/SQLite -cpuprofile cpu.out -memprofile mem.out -memprofilerate 4096 ./bench
func BenchmarkProduct(b *testing.B) {
	for _, e := range engines() {
		b.Run(e.name, func(b *testing.B) {
			h := newHouse(b, build(b, e, 100).entries)
			q := h.chart(b, asked)
			q.ask(b)
			b.ReportAllocs()
			before := cpu(b)
			for b.Loop() {
				q.ask(b)
			}
			b.ReportMetric(float64(cpu(b)-before)/1e3/float64(b.N), "cpu-µs/op")
		})
	}
}

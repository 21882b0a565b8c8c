package wire_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"testing"

	"onelondon/sources/onelondon/wire"
	"onelondon/sources/sourcetest"
)

// BenchmarkAnswer is what it costs to write and to read some 100 records of one person, and what compressing them would cost and save.
func BenchmarkAnswer(b *testing.B) {
	query, answer := sample(b)
	query.Parts, answer.Parts = query.Parts[:15], answer.Parts[:15] // of one person, two registrations
	body := wire.AppendAnswer(nil, query, answer)
	records := 0
	for _, part := range answer.Parts {
		records += len(part.Records)
	}
	b.Run("write", func(b *testing.B) {
		buffer := make([]byte, 0, 2*len(body))
		for b.Loop() {
			wire.AppendAnswer(buffer, query, answer)
		}
		b.ReportMetric(float64(records), "records")
		b.ReportMetric(float64(len(body)), "bytes")
	})
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			if _, err := wire.ReadAnswer(body, query, sourcetest.SampleSource); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("gzip", func(b *testing.B) {
		var small bytes.Buffer
		for b.Loop() {
			small.Reset()
			w, _ := gzip.NewWriterLevel(&small, gzip.BestSpeed)
			_, _ = w.Write(body)
			_ = w.Close()
			r, err := gzip.NewReader(bytes.NewReader(small.Bytes()))
			if err != nil {
				b.Fatal(err)
			}
			if _, err := io.Copy(io.Discard, r); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(small.Len()), "bytes")
	})
}

package sqlserver_test

import (
	"os"
	"testing"

	"onelondon/sources/sqlserver"
)

// A statement is looked at each time it is sent.
func BenchmarkSendable(b *testing.B) {
	data, err := os.ReadFile("../sqlsource/testdata/sqlserver.golden.sql")
	if err != nil {
		b.Fatal(err)
	}
	statement := string(data[:len(data)-1])
	b.SetBytes(int64(len(statement)))
	for b.Loop() {
		if _, ok := sqlserver.Sendable(statement); !ok {
			b.Fatal("not sent")
		}
	}
}

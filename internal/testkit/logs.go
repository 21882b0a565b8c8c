package testkit

import (
	"log/slog"
	"strings"
	"sync"
	"testing"
)

// LogBuffer holds what was logged through [Logs], or what a process wrote. It may be written and read by several goroutines at
// once.
type LogBuffer struct {
	mutex sync.Mutex
	text  strings.Builder
}

// Write adds to the buffer. It never fails.
func (b *LogBuffer) Write(line []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.text.Write(line)
}

// String returns everything logged so far, one line a record.
func (b *LogBuffer) String() string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.text.String()
}

// Contains reports whether the text stands anywhere in what was logged.
func (b *LogBuffer) Contains(text string) bool { return strings.Contains(b.String(), text) }

// Logs returns a logger that keeps every record, of every level, in a buffer as
// lines of JSON. A test that fails shows them.
func Logs(t testing.TB) (*slog.Logger, *LogBuffer) {
	t.Helper()
	buffer := &LogBuffer{}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("logged:\n%s", buffer)
		}
	})
	everything := &slog.HandlerOptions{Level: slog.Level(-100)}
	return slog.New(slog.NewJSONHandler(buffer, everything)), buffer
}

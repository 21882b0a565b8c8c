package embedded_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"onelondon/internal/embedded"
)

// A log that grew would make callers wait for the file system's own bookkeeping.
func TestTheWriteAheadLogIsLaidOutAtOpeningAndDoesNotGrow(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	log := open(t, path, nil)
	laidOut := size(t, path+"-wal")
	if laidOut < 1<<20 {
		t.Fatalf("%d bytes are laid out", laidOut)
	}
	body := bytes.Repeat([]byte("x"), 600)
	for i := range 1500 {
		if _, err := log.Append(t.Context(), embedded.Item{Person: embedded.Person{byte(i), byte(i >> 8)}, Body: body}); err != nil {
			t.Fatal(err)
		}
	}
	if grown := size(t, path+"-wal"); grown != laidOut {
		t.Errorf("it went from %d to %d bytes", laidOut, grown)
	}
}

// After a power cut the index beside the log is gone and the log ends anywhere after what was flushed.
func TestWhatWasAppendedIsThereAfterAPowerCut(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	log := open(t, path, nil)
	for _, rows := range []int{1, 10, 380, 10, 400, 3} {
		var last []embedded.Receipt
		for i := range rows {
			var err error
			if last, err = log.Append(t.Context(), embedded.Item{Body: fmt.Append(nil, i)}); err != nil {
				t.Fatal(err)
			}
		}
		cut := filepath.Join(t.TempDir(), "log")
		for _, suffix := range []string{"", "-wal"} {
			content, err := os.ReadFile(path + suffix)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(cut+suffix, content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		report, err := open(t, cut, nil).Verify(t.Context(), last...)
		if err != nil || !report.Intact() {
			t.Errorf("after %d rows: %+v (%v)", last[0].Sequence, report, err)
		}
	}
}

func size(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

package embedded_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"onelondon/internal/embedded"
)

func TestAKeyIsReadFromItsDigitsOrRefusedWithoutQuotingThem(t *testing.T) {
	digits := strings.Repeat("0aB1", 16)
	key, err := embedded.ParseKey(digits)
	if err != nil || key[0] != 0x0a || key[31] != 0xb1 {
		t.Errorf("%q gave %v", digits, err)
	}
	for _, bad := range []string{"", "secret", digits[1:], digits + "00", strings.Repeat("zz", 32)} {
		if _, err := embedded.ParseKey(bad); err == nil || bad != "" && strings.Contains(err.Error(), bad) {
			t.Errorf("%q gave %v", bad, err)
		}
	}
}

// listener follows a log and can be made to fail.
type listener struct {
	mutex    sync.Mutex
	bodies   []string
	last     uint64
	gap      bool
	believed bool
	refuse   error
}

func (l *listener) Committed(rows []embedded.Row) error {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.refuse != nil {
		return l.refuse
	}
	for _, row := range rows {
		l.gap = l.gap || row.Sequence != l.last+1
		l.last, l.bodies = row.Sequence, append(l.bodies, string(row.Body))
	}
	return nil
}

func (l *listener) Lost(error) { l.set(func() { l.believed = false }) }

func (l *listener) Found() { l.set(func() { l.believed = true }) }

func (l *listener) set(change func()) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	change()
}

func open(t *testing.T, path string, follower embedded.Follower) *embedded.Log {
	t.Helper()
	log, err := embedded.Open(t.Context(), embedded.Options{
		Path: path, Purpose: "test", Key: embedded.Key{1}, Log: slog.New(slog.DiscardHandler), Follower: follower})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = log.Close() })
	return log
}

// More rows than a page of the walk, by many callers at once.
func TestAFollowerSeesEveryRowOnceInOrderLiveAndAtOpening(t *testing.T) {
	const callers, each = 16, 100
	path, live := filepath.Join(t.TempDir(), "log"), &listener{}
	log := open(t, path, live)
	var group sync.WaitGroup
	for caller := range callers {
		group.Go(func() {
			for i := range each {
				if _, err := log.Append(context.Background(), embedded.Item{Body: fmt.Appendf(nil, "%d-%d", caller, i)}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	later := &listener{}
	open(t, path, later)
	for name, follower := range map[string]*listener{"live": live, "at opening": later} {
		if len(follower.bodies) != callers*each || follower.gap || !follower.believed {
			t.Errorf("%s: %d rows, gap %v, believed %v", name, len(follower.bodies), follower.gap, follower.believed)
		}
	}
	if got, want := strings.Join(later.bodies, " "), strings.Join(live.bodies, " "); got != want {
		t.Error("the rows read at opening are not those seen live")
	}
}

func TestAFollowerThatFailsIsGivenTheSameRowsAgain(t *testing.T) {
	follower := &listener{}
	log := open(t, filepath.Join(t.TempDir(), "log"), follower)
	refusal := errors.New("not now")
	follower.set(func() { follower.refuse = refusal })
	for _, body := range []string{"one", "two"} {
		if _, err := log.Append(t.Context(), embedded.Item{Body: []byte(body)}); !errors.Is(err, refusal) {
			t.Errorf("append gave %v", err)
		}
		if follower.believed {
			t.Error("a follower that missed a row is believed")
		}
	}
	follower.set(func() { follower.refuse = nil })
	if _, err := log.Append(t.Context(), embedded.Item{Body: []byte("three")}); err != nil {
		t.Fatal(err)
	}
	// The second was never written: nothing is, until the follower has what is there.
	if got := strings.Join(follower.bodies, " "); got != "one three" || follower.gap || !follower.believed {
		t.Errorf("it saw %q, gap %v, believed %v", got, follower.gap, follower.believed)
	}
}

func TestAppendingNothingWritesNothing(t *testing.T) {
	log := open(t, filepath.Join(t.TempDir(), "log"), nil)
	if receipts, err := log.Append(t.Context()); len(receipts) != 0 || err != nil {
		t.Errorf("got %v and %v", receipts, err)
	}
	report, err := log.Verify(t.Context())
	if err != nil || !report.Intact() || report.Entries != 0 {
		t.Errorf("report %+v (%v)", report, err)
	}
}

func TestAPathMayHoldWhatAnAddressWouldNot(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a b%20c?mode=memory#d")
	if _, err := open(t, path, nil).Append(t.Context(), embedded.Item{Body: []byte("kept")}); err != nil {
		t.Fatal(err)
	}
	if found, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "a b%20c*")); len(found) < 2 {
		t.Errorf("the file is not where it was asked for: %v", found)
	}
}

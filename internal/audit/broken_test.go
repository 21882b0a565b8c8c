package audit_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"onelondon/internal/audit"
	"onelondon/internal/testkit"
)

// meddle changes the ledger's file as somebody with the file and without the key would.
func meddle(t *testing.T, file string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, statement := range append([]string{"DROP TRIGGER IF EXISTS entry_stays", "DROP TRIGGER IF EXISTS entry_remains"}, statements...) {
		result, err := db.Exec(statement)
		if err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
		if changed, _ := result.RowsAffected(); changed == 0 && !strings.HasPrefix(statement, "DROP") && !strings.HasPrefix(statement, "CREATE") {
			t.Fatalf("%s changed nothing", statement)
		}
	}
}

func filled(t *testing.T, file string, entries int) []audit.Receipt {
	t.Helper()
	ledger := open(t, file)
	var receipts []audit.Receipt
	for i := range entries {
		receipts = append(receipts, appendAll(t, ledger, access(number(t, "9434765919"), fmt.Sprint(i)))...)
	}
	closeNow(t, ledger)
	return receipts
}

func TestWhateverIsDoneToTheFileIsFoundAndPlaced(t *testing.T) {
	const flip = "body = CAST(substr(body, 1, 40) || CASE substr(body, 41, 1) WHEN x'00' THEN x'01' ELSE x'00' END || substr(body, 42) AS BLOB)"
	for _, c := range []struct {
		name   string
		do     []string
		broken uint64
		opens  bool // only the end is checked when a ledger is opened: the walk is for Verify
	}{
		{"an entry's body changed", []string{"UPDATE entry SET " + flip + " WHERE sequence = 4"}, 4, true},
		{"an entry given to another person", []string{"UPDATE entry SET person = zeroblob(16) WHERE sequence = 4"}, 4, true},
		{"an entry taken from its person", []string{"UPDATE entry SET person = NULL WHERE sequence = 4"}, 4, true},
		{"a person made too short", []string{"UPDATE entry SET person = substr(person, 1, 15) WHERE sequence = 4"}, 4, true},
		{"a hash changed", []string{"UPDATE entry SET hash = zeroblob(32) WHERE sequence = 4"}, 4, true},
		{"an entry deleted", []string{"DELETE FROM entry WHERE sequence = 4"}, 4, true},
		{"an entry deleted and the gap closed", []string{
			"DELETE FROM entry WHERE sequence = 4", "UPDATE entry SET sequence = -sequence WHERE sequence > 4",
			"UPDATE entry SET sequence = -sequence - 1 WHERE sequence < 0"}, 4, false},
		{"the first entry deleted", []string{"DELETE FROM entry WHERE sequence = 1"}, 1, true},
		{"two entries swapped", []string{
			"UPDATE entry SET sequence = -4 WHERE sequence = 4", "UPDATE entry SET sequence = 4 WHERE sequence = 5",
			"UPDATE entry SET sequence = 5 WHERE sequence = -4"}, 4, true},
		{"an entry copied to the end", []string{"INSERT INTO entry SELECT 11, person, body, hash FROM entry WHERE sequence = 4"}, 11, false},
		{"the end cut off", []string{"DELETE FROM entry WHERE sequence > 7"}, 8, false},
		{"the end cut off and the head moved back", []string{
			"DELETE FROM entry WHERE sequence > 7",
			"UPDATE head SET sequence = 7, hash = (SELECT hash FROM entry WHERE sequence = 7)"}, 8, false},
		{"everything deleted", []string{"DELETE FROM entry"}, 1, false},
		{"the head deleted", []string{"DELETE FROM head"}, 11, false},
		{"the head's proof changed", []string{"UPDATE head SET proof = zeroblob(32)"}, 11, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := path(t)
			filled(t, file, 10)
			meddle(t, file, c.do...)
			reader, err := audit.OpenReader(t.Context(), file, key, nobodySay)
			if err != nil {
				t.Fatal(err)
			}
			defer closeNow(t, reader)
			report := verify(t, reader)
			if report.Broken != c.broken || report.Fault == "" || report.Entries != c.broken-1 {
				t.Errorf("report %+v, want it broken at %d", report, c.broken)
			}
			ledger, err := audit.Open(t.Context(), file, key, nobodySay)
			if err == nil {
				closeNow(t, ledger)
			}
			if opens := err == nil; opens != c.opens || !opens && !errors.Is(err, audit.ErrBroken) {
				t.Errorf("opening it to write gave %v", err)
			}
		})
	}
}

func TestAFilePutBackFromAnOlderCopyIsFoundByAReceiptNotedElsewhere(t *testing.T) {
	file := path(t)
	old := filled(t, file, 5)
	copied, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	later := filled(t, file, 5)
	if err := os.WriteFile(file, copied, 0o600); err != nil {
		t.Fatal(err)
	}
	ledger := open(t, file)
	if report := verify(t, ledger, old...); !report.Intact() {
		t.Errorf("the old receipts do not hold in the old copy: %+v", report)
	}
	if report := verify(t, ledger, later[1]); report.Broken != 6 {
		t.Errorf("report %+v, want entry 6 missed", report)
	}
	for i := range 3 { // the chain goes on from the older copy, over the same sequences
		appendAll(t, ledger, access(number(t, "9434765919"), fmt.Sprint("other", i)))
	}
	if report := verify(t, ledger, later[1]); report.Broken != 7 {
		t.Errorf("report %+v, want entry 7 found to be another", report)
	}
}

func TestAnEntryMovedToAnotherPersonIsNotShownAsTheirs(t *testing.T) {
	file, ours, other := path(t), number(t, "9434765919"), number(t, "9434765870")
	ledger := open(t, file)
	appendAll(t, ledger, access(ours, "a"), access(other, "b"))
	closeNow(t, ledger)
	meddle(t, file, "UPDATE entry SET person = (SELECT person FROM entry WHERE sequence = 2) WHERE sequence = 1")
	if entries, err := open(t, file).Entries(t.Context(), audit.Query{Person: other}); !errors.Is(err, audit.ErrBroken) {
		t.Errorf("got %d entries and %v", len(entries), err)
	}
}

func TestAChainThatWasCutWhileOpenIsNotGoneOnFrom(t *testing.T) {
	file, person := path(t), number(t, "9434765919")
	ledger := open(t, file)
	for i := range 5 {
		appendAll(t, ledger, access(person, fmt.Sprint(i)))
	}
	meddle(t, file, "DELETE FROM entry WHERE sequence = 5")
	for range 2 {
		_, err := ledger.Append(t.Context(), access(person, "after"))
		if !errors.Is(err, audit.ErrUnavailable) || !errors.Is(err, audit.ErrBroken) {
			t.Errorf("appending to a cut chain gave %v", err)
		}
	}
	if report := verify(t, ledger); report.Broken != 5 {
		t.Errorf("report %+v, want it broken at 5", report)
	}
}

// An old head is as genuine as the present one; only whoever wrote on since knows better.
func TestAChainThatWasPutBackWhileOpenIsNotGoneOnFrom(t *testing.T) {
	file, person := path(t), number(t, "9434765919")
	ledger := open(t, file)
	appendAll(t, ledger, access(person, "1"), access(person, "2"))
	meddle(t, file, "CREATE TABLE kept AS SELECT * FROM head")
	appendAll(t, ledger, access(person, "3"))
	meddle(t, file, "DELETE FROM entry WHERE sequence = 3", "UPDATE head SET (sequence, hash, proof) = (SELECT sequence, hash, proof FROM kept)")
	if _, err := ledger.Append(t.Context(), access(person, "4")); !errors.Is(err, audit.ErrBroken) {
		t.Errorf("appending to a chain that was put back gave %v", err)
	}
	if report := verify(t, ledger); report.Entries != 2 {
		t.Errorf("report %+v: something was written on", report)
	}
}

func TestALedgerThatCannotBeHadSaysWhy(t *testing.T) {
	made := path(t)
	filled(t, made, 1)
	held := path(t)
	open(t, held)
	newer := path(t)
	filled(t, newer, 1)
	meddle(t, newer, "CREATE TABLE one (x)", "PRAGMA user_version = 99; INSERT INTO one VALUES (1)")
	junk := path(t)
	if err := os.WriteFile(junk, bytes.Repeat([]byte("not a database "), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, path string
		key        audit.Key
		want       string
	}{
		{"a folder that is not there", filepath.Join(t.TempDir(), "none", "ledger"), key, "no such file"},
		{"a path that is a folder", t.TempDir(), key, ""},
		{"a file that is no database", junk, key, "not a database"},
		{"another key", made, audit.Key{9}, audit.ErrKey.Error()},
		{"no key", path(t), audit.Key{}, "all zeros"},
		{"a second writer", held, key, audit.ErrInUse.Error()},
		{"a newer version's file", newer, key, "newer version"},
	} {
		t.Run(c.name, func(t *testing.T) {
			ledger, err := audit.Open(t.Context(), c.path, c.key, nobodySay)
			if err == nil {
				closeNow(t, ledger)
				t.Fatal("it opened")
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("the error %q does not say %q", err, c.want)
			}
		})
	}
	if report := verify(t, open(t, made)); !report.Intact() {
		t.Errorf("a key that did not fit left its mark: %+v", report)
	}
}

func TestAClosedLedgerTakesNothing(t *testing.T) {
	ledger := open(t, path(t))
	closeNow(t, ledger)
	closeNow(t, ledger)
	if _, err := ledger.Append(t.Context(), access(number(t, "9434765919"), "late")); !errors.Is(err, audit.ErrUnavailable) {
		t.Errorf("append gave %v", err)
	}
	if _, err := ledger.Entries(t.Context(), audit.Query{Everybody: true}); !errors.Is(err, audit.ErrUnavailable) {
		t.Errorf("entries gave %v", err)
	}
	if _, err := ledger.Verify(t.Context()); !errors.Is(err, audit.ErrUnavailable) {
		t.Errorf("verify gave %v", err)
	}
}

// Somebody else's lock is the failure at hand that comes and goes as a full disk does.
func TestALedgerThatCannotBeWrittenFailsEveryCallerAndRecovers(t *testing.T) {
	logger, logs := testkit.Logs(t)
	file, person := path(t), number(t, "9434765919")
	ledger, err := audit.Open(t.Context(), file, key, logger)
	if err != nil {
		t.Fatal(err)
	}
	defer closeNow(t, ledger)
	appendAll(t, ledger, access(person, "before"))
	db, err := sql.Open("sqlite", "file:"+file+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	failures := make(chan error)
	for range 8 {
		go func() {
			_, err := ledger.Append(context.Background(), access(person, "during"))
			failures <- err
		}()
	}
	for range 8 {
		if err := <-failures; !errors.Is(err, audit.ErrUnavailable) {
			t.Errorf("appending to a locked ledger gave %v", err)
		}
	}
	if !logs.Contains("could not append") {
		t.Error("nobody was told")
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	receipts := appendAll(t, ledger, access(person, "after"))
	if report := verify(t, ledger, receipts...); !report.Intact() || report.Entries != 2 {
		t.Errorf("report %+v, want the entries before and after", report)
	}
}

func TestACallerWhoHasLeftIsTold(t *testing.T) {
	ledger := open(t, path(t))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := ledger.Append(ctx, access(number(t, "9434765919"), "gone"))
	if !errors.Is(err, audit.ErrUnavailable) || !errors.Is(err, context.Canceled) {
		t.Errorf("append gave %v", err)
	}
}

package consent_test

import (
	"database/sql"
	"errors"
	"testing"

	"onelondon/internal/consent"
)

func meddle(t *testing.T, file string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, statement := range append([]string{"DROP TRIGGER IF EXISTS entry_stays", "DROP TRIGGER IF EXISTS entry_remains"}, statements...) {
		if _, err := db.Exec(statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

func TestARegisterThatWasMeddledWithDoesNotOpen(t *testing.T) {
	for _, c := range []struct{ name, do string }{
		{"an objection deleted", "DELETE FROM entry WHERE sequence = 2"},
		{"the last objection deleted", "DELETE FROM entry WHERE sequence = 3"},
		{"an objection given to another person", "UPDATE entry SET person = zeroblob(16) WHERE sequence = 2"},
		{"an objection swapped for an older one", "UPDATE entry SET body = (SELECT body FROM entry WHERE sequence = 1) WHERE sequence = 2"},
		{"everything deleted", "DELETE FROM entry"},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := path(t)
			register := open(t, file)
			for n := range 3 {
				record(t, register, says(person(t, n), consent.Upheld))
			}
			closeNow(t, register)
			meddle(t, file, c.do)
			if register, err := consent.Open(t.Context(), file, key, nobodySay); !errors.Is(err, consent.ErrBroken) {
				_ = register.Close()
				t.Errorf("opening it gave %v", err)
			}
		})
	}
}

// With another key every person would be unknown, and every objection gone.
func TestAnotherKeyOrAnotherKindOfFileDoesNotOpen(t *testing.T) {
	file := path(t)
	register := open(t, file)
	record(t, register, says(person(t, 1), consent.Upheld))
	if _, err := consent.Open(t.Context(), file, key, nobodySay); !errors.Is(err, consent.ErrInUse) {
		t.Errorf("opening it twice gave %v", err)
	}
	closeNow(t, register)
	if _, err := consent.Open(t.Context(), file, consent.Key{9}, nobodySay); !errors.Is(err, consent.ErrKey) {
		t.Errorf("another key gave %v", err)
	}
	meddle(t, file, "UPDATE origin SET purpose = 'audit'")
	if _, err := consent.Open(t.Context(), file, key, nobodySay); !errors.Is(err, consent.ErrKey) {
		t.Errorf("another kind of file gave %v", err)
	}
}

func TestARegisterThatLosesSightOfItsFileFailsUntilItCanVouchAgain(t *testing.T) {
	file := path(t)
	register := open(t, file)
	for n := range 3 {
		record(t, register, says(person(t, n), consent.Upheld))
	}
	meddle(t, file, "CREATE TABLE kept AS SELECT * FROM entry", "DELETE FROM entry WHERE sequence = 3")
	for range 2 {
		if _, err := register.Record(t.Context(), says(person(t, 4), consent.Upheld)); !errors.Is(err, consent.ErrUnavailable) {
			t.Fatalf("recording gave %v", err)
		}
		if state, _, err := register.State(person(t, 1)); !errors.Is(err, consent.ErrUnavailable) {
			t.Errorf("got %v and %v", state, err)
		}
	}
	meddle(t, file, "INSERT INTO entry SELECT * FROM kept WHERE sequence = 3", "DROP TABLE kept")
	if got := record(t, register, says(person(t, 4), consent.Requested)); got != 4 {
		t.Errorf("revision %d, want 4", got)
	}
	expect(t, register, person(t, 4), consent.ObjectionRequested, 4)
	expect(t, register, person(t, 2), consent.ObjectionUpheld, 4)
}

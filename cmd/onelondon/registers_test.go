package main

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestALedgerThatSomebodyChangedDoesNotVerify(t *testing.T) {
	dir, _ := smallLondon(t)
	path := filepath.Join(dir, "onelondon.yaml")
	fine := say(t, "audit", "verify", "--config", path)
	if fine.code != exitFine || !strings.Contains(fine.out, "each as it was written") {
		t.Fatalf("exit %d: %s%s", fine.code, fine.out, fine.errs)
	}
	receipt := strings.TrimSpace(fine.out[strings.LastIndex(fine.out, "receipt ")+len("receipt "):])
	if noted := say(t, "audit", "verify", "--config", path, "--receipt", receipt); noted.code != exitFine {
		t.Errorf("with its own receipt: exit %d: %s%s", noted.code, noted.out, noted.errs)
	}
	if odd := say(t, "audit", "verify", "--config", path, "--receipt", "yesterday"); odd.code != exitNotRun {
		t.Errorf("with a receipt that is none: exit %d", odd.code)
	}
	db, err := sql.Open("sqlite", filepath.Join(dir, ledgerFile))
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{"DROP TRIGGER entry_stays",
		"UPDATE entry SET body = CAST(substr(body, 1, length(body) - 1) || x'00' AS BLOB) WHERE sequence = 2"} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if said := say(t, "audit", "verify", "--config", path); said.code != exitFindings || !strings.Contains(said.out, "from entry 2 on") {
		t.Errorf("after a change: exit %d: %s%s", said.code, said.out, said.errs)
	}
}

func TestObjectionsAreImportedWholeOrNotAtAll(t *testing.T) {
	dir, _ := smallLondon(t)
	path, file := filepath.Join(dir, "onelondon.yaml"), filepath.Join(dir, "objections.csv")
	write := func(lines ...string) {
		text := "nhs_number,objection,reason,recorded_by,date\n" + strings.Join(lines, "\n") + "\n"
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("9990000018,upheld,,IG team,2026-10-01", "9990000019,upheld,,IG team,2026-10-01")
	if said := say(t, "consent", "import", "--config", path, file); said.code != exitFindings ||
		!strings.Contains(said.out, "objections.csv:3: ") || strings.Contains(said.out, "9990000019") {
		t.Errorf("a bad line: exit %d: %s%s", said.code, said.out, said.errs)
	}
	write("9990000018,upheld,,IG team,2026-10-01")
	if said := say(t, "consent", "import", "--config", path, file); said.code != exitFine || !strings.Contains(said.out, "1 directives recorded") {
		t.Errorf("a good file: exit %d: %s%s", said.code, said.out, said.errs)
	}
}

package main

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"onelondon/internal/testkit"
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
	if said := say(t, "consent", "import", "--config", path, file); said.code != exitFine || !strings.Contains(said.out, "1 lines, 1 directives recorded") {
		t.Errorf("a good file: exit %d: %s%s", said.code, said.out, said.errs)
	}
}

// A list goes in, comes out as it was, is applied by a consumer, and the chain holds; only a changed register does not.
func TestARegisterIsKeptFromTheCommandLine(t *testing.T) {
	dir, _ := smallLondon(t)
	path := filepath.Join(dir, "onelondon.yaml")
	file := func(name, text string) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	asked, reply := file("asked.dat", "9990000018,\n9990000026,\n"), file("reply.dat", "9990000026,\n")
	fine := func(want string, args ...string) spoken {
		t.Helper()
		said := say(t, append([]string{"consent", args[0], "--config", path}, args[1:]...)...)
		if said.code != exitFine || !strings.Contains(said.out, want) {
			t.Errorf("%v: exit %d: %s%s", args, said.code, said.out, said.errs)
		}
		return said
	}
	fine("2 lines, 3 directives recorded", "import", "--form", "mesh", "--asked", asked, "--as-at", "2026-11-20", "--recorded-by", "IG team", reply)
	if got := fine("", "export", "--form", "mesh"); !strings.Contains(got.out, "9990000026,\n") || strings.Contains(got.out, "9990000018") ||
		!strings.Contains(got.errs, "lines, up to revision") {
		t.Errorf("exported %q, %q", got.out, got.errs)
	}
	fine("no consumer has said so yet", "adoptions")
	fine("recorded", "adopted", "--consumer", "London Data Service", "--revision", "3", "--recorded-by", "IG team", "--at", "2026-11-21")
	fine("2026-11-21T00:00:00Z  up to revision 3         London Data Service (recorded by IG team)", "adoptions")
	fine("each as it was recorded", "verify")
	if said := say(t, "consent", "import", "--config", path, "--form", "mesh", "--asked", file("bad.dat", "9990000018,\r\n"), "--as-at", "2026-11-20",
		"--recorded-by", "IG team", reply); said.code != exitFindings || !strings.Contains(said.out, "bad.dat:1: the line ends in CR LF") ||
		!strings.Contains(said.out, "reply.dat:1: the number was not asked about") {
		t.Errorf("bad lines: exit %d: %s%s", said.code, said.out, said.errs)
	}
	for _, args := range [][]string{{"export", "--form", "gossip"}, {"import", "--as-at", "soon", reply}, {"verify", "--receipt", "yesterday"},
		{"adopted", "--consumer", "LDS", "--revision", "99", "--recorded-by", "IG team"}} {
		if said := say(t, append([]string{"consent", args[0], "--config", path}, args[1:]...)...); said.code != exitNotRun {
			t.Errorf("%v: exit %d: %s%s", args, said.code, said.out, said.errs)
		}
	}
}

func TestARegisterThatTheServerHasSaysWhatToDo(t *testing.T) {
	dir, _ := smallLondon(t)
	path := filepath.Join(dir, "onelondon.yaml")
	register, err := openRegister(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer register.Close()
	said := say(t, "consent", "adopted", "--config", path, "--consumer", "LDS", "--revision", "1", "--recorded-by", "IG team")
	if said.code != exitNotRun || !strings.Contains(said.errs, "stop the server, or keep the register in PostgreSQL") {
		t.Errorf("exit %d: %s", said.code, said.errs)
	}
	if said := say(t, "consent", "verify", "--config", path); said.code != exitFine {
		t.Errorf("verifying beside it: exit %d: %s%s", said.code, said.out, said.errs)
	}
}

func TestARegisterInADatabaseIsKeptBesideTheServer(t *testing.T) {
	dir, _ := smallLondon(t)
	path := filepath.Join(dir, "onelondon.yaml")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("ONELONDON_TEST_REGISTER", testkit.PostgreSQL(t).Database(t))
	use := func(consent string) {
		lines := strings.Split(string(text), "\n")
		for i, line := range lines {
			if strings.HasPrefix(line, "consent:") {
				lines[i] = "consent: {postgres: \"${ONELONDON_TEST_REGISTER}\"" + consent + "}"
			}
		}
		if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(dir, "objections.csv")
	if err := os.WriteFile(file, []byte("nhs_number,objection,reason,recorded_by,date\n9990000018,upheld,,IG team,2026-10-01\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	use("")
	if said := say(t, "consent", "import", "--config", path, file); said.code != exitNotRun || !strings.Contains(said.errs, "create: true") {
		t.Errorf("a database that holds none: exit %d: %s%s", said.code, said.out, said.errs)
	}
	use(", create: true")
	server, err := openRegister(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	if said := say(t, "consent", "import", "--config", path, file); said.code != exitFine || !strings.Contains(said.out, "1 directives recorded") {
		t.Errorf("importing: exit %d: %s%s", said.code, said.out, said.errs)
	}
	if said := say(t, "consent", "export", "--config", path, "--form", "objections"); !strings.HasSuffix(said.out, "9990000018,upheld,,IG team,2026-10-01\n") {
		t.Errorf("exporting: exit %d: %s%s", said.code, said.out, said.errs)
	}
	if said := say(t, "consent", "verify", "--config", path); said.code != exitFine || !strings.Contains(said.out, "1 directives") {
		t.Errorf("verifying: exit %d: %s%s", said.code, said.out, said.errs)
	}
}

func TestProxiesAreImportedWholeOrNotAtAllAndComeOutAgain(t *testing.T) {
	dir, _ := smallLondon(t)
	path, file := filepath.Join(dir, "onelondon.yaml"), filepath.Join(dir, "proxies.csv")
	write := func(lines ...string) {
		text := "nhs_number,proxy_nhs_number,authority,name,from,until,reason,evidence,recorded_by,date\n" + strings.Join(lines, "\n") + "\n"
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	good := "9990000018,9990000026,attorney,Ada Lee,,,Seen,LPA 7000,IG team,2026-10-01"
	write(good, "9990000018,9990000027,attorney,,,,Seen,LPA 7001,IG team,2026-10-01")
	if said := say(t, "consent", "import", "--config", path, "--form", "proxies", file); said.code != exitFindings ||
		!strings.Contains(said.out, "proxies.csv:3: the NHS number of the proxy is not valid") || strings.Contains(said.out, "999000") {
		t.Errorf("a bad line: exit %d: %s%s", said.code, said.out, said.errs)
	}
	write(good)
	if said := say(t, "consent", "import", "--config", path, "--form", "proxies", file); said.code != exitFine || !strings.Contains(said.out, "1 lines, 1 directives recorded") {
		t.Errorf("a good file: exit %d: %s%s", said.code, said.out, said.errs)
	}
	if said := say(t, "consent", "export", "--config", path, "--form", "proxies"); said.code != exitFine ||
		!strings.Contains(said.out, "9990000018,9990000026,attorney,Ada Lee,,,Seen,LPA 7000,IG team,2026-10-01T00:00:00Z\n") {
		t.Errorf("exported: exit %d: %s%s", said.code, said.out, said.errs)
	}
	if said := say(t, "consent", "export", "--config", path, "--form", "capacity"); said.code != exitFine || strings.Contains(said.out, "999000") {
		t.Errorf("exported: exit %d: %s%s", said.code, said.out, said.errs)
	}
}

package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"onelondon/examples/london/mappings"
	"onelondon/internal/config"
	"onelondon/internal/testkit"
)

// spoken is what a command said.
type spoken struct {
	code      int
	out, errs string
}

func say(t *testing.T, args ...string) spoken {
	t.Helper()
	var out, errs bytes.Buffer
	code := run(t.Context(), args, &out, &errs)
	return spoken{code, out.String(), errs.String()}
}

// smallLondon builds a demo of few people and returns its folder and what was printed.
func smallLondon(t *testing.T) (string, spoken) {
	t.Helper()
	return londonOf(t, "30")
}

func londonOf(t *testing.T, people string) (string, spoken) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "london")
	said := say(t, "demo", "--once", "--people", people, "--data", dir)
	if said.code != exitFine {
		t.Fatalf("exit %d: %s", said.code, said.errs)
	}
	return dir, said
}

func tokens(t *testing.T, dir string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "tokens.json"))
	if err != nil {
		t.Fatal(err)
	}
	read := map[string]string{}
	if err := json.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	return read
}

func TestDemoPrintsTwoAnswersSideBySideAndWhyTheyDiffer(t *testing.T) {
	dir, said := smallLondon(t)
	for _, want := range []string{"GP AT HER PRACTICE", "RECEPTIONIST AT HER PRACTICE", "Allergy to penicillin", "(withheld)",
		"Your role does not see every kind of record.", "4 sources answered", "The same in both: who, contacts.",
		"before       12 problems, 6 medicines", "after        10 problems, 5 medicines", "Sertraline 50mg tablets, 2009",
		"in emergency 12 problems, 6 medicines", "You changed your choices.", "with the glass broken",
		"breaks the glass and asks for the urgent care plan", "Not for cardiopulmonary resuscitation, 2026-07-14", "say different",
		"overdue, 2026-02-01 care-plans", "community-fhir", "coordinate-my-care",
		"Priya Shah, analyst of the integrated care board", "What was asked", "the list “diabetes”", "sources count", "/studies",
		"onelondon serve --config " + filepath.Join(dir, "onelondon.yaml")} {
		if !strings.Contains(said.out, want) {
			t.Errorf("lacks %q", want)
		}
	}
	for line := range strings.Lines(said.out) {
		if width := utf8.RuneCountInString(strings.TrimRight(strings.ReplaceAll(line, dir, "DIR"), "\n")); width > 100 {
			t.Errorf("%d columns: %s", width, line)
		}
	}
	if t.Failed() {
		t.Log(said.out)
	}
}

func TestDemoTakesItsFolderUpAgain(t *testing.T) {
	dir, _ := smallLondon(t)
	before := tokens(t, dir)
	again := say(t, "demo", "--once", "--data", dir)
	if again.code != exitFine || !strings.Contains(again.out, "Using the London in") {
		t.Fatalf("exit %d: %s%s", again.code, again.out, again.errs)
	}
	for name, token := range tokens(t, dir) {
		if before[name] != token || len(before) != len(callerNames()) {
			t.Errorf("the token of %s changed", name)
		}
		alone, err := os.ReadFile(filepath.Join(dir, "tokens", name))
		if err != nil || string(alone) != token+"\n" {
			t.Errorf("the file of %s's own holds another token: %v", name, err)
		}
	}
	if other := say(t, "demo", "--once", "--people", "31", "--data", dir); other.code != exitNotRun || !strings.Contains(other.errs, "holds a demo already") {
		t.Errorf("exit %d: %s", other.code, other.errs)
	}
}

func TestDemoServesOnLoopbackAlone(t *testing.T) {
	for _, address := range []string{"0.0.0.0:8080", ":8080", "example.org:80", "nonsense"} {
		if said := say(t, "demo", "--once", "--listen", address); said.code != exitNotRun || !strings.Contains(said.errs, "loopback") {
			t.Errorf("%s: exit %d: %s", address, said.code, said.errs)
		}
	}
}

// served is a kept demo that onelondon serve would serve.
type served struct {
	url    string
	logs   *testkit.LogBuffer
	tokens map[string]string
	peers  string // where other OneLondons ask; empty where none may
}

func serveFolder(t *testing.T, dir string) served {
	t.Helper()
	loaded, err := config.Load(filepath.Join(dir, "onelondon.yaml"), mappings.Files)
	if err != nil {
		t.Fatal(err)
	}
	loaded.Listen = "127.0.0.1:0"
	var log *slog.Logger
	s := served{tokens: tokens(t, dir)}
	log, s.logs = testkit.Logs(t)
	ctx, leave := context.WithCancel(context.Background())
	wired, err := wire(ctx, loaded, log, nil)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := listen(ctx, loaded)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	peers, err := listenForPeers(ctx, &loaded.Peers)
	if err != nil {
		t.Fatal(err)
	}
	if peers != nil {
		s.peers = peers.Addr().String()
	}
	go func() { ended <- wired.serve(ctx, listener, peers) }()
	t.Cleanup(func() {
		leave()
		if err := <-ended; err != nil {
			t.Errorf("left with %v", err)
		}
	})
	s.url = "http://" + listener.Addr().String()
	if err := awaitReady(ctx, s.url); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s served) get(t *testing.T, path string) string {
	t.Helper()
	answer, err := http.Get(s.url + path)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// heroine is whom the demo's question is about.
func heroine() *folder {
	f := &folder{}
	f.cast()
	return f
}

func TestAKeptDemoIsServedToTheSameTokens(t *testing.T) {
	dir, _ := smallLondon(t)
	s, f := serveFolder(t, dir), heroine()
	withheld := map[string]int{}
	for name, who := range f.callers {
		who.token = s.tokens[name]
		if name == "privacy_officer" || name == "analyst" {
			continue // see who looked, and figures, and no record
		}
		told, err := ask(t.Context(), s.url, who, f.heroine.NHSNumber.Reveal())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		withheld[name] = len(told.patient.Receipt.WithheldKinds)
		if told.patient.Receipt.Purpose != who.Purpose || told.patient.Receipt.LedgerSequence == 0 {
			t.Errorf("%s: receipt %+v", name, told.patient.Receipt)
		}
	}
	if withheld["gp"] != 0 || withheld["ae_doctor"] != 0 || withheld["citizen"] == 0 || withheld["receptionist"] < withheld["citizen"] {
		t.Errorf("kinds withheld: %v", withheld)
	}
}

func TestNothingOfAPersonIsInLogsMetricsOrHeaders(t *testing.T) {
	dir, _ := smallLondon(t)
	s, f := serveFolder(t, dir), heroine()
	number := f.heroine.NHSNumber.Reveal()
	gp := f.callers["gp"]
	gp.token = s.tokens["gp"]
	if _, err := ask(t.Context(), s.url, gp, number); err != nil {
		t.Fatal(err)
	}
	_, refused := ask(t.Context(), s.url, gp, number[:9]+"X")
	if refused == nil {
		t.Fatal("a number that is none was taken")
	}
	told := refused.Error() + s.logs.String() + s.get(t, "/metrics") + s.get(t, "/readyz") + s.get(t, "/?n="+number)
	for _, secret := range []string{number, number[:9], "Adeyemi", "Grace", "1957-06-23", "Wharf Street", "E15 4AB", "penicillin", gp.token, "demo-gp"} {
		if strings.Contains(told, secret) {
			t.Errorf("%q shows", secret)
		}
	}
	if !strings.Contains(told, `onelondon_source_questions_total{class="",outcome="ANSWERED",source="emis-nel"}`) || !s.logs.Contains(`"msg":"request"`) {
		t.Error("nothing was logged or counted, so this proves nothing")
	}
}

func TestASourceThatIsNotThereCostsItsOwnLineAndNothingElse(t *testing.T) {
	dir, _ := smallLondon(t)
	if err := os.WriteFile(filepath.Join(dir, "barts-millennium.sqlite"), []byte(strings.Repeat("not a database\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	s, f := serveFolder(t, dir), heroine()
	gp := f.callers["gp"]
	gp.token = s.tokens["gp"]
	told, err := ask(t.Context(), s.url, gp, f.heroine.NHSNumber.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	outcomes := map[string]string{}
	for _, source := range told.patient.Sources {
		outcomes[source.Name] = source.Outcome
	}
	if got := outcomes["Barts Health, Millennium"]; got == "ANSWERED" || got == "NOTHING" || got == "" {
		t.Errorf("the broken source: %q", got)
	}
	if outcomes["EMIS Web, north east London"] != "ANSWERED" || len(told.patient.Medications.Nodes) == 0 {
		t.Errorf("the others: %v", outcomes)
	}
}

func TestSourceCheckTellsFineFromFaultyFromNotRun(t *testing.T) {
	dir, _ := smallLondon(t)
	path := filepath.Join(dir, "onelondon.yaml")
	if said := say(t, "source", "check", "--config", path); said.code != exitFine || !strings.Contains(said.out, "9 sources, 0 faults") {
		t.Errorf("fine: exit %d\n%s%s", said.code, said.out, said.errs)
	}
	db, err := sql.Open("sqlite", filepath.Join(dir, "bhrut-pas.sqlite"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("ALTER TABLE PMI RENAME TO PMI_OLD"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	faulty := say(t, "source", "check", "--config", path, "--source", "bhrut-pas", "--json")
	var found []checked
	if err := json.Unmarshal([]byte(faulty.out), &found); err != nil || len(found) != 1 || faulty.code != exitFindings {
		t.Fatalf("faulty: exit %d, %v\n%s", faulty.code, err, faulty.out)
	}
	if f := found[0].Findings[0]; f.Severity != "fault" || !strings.Contains(f.Message, "PMI") || f.Advice == "" {
		t.Errorf("finding %+v", f)
	}
	if said := say(t, "source", "check", "--config", path, "--source", "nobody"); said.code != exitNotRun {
		t.Errorf("an unknown source: exit %d %s", said.code, said.errs)
	}
}

func TestAFaultyConfigurationIsToldWithItsPlaces(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bad.yaml")
	if err := os.WriteFile(path, []byte("listen: nowhere\nsauces: []\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, verb := range [][]string{{"serve"}, {"source", "check"}} {
		said := say(t, append(verb, "--config", path)...)
		if said.code != exitNotRun || !strings.Contains(said.errs, "bad.yaml:1:9: listen:") || !strings.Contains(said.errs, `bad.yaml:2:1: sauces: unknown key "sauces"`) {
			t.Errorf("%v: exit %d: %s", verb, said.code, said.errs)
		}
	}
}

func TestHelpTeaches(t *testing.T) {
	for _, verb := range [][]string{{}, {"serve"}, {"source"}, {"source", "check"}, {"source", "scaffold"}, {"source", "explain"}, {"demo"}, {"audit", "notices"}, {"audit", "export"}, {"cohort"},
		{"cohort", "check"}, {"cohort", "words"}, {"cohort", "import"}, {"cohort", "run"}, {"cohort", "list"}, {"cohort", "show"}, {"cohort", "register"}} {
		said := say(t, append(verb, "--help")...)
		if said.code != exitFine || !strings.Contains(said.out, "Examples:") || !strings.Contains(said.out, "onelondon") {
			t.Errorf("%v: exit %d\n%s", verb, said.code, said.out)
		}
	}
	if said := say(t, "version"); said.code != exitFine || !strings.HasPrefix(said.out, "onelondon ") {
		t.Errorf("version: %+v", said)
	}
	if said := say(t, "serve"); said.code != exitNotRun || !strings.Contains(said.errs, "config") {
		t.Errorf("serve alone: %+v", said)
	}
}

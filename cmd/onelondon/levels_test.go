package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/peer"
	"onelondon/internal/testkit"
)

// level is a OneLondon that runs as a process of its own, out of a file beside those of the demo.
type level struct {
	name, file string
	peers      string // where others ask it
	url        string
	process    *exec.Cmd
	log        *testkit.LogBuffer
}

// tower is a demo's folder, and the program that serves parts of it at several levels.
type tower struct {
	program, dir string
	authority    *testkit.Authority
	issued       map[string]tls.Certificate
	levels       map[string]*level
}

// sourceOf is the part of the demo's configuration about one of its databases.
func (w *tower) sourceOf(t *testing.T, id string) string {
	t.Helper()
	config, err := os.ReadFile(filepath.Join(w.dir, "onelondon.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range strings.Split(string(config), "\n  - id: ")[1:] {
		if strings.HasPrefix(one, id+"\n") {
			return "  - id: " + strings.TrimRight(one, "\n") + "\n"
		}
	}
	t.Fatalf("the demo has no source %s", id)
	return ""
}

// plan makes a level: its certificate, and a place where others will ask it.
func (w *tower) plan(t *testing.T, name string) *level {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &level{name: name, file: filepath.Join(w.dir, name+".yaml"), peers: free.Addr().String()}
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(w.dir, name)
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	w.issued[name] = w.authority.Issue(name)
	w.authority.Write(folder, w.issued[name])
	w.levels[name] = l
	return l
}

// asking is a source that is another level.
func (w *tower) asking(from, to string) string {
	return fmt.Sprintf("  - {id: %[2]s, name: %[2]s, driver: onelondon, dsn: \"https://%[3]s\", onelondon: {certificate: %[1]s/peer.pem, key: %[1]s/peer.key, authorities: %[1]s/authority.pem}}\n",
		from, to, w.levels[to].peers)
}

// pin is that of a level's certificate.
func (w *tower) pin(name string) peer.Pin {
	return peer.PinOf(w.issued[name].Leaf)
}

// write writes the level's configuration: it lets one other ask, for others perhaps.
func (w *tower) write(t *testing.T, l *level, lets, others, sources string) {
	t.Helper()
	text := fmt.Sprintf(`listen: 127.0.0.1:0
auth: {issuer: %[1]s, audience: %[2]s, keys: keys.json}
consent: {file: %[3]s/consent.db, create: true}
ledger: {file: %[3]s/ledger.db, create: true}
secrets: {person_key: file:person.key}
log: {format: text, level: info}
peers:
  instance: %[3]s
  listen: %[4]s
  certificate: %[3]s/peer.pem
  key: %[3]s/peer.key
  allow:
    - {instance: %[5]s, pins: ["%[6]s"], for: [%[7]s], organisations: all, roles: all, purposes: [TREAT, ETREAT, PATRQT], relationships: [registered, record], citizens: true, register: own, locate: true}
sources:
%[8]s`, issuerName, audience, l.name, l.peers, lets, w.pin(lets), others, sources)
	if err := os.WriteFile(l.file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// start runs the level as a process, until the test ends.
func (w *tower) start(t *testing.T, l *level) {
	t.Helper()
	_, l.log = testkit.Logs(t)
	l.process = exec.CommandContext(t.Context(), w.program, "serve", "--config", l.file)
	l.process.Cancel = func() error { return l.process.Process.Signal(syscall.SIGTERM) }
	l.process.WaitDelay = 10 * time.Second
	said, err := l.process.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := l.process.Start(); err != nil {
		t.Fatal(err)
	}
	listening := make(chan string, 1)
	go func() {
		for lines := bufio.NewScanner(said); lines.Scan(); {
			_, _ = l.log.Write(append(lines.Bytes(), '\n'))
			if _, address, found := strings.Cut(lines.Text(), "msg=listening address="); found {
				listening <- "http://" + strings.Fields(address)[0]
			}
		}
		close(listening)
	}()
	t.Cleanup(func() { _ = l.process.Wait() })
	select {
	case l.url = <-listening:
	case <-time.After(time.Minute):
	}
	if l.url == "" {
		t.Fatalf("%s does not say that it listens: %s", l.name, l.log)
	}
	if err := awaitReady(t.Context(), l.url); err != nil {
		t.Fatalf("%s: %v", l.name, err)
	}
}

// problems asks a level for a person's problems: which sources they come from, and how each line says its source did.
func (l *level) problems(t *testing.T, who caller, number string) (from, lines []string) {
	t.Helper()
	var told struct {
		Patient struct {
			Conditions struct {
				Nodes   []struct{ Provenance struct{ Source string } }
				Sources []struct{ Source, Outcome string }
			}
		}
	}
	const question = `query Problems($n: NHSNumber!) { patient(nhsNumber: $n) { conditions(first: 50) { nodes { provenance { source } } sources { source outcome } } } }`
	if err := send(t.Context(), l.url, &who, question, map[string]any{"n": number}, &told); err != nil {
		t.Fatalf("%s: %v\n%s", l.name, err, l.log)
	}
	for _, node := range told.Patient.Conditions.Nodes {
		from = append(from, node.Provenance.Source)
	}
	for _, line := range told.Patient.Conditions.Sources {
		lines = append(lines, line.Source+" "+line.Outcome)
	}
	slices.Sort(from)
	return from, lines
}

// London asks a region, and the region a trust: three processes, mutual TLS, each with its own rules, register and ledger. The trust asks London in
// turn, which would go round for ever.
func TestThreeOneLondonsAnswerAsProcesses(t *testing.T) {
	dir, _ := smallLondon(t)
	w := &tower{program: filepath.Join(t.TempDir(), "onelondon"), dir: dir, authority: testkit.NewAuthority(t), issued: map[string]tls.Certificate{}, levels: map[string]*level{}}
	if output, err := exec.CommandContext(t.Context(), "go", "build", "-o", w.program, "onelondon/cmd/onelondon").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	barts, nel, london := w.plan(t, "barts"), w.plan(t, "nel"), w.plan(t, "london")
	w.write(t, barts, "nel", "london", w.sourceOf(t, "barts-millennium")+w.asking("barts", "london"))
	w.write(t, nel, "london", "", w.sourceOf(t, "emis-nel")+w.sourceOf(t, "systmone-nel")+w.asking("nel", "barts"))
	w.write(t, london, "barts", "nel", w.asking("london", "nel"))
	for _, l := range []*level{barts, nel, london} {
		w.start(t, l)
	}
	f, given := heroine(), tokens(t, dir)
	who := func(name string) caller {
		one := *f.callers[name]
		one.token = given[name]
		return one
	}
	number := f.heroine.NHSNumber.Reveal()

	// The trust started before London, and tries it again after a while.
	var from, lines []string
	for begun := time.Now(); !strings.Contains(barts.log.String(), "code=loop") && time.Since(begun) < time.Minute; time.Sleep(retryAfter / 4) {
		from, lines = london.problems(t, who("gp"), number)
	}
	if diff := cmp.Diff([]string{"nel/barts/barts-millennium", "nel/emis-nel", "nel/systmone-nel"}, slices.Compact(slices.Clone(from))); diff != "" {
		t.Errorf("from (-want +got):\n%s", diff)
	}
	want := []string{"nel/barts/barts-millennium ANSWERED", "nel/barts/london FAILED", "nel/emis-nel ANSWERED", "nel/systmone-nel ANSWERED"}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
	if said := barts.log.String(); !strings.Contains(said, "code=loop") {
		t.Errorf("the trust's log says nothing of a loop:\n%s", said)
	}

	// What she says holds at the level where she says it, and so for what passes there: at the region, or at London, of which either is enough.
	citizen, all := who("citizen"), len(from)
	for _, l := range []*level{nel, london} {
		if err := send(t.Context(), l.url, &citizen, deny, map[string]any{"role": f.callers["gp"].Role}, &map[string]any{}); err != nil {
			t.Fatal(err)
		}
		if from, lines = london.problems(t, who("gp"), number); len(from) >= all || len(from) == 0 {
			t.Errorf("after she said at %s what not to show: %d of %d problems, lines %v", l.name, len(from), all, lines)
		}
		if err := send(t.Context(), l.url, &citizen, takeBack, map[string]any{"role": f.callers["gp"].Role}, &map[string]any{}); err != nil {
			t.Fatal(err)
		}
		if from, _ = london.problems(t, who("gp"), number); len(from) != all {
			t.Errorf("after she took it back at %s: %d of %d problems", l.name, len(from), all)
		}
	}
	for _, l := range []*level{barts, nel, london} {
		exported := exec.CommandContext(t.Context(), w.program, "audit", "export", "--config", l.file, "--organisation", f.callers["gp"].Organisation, "--after", "0")
		output, err := exported.CombinedOutput()
		via := map[string]string{"barts": "london/nel", "nel": "london", "london": ""}[l.name]
		if err != nil || strings.Count(string(output), "\n") < 2 || via != "" && !strings.Contains(string(output), fmt.Sprintf("%q", via)) {
			t.Errorf("the ledger at %s, through %q: %v\n%s", l.name, via, err, output)
		}
	}

	// The region locks London out, without a pause.
	w.write(t, nel, "barts", "", w.sourceOf(t, "emis-nel")+w.sourceOf(t, "systmone-nel")+w.asking("nel", "barts"))
	if err := nel.process.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	awaitSaid(t, nel.log, "who may ask was read anew")
	if from, lines = london.problems(t, who("gp"), number); len(from) > 0 || len(lines) > 0 {
		t.Errorf("once it was locked out: from %v, lines %v", from, lines) // London knows nobody there, and so shows nobody
	}
	awaitSaid(t, nel.log, "a question of another OneLondon was refused")
}

// awaitSaid waits until a log says something.
func awaitSaid(t *testing.T, log *testkit.LogBuffer, what string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for !strings.Contains(log.String(), what) {
		select {
		case <-ctx.Done():
			t.Fatalf("the log does not say %q:\n%s", what, log)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

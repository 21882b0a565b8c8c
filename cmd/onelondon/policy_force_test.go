package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"onelondon/internal/enact"
	"onelondon/policy"
)

// governed is a kept demo whose policy comes as a bundle, and the desk of those who make, sign and approve it.
type governed struct{ dir, config, bundle string }

// mustSay runs a command that must be fine and returns what it said.
func mustSay(t *testing.T, args ...string) string {
	t.Helper()
	said := say(t, args...)
	if said.code != exitFine {
		t.Fatalf("%v: exit %d\n%s%s", args, said.code, said.out, said.errs)
	}
	return said.out
}

func governedLondon(t *testing.T) governed {
	t.Helper()
	dir, _ := smallLondon(t)
	g := governed{dir, filepath.Join(dir, "onelondon.yaml"), filepath.Join(dir, "policy.tar.gz")}
	for _, name := range []string{"build", "ada", "cleo"} {
		mustSay(t, "policy", "keys", "--out", filepath.Join(dir, name))
	}
	before, err := os.ReadFile(g.config)
	if err != nil {
		t.Fatal(err)
	}
	after := string(before) + `
policy:
  bundle: policy.tar.gz
  keys: [{id: build, key: build.pub}]
  approvers:
    - {name: Ada Registrar, role: professional, key: ada.pub}
    - {name: Cleo Citizen, role: lay, key: cleo.pub}
  history: policy.history
`
	if err := os.WriteFile(g.config, []byte(after), 0o600); err != nil {
		t.Fatal(err)
	}
	return g
}

// publish builds a bundle with one sentence changed, and approves it.
func (g governed) publish(t *testing.T, revision string) {
	t.Helper()
	rules := policyCopy(t, "data/words.yaml", "This is your own record.", "This is your own record, says "+revision+".")
	mustSay(t, "policy", "build", rules, "-o", g.bundle, "--revision", revision, "--key", filepath.Join(g.dir, "build.key"))
	if err := os.RemoveAll(g.bundle + ".approvals.json"); err != nil {
		t.Fatal(err)
	}
	mustSay(t, "policy", "approve", g.bundle, "--key", filepath.Join(g.dir, "ada.key"), "--as", "Ada Registrar")
	if said := mustSay(t, "policy", "approve", g.bundle, "--key", filepath.Join(g.dir, "cleo.key"), "--as", "Cleo Citizen", "--lay"); !strings.Contains(said,
		"Cleo Citizen (lay) approved revision "+revision) {
		t.Errorf("said %s", said)
	}
}

// lose removes the bundle on offer, and damages one of the history.
func (g governed) lose(t *testing.T, revision string) {
	t.Helper()
	history, err := enact.OpenHistory(filepath.Join(g.dir, "policy.history"))
	if err != nil {
		t.Fatal(err)
	}
	record, err := history.Named(revision)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(g.dir, "policy.history", record.Bundle+".tar.gz"), []byte("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(g.bundle); err != nil {
		t.Fatal(err)
	}
}

// status is what the command tells programs, and its exit code.
func (g governed) status(t *testing.T) (status enact.Status, code int) {
	t.Helper()
	said := say(t, "policy", "status", "--config", g.config, "--format", "json")
	if err := json.Unmarshal([]byte(said.out), &status); err != nil {
		t.Fatalf("exit %d, %v\n%s%s", said.code, err, said.out, said.errs)
	}
	return status, said.code
}

func TestAPolicyIsBuiltApprovedServedReplacedAndRolledBack(t *testing.T) {
	g := governedLondon(t)
	if said := say(t, "policy", "status", "--config", g.config); said.code != exitNotRun {
		t.Errorf("the status of nothing: %+v", said)
	}
	g.publish(t, "1-first")
	s := serveFolder(t, g.dir)
	if status, code := g.status(t); code != exitFine || status.InForce.Revision != "1-first" || len(status.InForce.Approved) != 2 {
		t.Errorf("exit %d: %+v", code, status)
	}
	g.publish(t, "2-second")
	// Activating by hand pins it, which is how the test can wait for the server and not for the clock.
	if said := mustSay(t, "policy", "activate", "--config", g.config, g.bundle); !strings.Contains(said, "the server has taken it up") {
		t.Errorf("said %s", said)
	}
	if said := mustSay(t, "policy", "rollback", "--config", g.config); !strings.Contains(said, "revision 1-first is held in force") ||
		!strings.Contains(said, "the server has taken it up") {
		t.Errorf("said %s", said)
	}
	status, code := g.status(t)
	if code != exitFine || status.InForce.Revision != "1-first" || !status.InForce.Pinned {
		t.Errorf("exit %d: %+v", code, status)
	}
	if text := mustSay(t, "policy", "status", "--config", g.config); !strings.Contains(text, "held by a rollback") ||
		!strings.Contains(text, "Cleo Citizen (lay)") || strings.Count(text, "history") < 3 {
		t.Errorf("said\n%s", text)
	}
	if said := mustSay(t, "policy", "rollback", "--config", g.config, "--to", "2-second"); !strings.Contains(said, "the server has taken it up") {
		t.Errorf("said %s", said)
	}
	mustSay(t, "policy", "activate", "--config", g.config)
	if ready, metrics := s.get(t, "/readyz"), s.get(t, "/metrics"); !strings.Contains(ready, `"policy":"ready"`) ||
		!strings.Contains(metrics, "onelondon_policy_stale_seconds 0") {
		t.Errorf("ready: %s", ready)
	}
}

func TestARollbackWorksWithoutAServer(t *testing.T) {
	g := governedLondon(t)
	for _, revision := range []string{"1", "2"} {
		g.publish(t, revision)
		t.Run("serve "+revision, func(t *testing.T) { serveFolder(t, g.dir) })
	}
	if said := say(t, "policy", "rollback", "--config", g.config, "--to", "9"); said.code != exitNotRun || !strings.Contains(said.errs, "no bundle 9") {
		t.Errorf("to a bundle that never was: %+v", said)
	}
	g.lose(t, "2")
	if said := say(t, "serve", "--config", g.config); said.code != exitNotRun || !strings.Contains(said.errs, "\nthe last one in force, 2: damaged in the history") ||
		!strings.Contains(said.errs, "or go back to 1, the newest of the history that it takes: onelondon policy rollback --config FILE --to 1") {
		t.Errorf("a start with the newest bundle lost: %+v", said)
	}
	if said := say(t, "policy", "status", "--config", g.config); said.code != exitFindings || !strings.Contains(said.out, "nothing by what is known: a server could not start at 20") ||
		!strings.Contains(said.out, "--to 1\n") {
		t.Errorf("the status after it: %+v", said)
	}
	if said := say(t, "policy", "rollback", "--config", g.config, "--to", "2"); said.code != exitNotRun || !strings.Contains(said.errs, "go back to 2: bundle ") ||
		!strings.Contains(said.errs, "nothing has changed; the newest other bundle of the history that this program takes is 1: onelondon policy rollback --config FILE --to 1") {
		t.Errorf("back to what is lost: %+v", said)
	}
	if said := mustSay(t, "policy", "rollback", "--config", g.config, "--wait", "300ms"); !strings.Contains(said, "no server has taken it up yet") {
		t.Errorf("said %s", said)
	}
	serveFolder(t, g.dir)
	if status, _ := g.status(t); status.InForce.Revision != "1" || !status.InForce.Pinned || !status.StartFailed.IsZero() {
		t.Errorf("%+v", status)
	}
	if said := say(t, "policy", "rollback", "--config", g.config); said.code != exitNotRun || !strings.Contains(said.errs, "no bundle older than 1") {
		t.Errorf("before the first: %+v", said)
	}
}

func TestABundleThatIsNotInOrderIsNotActivatedByHandEither(t *testing.T) {
	g := governedLondon(t)
	g.publish(t, "5")
	if err := os.Remove(g.bundle + ".approvals.json"); err != nil {
		t.Fatal(err)
	}
	if said := say(t, "policy", "activate", "--config", g.config, g.bundle); said.code != exitNotRun || !strings.Contains(said.errs, "not approved: missing 2 of 2 approvals") {
		t.Errorf("without approvals: %+v", said)
	}
	if err := os.WriteFile(g.bundle, []byte("not a bundle"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"policy", "activate", "--config", g.config, g.bundle},
		{"policy", "approve", g.bundle, "--key", filepath.Join(g.dir, "ada.key"), "--as", "Ada Registrar"}} {
		if said := say(t, args...); said.code != exitNotRun || !strings.Contains(said.errs, "not a gzipped tar file") {
			t.Errorf("%v: %+v", args, said)
		}
	}
	plain, _ := smallLondon(t)
	if said := say(t, "policy", "rollback", "--config", filepath.Join(plain, "onelondon.yaml")); said.code != exitNotRun ||
		!strings.Contains(said.errs, "is not a bundle") {
		t.Errorf("a site without bundles: %+v", said)
	}
}

func TestKeysAreMadeOnce(t *testing.T) {
	name := filepath.Join(t.TempDir(), "ada")
	mustSay(t, "policy", "keys", "--out", name, "--algorithm", "ES256")
	if info, err := os.Stat(name + ".key"); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the private key may be read by others: %v, %v", info.Mode(), err)
	}
	if said := say(t, "policy", "keys", "--out", name); said.code != exitNotRun || !strings.Contains(said.errs, "is there already, and is left as it is") {
		t.Errorf("over a key that is there: %+v", said)
	}
	if said := say(t, "policy", "keys", "--out", name+"2", "--algorithm", "RS256"); said.code != exitNotRun || !strings.Contains(said.errs, "neither EdDSA nor ES256") {
		t.Errorf("another algorithm: %+v", said)
	}
}

func TestDecisionsAreWrittenWithoutThePerson(t *testing.T) {
	dir, _ := smallLondon(t)
	config := filepath.Join(dir, "onelondon.yaml")
	said := say(t, "policy", "decisions", "--config", config)
	if said.code != exitFine || !strings.Contains(said.out, `"path":"onelondon/decision/decision"`) || !strings.Contains(said.errs, " decisions\n") {
		t.Fatalf("exit %d\n%s%s", said.code, said.out, said.errs)
	}
	for _, secret := range []string{heroine().heroine.NHSNumber.Reveal(), "Okoye"} {
		if strings.Contains(said.out, secret) {
			t.Errorf("%s is in the log", secret)
		}
	}
	if said := say(t, "policy", "decisions", "--config", config, "--since", "2999-01-01"); said.code != exitFine || said.out != "" || said.errs != "0 decisions\n" {
		t.Errorf("of a day to come: %+v", said)
	}
	if said := say(t, "policy", "decisions", "--config", config, "--since", "yesterday"); said.code != exitNotRun {
		t.Errorf("of no day: %+v", said)
	}
}

func TestAHangupReadsThePolicyAnew(t *testing.T) {
	dir, _ := smallLondon(t)
	rules := filepath.Join(dir, "rules")
	if err := os.CopyFS(rules, policy.Embedded()); err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(dir, "onelondon.yaml")
	before, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(config, append(before, "\npolicy: {folder: rules}\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	s := serveFolder(t, dir)
	if err := os.WriteFile(filepath.Join(rules, "data", "words.yaml"), []byte("words: {}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(os.Getpid(), syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(20 * time.Second); !s.logs.Contains("the policy in force stays"); <-time.After(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the faulty policy was not noticed")
		}
	}
	if ready := s.get(t, "/readyz"); !strings.Contains(ready, `"policy":"ready, stale"`) {
		t.Errorf("ready: %s", ready)
	}
}

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"onelondon/policy"
	"onelondon/policy/check"
)

// policyCopy is a folder with the program's own policy, in which one file has old replaced by new.
func policyCopy(t *testing.T, file, old, new string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "policy")
	if err := os.CopyFS(dir, policy.Embedded()); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, file)
	content, err := os.ReadFile(name)
	if err != nil || !strings.Contains(string(content), old) {
		t.Fatalf("%s holds no %q: %v", file, old, err)
	}
	if err := os.WriteFile(name, []byte(strings.Replace(string(content), old, new, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestPolicyCheckFindsNothingWrongWithTheProgramsOwnPolicy(t *testing.T) {
	said := say(t, "policy", "check", "--decisions", "500")
	if said.code != exitFine || !strings.Contains(said.out, "the policy that this program carries, revision ") ||
		!strings.HasSuffix(said.out, ": no fault\n") {
		t.Errorf("exit %d\n%s%s", said.code, said.out, said.errs)
	}
}

func TestPolicyCheckNamesTheFileTheLineAndWhatToDo(t *testing.T) {
	dir := policyCopy(t, "rego/purpose/purpose.rego", "input.purpose", "input.porpose")
	said := say(t, "policy", "check", dir)
	if said.code != exitFindings || !strings.Contains(said.out, filepath.Join(dir, "rego/purpose/purpose.rego:")) ||
		!strings.Contains(said.out, "undefined ref: input.porpose") || !strings.Contains(said.out, "-> the name is not in the schema") ||
		!strings.Contains(said.out, "NOT RUN") {
		t.Errorf("exit %d\n%s%s", said.code, said.out, said.errs)
	}
	said = say(t, "policy", "check", dir, "--format", "json")
	var report check.Report
	if err := json.Unmarshal([]byte(said.out), &report); err != nil || said.code != exitFindings || len(report.Findings) == 0 ||
		report.Findings[0].File != "rego/purpose/purpose.rego" || report.Findings[0].Line == 0 {
		t.Errorf("exit %d, %v\n%s", said.code, err, said.out)
	}
}

func TestPolicyCheckThatCannotRunSaysSo(t *testing.T) {
	if said := say(t, "policy", "check", t.TempDir()); said.code != exitNotRun || !strings.Contains(said.errs, "no folder rego in it") {
		t.Errorf("exit %d\n%s%s", said.code, said.out, said.errs)
	}
}

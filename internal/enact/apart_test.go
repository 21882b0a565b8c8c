package enact_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"onelondon/internal/enact"
)

func TestRulesThatKeepDecisionsFromBeingSharedAreSaidWhenThePolicyIsTakenAndInItsStatus(t *testing.T) {
	s, folder := newStage(t), filepath.Join(t.TempDir(), "policy")
	if err := os.CopyFS(folder, worded(t, "First.")); err != nil {
		t.Fatal(err)
	}
	s.options = enact.Options{Folder: folder, Log: s.options.Log}
	if keeper := s.open(t); len(keeper.Status().InForce.Apart) > 0 || strings.Contains(s.log.String(), "shared") {
		t.Errorf("of the policy that ships it is said too: %s", s.log.String())
	}
	rows := filepath.Join(folder, "rego", "sealed", "sealed.rego")
	content, err := os.ReadFile(rows)
	if err != nil {
		t.Fatal(err)
	}
	const compared = "input.record.organisation == input.caller.organisation"
	changed := bytes.Replace(content, []byte(compared), []byte("startswith(input.caller.organisation, \"R\")\n\t"+compared), 1)
	if bytes.Equal(changed, content) {
		t.Fatalf("the policy that ships no longer says %q", compared)
	}
	write(t, rows, changed)
	keeper := s.open(t)
	if apart := keeper.Status().InForce.Apart; len(apart) != 1 || !strings.HasPrefix(apart[0], "rego/sealed/sealed.rego:") || !strings.Contains(apart[0], "; compare ") {
		t.Errorf("in the status: %q", apart)
	}
	if log := s.log.String(); !strings.Contains(log, "level=WARN") || !strings.Contains(log, "keep decisions from being shared by organisations") ||
		!strings.Contains(log, "rego/sealed/sealed.rego:") {
		t.Errorf("the log does not say so: %s", log)
	}
}

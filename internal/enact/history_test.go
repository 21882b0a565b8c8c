package enact_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"onelondon/internal/enact"
)

// older builds a bundle as the program before this one did.
func (s *stage) older(t *testing.T, revision string) []byte {
	t.Helper()
	const now, then = "review_alert, read_preferences]", "review_alert, read_preferences, set_preferences]"
	s.spoil = func(name string, content []byte) []byte {
		if name == "data/overseers.yaml" && !bytes.Contains(content, []byte(now)) {
			t.Fatalf("%s no longer says %q", name, now)
		}
		return bytes.Replace(content, []byte(now), []byte(then), 1)
	}
	defer func() { s.spoil = nil }()
	return s.build(t, revision, "Of the older product.")
}

func digestOf(bundle []byte) string {
	digest := sha256.Sum256(bundle)
	return hex.EncodeToString(digest[:])
}

// formerly is a history in which a program before this one took a bundle that this one refuses: it names an action of overseers that
// there is no more.
func formerly(t *testing.T) (s *stage, history *enact.History, old []byte) {
	t.Helper()
	s, _, history, _ = threeInForce(t)
	old = s.older(t, "4-older-product")
	if err := history.Add(old, s.approve(t, old, "Ada", "Cleo")); err != nil {
		t.Fatal(err)
	}
	line, err := json.Marshal(enact.Record{At: s.now, Revision: "4-older-product", Number: 4, Bundle: digestOf(old), Policy: "0123456789ab", Key: "site"})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(s.options.History, "activations.jsonl")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, append(append(content, line...), '\n'))
	s.publish(t, old, "Ada", "Cleo")
	return s, history, old
}

const refusedHere = `policy 4-older-product not taken: check policy data: data/overseers: R0001.may.6: "set_preferences" must be one of the following: ` +
	`"read_preferences", "preview_preferences", "read_accesses_of_person", "read_accesses_of_caller", "read_accesses_of_organisation", "read_alerts", "review_alert", "name_proxies"; ` +
	`where it was built with another version of this program, build it anew with this one`

const goBack = "\nto start, publish a bundle that this program takes, or go back to 3, the newest of the history that it takes: onelondon policy rollback --config FILE --to 3"

// No older bundle is taken by itself: it may give what a newer one has closed. What can be done is said.
func TestABundleThatOnlyAnOlderProgramTookStopsTheStartAndIsNamedWithWhatToDo(t *testing.T) {
	s, history, _ := formerly(t)
	if _, err := enact.Open(t.Context(), s.options); err == nil || err.Error() != "open policy: "+refusedHere+goBack {
		t.Errorf("the newest, on offer and last in force: %v", err)
	}
	status, _, err := history.Status()
	if err != nil || status.Refused != "4-older-product" || status.Why != refusedHere+goBack || !status.StartFailed.Equal(s.now) || status.InForce.Revision != "3" {
		t.Errorf("the status says %+v, %v", status, err)
	}
	if err := os.Remove(s.options.Bundle); err != nil {
		t.Fatal(err)
	}
	if _, err := enact.Open(t.Context(), s.options); err == nil || !strings.Contains(err.Error(), "no such file") ||
		!strings.HasSuffix(err.Error(), "\nthe last one in force, 4-older-product: "+refusedHere+goBack) {
		t.Errorf("without anything on offer: %v", err)
	}
	record, err := history.Named("3")
	if err != nil {
		t.Fatal(err)
	}
	if err := history.SetPin(enact.Pin{Bundle: record.Bundle, Revision: "3"}); err != nil {
		t.Fatal(err)
	}
	says(t, s.open(t), "Third.")
	if status, _, err := history.Status(); err != nil || !status.StartFailed.IsZero() || status.Why != "" {
		t.Errorf("after a rollback the status says %+v, %v", status, err)
	}
}

func TestABundleThatIsBuiltForThisProgramTakesThePlaceOfOneThatOnlyAnOlderTook(t *testing.T) {
	s, history, old := formerly(t)
	s.publish(t, s.build(t, "5", "Fifth."), "Ada", "Cleo")
	keeper := s.open(t)
	says(t, keeper, "Fifth.")
	six := s.older(t, "6-older-product")
	s.publish(t, six, "Ada", "Cleo")
	look(t, keeper, "Fifth.")
	wrong(t, keeper, strings.ReplaceAll(refusedHere, "4-", "6-"))
	if !strings.Contains(s.log.String(), "the policy in force stays") || !strings.Contains(s.log.String(), "6-older-product not taken") {
		t.Errorf("the log does not say so:\n%s", s.log.String())
	}
	if err := history.SetPin(enact.Pin{Bundle: digestOf(old), Revision: "4-older-product"}); err != nil {
		t.Fatal(err)
	}
	want := "the pinned bundle " + digestOf(old)[:12] + ": " + refusedHere + "; onelondon policy activate follows what is on offer instead"
	look(t, keeper, "Fifth.")
	wrong(t, keeper, want)
	if _, err := enact.Open(t.Context(), s.options); err == nil || err.Error() != "open policy: "+want+strings.ReplaceAll(goBack, "3", "5") {
		t.Errorf("pinned: %v", err)
	}
	if _, err := enact.TryKept(t.Context(), s.options, digestOf(old)); err == nil || err.Error() != refusedHere {
		t.Errorf("a rollback to it: %v", err)
	}
	for _, kept := range []string{"1", "2", "3", "5"} {
		record, err := history.Named(kept)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(filepath.Join(s.options.History, record.Bundle+".tar.gz")); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := enact.Open(t.Context(), s.options); err == nil || !strings.HasSuffix(err.Error(), "\nto start, publish a bundle that this program takes; of the bundles in the history it takes no other") {
		t.Errorf("with no other in the history: %v", err)
	}
}

package enact_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"onelondon/internal/enact"
	"onelondon/policy/approval"
)

func TestABundleIsInForceOnceEnoughPeopleApprovedIt(t *testing.T) {
	s := newStage(t)
	first := s.build(t, "1", "First.")
	s.publish(t, first, "Ada", "Cleo")
	keeper := s.open(t)
	says(t, keeper, "First.")
	wrong(t, keeper, "")

	second := s.build(t, "2-better-words", "Second.")
	for _, step := range []struct {
		approved []string
		sentence string
		wrong    string
	}{
		{nil, "First.", "policy 2-better-words not taken: not approved: missing 2 of 2 approvals; the approval of a lay reviewer"},
		{[]string{"Ada"}, "First.", "1 of 2 approvals"},
		{[]string{"Ada", "Ada"}, "First.", "1 of 2 approvals"},
		{[]string{"Ada", "Ben"}, "First.", "the approval of a lay reviewer"},
		{[]string{"Ada", "Ben", "Cleo"}, "Second.", ""},
	} {
		s.publish(t, second, step.approved...)
		look(t, keeper, step.sentence)
		wrong(t, keeper, step.wrong)
	}
	status := keeper.Status()
	if got := status.InForce; got.Revision != "2-better-words" || got.Number != 2 || got.Key != "site" || len(got.Approved) != 3 ||
		got.Policy != keeper.Engine().Revision() || got.Approved[2].Name != "Cleo" || got.Approved[2].Role != approval.Lay {
		t.Errorf("in force is %+v", got)
	}
	for _, text := range []string{"policy in force", "the policy in force stays", "2-better-words"} {
		if !strings.Contains(s.log.String(), text) {
			t.Errorf("the log does not say %q:\n%s", text, s.log.String())
		}
	}
}

func TestWhateverIsWrongWithABundleTheOneInForceStays(t *testing.T) {
	s := newStage(t)
	s.publish(t, s.build(t, "5", "Fifth."), "Ada", "Cleo")
	keeper := s.open(t)
	sixth := s.build(t, "6", "Sixth.")
	other := newStage(t).build(t, "7", "Signed by another.")
	for _, step := range []struct {
		name, wrong string
		do          func()
	}{
		{"half of it", "not a whole tar file", func() { s.publish(t, sixth[:len(sixth)/2], "Ada", "Cleo") }},
		{"no bundle at all", "not a gzipped tar file", func() { s.publish(t, []byte("<html>"), "Ada", "Cleo") }},
		{"signed by another", "no key of the configuration signed this bundle", func() { s.publish(t, other, "Ada", "Cleo") }},
		{"an older one", "not newer than the newest that was in force, 5; to go back, run: onelondon policy rollback",
			func() { s.publish(t, s.build(t, "4", "Fourth."), "Ada", "Cleo") }},
		{"another of the same number", "under the same number", func() { s.publish(t, s.build(t, "5", "Also fifth."), "Ada", "Cleo") }},
		{"approvals that do not read", "not a file of approvals", func() {
			s.publish(t, sixth)
			write(t, s.options.Bundle+approval.Suffix, []byte("yes"))
		}},
		{"gone", "no such file", func() {
			if err := os.Remove(s.options.Bundle); err != nil {
				t.Fatal(err)
			}
		}},
	} {
		s.now = s.now.Add(time.Minute)
		step.do()
		look(t, keeper, "Fifth.")
		if wrong(t, keeper, step.wrong); t.Failed() {
			t.Fatal(step.name)
		}
	}
	if got := keeper.Stale(); got != 6*time.Minute {
		t.Errorf("stale for %s, want the 6 minutes since it first went wrong", got)
	}
	s.publish(t, sixth, "Ada", "Cleo")
	look(t, keeper, "Sixth.")
	wrong(t, keeper, "")
	if keeper.Stale() != 0 {
		t.Errorf("stale for %s with all well", keeper.Stale())
	}
}

func TestTheSameFaultIsLoggedOnce(t *testing.T) {
	s := newStage(t)
	s.publish(t, s.build(t, "1", "First."), "Ada", "Cleo")
	keeper := s.open(t)
	s.publish(t, s.build(t, "2", "Second."))
	for range 5 {
		keeper.Look(t.Context(), true)
	}
	if got := strings.Count(s.log.String(), "the policy in force stays"); got != 1 {
		t.Errorf("logged %d times:\n%s", got, s.log.String())
	}
}

func TestWithoutAnyValidPolicyThereIsNoKeeper(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*stage)
		want   string
	}{
		"no bundle":            {func(*stage) {}, "no such file or directory; and none was in force before"},
		"an unapproved bundle": {func(s *stage) { s.publish(t, s.build(t, "1", "First."), "Ada") }, "not approved"},
		"no history":           {func(s *stage) { s.options.History = "" }, "bundles need a folder for it"},
		"too few approvers":    {func(s *stage) { s.options.Approval.Approvers = nil }, "2 approvals are needed and there are 0 approvers"},
		"no key": {func(s *stage) {
			s.publish(t, s.build(t, "1", "First."), "Ada", "Cleo")
			s.options.Keys = nil
		}, "no key of the configuration signed this bundle"},
		"a folder without rules": {func(s *stage) { s.options.Bundle, s.options.Folder = "", s.folder }, "load policy"},
	} {
		s := newStage(t)
		test.change(s)
		if _, err := enact.Open(t.Context(), s.options); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q", name, err, test.want)
		}
	}
}

func TestARestartWithoutTheBundleKeepsTheLastGoodOne(t *testing.T) {
	s := newStage(t)
	s.publish(t, s.build(t, "1", "First."), "Ada", "Cleo")
	began := s.open(t).Status().InForce.At
	if err := os.Remove(s.options.Bundle); err != nil {
		t.Fatal(err)
	}
	s.now = s.now.Add(time.Hour)
	keeper := s.open(t)
	says(t, keeper, "First.")
	wrong(t, keeper, "no such file")
	if got := keeper.Status().InForce.At; !got.Equal(began) {
		t.Errorf("in force since %s, want %s: it was so before the restart", got, began)
	}
	// What the folder of the history holds is verified like everything else.
	kept, err := filepath.Glob(filepath.Join(s.options.History, "*.tar.gz"))
	if err != nil || len(kept) != 1 {
		t.Fatalf("kept %v: %v", kept, err)
	}
	write(t, kept[0], newStage(t).build(t, "1", "Slipped in."))
	if _, err := enact.Open(t.Context(), s.options); err == nil || !strings.Contains(err.Error(), "damaged in the history") {
		t.Errorf("a bundle that was slipped into the history: %v", err)
	}
}

func TestAnApproverWhoIsNoLongerOneDoesNotCount(t *testing.T) {
	s := newStage(t)
	s.publish(t, s.build(t, "1", "First."), "Ada", "Cleo")
	s.open(t)
	for i, approver := range s.options.Approval.Approvers {
		if approver.Name == "Ada" {
			s.options.Approval.Approvers[i].Key = newKey(t).Public()
		}
	}
	if _, err := enact.Open(t.Context(), s.options); !errors.Is(err, enact.ErrNotApproved) {
		t.Errorf("got %v", err)
	}
}

func TestAPlainFolderIsTakenAnewOnceAChangeHasSettled(t *testing.T) {
	s := newStage(t)
	folder := filepath.Join(s.folder, "rules")
	s.options = enact.Options{Folder: folder, Now: s.options.Now, Log: s.options.Log}
	if err := os.CopyFS(folder, worded(t, "First.")); err != nil {
		t.Fatal(err)
	}
	keeper := s.open(t)
	look(t, keeper, "First.")
	words := filepath.Join(folder, "data", "words.yaml")
	original, err := os.ReadFile(words)
	if err != nil {
		t.Fatal(err)
	}
	write(t, words, []byte(strings.Replace(string(original), "First.", "The second.", 1)))
	look(t, keeper, "First.") // seen, not yet settled
	look(t, keeper, "The second.")
	wrong(t, keeper, "")
	write(t, words, []byte("words: [not, a, table"))
	look(t, keeper, "The second.")
	look(t, keeper, "The second.")
	wrong(t, keeper, "data/words.yaml")
	write(t, words, []byte(strings.Replace(string(original), "First.", "A third.", 1)))
	keeper.Look(t.Context(), true) // as on SIGHUP
	says(t, keeper, "A third.")
	wrong(t, keeper, "")
}

func TestThePolicyThatTheProgramCarriesDoesNotChange(t *testing.T) {
	keeper, err := enact.Open(t.Context(), enact.Options{})
	if err != nil {
		t.Fatal(err)
	}
	before := keeper.Engine()
	keeper.Run(t.Context()) // returns at once
	keeper.Look(t.Context(), true)
	if keeper.Engine() != before || keeper.Status().Source != "the program" || keeper.Status().InForce.Policy != before.Revision() {
		t.Errorf("got %+v", keeper.Status())
	}
}

func TestChangedCodeListsAreTakenIntoThePolicyInForce(t *testing.T) {
	const file = "london_sensitive_codes.csv"
	lists := t.TempDir()
	codes := func(lines ...string) {
		content := "category,refset_sctid,code\nassisted_fertilisation,1,225244002\ngender_related_issues,1,407376001\n" +
			"sexually_transmitted_disease,1,186747009\n" + strings.Join(lines, "")
		write(t, filepath.Join(lists, file), []byte(content))
	}
	codes("termination_of_pregnancy,1,86891002\n")
	keeper, err := enact.Open(t.Context(), enact.Options{Codelists: lists})
	if err != nil {
		t.Fatal(err)
	}
	first := keeper.Engine()
	keeper.Look(t.Context(), false)
	if keeper.Engine() != first {
		t.Error("the policy was replaced although nothing changed")
	}
	codes("termination_of_pregnancy,1,86891002\n", "termination_of_pregnancy,1,57797005\n")
	keeper.Look(t.Context(), false)
	second := keeper.Engine()
	if second.Revision() == first.Revision() {
		t.Errorf("the new code is not in force: %s", keeper.Status().Why)
	}
	codes("termination_of_pregnancy,1,not a code\n")
	keeper.Look(t.Context(), false)
	if keeper.Engine() != second {
		t.Error("a faulty list replaced the policy")
	}
	wrong(t, keeper, file+":5: ")
}

func TestARunningKeeperTakesWhatIsPublishedWhileItIsAsked(t *testing.T) {
	s := newStage(t)
	s.publish(t, s.build(t, "1", "First."), "Ada", "Cleo")
	keeper := s.open(t)
	ctx, leave := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { keeper.Run(ctx) })
	second := s.build(t, "2", "Second.")
	s.publish(t, second, "Ada", "Cleo")
	keeper.Reload()
	for deadline := time.Now().Add(time.Minute); keeper.Engine().Words("own_record") != "Second."; runtime.Gosched() {
		if keeper.Stale() < 0 || keeper.Status().Source == "" || time.Now().After(deadline) {
			t.Fatalf("in force is still %+v", keeper.Status())
		}
	}
	leave()
	running.Wait()
}

package study_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"onelondon/internal/gate/study"
)

// worded is a policy that knows one reason.
type worded struct{ study.Policy }

func (worded) Words(reason string) string { return "In the policy's words: " + reason + "." }

func (worded) Expectation(reason string) string {
	return map[string]string{"not_permitted": "CS-9"}[reason]
}

// Whatever the ledger says of a question that was not answered is said to everybody in a sentence.
func TestEveryReasonIsAPublicSentence(t *testing.T) {
	var reasons []string
	for file, pattern := range map[string]string{"../../cohort/disclosure/refusal.go": `(?m)^\t[A-Z]\w+ += "(\w+)"`, "ask.go": `(?m)^\t\treturn "(\w+)"`} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range regexp.MustCompile(pattern).FindAllStringSubmatch(string(text), -1) {
			reasons = append(reasons, found[1])
		}
	}
	if len(reasons) != 11 || !slices.Contains(reasons, "cancelled") {
		t.Fatalf("%d reasons: %v", len(reasons), reasons)
	}
	fault := study.Why(worded{}, "fault")
	for _, reason := range reasons {
		words := study.Why(worded{}, reason)
		if !strings.HasSuffix(words, ".") || strings.Contains(words, "_") || regexp.MustCompile(`[0-9]`).MatchString(words) || words == fault {
			t.Errorf("%s: %q", reason, words)
		}
	}
	if words := study.Why(worded{}, "not_permitted"); words != "In the policy's words: not_permitted." {
		t.Error(words)
	}
	if strings.Contains(study.Why(worded{}, "9990000018"), "9990000018") {
		t.Error("a reason that nobody knows is said as it is")
	}
}

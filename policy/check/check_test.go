package check_test

import (
	"testing"

	"onelondon/policy"
	"onelondon/policy/check"
)

func TestTheProgramsOwnPolicyHasNoFault(t *testing.T) {
	report := check.Run(t.Context(), policy.Embedded(), check.Options{})
	for _, finding := range report.Findings {
		t.Errorf("%s: %s: %s; %s", finding.Step, finding.Place(), finding.Message, finding.Advice)
	}
	if report.Revision == "" {
		t.Error("a policy that compiles has a revision")
	}
	for _, count := range report.Counts {
		if count.Seen == 0 || count.NotRun {
			t.Errorf("%s looked at no %s", count.Step, count.Of)
		}
		t.Logf("%-10s %d %s", count.Step, count.Seen, count.Of)
	}
}

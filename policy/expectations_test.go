package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"onelondon/policy"
)

// enforcedElsewhere are the expectations of the Citizens' Summit (DOMAIN.md 1.2) that rules alone cannot keep, and what keeps
// the rest of them. Each is cited by a rule all the same.
var enforcedElsewhere = map[string]string{
	"CS-4":  "the ledger is written before an answer leaves (internal/gate, internal/audit)",
	"CS-7":  "every record shows its source and date, and conflicts are shown (internal/gate)",
	"CS-10": "what was asked for studies is published from the ledger (internal/audit)",
	"CS-13": "what Londoners said about commercial terms was not found: citation needed (data/approvals.yaml)",
	"CS-14": "a bundle needs recorded approvals (policy/approval)",
	"CS-15": "people see who looked (internal/gate)",
}

func TestEveryExpectationOfLondonersIsServedByARule(t *testing.T) {
	cited := map[string]string{}
	for _, topic := range open(t, policy.Embedded()).Topics() {
		for _, rule := range topic.Rules {
			for expectation := range strings.SplitSeq(rule.Expectation, ",") {
				cited[strings.TrimSpace(expectation)] = rule.Ref()
			}
		}
	}
	for n := 1; n <= 15; n++ {
		expectation := fmt.Sprint("CS-", n)
		if cited[expectation] == "" {
			t.Errorf("no rule serves %s; elsewhere: %q", expectation, enforcedElsewhere[expectation])
		}
	}
	for expectation := range enforcedElsewhere {
		if cited[expectation] == "" {
			t.Errorf("%s is said to be kept elsewhere too, and no rule cites it", expectation)
		}
	}
}

package policy_test

import (
	"testing"

	"onelondon/policy"
	"onelondon/policy/casebook"
)

func TestEveryCaseIsDecidedAsGovernanceWroteIt(t *testing.T) {
	engine := open(t, policy.Embedded())
	cases, err := casebook.Read(policy.Embedded())
	if err != nil || len(cases) == 0 {
		t.Fatalf("%d cases: %v", len(cases), err)
	}
	for i := range cases {
		t.Run(cases[i].Title, func(t *testing.T) {
			differences, err := cases[i].Try(t.Context(), engine)
			if err != nil {
				t.Fatal(err)
			}
			for _, difference := range differences {
				t.Errorf("%s:%d: %s", cases[i].File, cases[i].Line, difference)
			}
		})
	}
}

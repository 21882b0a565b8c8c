package policy_test

import (
	"context"
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

// trial is a case of any form.
type trial interface {
	Try(ctx context.Context, engine *policy.Engine) ([]string, error)
}

func TestEveryCaseOfOversightAndOfStudiesIsDecidedAsGovernanceWroteIt(t *testing.T) {
	engine := open(t, policy.Embedded())
	oversight, err := casebook.ReadOversight(policy.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	studies, err := casebook.ReadStudies(policy.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	trials := map[string]trial{}
	for i := range oversight {
		trials[oversight[i].Title] = &oversight[i]
	}
	for i := range studies {
		trials[studies[i].Title] = &studies[i]
	}
	if len(trials) < 20 {
		t.Errorf("%d cases", len(trials))
	}
	for title, each := range trials {
		if differences, err := each.Try(t.Context(), engine); err != nil || len(differences) > 0 {
			t.Errorf("%s: %v %q", title, err, differences)
		}
	}
}

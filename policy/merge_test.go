package policy_test

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/open-policy-agent/opa/v1/loader"

	"onelondon/policy"
)

// `opa build policy/rego policy/data` merges the same files with OPA's own loader. Whoever runs the rules in a stock OPA runs
// them over the same tables.
func TestStockOPAMergesTheSameTables(t *testing.T) {
	merged, err := loader.NewFileLoader().WithFS(os.DirFS(".")).Filtered([]string{"rego", "data"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(merged.Documents, policy.Data(t, policy.Embedded())); diff != "" {
		t.Errorf("the tables (-OPA's +ours):\n%s", diff)
	}
	if len(merged.Modules) == 0 {
		t.Error("OPA found no rules")
	}
}

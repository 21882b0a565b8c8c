package testkit

import (
	"os"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// Accepted reads, from a YAML file of the test's package, the breaks of a program that are known to have no observable
// effect, each with a reason. The test fails if one of them is no longer known, or has no reason.
func Accepted(t testing.TB, file string, known map[string]bool) map[string]string {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var listed []struct{ Mutant, Reason string }
	if err := yaml.UnmarshalWithOptions(content, &listed, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	accepted := map[string]string{}
	for _, each := range listed {
		if !known[each.Mutant] || strings.TrimSpace(each.Reason) == "" {
			t.Errorf("%s: there is no such break any more, or no reason: %q", file, each.Mutant)
		}
		accepted[each.Mutant] = each.Reason
	}
	return accepted
}

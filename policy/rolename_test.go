package policy_test

import (
	"testing"

	"onelondon/policy"
)

func TestRolesHaveNames(t *testing.T) {
	engine := open(t, policy.Embedded())
	for code, want := range map[string]string{"R0260": "General Medical Practitioner", "R0001": "Privacy Officer", "R9999": ""} {
		if got := engine.RoleName(code); got != want {
			t.Errorf("%s is called %q, want %q", code, got, want)
		}
	}
}

package policy_test

import (
	"slices"
	"testing"

	"onelondon/policy"
)

// Who may do what besides reading records; everything that is not here is refused.
func TestEveryActionIsPermittedToThoseWhomItIsForAndNobodyElse(t *testing.T) {
	self := policy.OversightInput{Citizen: true, Self: true, Age: policy.Age16AndUp, Capacity: policy.CapacityPresumed}
	parent := policy.OversightInput{Citizen: true, Age: policy.AgeUnder11, Capacity: policy.CapacityPresumed, Authority: policy.AuthorityParent}
	expired := parent
	expired.Age = policy.Age16AndUp
	staff := func(role string, own bool) policy.OversightInput {
		return policy.OversightInput{Role: role, Organisation: "RYJ", OwnOrganisation: own, Relationship: policy.RelationshipRecord}
	}
	emergency := policy.OversightInput{Role: "R9102", Organisation: "R1H", Activities: []string{"B0082"}, Purpose: policy.EmergencyTreatment}
	choices := []policy.Action{policy.ReadPreferences, policy.SetPreferences, policy.PreviewPreferences}
	read := []policy.Action{policy.ReadPreferences, policy.PreviewPreferences}
	accesses := []policy.Action{policy.ReadAccessesOfPerson, policy.ReadAccessesOfCaller, policy.ReadAccessesOfOrganisation,
		policy.ReadAlerts, policy.ReviewAlert}
	stranger := staff("R5105", false)
	stranger.Relationship = policy.RelationshipNone
	engine := open(t, policy.Embedded())
	for _, test := range []struct {
		who string
		policy.OversightInput
		may []policy.Action
	}{
		{"a person", self, append(slices.Clone(choices), policy.ReadOwnAccesses)},
		{"a parent", parent, append(slices.Clone(choices), policy.ReadOwnAccesses)},
		{"a parent of an adult", expired, nil},
		{"a privacy officer in their organisation", staff("R0001", true), append(slices.Clone(accesses), policy.ReadPreferences)},
		{"a privacy officer beyond their organisation", staff("R0001", false), []policy.Action{policy.ReadPreferences}},
		{"a Caldicott guardian in their organisation", staff("R5105", true), append(slices.Clone(accesses), read...)},
		{"a Caldicott guardian beyond their organisation", staff("R5105", false), read},
		{"a Caldicott guardian whose organisation does not care for the person", stranger, nil},
		{"a GP", staff("R0260", true), nil},
		{"a receptionist", staff("R1730", true), nil},
		{"an A&E doctor in an emergency", emergency, []policy.Action{policy.BreakGlass}},
		{"nobody", policy.OversightInput{}, nil},
	} {
		for _, action := range policy.Actions() {
			input := test.OversightInput
			input.Action = action
			permission, err := engine.Permit(t.Context(), input)
			if err != nil {
				t.Fatal(err)
			}
			if want := action == policy.ReadRules || slices.Contains(test.may, action); permission.Permitted != want {
				t.Errorf("%s, %s: permitted %v for %v", test.who, action, permission.Permitted, permission.Reasons)
			}
			for _, reason := range permission.Reasons {
				if engine.Expectation(reason) == "" || permission.Revision != engine.Revision() {
					t.Errorf("the reason %s has no words and no expectation", reason)
				}
			}
		}
	}
}

package impact

import (
	"context"

	"onelondon/policy"
)

// Said is how many people of the register said the same.
type Said struct {
	Person policy.Person
	People int
}

// registered asks both policies for everybody of whom the register knows something, on behalf of somebody of each group of roles
// who treats them: with the glass whole, and broken in an emergency. Only how many people said what is known of them.
func (a *assessment) registered(ctx context.Context, report *Report) error {
	var keys []rowKey
	var counts []peopleCounts
	for _, group := range a.teller.Groups() {
		caller := policy.Input{Role: group.Roles[0], Organisation: madeOrganisation}
		whole, broken := caller, caller
		whole.Purpose, whole.Relationship = policy.Treatment, policy.RelationshipRecord
		broken.Purpose, broken.Relationship, broken.Emergency = policy.EmergencyTreatment, policy.RelationshipClaimed, true
		for _, input := range []policy.Input{whole, broken} {
			count, err := a.weighed(ctx, input)
			if err != nil {
				return err
			}
			keys, counts = append(keys, rowKey{a.group(input), string(input.Purpose)}), append(counts, count)
		}
	}
	report.Registered = []Row{}
	for i, shown := range a.hidden.table(counts) {
		report.Registered = append(report.Registered, Row{Name: keys[i].name, Purpose: keys[i].purpose, People: shown[0].String(),
			Gain: shown[1].String(), Lose: shown[2].String()})
	}
	return nil
}

// weighed counts the people of the register of whom a caller would see more or less.
func (a *assessment) weighed(ctx context.Context, input policy.Input) (count peopleCounts, err error) {
	for _, said := range a.Said {
		input.Person = said.Person
		difference, err := a.between(ctx, input)
		if err != nil {
			return count, err
		}
		count[0] += said.People
		if difference.More() {
			count[1] += said.People
		}
		if difference.Less() {
			count[2] += said.People
		}
	}
	return count, nil
}

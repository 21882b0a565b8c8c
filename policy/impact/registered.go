package impact

import (
	"context"

	"onelondon/policy"
)

// Said is the number of people in the register with the same preferences.
type Said struct {
	Person policy.Person
	People int
}

// registered asks both policies about everybody in the register, on behalf of each group of roles that treats people,
// with and without a broken glass in an emergency. All that is known is how many people have which preferences.
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

// weighed counts the people in the register of whom a caller would see more or less.
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

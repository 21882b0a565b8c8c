package handbook

import (
	"context"
	"strings"

	"onelondon/policy"
	"onelondon/policy/prose"
	"onelondon/policy/specimen"
)

// findings tells in a table who decides, finds or records about somebody by their office.
func (b *book) findings(ctx context.Context) error {
	b.linef("\n### Who decides and finds by their office\n\nStaff of the person's practice. Each role and each band of age was put to the policy; \"by two\" means: it holds once a second member of staff has\nrecorded the same; \"reviewed\": by a privacy officer.\n\n| what | whose role is of | of whom | how |\n|---|---|---|---|")
	for _, action := range policy.Actions() {
		for _, outcome := range policy.Outcomes(action) {
			if err := b.finding(ctx, action, outcome); err != nil {
				return err
			}
		}
	}
	return nil
}

// finding tells one outcome, a line for each way in which it is recorded.
func (b *book) finding(ctx context.Context, action policy.Action, outcome policy.Outcome) error {
	var ways []string
	offices, ages := map[string][]string{}, map[string][]string{}
	for _, office := range b.offices() {
		for _, age := range policy.Ages() {
			how, err := b.found(ctx, policy.OversightInput{Action: action, Role: office.role, Organisation: exampleOrganisation, Age: age,
				Relationship: policy.RelationshipRegistered, Finding: policy.FindingMade{Outcome: outcome}})
			if err != nil || how == "" {
				if err != nil {
					return err
				}
				continue
			}
			if offices[how] == nil {
				ways = append(ways, how)
			}
			offices[how], ages[how] = once(offices[how], office.name), once(ages[how], ageInWords(age))
		}
	}
	for _, how := range ways {
		b.linef("| %s | %s | %s | %s |", outcomeInWords(outcome), specimen.Listed(offices[how]), specimen.Listed(ages[how]), how)
	}
	return nil
}

func once(all []string, one string) []string {
	for _, each := range all {
		if each == one {
			return all
		}
	}
	return append(all, one)
}

// office is whose role it is.
type office struct{ name, role string }

func (b *book) offices() []office {
	var all []office
	for _, group := range b.teller.Groups() {
		all = append(all, office{prose.Spaced(group.Name), group.Roles[0]})
	}
	for _, overseer := range b.overseers() {
		if overseer.input.Role != "" && len(overseer.input.Purpose) == 0 {
			all = append(all, office{overseer.name, overseer.input.Role})
		}
	}
	return all
}

// found says how something is recorded, of whichever finding before; nothing where it is not.
func (b *book) found(ctx context.Context, input policy.OversightInput) (string, error) {
	for _, evidence := range []bool{false, true} {
		for _, capacity := range policy.Capacities() {
			input.Evidence, input.Capacity = evidence, capacity
			permission, err := b.Permit(ctx, input)
			if err != nil {
				return "", err
			}
			if !permission.Permitted {
				continue
			}
			said := []string{"by one"}
			if permission.Pending {
				said[0] = "by two"
			}
			if evidence {
				said = append(said, "with evidence")
			}
			if permission.Alert {
				said = append(said, "reviewed")
			}
			return strings.Join(said, ", "), nil
		}
	}
	return "", nil
}

func outcomeInWords(outcome policy.Outcome) string {
	switch outcome {
	case policy.OutcomeUpheld:
		return "an objection is upheld"
	case policy.OutcomeNotUpheld:
		return "an objection is not upheld"
	case policy.OutcomePresumed:
		return "somebody is presumed to have capacity"
	case policy.OutcomeCompetent:
		return "a child is competent (Gillick)"
	case policy.OutcomeLacking:
		return "somebody lacks capacity"
	case policy.OutcomeParent:
		return "a parent may act for a child"
	case policy.OutcomeAttorney:
		return "an attorney may act for somebody"
	case policy.OutcomeEnded:
		return "somebody may no longer act for a person"
	}
	return prose.Spaced(string(outcome))
}

func ageInWords(age policy.Age) string {
	if age == policy.AgeUnknown {
		return "age not known"
	}
	return prose.Spaced(string(age))
}

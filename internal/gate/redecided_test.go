package gate_test

import (
	"context"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/internal/gate"
	"onelondon/policy"
)

// narrowing releases less to whoever is no longer registered with the practice.
type narrowing struct {
	*bentPolicy
	later policy.Release
}

func (p narrowing) Decide(ctx context.Context, input policy.Input) (*policy.Decision, error) {
	decision, err := p.bentPolicy.Decide(ctx, input)
	if input.Relationship != policy.RelationshipRegistered {
		decision.SetRelease(clinical.KindCondition, p.later)
	}
	return decision, err
}

// The index says registered, the practice has since ended it. What the first decision let the sources say must not show in the lines
// of an answer that goes by the second.
func TestALineTellsNothingOfWhatTheLastDecisionWithholds(t *testing.T) {
	nobody := condition.Where(condition.Clause{{Attribute: condition.Organisation, Op: condition.Equal, Values: []condition.Value{condition.Text("nobody's")}}})
	for name, last := range map[string]struct {
		release policy.Release
		want    gate.Outcome
	}{
		"the kind":    {policy.Release{}, gate.Withheld},
		"the records": {policy.Release{Condition: nobody}, gate.Nothing},
	} {
		for holding, records := range map[string][]clinical.Record{
			"something": many(40), "a little": many(2), "nothing": nil,
		} {
			s := newStage()
			s.holds("emis", "F84003", number(t, amina), records...)
			s.people["emis"][0].Records[0].About().Status = clinical.StatusInactive
			s.bend = func(first *bentPolicy) gate.Policy { return narrowing{first, last.release} }
			question := conditionsOf(t, amina)
			question.Lists[0].First = 1
			page := s.open(t).ask(t, gpCaller, question).Pages[0]
			if name == "the records" && holding == "something" {
				page.HasNext = false // the source was not asked for all of them, so nobody knows that none follows
			}
			if len(page.Records) != 0 || page.HasNext || len(page.Sources) != 1 || page.Sources[0].Outcome != last.want {
				t.Errorf("%s withheld, of a source that holds %s: %d records, lines %+v", name, holding, len(page.Records), page.Sources)
			}
		}
	}
}

func many(count int) (all []clinical.Record) {
	for i := range count {
		all = append(all, &clinical.Condition{Meta: clinical.Meta{ID: identifier("c", i), Code: snomed("38341003"), Date: date("2020-01-01")}})
	}
	return all
}

package policy_test

import (
	"slices"
	"testing"

	"onelondon/policy"
)

func TestTheRulesInForceSayWhatTheyAreForAndWhatTheyRestOn(t *testing.T) {
	engine := open(t, policy.Embedded())
	for _, topic := range engine.Topics() {
		if topic.Title == "" || topic.Description == "" || len(topic.Rules) == 0 {
			t.Errorf("%s: %+v", topic.Name, topic)
		}
		for _, rule := range topic.Rules {
			if rule.Title == "" || rule.Expectation == "" || rule.File == "" || rule.Line == 0 {
				t.Errorf("%+v", rule)
			}
		}
	}
	refusals, _ := engine.Rule("decision.refusals")
	if !slices.Contains(refusals.Uses, "purpose.permitted") || refusals.AboutRecord {
		t.Errorf("%+v", refusals)
	}
	released, _ := engine.Rule("sealed.released")
	if !released.AboutRecord {
		t.Errorf("%+v", released)
	}
}

package policy_test

import (
	"sync"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/policy"
)

// Two policies that differ in every answer to the same question: the one that ships, and one for which no purpose is good enough.
func twoRevisions(t *testing.T) (releasing, refusing *policy.Engine) {
	t.Helper()
	releasing = open(t, policy.Embedded())
	refusing = open(t, changed(t, map[string]string{"rego/purpose/purpose.rego": "package onelondon.purpose\n\n" +
		"stated if input.purpose != \"\"\n\npermitted if input.purpose == \"NOTHING\"\n"}))
	return releasing, refusing
}

// A thousand changes of policy under four callers, each of whose questions is two decisions, as the
// gate's are. What one revision decided must come out as that revision's and no other's.
func TestAThousandChangesUnderLoadLeaveEachQuestionToOneRevision(t *testing.T) {
	releasing, refusing := twoRevisions(t)
	live := policy.NewLive(releasing)
	stop := make(chan struct{})
	var callers sync.WaitGroup
	for range 4 {
		callers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				askTwice(t, live.Engine(), releasing.Revision())
			}
		})
	}
	for i := range 1000 {
		next := releasing
		if i%2 == 0 {
			next = refusing
		}
		if previous := live.Replace(next); previous == next {
			t.Error("the policy that was replaced is not the one that was in force")
		}
		askTwice(t, live.Engine(), releasing.Revision())
	}
	close(stop)
	callers.Wait()
}

// askTwice is one question: decided, and decided again in another relationship.
func askTwice(t *testing.T, engine *policy.Engine, releasing string) {
	for _, relationship := range []policy.Relationship{policy.RelationshipRegistered, policy.RelationshipRecord} {
		input := gp
		input.Relationship = relationship
		decision, err := engine.Decide(t.Context(), input)
		if err != nil {
			t.Error(err)
			return
		}
		released := !decision.Release(clinical.KindCondition).Condition.IsNever()
		if decision.Revision != engine.Revision() || released != (decision.Revision == releasing) ||
			decision.Permitted != released || len(decision.Reasons) == 0 {
			t.Errorf("revision %s of engine %s: permitted %v, released %v, reasons %v", decision.Revision, engine.Revision(),
				decision.Permitted, released, decision.Reasons)
		}
	}
}

package gate_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/policy"
	"onelondon/sources"
)

// The index says registered, the practice has since ended it, so the question is decided again after the sources were asked.
// By then another policy is in force.
func TestAQuestionThatIsDecidedTwiceKeepsThePolicyThatItBeganWith(t *testing.T) {
	s := smallTown(t)
	s.people["emis"][0].Records[0].About().Status = clinical.StatusInactive
	first := s.policy
	var once sync.Once
	s.wrap = func(source sources.Source) sources.Source {
		return interrupting{source, func() { once.Do(func() { s.policy = &bentPolicy{err: errors.New("the next policy was asked")} }) }}
	}
	person := s.open(t).ask(t, gpCaller, conditionsOf(t, amina))
	if len(first.inputs) != 2 || first.inputs[0].Relationship != policy.RelationshipRegistered ||
		first.inputs[1].Relationship != policy.RelationshipRecord || person == nil || len(person.Receipt.Reasons) != 1 {
		t.Errorf("the first policy was asked %d times: %+v", len(first.inputs), first.inputs)
	}
	if s.policy == first {
		t.Fatal("the policy did not change under the question")
	}
}

// interrupting does something before it answers.
type interrupting struct {
	sources.Source
	before func()
}

func (s interrupting) Fetch(ctx context.Context, query sources.Query) (sources.Answer, error) {
	s.before()
	return s.Source.Fetch(ctx, query)
}

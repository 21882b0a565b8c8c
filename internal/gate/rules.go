package gate

import (
	"context"
	"strings"
	"time"

	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/policy"
)

// PolicyInForce describes the policy that decides every question at present.
type PolicyInForce struct {
	Revision    string
	ActivatedAt time.Time  // zero if not known
	ApprovedBy  []Approval // empty for the policy that is built into the program
	Rules       []Rule
	Cases       []PolicyCase
}

// Approval is somebody's approval of a policy.
type Approval struct {
	Who string
	At  time.Time
}

// Rule is one rule of the policy, in words.
type Rule struct {
	Topic, Name, Title, Description string
	Expectations                    []string // the expectations of Londoners and the laws that it serves
}

// PolicyCase is a decision, described in plain words, that the policy must make as described.
type PolicyCase struct{ Page, Title string }

// Rulebook is a [Policy] that can list its rules.
type Rulebook interface {
	Revision() string
	Topics() []policy.Topic
}

// Publication says how the policy in force came to be: when, with whose approval, and tested on which cases.
type Publication struct {
	ActivatedAt time.Time
	ApprovedBy  []Approval
	Cases       []PolicyCase
}

// Rules describes the policy in force. Reading it is recorded in the ledger, like every reading through the gate.
func (g *Gate) Rules(ctx context.Context, caller auth.Caller) (*PolicyInForce, error) {
	a, err := g.begin(caller, policy.ReadRules, clinical.NHSNumber{})
	if err != nil {
		return nil, err
	}
	if err := a.permit(ctx); err != nil {
		return nil, err
	}
	book, ok := a.policy.(Rulebook)
	if !ok {
		return nil, a.fail(ctx, ErrPolicy)
	}
	inForce := &PolicyInForce{Revision: book.Revision(), ApprovedBy: []Approval{}, Rules: rulesOf(book.Topics()), Cases: []PolicyCase{}}
	if g.parts.Publication != nil {
		published := g.parts.Publication(book.Revision())
		inForce.ActivatedAt = published.ActivatedAt
		inForce.ApprovedBy = append(inForce.ApprovedBy, published.ApprovedBy...)
		inForce.Cases = append(inForce.Cases, published.Cases...)
	}
	return inForce, a.done(ctx)
}

func rulesOf(topics []policy.Topic) []Rule {
	rules := []Rule{}
	for i := range topics {
		for _, rule := range topics[i].Rules {
			rules = append(rules, Rule{Topic: rule.Topic, Name: rule.Name, Title: rule.Title, Description: rule.Description,
				Expectations: expectations(rule.Expectation)})
		}
	}
	return rules
}

func expectations(text string) []string {
	all := []string{}
	for each := range strings.SplitSeq(text, ",") {
		if each = strings.TrimSpace(each); each != "" {
			all = append(all, each)
		}
	}
	return all
}

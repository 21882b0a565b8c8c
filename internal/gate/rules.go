package gate

import (
	"context"
	"strings"
	"time"

	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/policy"
)

// PolicyInForce is the policy by which every question is decided now.
type PolicyInForce struct {
	Revision    string
	ActivatedAt time.Time  // zero where it is not known
	ApprovedBy  []Approval // empty where the policy is the one that the program carries
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
	Expectations                    []string // expectations of Londoners and laws that it serves
}

// PolicyCase is one decision in plain words that the policy must make as written.
type PolicyCase struct{ Page, Title string }

// Rulebook is a [Policy] that can say what its rules are.
type Rulebook interface {
	Revision() string
	Topics() []policy.Topic
}

// Publication is how the policy in force came to be: when, on whose approval, and tried on which cases.
type Publication struct {
	ActivatedAt time.Time
	ApprovedBy  []Approval
	Cases       []PolicyCase
}

// Rules says which policy is in force. That it was read is in the ledger, as everything is that is read through the gate.
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

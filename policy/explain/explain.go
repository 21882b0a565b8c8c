package explain

import (
	"context"
	"fmt"

	"onelondon/internal/clinical"
	"onelondon/policy"
	"onelondon/policy/prose"
	"onelondon/policy/specimen"
)

// Question is what is to be explained.
type Question struct {
	Input  policy.Input
	Record clinical.Record // one particular record, or nil
}

// Explanation says why a question is decided as it is.
type Explanation struct {
	Revision  string           `json:"revision"` // of the policy
	Question  []string         `json:"question"` // the question in sentences
	Permitted bool             `json:"permitted"`
	Alert     bool             `json:"alert"`  // a privacy officer reviews the access
	Notify    bool             `json:"notify"` // the person is told of it
	Hidden    bool             `json:"hidden"` // the person is hidden from this caller
	Reasons   []Reason         `json:"reasons"`
	Kinds     []Kind           `json:"kinds"` // the released kinds, grouped by how they are released
	Released  []specimen.Share `json:"released"`
	Withheld  []Withheld       `json:"withheld"`
	Bounds    []Bound          `json:"bounds"` // the rules about single records
	More      []Change         `json:"more"`   // what would release more, the smallest change first
	Less      []Change         `json:"less"`   // what would release less
	Record    *Record          `json:"record,omitempty"`
}

// Reason is one reason for the decision, with its origin.
type Reason struct {
	Code  string  `json:"code"`
	Words string  `json:"words"` // in the words shown to the caller
	Rule  Place   `json:"rule"`
	Rests []Rests `json:"rests,omitempty"`
}

// Rests is a rule on which a reason depends.
type Rests struct {
	Holds bool  `json:"holds"`
	Rule  Place `json:"rule"`
}

// Place is a rule and where it is defined.
type Place struct {
	Rule        string `json:"rule"` // "purpose.permitted"
	Title       string `json:"title"`
	Expectation string `json:"expectation"`
	File        string `json:"file"`
	Line        int    `json:"line"`
}

func placeOf(rule *policy.Rule) Place {
	return Place{rule.Ref(), rule.Title, rule.Expectation, rule.File, rule.Line}
}

// Kind is how kinds of record are released.
type Kind struct {
	Kinds  []string `json:"kinds"`
	Where  []string `json:"where,omitempty"`  // the alternatives, one clause each; empty if every record is released
	Masked []string `json:"masked,omitempty"` // fields that are left out
}

// Withheld is records that are not released, and the rules that withhold them.
type Withheld struct {
	specimen.Share
	Rules []Place `json:"rules"`
}

// Bound is a rule about single records and what it admits. Databases apply all bounds together.
type Bound struct {
	Rule  Place    `json:"rule"`
	Lets  string   `json:"lets"`            // everything, nothing, or where
	Where []string `json:"where,omitempty"` // the alternatives, if they are the same for every kind
}

// Record is the decision on the record that was asked about.
type Record struct {
	Released bool     `json:"released"`
	Says     string   `json:"says"`  // in a sentence
	Rules    []Place  `json:"rules"` // the rules that withhold it, or that admit it
	SQL      []string `json:"sql"`   // the SQL condition for its kind, one entry for each alternative
	// Instead is, of a record that is withheld, with which one thing different it would be released, each a clause; empty for none.
	Instead []string `json:"instead"`
}

// Explain explains a decision. An error means that the policy could not decide.
func Explain(ctx context.Context, inspection *policy.Inspection, question Question) (*Explanation, error) {
	decision, err := inspection.Decide(ctx, question.Input)
	if err != nil {
		return nil, err
	}
	x := &explainer{Inspection: inspection, input: question.Input, decision: decision, teller: prose.New(inspection.Tables()),
		set: specimen.Set(inspection.Tables(), question.Input.Organisation)}
	if x.bounds, err = inspection.Bounds(ctx, question.Input); err != nil {
		return nil, err
	}
	if x.values, err = inspection.Values(ctx, question.Input); err != nil {
		return nil, err
	}
	e := &Explanation{Revision: decision.Revision, Question: x.teller.Question(question.Input), Permitted: decision.Permitted,
		Alert: decision.Alert, Notify: decision.Notify, Hidden: decision.Hide, Kinds: x.kinds(), Bounds: x.said()}
	if e.Reasons, err = x.reasons(ctx); err != nil {
		return nil, err
	}
	seen := x.set.Seen(decision)
	e.Released, e.Withheld = x.set.Released(seen), x.withheld(seen)
	if question.Record != nil {
		e.Record = x.record(question.Record)
		if !e.Record.Released {
			if e.Record.Instead, err = x.instead(ctx, question.Record); err != nil {
				return nil, fmt.Errorf("try what would release the record: %w", err)
			}
		}
	}
	if e.More, e.Less, err = x.changes(ctx, seen); err != nil {
		return nil, fmt.Errorf("try what would be different: %w", err)
	}
	return e, nil
}

// explainer holds what an explanation is made from.
type explainer struct {
	*policy.Inspection
	input    policy.Input
	decision *policy.Decision
	bounds   []policy.Bound
	values   map[string]any // of every rule
	teller   *prose.Teller
	set      *specimen.Specimens
}

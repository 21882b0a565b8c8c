package explain

import (
	"context"
	"fmt"
	"io"
	"strings"

	"onelondon/policy"
	"onelondon/policy/casebook"
)

// Verdict says why an act of oversight or a study is permitted or refused.
type Verdict struct {
	Revision  string   `json:"revision"` // of the policy
	Permitted bool     `json:"permitted"`
	Alert     bool     `json:"alert,omitempty"` // of an action: it should be reviewed
	Reasons   []Said   `json:"reasons"`
	LeavesOut []string `json:"leavesOut,omitempty"` // of a study: lists of people who are left out
	Instead   []string `json:"instead,omitempty"`   // of a refused action: the single changes that would permit it
}

// Said is a reason, in the words shown to the caller, and who asked for the rule.
type Said struct {
	Code        string `json:"code"`
	Words       string `json:"words"`
	Expectation string `json:"expectation,omitempty"`
}

// Permission explains whether an act other than reading a record is permitted.
func Permission(ctx context.Context, inspection *policy.Inspection, input policy.OversightInput) (*Verdict, error) {
	permission, err := inspection.Permit(ctx, input)
	if err != nil {
		return nil, err
	}
	v := &Verdict{Revision: permission.Revision, Permitted: permission.Permitted, Alert: permission.Alert,
		Reasons: said(inspection, permission.Reasons)}
	if v.Permitted {
		return v, nil
	}
	for _, change := range instead(input) {
		permission, err := inspection.Permit(ctx, change.input)
		if err != nil {
			return nil, err
		}
		if permission.Permitted {
			v.Instead = append(v.Instead, change.words)
		}
	}
	return v, nil
}

// Study explains whether questions about many people are permitted.
func Study(ctx context.Context, inspection *policy.Inspection, input policy.StudyInput) (*Verdict, error) {
	decision, err := inspection.DecideStudy(ctx, input)
	if err != nil {
		return nil, err
	}
	return &Verdict{Revision: decision.Revision, Permitted: decision.Permitted, Reasons: said(inspection, decision.Reasons),
		LeavesOut: casebook.LeftOut(decision)}, nil
}

func said(inspection *policy.Inspection, reasons []string) []Said {
	all := []Said{}
	for _, code := range reasons {
		all = append(all, Said{code, inspection.Words(code), inspection.Expectation(code)})
	}
	return all
}

// changed is a question with one change.
type changed struct {
	words string
	input policy.OversightInput
}

// instead lists possible changes to a refused action.
func instead(input policy.OversightInput) []changed {
	var all []changed
	try := func(words string, change func(*policy.OversightInput)) {
		other := input
		change(&other)
		all = append(all, changed{words, other})
	}
	if input.Citizen {
		try("it is about themselves", func(o *policy.OversightInput) { o.Self = true })
		try("they are presumed to have capacity", func(o *policy.OversightInput) { o.Capacity = policy.CapacityPresumed })
		return all
	}
	if input.Word != policy.WordNone {
		try("there is evidence", func(o *policy.OversightInput) { o.Evidence = true })
		try("their organisation cares for the person", func(o *policy.OversightInput) { o.Relationship = policy.RelationshipRecord })
		try("it only closes something", func(o *policy.OversightInput) { o.Choice.Opens = false })
		return all
	}
	try("it is of nothing but what users of their own organisation did", func(o *policy.OversightInput) { o.OwnOrganisation = true })
	try("the purpose is emergency treatment", func(o *policy.OversightInput) { o.Purpose = policy.EmergencyTreatment })
	return all
}

// Write prints the verdict as plain text.
func (v *Verdict) Write(out io.Writer) error {
	var b strings.Builder
	verdict := "Not permitted."
	if v.Permitted {
		verdict = "Permitted."
	}
	fmt.Fprintf(&b, "%s By policy %s.\n", verdict, v.Revision)
	for _, reason := range v.Reasons {
		fmt.Fprintf(&b, "  %s (%s; %s)\n", reason.Words, reason.Code, reason.Expectation)
	}
	if v.Alert {
		b.WriteString("  A privacy officer should review it.\n")
	}
	for _, list := range v.LeavesOut {
		fmt.Fprintf(&b, "  Leaves out whoever is on the list %s.\n", list)
	}
	for _, words := range v.Instead {
		fmt.Fprintf(&b, "  It would be permitted if %s.\n", words)
	}
	_, err := io.WriteString(out, b.String())
	return err
}

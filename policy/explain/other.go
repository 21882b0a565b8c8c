package explain

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"onelondon/policy"
	"onelondon/policy/casebook"
	"onelondon/policy/prose"
)

// Verdict says why an act of oversight or a study is permitted or refused.
type Verdict struct {
	Revision  string   `json:"revision"`        // of the policy
	Asked     string   `json:"asked,omitempty"` // of an action: who wants to do what, in a sentence
	Permitted bool     `json:"permitted"`
	Alert     bool     `json:"alert,omitempty"` // of an action: it should be reviewed
	Reasons   []Said   `json:"reasons"`
	LeavesOut []string `json:"leavesOut,omitempty"` // of a study: lists of people who are left out
	Instead   []string `json:"instead,omitempty"`   // of an action that is refused: with which one thing changed it would be permitted, or else which two
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
	teller := prose.New(inspection.Tables())
	v := &Verdict{Revision: permission.Revision, Asked: teller.Oversight(input), Permitted: permission.Permitted, Alert: permission.Alert,
		Reasons: said(inspection, permission.Reasons)}
	if v.Permitted {
		return v, nil
	}
	v.Instead, err = permitted(ctx, inspection, input, instead(inspection.Tables(), teller, input))
	return v, err
}

// permitted tries each thing different, and where none of them helps each two.
func permitted(ctx context.Context, inspection *policy.Inspection, input policy.OversightInput, all []other) (ways []string, err error) {
	for size := 1; size <= 2 && len(ways) == 0; size++ {
		for i := range all {
			for j := i; j < len(all); j++ {
				if (i == j) != (size == 1) || size == 2 && all[i].of == all[j].of {
					continue
				}
				changed := input
				all[i].apply(&changed)
				words := all[i].words
				if size == 2 {
					all[j].apply(&changed)
					words += " and " + all[j].words
				}
				permission, err := inspection.Permit(ctx, changed)
				if err != nil {
					return nil, err
				}
				if permission.Permitted {
					ways = append(ways, words)
				}
			}
		}
	}
	return ways, nil
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

// other is one thing different about an action, and what it is a thing of: two of one do not go together.
type other struct {
	of, words string
	apply     func(*policy.OversightInput)
}

// instead lists what could be different about an action that is refused.
func instead(tables map[string]any, teller *prose.Teller, input policy.OversightInput) []other {
	capable := other{"capacity", "the person is presumed to have capacity", func(o *policy.OversightInput) { o.Capacity = policy.CapacityPresumed }}
	switch {
	case input.Citizen:
		return []other{{"whose", "it is about themselves", func(o *policy.OversightInput) { o.Self = true }}, capable,
			{"whose", "the register gives them a parent's authority", func(o *policy.OversightInput) { o.Authority = policy.AuthorityParent }},
			{"whose", "the register gives them an attorney's authority", func(o *policy.OversightInput) { o.Authority = policy.AuthorityAttorney }},
			{"age", "the person is 16 or over", func(o *policy.OversightInput) { o.Age = policy.Age16AndUp }}}
	case input.Word != policy.WordNone:
		return append([]other{{"evidence", "there is evidence", func(o *policy.OversightInput) { o.Evidence = true }},
			{"relationship", "their organisation cares for the person", func(o *policy.OversightInput) { o.Relationship = policy.RelationshipRecord }},
			{"choice", "it only closes something", func(o *policy.OversightInput) { o.Choice.Opens = false }}, capable,
			{"authority", "the register gives whoever's word it is a parent's authority", func(o *policy.OversightInput) { o.Authority = policy.AuthorityParent }},
			{"authority", "the register gives whoever's word it is an attorney's authority", func(o *policy.OversightInput) { o.Authority = policy.AuthorityAttorney }}},
			roles(tables, teller, input)...)
	}
	all := append([]other{{"whose", "it is of nothing but what users of their own organisation did", func(o *policy.OversightInput) { o.OwnOrganisation = true }},
		{"purpose", "the purpose is emergency treatment", func(o *policy.OversightInput) { o.Purpose = policy.EmergencyTreatment }}}, roles(tables, teller, input)...)
	for _, activity := range policy.Activities(tables) {
		all = append(all, other{"activity", "their role has the activity " + teller.Activity(activity), func(o *policy.OversightInput) {
			o.Activities = append(slices.Clone(o.Activities), activity)
		}})
	}
	return all
}

// roles lists other roles that the caller could be in: those that oversee, and each group.
func roles(tables map[string]any, teller *prose.Teller, input policy.OversightInput) []other {
	var all []other
	overseers, _ := tables["overseers"].(map[string]any)
	for _, role := range slices.Sorted(maps.Keys(overseers)) {
		if entry, _ := overseers[role].(map[string]any); role != input.Role {
			all = append(all, other{"role", fmt.Sprintf("their role is %v (%s)", entry["title"], role), func(o *policy.OversightInput) { o.Role = role }})
		}
	}
	for _, group := range teller.Groups() {
		if group.Name != teller.Group(input.Role) {
			all = append(all, other{"role", "their role is in the group “" + prose.Spaced(group.Name) + "”", func(o *policy.OversightInput) { o.Role = group.Roles[0] }})
		}
	}
	return all
}

// Write prints the verdict as plain text.
func (v *Verdict) Write(out io.Writer) error {
	var b strings.Builder
	verdict := "Not permitted."
	if v.Permitted {
		verdict = "Permitted."
	}
	if v.Asked != "" {
		fmt.Fprintf(&b, "%s\n", v.Asked)
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
	if v.Asked != "" && !v.Permitted && len(v.Instead) == 0 {
		b.WriteString("  No one change would permit it, and no two.\n")
	}
	_, err := io.WriteString(out, b.String())
	return err
}

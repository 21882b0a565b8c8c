package study

import (
	"context"
	"fmt"
	"slices"
	"time"

	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
	"onelondon/internal/cohort/codelist"
	"onelondon/internal/consent"
	"onelondon/internal/gate"
	"onelondon/policy"
)

// decide asks the policy whether this analyst may put this question in this project.
func (s *Studies) decide(ctx context.Context, q *question) (*policy.StudyDecision, error) {
	input := s.input(q.caller, q.project)
	input.Asked = asked(q.asked)
	decision, err := q.policy.DecideStudy(ctx, input)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", gate.ErrPolicy, err)
	}
	if !decision.Permitted {
		return decision, nil
	}
	strange := s.strange(q.asked, decision.Codelists)
	if len(strange) == 0 {
		return decision, nil
	}
	input.Asked.Codelists = append(input.Asked.Codelists, strange...)
	if decision, err = q.policy.DecideStudy(ctx, input); err != nil {
		return nil, fmt.Errorf("%w: %w", gate.ErrPolicy, err)
	}
	return decision, nil
}

// input is what the policy is told of whoever asks, before it is told what is asked.
func (s *Studies) input(caller auth.Caller, project string) policy.StudyInput {
	return policy.StudyInput{Citizen: caller.Citizen, Analyst: caller.ID, Role: caller.Role, Organisation: caller.Organisation,
		Purpose: policy.Purpose(caller.Purpose), Project: project, Today: s.parts.Now().Format(time.DateOnly), Lists: s.ages()}
}

// asked is what the policy is told of a question.
func asked(definition *cohort.Definition) policy.Asked {
	needs := definition.Needs()
	all := policy.Asked{Kinds: needs.Kinds, Codelists: slices.Clone(needs.Codelists)}
	for _, by := range slices.Concat(needs.Dimensions, needs.Narrowing) {
		if !slices.Contains(free(), by) && !slices.Contains(all.Dimensions, by) {
			all.Dimensions = append(all.Dimensions, by)
		}
	}
	for i := range definition.Events {
		set := &definition.Events[i]
		if set.Kind != nil && len(set.Codes) == 0 && slices.Contains(coded(), *set.Kind) {
			all.Codelists = append(all.Codelists, everyCode+set.Kind.String())
		}
	}
	return all
}

// free is by what any project may choose people. A group is named by the analyst; what it goes by is asked for by itself.
func free() []string { return []string{"registered", "alive", "group"} }

// coded are the kinds that are about nothing without a code. A set of every one of them is asked for like a list.
func coded() []clinical.Kind {
	return []clinical.Kind{clinical.KindAllergyIntolerance, clinical.KindCondition, clinical.KindMedication, clinical.KindObservation,
		clinical.KindDiagnosticReport, clinical.KindProcedure, clinical.KindImmunisation}
}

// everyCode is how projects name the list of everything of a kind: "every Condition".
const everyCode = "every "

// strange names the lists with codes of their own that hold any which no list of the project holds.
func (s *Studies) strange(definition *cohort.Definition, allowed []string) []string {
	var all []string
	known := map[cohort.CodelistEntry]bool{}
	for _, name := range allowed {
		list, registered := s.parts.Codelists.List(name)
		if !registered {
			continue
		}
		for _, entry := range codelist.Expand(list.Codes) {
			known[entry] = true
		}
	}
	for i := range definition.Codelists {
		list := &definition.Codelists[i]
		if slices.ContainsFunc(list.Codes, func(entry cohort.CodelistEntry) bool { return !known[entry] }) {
			all = append(all, "codes of its own: "+list.Name)
		}
	}
	return all
}

// ages is how many days old each list of opt-outs is. A day that has begun counts: a list is too old from the moment it is.
func (s *Studies) ages() map[string]int {
	ages := map[string]int{}
	for _, list := range []consent.List{consent.ListNational, consent.ListTypeOne, consent.ListLondon} {
		if at, known := s.parts.Register.Freshness(list); known {
			ages[string(list)] = int((s.parts.Now().Sub(at) + day - 1) / day)
		}
	}
	return ages
}

const day = 24 * time.Hour

// refused is a refusal by the policy, in its words.
func (s *Studies) refused(ctx context.Context, q *question, decision *policy.StudyDecision) *Refusal {
	refusal := &Refusal{Reasons: decision.Reasons}
	told := decision.Reasons
	if slices.Contains(told, notRegistered) {
		told = []string{notRegistered} // a project that there is not lacks everything, which would hide this
	}
	for _, reason := range told {
		refusal.Words = joined(refusal.Words, q.policy.Words(reason))
	}
	if outside(decision.Reasons) {
		return refusal // what a project may ask is for its own people
	}
	if bounds, err := q.policy.DecideStudy(ctx, s.input(q.caller, q.project)); err == nil && bounds.Permitted {
		refusal.Allowed = allowedBy(bounds)
	}
	return refusal
}

// notRegistered is the policy's reason where there is no such project.
const notRegistered = "project_not_registered"

// outside reports a refusal of somebody who is not one of a registered project's people.
func outside(reasons []string) bool {
	return slices.Contains(reasons, "not_in_the_project") || slices.Contains(reasons, notRegistered)
}

// allowedBy says in words what a project may ask.
func allowedBy(bounds *policy.StudyDecision) string {
	kinds := make([]string, len(bounds.Kinds))
	for i, kind := range bounds.Kinds {
		kinds[i] = kind.String()
	}
	return fmt.Sprintf("The project may ask about %s, by %s, with the code lists %s.", enumerated(kinds), enumerated(bounds.Dimensions),
		enumerated(bounds.Codelists))
}

func enumerated(names []string) string {
	switch len(names) {
	case 0:
		return "none"
	case 1:
		return names[0]
	}
	last := len(names) - 1
	text := names[0]
	for _, name := range names[1:last] {
		text += ", " + name
	}
	return text + " and " + names[last]
}

func joined(before, more string) string {
	if before == "" || more == "" {
		return before + more
	}
	return before + " " + more
}

// question is one question on its way.
type question struct {
	caller     auth.Caller
	project    string
	asked      *cohort.Definition // as it came
	definition *cohort.Definition // with the codes of its lists
	digest     string             // of the definition with its codes
	words      string
	policy     Policy // the one in force when the question came
	decision   *policy.StudyDecision
}

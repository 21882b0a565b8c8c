package policy

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
)

// StudyInput is everything that a decision about a study depends on. The day is passed in, since rules have no clock.
type StudyInput struct {
	Citizen      bool
	Analyst      string // the identifier with which the caller signs in
	Role         string // the selected role's R-code
	Organisation string // ODS code of the selected role's organisation
	Purpose      Purpose
	Project      string // its name in data/projects.yaml
	Today        string // in London, "2026-11-22"
	// Lists is how many days ago each opt-out list was loaded, by the names in data/optouts.yaml: national, type_one
	// and london. A list that was never loaded is absent.
	Lists map[string]int
	// Asked is what the question is about; a question about nothing is within every project.
	Asked Asked
}

// Asked is what a study's question is about, all of which its project must allow.
type Asked struct {
	Kinds []clinical.Kind
	// Dimensions by which figures are broken down or people selected, by the names in data/projects.yaml: a question
	// about the people of one borough uses the dimension borough.
	Dimensions []string
	Codelists  []string // registered lists whose codes are used
}

// StudyDecision says what a study may ask about, who is left out, and how its figures are protected. The zero value
// permits nothing.
type StudyDecision struct {
	Revision        string // digest of the policy that decided
	Permitted       bool
	Reasons         []string // snake_case codes of the reasons, sorted; their wording is in the policy's data
	Identifiability string   // aggregate, or pseudonymised: people can be told apart, but nobody is named
	Kinds           []clinical.Kind
	Dimensions      []string // by which figures may be broken down
	Codelists       []string
	Without         []clinical.Label // categories whose records are left out
	Exclusions      []Exclusion      // people who are left out, in order of the lists' names
	Disclosure      Disclosure
}

// Exclusion leaves everybody on a list out of a study.
type Exclusion struct {
	List    string `json:"list"`    // national, type_one, london or s_flag
	Unknown bool   `json:"unknown"` // also those about whom the list says nothing
}

// Disclosure holds the limits that keep figures from revealing a person (DOMAIN.md 6).
type Disclosure struct {
	RedactUpTo         int  `json:"redact_up_to"`         // figures from 1 to this are redacted
	RoundTo            int  `json:"round_to"`             // other figures are rounded to the nearest multiple
	ZeroIsSmall        bool `json:"zero_is_small"`        // zero is redacted too
	Extremes           bool `json:"extremes"`             // minima and maxima may be shown
	SmallestDifference int  `json:"smallest_difference"`  // in people, between two questions of a project
	LargestShare       int  `json:"largest_share"`        // per cent of a figure's events that may belong to one person
	FewestForQuantiles int  `json:"fewest_for_quantiles"` // people needed for a median or quartiles
	MostQuestions      int  `json:"most_questions"`       // of a project, including refused ones
	SmallestGroup      int  `json:"smallest_group"`       // of people that a project's questions together may single out
}

// complete reports whether no limit is missing; a missing one would protect nobody.
func (d Disclosure) complete() bool {
	table := min(d.RedactUpTo, d.RoundTo, d.LargestShare, d.FewestForQuantiles)
	project := min(d.SmallestDifference, d.MostQuestions, d.SmallestGroup)
	return min(table, project) > 0
}

// ErrNoStudies reports a policy without rules about studies, under which nobody may ask about many people.
var ErrNoStudies = errors.New("the policy has no rule " + studyRule)

// studyDocument is the shape of the study rule's value.
type studyDocument struct {
	Permitted       *bool            `json:"permitted"`
	Reasons         *[]string        `json:"reasons"`
	Identifiability string           `json:"identifiability"`
	Kinds           []string         `json:"kinds"`
	Dimensions      []string         `json:"dimensions"`
	Codelists       []string         `json:"codelists"`
	Without         []clinical.Label `json:"without"`
	Exclusions      []Exclusion      `json:"exclusions"`
	Disclosure      Disclosure       `json:"disclosure"`
}

// DecideStudy says what a study may ask. An error is a fault of the policy or of the input, never a refusal; on an
// error nobody may be counted.
func (e *Engine) DecideStudy(ctx context.Context, input StudyInput) (*StudyDecision, error) {
	if e.study == nil {
		return nil, ErrNoStudies
	}
	question, err := input.document()
	if err != nil {
		return nil, err
	}
	var answer studyDocument
	if err := e.ask(ctx, e.study, question, &answer); err != nil {
		return nil, fmt.Errorf("decide a study by policy %s: %w", e.revision, err)
	}
	decision, err := answer.decision()
	if err != nil {
		return nil, fmt.Errorf("decide a study by policy %s: %w", e.revision, err)
	}
	decision.Revision = e.revision
	return decision, nil
}

// decision reads the answer. An answer that permits without opt-outs or without disclosure control is a fault, whatever
// the rules say.
func (d *studyDocument) decision() (*StudyDecision, error) {
	if d.Permitted == nil || d.Reasons == nil {
		return nil, errors.New("read decision: it must have permitted and reasons")
	}
	decision := &StudyDecision{Permitted: *d.Permitted, Reasons: slices.Sorted(slices.Values(*d.Reasons))}
	if !decision.Permitted {
		return decision, nil
	}
	if len(d.Exclusions) == 0 || !d.Disclosure.complete() || d.Identifiability == "" {
		return nil, errors.New("read decision: a study needs exclusions, disclosure control and an identifiability")
	}
	for _, name := range d.Kinds {
		kind, known := clinical.ParseKind(name)
		if !known {
			return nil, fmt.Errorf("read decision: %q is not a kind of record", name)
		}
		decision.Kinds = append(decision.Kinds, kind)
	}
	decision.Identifiability, decision.Dimensions, decision.Codelists = d.Identifiability, d.Dimensions, d.Codelists
	decision.Without, decision.Exclusions, decision.Disclosure = d.Without, d.Exclusions, d.Disclosure
	return decision, nil
}

// document is the input as rules see it, described by schema/study.json.
func (i StudyInput) document() (ast.Value, error) {
	for _, text := range [...]string{i.Analyst, i.Role, i.Organisation, string(i.Purpose), i.Project, i.Today} {
		if !plausible(text) {
			return nil, ErrInput
		}
	}
	asked, err := i.Asked.document()
	if err != nil {
		return nil, err
	}
	lists := ast.NewObject()
	for name, days := range i.Lists {
		if !plausible(name) || len(i.Lists) > 16 {
			return nil, ErrInput
		}
		lists.Insert(ast.StringTerm(name), ast.NewTerm(ast.Number(fmt.Sprint(days))))
	}
	return ast.NewObject(
		member("caller", ast.ObjectTerm(
			member("citizen", ast.BooleanTerm(i.Citizen)),
			member("id", ast.StringTerm(i.Analyst)),
			member("role", ast.StringTerm(i.Role)),
			member("organisation", ast.StringTerm(i.Organisation)),
		)),
		member("purpose", ast.StringTerm(string(i.Purpose))),
		member("project", ast.StringTerm(i.Project)),
		member("today", ast.StringTerm(i.Today)),
		member("lists", ast.NewTerm(lists)),
		member("asked", asked),
	), nil
}

// mostAsked is the maximum length of each list in Asked.
const mostAsked = 1000

func (a *Asked) document() (*ast.Term, error) {
	kinds := make([]string, len(a.Kinds))
	for n, kind := range a.Kinds {
		kinds[n] = kind.String()
	}
	texts := func(all []string) (*ast.Term, error) {
		if len(all) > mostAsked || slices.ContainsFunc(all, func(text string) bool { return !plausible(text) }) {
			return nil, ErrInput
		}
		terms := make([]*ast.Term, len(all))
		for n, text := range all {
			terms[n] = ast.StringTerm(text)
		}
		return ast.ArrayTerm(terms...), nil
	}
	members := make([][2]*ast.Term, 0, 3)
	for _, each := range []struct {
		name  string
		texts []string
	}{{"kinds", kinds}, {"dimensions", a.Dimensions}, {"codelists", a.Codelists}} {
		array, err := texts(each.texts)
		if err != nil {
			return nil, err
		}
		members = append(members, member(each.name, array))
	}
	return ast.ObjectTerm(members...), nil
}

// StudyRows says which records of a kind are counted in a study: those known to carry none of the labels that it leaves
// out.
func (e *Engine) StudyRows(d *StudyDecision, kind clinical.Kind) condition.Condition {
	if !d.Permitted {
		return condition.Never()
	}
	var clause condition.Clause
	for _, label := range d.Without {
		clause = append(clause, condition.Atom{Attribute: condition.LabelAttribute(label), Op: condition.Equal,
			Values: []condition.Value{condition.Bool(false)}, Codes: e.lists.of(label, kind)})
	}
	return condition.Where(clause)
}

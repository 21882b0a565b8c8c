package policy

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Action is something other than reading a record: with preferences, with the ledger, with the rules, or breaking the glass.
type Action string

// The actions that a policy permits or does not.
const (
	ReadPreferences            Action = "read_preferences"              // what a person decided
	SetPreferences             Action = "set_preferences"               // to record or withdraw what a person decided
	PreviewPreferences         Action = "preview_preferences"           // what a preference would change
	ReadOwnAccesses            Action = "read_own_accesses"             // a citizen: who looked at the person's record
	ReadAccessesOfPerson       Action = "read_accesses_of_person"       // overseers: who looked at one person's record
	ReadAccessesOfCaller       Action = "read_accesses_of_caller"       // overseers: at whose records one user looked
	ReadAccessesOfOrganisation Action = "read_accesses_of_organisation" // overseers: what one organisation's users looked at
	ReadAlerts                 Action = "read_alerts"                   // accesses that a privacy officer should review
	ReviewAlert                Action = "review_alert"                  // to record what a review found
	BreakGlass                 Action = "break_glass"                   // to open in an emergency what a person closed
	ReadRules                  Action = "read_rules"                    // the rules in force
)

// Actions lists every action.
func Actions() []Action {
	return []Action{ReadPreferences, SetPreferences, PreviewPreferences, ReadOwnAccesses, ReadAccessesOfPerson,
		ReadAccessesOfCaller, ReadAccessesOfOrganisation, ReadAlerts, ReviewAlert, BreakGlass, ReadRules}
}

// OversightInput is all that a permission depends on. Like [Input] it holds no identity.
type OversightInput struct {
	Role         string   // the selected role's R-code, "R0001"; empty for a citizen
	Activities   []string // the selected role's activity codes, sorted
	Organisation string   // ODS code of the selected role's organisation; empty for a citizen
	Citizen      bool
	Purpose      Purpose // empty where the request declares none
	Action       Action
	Self         bool      // a citizen, about themselves
	Authority    Authority // that a citizen who is not the person holds over them
	Age          Age       // of the person
	Capacity     Capacity  // of the person
	// OwnOrganisation reports that nothing but accesses by users of the caller's own organisation is asked for. The gate asks
	// without it first and, where that is refused, narrows what it shows and asks with it.
	OwnOrganisation bool
}

// Permission is whether somebody may do something. The zero value permits nothing.
type Permission struct {
	Revision  string // digest of the policy that decided
	Permitted bool
	Reasons   []string // snake_case codes of what led here, sorted; words for people are in the policy's data
}

// Emergency is what a policy says about breaking the glass.
type Emergency struct {
	Minutes          int // how long a grant holds where nobody asks for less
	MostMinutes      int // how long it may hold at most
	ReasonCharacters int // how many characters a reason has at least
}

// ErrNoOversight reports a policy that says nothing about oversight. Nobody may then do anything of it.
var ErrNoOversight = errors.New("the policy has no rule data.onelondon.oversight.decision")

// Permit says whether somebody may do something. An error is a fault of the policy or of the input, never a refusal; whoever
// gets one does nothing.
func (e *Engine) Permit(ctx context.Context, input OversightInput) (Permission, error) {
	refused := Permission{Revision: e.revision}
	if e.oversight == nil {
		return refused, ErrNoOversight
	}
	document, err := input.document()
	if err != nil {
		return refused, err
	}
	var answer struct {
		Permitted *bool     `json:"permitted"`
		Reasons   *[]string `json:"reasons"`
	}
	if err := e.ask(ctx, e.oversight, document, &answer); err != nil {
		return refused, fmt.Errorf("permit by policy %s: %w", e.revision, err)
	}
	if answer.Permitted == nil || answer.Reasons == nil {
		return refused, fmt.Errorf("permit by policy %s: the answer must have permitted and reasons", e.revision)
	}
	return Permission{Revision: e.revision, Permitted: *answer.Permitted, Reasons: slices.Sorted(slices.Values(*answer.Reasons))}, nil
}

// document is the input as rules see it; schema/oversight.json describes it.
func (i OversightInput) document() (ast.Value, error) {
	for _, text := range append([]string{i.Role, i.Organisation, string(i.Purpose), string(i.Action), string(i.Authority),
		string(i.Age), string(i.Capacity)}, i.Activities...) {
		if !plausible(text) {
			return nil, ErrInput
		}
	}
	activities := make([]*ast.Term, len(i.Activities))
	for n, activity := range i.Activities {
		activities[n] = ast.StringTerm(activity)
	}
	return ast.NewObject(
		member("caller", ast.ObjectTerm(
			member("citizen", ast.BooleanTerm(i.Citizen)),
			member("role", ast.StringTerm(i.Role)),
			member("activities", ast.ArrayTerm(activities...)),
			member("organisation", ast.StringTerm(i.Organisation)),
		)),
		member("purpose", ast.StringTerm(string(i.Purpose))),
		member("action", ast.StringTerm(string(i.Action))),
		member("self", ast.BooleanTerm(i.Self)),
		member("own_organisation", ast.BooleanTerm(i.OwnOrganisation)),
		member("person", ast.ObjectTerm(
			member("age", ast.StringTerm(string(i.Age))),
			member("capacity", ast.StringTerm(string(i.Capacity))),
			member("authority", ast.StringTerm(string(i.Authority))),
		)),
	), nil
}

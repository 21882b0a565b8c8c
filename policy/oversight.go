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
	DecideObjection            Action = "decide_objection"              // whether an objection to the shared record is upheld
	RecordCapacity             Action = "record_capacity"               // what was found of a person's capacity
	AppointProxy               Action = "appoint_proxy"                 // that somebody may act for a person
	EndProxy                   Action = "end_proxy"                     // that somebody no longer may
)

// Actions lists every action.
func Actions() []Action {
	return []Action{ReadPreferences, SetPreferences, PreviewPreferences, ReadOwnAccesses, ReadAccessesOfPerson,
		ReadAccessesOfCaller, ReadAccessesOfOrganisation, ReadAlerts, ReviewAlert, BreakGlass, ReadRules, DecideObjection,
		RecordCapacity, AppointProxy, EndProxy}
}

// OversightInput is all that a permission depends on. Like [Input] it holds no identity.
type OversightInput struct {
	Role         string   // the selected role's R-code, "R0001"; empty for a citizen
	Activities   []string // the selected role's activity codes, sorted
	Organisation string   // ODS code of the selected role's organisation; empty for a citizen
	Citizen      bool
	Purpose      Purpose // empty where the request declares none
	Action       Action
	Self         bool // a citizen, about themselves
	// Authority is what a citizen who is not the person holds over them, or whoever it is on whose word staff record.
	Authority    Authority
	Relationship Relationship // of staff who record, to the person
	Choice       ChoiceMade   // that is recorded
	Word         Word         // on which staff record it
	Evidence     bool         // there is a reference to what proves the word, or the finding
	Finding      FindingMade  // what staff decide or find by their office, or a citizen does who ends a proxy's authority
	Age          Age          // of the person
	Capacity     Capacity     // of the person
	Deceased     bool         // the person has died
	// OwnOrganisation reports that nothing but accesses by users of the caller's own organisation is asked for. The gate asks
	// without it first and, where that is refused, narrows what it shows and asks with it.
	OwnOrganisation bool
}

// ChoiceKind is what kind of thing a person decides. The zero value is nothing.
type ChoiceKind string

// The kinds of choice.
const (
	ChoicePreference ChoiceKind = "preference" // about a category and a party
	ChoiceObjection  ChoiceKind = "objection"  // to the shared record
	ChoiceOptOut     ChoiceKind = "opt_out"    // of uses beyond the person's own care in London
	ChoiceTold       ChoiceKind = "told"       // of accesses
)

// ChoiceKinds lists every kind of choice.
func ChoiceKinds() []ChoiceKind {
	return []ChoiceKind{ChoicePreference, ChoiceObjection, ChoiceOptOut, ChoiceTold}
}

// ChoiceMade is what is known of a choice that is to be recorded.
type ChoiceMade struct {
	Kind ChoiceKind
	// Opens reports that more may be seen or used after it than before, or that the person hears of less. It goes by the choice
	// alone and not by what held before, so that it tells nobody what that was.
	Opens bool
	// UndoesClinician reports that it takes back what was last recorded on a clinician's word.
	UndoesClinician bool
}

// Outcome is what staff decide or find by their office. The zero value is nothing.
type Outcome string

// The outcomes, of each action some.
const (
	OutcomeUpheld    Outcome = "upheld" // of [DecideObjection]
	OutcomeNotUpheld Outcome = "not_upheld"
	OutcomePresumed  Outcome = "presumed" // of [RecordCapacity]
	OutcomeCompetent Outcome = "competent"
	OutcomeLacking   Outcome = "lacking"
	OutcomeParent    Outcome = "parent" // of [AppointProxy]
	OutcomeAttorney  Outcome = "attorney"
	OutcomeEnded     Outcome = "ended" // of [EndProxy]
)

// Outcomes lists what there is to decide or find in an action.
func Outcomes(action Action) []Outcome {
	switch action {
	case DecideObjection:
		return []Outcome{OutcomeUpheld, OutcomeNotUpheld}
	case RecordCapacity:
		return []Outcome{OutcomePresumed, OutcomeCompetent, OutcomeLacking}
	case AppointProxy:
		return []Outcome{OutcomeParent, OutcomeAttorney}
	case EndProxy:
		return []Outcome{OutcomeEnded}
	}
	return nil
}

// FindingMade is what is known of a decision or a finding that is to be recorded.
type FindingMade struct {
	Outcome  Outcome
	Seconded bool // another member of staff has recorded the same before
}

// Word is on whose word staff record what somebody decided. The zero value is nobody's: the caller decides for themselves, or
// as a proxy.
type Word string

// The words.
const (
	WordNone      Word = ""
	WordSelf      Word = "self"      // the person told staff
	WordParent    Word = "parent"    // somebody did who has a parent's authority
	WordAttorney  Word = "attorney"  // or an attorney's
	WordClinician Word = "clinician" // the caller decided in the person's best interests
)

// Words lists every word on which staff can record.
func Words() []Word { return []Word{WordSelf, WordParent, WordAttorney, WordClinician} }

// Permission is whether somebody may do something. The zero value permits nothing.
type Permission struct {
	Revision  string // digest of the policy that decided
	Permitted bool
	Reasons   []string // snake_case codes of what led here, sorted; words for people are in the policy's data
	Alert     bool     // a privacy officer should review it
	Pending   bool     // it does not hold before a second member of staff has recorded the same
	Named     bool     // who may act for the person is told by name
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
		Alert     *bool     `json:"alert"`
		Pending   *bool     `json:"pending"`
		Named     bool      `json:"named"`
	}
	if err := e.ask(ctx, e.oversight, document, &answer); err != nil {
		return refused, fmt.Errorf("permit by policy %s: %w", e.revision, err)
	}
	if answer.Permitted == nil || answer.Reasons == nil {
		return refused, fmt.Errorf("permit by policy %s: the answer must have permitted and reasons", e.revision)
	}
	permission := Permission{Revision: e.revision, Permitted: *answer.Permitted, Reasons: slices.Sorted(slices.Values(*answer.Reasons)),
		Named: answer.Named}
	switch {
	case answer.Alert != nil:
		permission.Alert = *answer.Alert
	case input.Word != WordNone:
		permission.Permitted = false // a policy without the word alert is older than staff who record, and meant none of them
	}
	switch {
	case answer.Pending != nil:
		permission.Pending = *answer.Pending
	case input.Finding.Outcome != "":
		permission.Permitted = false // and one without the word pending is older than findings
	}
	return permission, nil
}

// document is the input as rules see it; schema/oversight.json describes it.
func (i OversightInput) document() (ast.Value, error) {
	for _, text := range append([]string{i.Role, i.Organisation, string(i.Purpose), string(i.Action), string(i.Authority),
		string(i.Age), string(i.Capacity), string(i.Relationship), string(i.Choice.Kind), string(i.Word),
		string(i.Finding.Outcome)}, i.Activities...) {
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
		member("relationship", ast.StringTerm(string(i.Relationship))),
		member("choice", ast.ObjectTerm(
			member("kind", ast.StringTerm(string(i.Choice.Kind))),
			member("opens", ast.BooleanTerm(i.Choice.Opens)),
			member("undoes_clinician", ast.BooleanTerm(i.Choice.UndoesClinician)),
		)),
		member("behalf", ast.ObjectTerm(
			member("word", ast.StringTerm(string(i.Word))),
			member("evidence", ast.BooleanTerm(i.Evidence)),
		)),
		member("finding", ast.ObjectTerm(
			member("outcome", ast.StringTerm(string(i.Finding.Outcome))),
			member("seconded", ast.BooleanTerm(i.Finding.Seconded)),
		)),
		member("person", ast.ObjectTerm(
			member("age", ast.StringTerm(string(i.Age))),
			member("capacity", ast.StringTerm(string(i.Capacity))),
			member("authority", ast.StringTerm(string(i.Authority))),
			member("deceased", ast.BooleanTerm(i.Deceased)),
		)),
	), nil
}

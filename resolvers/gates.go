package resolvers

import (
	"context"

	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
	"onelondon/internal/gate"
	"onelondon/internal/gate/study"
)

// Gate is what resolvers need of the gate: what each of the four who use it needs. Its errors are those of package gate, or the
// context's.
type Gate interface {
	Records
	Citizens
	Clinicians
	Overseers
}

// Records is where people's records are asked for.
type Records interface {
	// Ask answers questions, one answer each, in their order.
	Ask(ctx context.Context, caller auth.Caller, questions []gate.Question) ([]gate.Answer, error)
	// Catalogue lists the sources that the server can ask.
	Catalogue(ctx context.Context, caller auth.Caller) ([]gate.SourceInfo, error)
}

// Citizens is where members of the public choose, and see who looked. The zero number is the caller's own.
type Citizens interface {
	// MyRecord finds on what authority a caller acts for a person.
	MyRecord(ctx context.Context, caller auth.Caller, person clinical.NHSNumber) (*gate.MyRecord, error)
	// Choices reads what the person decided.
	Choices(ctx context.Context, caller auth.Caller, person clinical.NHSNumber) (*gate.Choices, error)
	// Choose records what the person decided and returns the revision that it made.
	Choose(ctx context.Context, caller auth.Caller, person clinical.NHSNumber, choice gate.Choice) (uint64, error)
	// PreviewPreference tells what a preference would change, and records nothing.
	PreviewPreference(
		ctx context.Context, caller auth.Caller, person clinical.NHSNumber, input gate.PreferenceInput,
	) (*gate.PreferencePreview, error)
	// OwnAccesses reads who looked at the person's record.
	OwnAccesses(ctx context.Context, caller auth.Caller, person clinical.NHSNumber, paging gate.Paging) (*gate.AccessPage, error)
}

// Clinicians is where the glass is broken, and where staff record what somebody else decided.
type Clinicians interface {
	// ChooseFor records what a person decided, on somebody's word, and returns whose record it is and the revision that it made.
	ChooseFor(
		ctx context.Context, caller auth.Caller, person clinical.NHSNumber, choice gate.Choice, input gate.OnBehalfInput,
	) (*gate.MyRecord, uint64, error)
	// BreakGlass gives a grant for some minutes, 0 for as many as the policy gives.
	BreakGlass(ctx context.Context, caller auth.Caller, person clinical.NHSNumber, reason string, minutes int) (gate.Grant, error)
}

// Overseers is where accesses and rules are overseen.
type Overseers interface {
	// Alerts reads accesses to review, or that were reviewed.
	Alerts(ctx context.Context, caller auth.Caller, reviewed bool, paging gate.Paging) (*gate.AccessPage, error)
	// ReviewAlert records what a review found.
	ReviewAlert(ctx context.Context, caller auth.Caller, sequence uint64, finding string) (gate.Review, gate.Access, error)
	// Accesses reads the ledger of one person, user or organisation.
	Accesses(ctx context.Context, caller auth.Caller, of gate.AccessesOf, paging gate.Paging) (*gate.AccessPage, error)
	// Rules says which policy is in force.
	Rules(ctx context.Context, caller auth.Caller) (*gate.PolicyInForce, error)
}

// Analysts is where questions about many people are put. Its errors are those of packages study and gate, or the context's.
type Analysts interface {
	Shelf
	// Start puts a question and returns at once.
	Start(ctx context.Context, caller auth.Caller, project string, definition cohort.Definition) (*study.Run, error)
	// Ask puts a question and waits for its end, or for the context's, which does not end the question.
	Ask(ctx context.Context, caller auth.Caller, project string, definition cohort.Definition) (*study.Run, error)
	// Run is how far an analyst's run is, as the policy in force lets them know.
	Run(ctx context.Context, caller auth.Caller, id string) (*study.Run, error)
	// Cancel ends an analyst's run.
	Cancel(ctx context.Context, caller auth.Caller, id string) (*study.Run, error)
	// Told lists what a project was told, newest first.
	Told(ctx context.Context, caller auth.Caller, project string) ([]study.Told, error)
	// Register reads a page of the public register, newest first, after a place or from the newest entry.
	Register(ctx context.Context, after string, first int) (*study.AskedPage, error)
}

// Shelf is what a project has saved, for its own people.
type Shelf interface {
	// Save saves a definition. The same again is what was saved first.
	Save(ctx context.Context, caller auth.Caller, project string, definition cohort.Definition) (*study.Saved, error)
	// AllSaved lists what is saved, newest first.
	AllSaved(ctx context.Context, caller auth.Caller, project string) ([]study.Saved, error)
	// SavedAs finds what a citation names, nil for nothing.
	SavedAs(ctx context.Context, caller auth.Caller, project, cited string) (*study.Saved, error)
	// StartSaved puts a question that is saved, as Start does.
	StartSaved(ctx context.Context, caller auth.Caller, project, cited string) (*study.Run, error)
}

var (
	_ Gate     = (*gate.Gate)(nil)
	_ Analysts = (*study.Studies)(nil)
)

package resolvers

import (
	"context"

	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
	"onelondon/internal/gate"
	"onelondon/internal/gate/study"
)

// Gate is what resolvers need of the gate, grouped by its four kinds of user. Its errors are those of package gate, or
// the context's.
type Gate interface {
	Records
	Citizens
	Clinicians
	Offices
	Overseers
}

// Records answers questions about people's records.
type Records interface {
	// Ask answers questions, one answer each, in order.
	Ask(ctx context.Context, caller auth.Caller, questions []gate.Question) ([]gate.Answer, error)
	// Catalogue lists the sources that the server can ask.
	Catalogue(ctx context.Context, caller auth.Caller) ([]gate.SourceInfo, error)
}

// Citizens is for members of the public, who make choices and see who has looked. The zero number means the caller's
// own record.
type Citizens interface {
	// MyRecord establishes on what authority a caller acts for a person.
	MyRecord(ctx context.Context, caller auth.Caller, person clinical.NHSNumber) (*gate.MyRecord, error)
	// Choices returns what the person decided.
	Choices(ctx context.Context, caller auth.Caller, person clinical.NHSNumber) (*gate.Choices, error)
	// Choose records a person's decision and returns the revision that results.
	Choose(ctx context.Context, caller auth.Caller, person clinical.NHSNumber, choice gate.Choice) (uint64, error)
	// PreviewPreference says what a preference would change, and records nothing.
	PreviewPreference(
		ctx context.Context, caller auth.Caller, person clinical.NHSNumber, input gate.PreferenceInput,
	) (*gate.PreferencePreview, error)
	// OwnAccesses returns the accesses to the person's record.
	OwnAccesses(ctx context.Context, caller auth.Caller, person clinical.NHSNumber, paging gate.Paging) (*gate.AccessPage, error)
}

// Clinicians is for staff, who break the glass and record other people's decisions.
type Clinicians interface {
	// ChooseFor records a decision on somebody's word; it returns the person whose record it is and the revision that
	// results.
	ChooseFor(
		ctx context.Context, caller auth.Caller, person clinical.NHSNumber, choice gate.Choice, input gate.OnBehalfInput,
	) (*gate.MyRecord, uint64, error)
	// BreakGlass gives a grant for some minutes; 0 means the policy's default.
	BreakGlass(ctx context.Context, caller auth.Caller, person clinical.NHSNumber, reason string, minutes int) (gate.Grant, error)
}

// Offices is where staff record what is nobody's choice: decisions about objections, capacity, and who may act for somebody, which the
// person may end too.
type Offices interface {
	// DecideObjection records whether an objection is upheld.
	DecideObjection(
		ctx context.Context, caller auth.Caller, person clinical.NHSNumber, decision gate.ObjectionDecision, reason string,
	) (*gate.Found, error)
	// RecordCapacity records what was found of a person's capacity.
	RecordCapacity(ctx context.Context, caller auth.Caller, person clinical.NHSNumber, input gate.CapacityInput) (*gate.Found, error)
	// AppointProxy records that somebody may act for a person.
	AppointProxy(ctx context.Context, caller auth.Caller, person clinical.NHSNumber, input gate.ProxyInput) (*gate.Found, error)
	// EndProxy records that somebody no longer may.
	EndProxy(ctx context.Context, caller auth.Caller, person, proxy clinical.NHSNumber, input gate.OfficeInput) (*gate.Found, error)
	// EndOwnProxy ends what somebody may do for the caller, by the revision that said so.
	EndOwnProxy(ctx context.Context, caller auth.Caller, revision uint64) (*gate.Found, error)
}

// Overseers is for those who oversee accesses and rules.
type Overseers interface {
	// ChoicesOf reads what a person decided, and who may act for them.
	ChoicesOf(ctx context.Context, caller auth.Caller, person clinical.NHSNumber) (*gate.Choices, error)
	// Alerts returns accesses that need a review, or that have had one.
	Alerts(ctx context.Context, caller auth.Caller, reviewed bool, paging gate.Paging) (*gate.AccessPage, error)
	// ReviewAlert records the result of a review.
	ReviewAlert(ctx context.Context, caller auth.Caller, sequence uint64, finding string) (gate.Review, gate.Access, error)
	// Accesses returns the ledger of one person, user or organisation.
	Accesses(ctx context.Context, caller auth.Caller, of gate.AccessesOf, paging gate.Paging) (*gate.AccessPage, error)
	// Rules describes the policy in force.
	Rules(ctx context.Context, caller auth.Caller) (*gate.PolicyInForce, error)
}

// Analysts answers questions about many people. Its errors are those of packages study and gate, or the context's.
type Analysts interface {
	Shelf
	// Start asks a question and returns at once.
	Start(ctx context.Context, caller auth.Caller, project string, definition cohort.Definition) (*study.Run, error)
	// Ask asks a question and waits for its end, or for the context's, which does not end the question.
	Ask(ctx context.Context, caller auth.Caller, project string, definition cohort.Definition) (*study.Run, error)
	// Run reports the progress of an analyst's run, as far as the policy in force allows.
	Run(ctx context.Context, caller auth.Caller, id string) (*study.Run, error)
	// Cancel cancels an analyst's run.
	Cancel(ctx context.Context, caller auth.Caller, id string) (*study.Run, error)
	// Told lists the answers that a project has received, newest first.
	Told(ctx context.Context, caller auth.Caller, project string) ([]study.Told, error)
	// Register returns a page of the public register, newest first: the first page if after is empty.
	Register(ctx context.Context, after string, first int) (*study.AskedPage, error)
}

// Shelf holds the definitions that a project has saved.
type Shelf interface {
	// Save saves a definition. Saving the same one again returns the first.
	Save(ctx context.Context, caller auth.Caller, project string, definition cohort.Definition) (*study.Saved, error)
	// AllSaved lists the saved definitions, newest first.
	AllSaved(ctx context.Context, caller auth.Caller, project string) ([]study.Saved, error)
	// SavedAs finds the definition that a citation names; nil if there is none.
	SavedAs(ctx context.Context, caller auth.Caller, project, cited string) (*study.Saved, error)
	// StartSaved asks a saved question, as Start does.
	StartSaved(ctx context.Context, caller auth.Caller, project, cited string) (*study.Run, error)
}

var (
	_ Gate     = (*gate.Gate)(nil)
	_ Analysts = (*study.Studies)(nil)
)

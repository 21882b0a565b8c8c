package resolvers

import (
	"context"
	"errors"

	"onelondon/graph"
	"onelondon/graph/refusal"
	"onelondon/graph/view"
	"onelondon/internal/auth"
	"onelondon/internal/cohort"
	"onelondon/internal/gate"
	"onelondon/internal/gate/study"
)

// errNoStudies answers questions about many people on a site that does not take them.
var errNoStudies = refusal.New(refusal.NotPermitted, "This server takes no questions about many people: its configuration has no studies.")

// analysts returns the way to ask questions about many people, if the site takes them.
func (r *Resolver) analysts() (Analysts, error) {
	if r.studies == nil {
		return nil, errNoStudies
	}
	return r.studies, nil
}

// Cohort asks a question about many people and waits for the answer.
func (q query) Cohort(ctx context.Context, definition cohort.Definition, project string) (*view.CohortAnswer, error) {
	studies, err := q.analysts()
	if err != nil {
		return nil, err
	}
	run, err := studies.Ask(ctx, auth.CallerFrom(ctx), project, definition)
	switch {
	case err != nil:
		return nil, explained(err)
	case run.Refusal != nil:
		return nil, refusal.New(refusal.StudyRefused, sentence(run.Refusal))
	}
	return &view.CohortAnswer{Answer: run.Answer}, nil
}

func sentence(refused *study.Refusal) string {
	if refused.Allowed == "" {
		return refused.Words
	}
	return refused.Words + " " + refused.Allowed
}

// CohortRun reports the progress of a question.
func (q query) CohortRun(ctx context.Context, id string) (*view.CohortRun, error) {
	studies, err := q.analysts()
	if err != nil {
		return nil, err
	}
	run, err := studies.Run(ctx, auth.CallerFrom(ctx), id)
	if errors.Is(err, study.ErrNoRun) {
		return nil, nil
	}
	return runOf(run, err)
}

// runOf presents a run, with its fault in words.
func runOf(run *study.Run, err error) (*view.CohortRun, error) {
	if err != nil {
		return nil, explained(err)
	}
	shown := &view.CohortRun{Run: run}
	if run.Fault != nil && run.State == study.Failed {
		words := "The server met a fault. Ask again; what sources answered is kept for a while."
		var known *refusal.Error
		if errors.As(explained(run.Fault), &known) {
			words = known.Message
		}
		shown.Fault = &words
	}
	return shown, nil
}

// explained is an error as the analyst may see it. Faults in a definition repeat what the analyst wrote, without NHS
// numbers, and nothing else.
func explained(err error) error {
	switch {
	case errors.Is(err, study.ErrDefinition):
		return refusal.New(refusal.InvalidDefinition, gate.Typed(err.Error()))
	case errors.Is(err, study.ErrSaved):
		return refusal.New(refusal.InvalidDefinition, gate.Typed(err.Error()))
	case errors.Is(err, study.ErrNoRun):
		return refusal.New(refusal.BadRequest, "There is no such run of yours.")
	case errors.Is(err, study.ErrBusy):
		return refusal.New(refusal.TooManyRuns, "You have as many questions under way as you may. Wait for one, or cancel it.")
	case errors.Is(err, study.ErrTooLarge):
		return refusal.New(refusal.TooLarge, "The question needs more memory than it may take. Ask about fewer people or events: narrow a set by days or codes.")
	case errors.Is(err, study.ErrUnanswered):
		return refusal.New(refusal.SourcesUnavailable, "No source answered, so there is nothing to tell. Ask again later.")
	case errors.Is(err, study.ErrUnlisted):
		return refusal.New(refusal.SourcesUnavailable, "A source has not been listed yet, so nobody knows who in it must not be counted. Ask again in a minute.")
	case errors.Is(err, study.ErrUnsteady):
		return refusal.New(refusal.SourcesUnavailable, "People were counted of whom nothing is known, so nothing can be told safely. Ask again.")
	case errors.Is(err, study.ErrRules):
		return refusal.New(refusal.PolicyUnavailable, "The rules changed while the question was counted, so nothing is told. Ask again.")
	case errors.Is(err, study.ErrBook):
		return refusal.New(refusal.LedgerUnavailable, "What the project was told cannot be read or kept, so nothing is told.")
	case errors.Is(err, gate.ErrConsent):
		return refusal.New(refusal.ConsentUnavailable, "The register of people's preferences cannot be read, so nothing is released.")
	case errors.Is(err, gate.ErrLedger):
		return refusal.New(refusal.LedgerUnavailable, "The question cannot be recorded, so nothing is released.")
	}
	return err
}

// Cohorts lists the answers that a project has received.
func (q query) Cohorts(ctx context.Context, project string) ([]*view.CohortAnswer, error) {
	studies, err := q.analysts()
	if err != nil {
		return nil, err
	}
	answers, err := studies.Told(ctx, auth.CallerFrom(ctx), project)
	if err != nil {
		return nil, explained(err)
	}
	all := make([]*view.CohortAnswer, len(answers))
	for i := range answers {
		all[i] = &view.CohortAnswer{Answer: answers[i].Answer, Kept: answers[i].Withheld}
	}
	return all, nil
}

// SavedCohorts lists the definitions that a project has saved.
func (q query) SavedCohorts(ctx context.Context, project string) ([]*view.SavedCohort, error) {
	studies, err := q.analysts()
	if err != nil {
		return nil, err
	}
	saved, err := studies.AllSaved(ctx, auth.CallerFrom(ctx), project)
	if err != nil {
		return nil, explained(err)
	}
	all := make([]*view.SavedCohort, len(saved))
	for i := range saved {
		all[i] = &view.SavedCohort{Saved: &saved[i]}
	}
	return all, nil
}

// SavedCohort finds a definition that a project has saved.
func (q query) SavedCohort(ctx context.Context, project, cite string) (*view.SavedCohort, error) {
	studies, err := q.analysts()
	if err != nil {
		return nil, err
	}
	saved, err := studies.SavedAs(ctx, auth.CallerFrom(ctx), project, cite)
	if err != nil || saved == nil {
		return nil, explained(err)
	}
	return &view.SavedCohort{Saved: saved}, nil
}

// SaveCohort saves a definition.
func (m mutation) SaveCohort(ctx context.Context, input graph.SaveCohortInput) (*graph.SaveCohortPayload, error) {
	studies, err := m.analysts()
	if err != nil {
		return nil, err
	}
	saved, err := studies.Save(ctx, auth.CallerFrom(ctx), input.Project, *input.Definition)
	if err != nil {
		return nil, explained(err)
	}
	return &graph.SaveCohortPayload{Saved: &view.SavedCohort{Saved: saved}}, nil
}

// Studies reads the public register.
func (q query) Studies(ctx context.Context, first int, after *string) (*view.StudyConnection, error) {
	studies, err := q.analysts()
	if err != nil {
		return nil, err
	}
	if first < 1 || first > largestPage {
		return nil, refuse("first is a number from 1 to 200")
	}
	page, err := studies.Register(ctx, given(after), first)
	if err != nil {
		return nil, err
	}
	return &view.StudyConnection{Page: page}, nil
}

// StartCohort asks a question about many people without waiting for the answer.
func (m mutation) StartCohort(ctx context.Context, input graph.StartCohortInput) (*graph.StartCohortPayload, error) {
	studies, err := m.analysts()
	if err != nil {
		return nil, err
	}
	var run *view.CohortRun
	switch caller := auth.CallerFrom(ctx); {
	case (input.Definition == nil) == (input.Cite == nil):
		return nil, refuse("startCohort takes a definition, or cites one that is saved")
	case input.Cite != nil:
		run, err = runOf(studies.StartSaved(ctx, caller, input.Project, *input.Cite))
	default:
		run, err = runOf(studies.Start(ctx, caller, input.Project, *input.Definition))
	}
	if err != nil {
		return nil, err
	}
	return &graph.StartCohortPayload{Run: run}, nil
}

// CancelCohort cancels a question.
func (m mutation) CancelCohort(ctx context.Context, input graph.CancelCohortInput) (*graph.CancelCohortPayload, error) {
	studies, err := m.analysts()
	if err != nil {
		return nil, err
	}
	run, err := runOf(studies.Cancel(ctx, auth.CallerFrom(ctx), input.Run))
	if err != nil {
		return nil, err
	}
	return &graph.CancelCohortPayload{Run: run}, nil
}

// measure resolves the fields of CohortMeasure.
type measure struct{}

// Events is the event set being counted; nil if people are counted.
func (measure) Events(_ context.Context, of *cohort.Measure) (*string, error) {
	return shownIf(of.Events != "", of.Events), nil
}

// Per is the number of people to which a rate refers; nil for other measures.
func (measure) Per(_ context.Context, of *cohort.Measure) (*int, error) {
	return shownIf(of.Kind == cohort.MeasureRate, of.PerPeople()), nil
}

// figure resolves the fields of CohortFigure.
type figure struct{}

// Number is nil if it may not be shown.
func (figure) Number(_ context.Context, of *cohort.Figure) (*float64, error) {
	return shownIf(of.Shown, of.Number), nil
}

// Lower is nil if it may not be shown, or if there are no quartiles.
func (figure) Lower(_ context.Context, of *cohort.Figure) (*float64, error) {
	return shownIf(of.Shown && (of.Lower != 0 || of.Upper != 0), of.Lower), nil
}

// Upper is nil if it may not be shown, or if there are no quartiles.
func (figure) Upper(_ context.Context, of *cohort.Figure) (*float64, error) {
	return shownIf(of.Shown && (of.Lower != 0 || of.Upper != 0), of.Upper), nil
}

func shownIf[T any](shown bool, value T) *T {
	if !shown {
		return nil
	}
	return &value
}

package view

import (
	"encoding/json"
	"time"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
	"onelondon/internal/gate"
	"onelondon/internal/gate/study"
)

// CohortRun is a run as analysts see it.
type CohortRun struct {
	*study.Run
	Fault *string // in a sentence
}

// Answer is the answer; nil if there is none yet.
func (r *CohortRun) Answer() *CohortAnswer {
	if r.Run.Answer == nil {
		return nil
	}
	return &CohortAnswer{Answer: r.Run.Answer}
}

// Refusal is the reason why there is no answer; nil if the question was not refused.
func (r *CohortRun) Refusal() *CohortRefusal {
	if r.Run.Refusal == nil {
		return nil
	}
	return &CohortRefusal{r.Run.Refusal}
}

// CohortRefusal is a refusal in which empty texts are null.
type CohortRefusal struct{ *study.Refusal }

// Allowed is what would be allowed; nil if nothing would.
func (r *CohortRefusal) Allowed() *string { return unlessEmpty(r.Refusal.Allowed) }

func unlessEmpty(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// CohortAnswer is an answer, with its definition in words.
type CohortAnswer struct {
	*cohort.Answer
	Kept string // why the figures are withheld; empty if they are given
}

// Result is the figures; nil if they are withheld.
func (a *CohortAnswer) Result() *cohort.Result {
	if a.Kept != "" {
		return nil
	}
	return &a.Answer.Result
}

// Withheld is why the figures are withheld; nil if they are given.
func (a *CohortAnswer) Withheld() *string { return unlessEmpty(a.Kept) }

// Name is the name of the definition.
func (a *CohortAnswer) Name() string { return a.Answer.Definition.Name }

// Version is the version of the definition.
func (a *CohortAnswer) Version() int { return a.Answer.Definition.Version }

// Title is the title of the definition.
func (a *CohortAnswer) Title() string { return a.Answer.Definition.Title }

// AsAt is the day as of which the question was asked.
func (a *CohortAnswer) AsAt() clinical.Day { return a.Answer.Definition.AsAt }

// Definition is the definition as JSON.
func (a *CohortAnswer) Definition() (string, error) { return file(&a.Answer.Definition) }

// ConsentRevision is the revision of the register.
func (a *CohortAnswer) ConsentRevision() int { return int(a.Answer.ConsentRevision) }

// Sources says how each source did.
func (a *CohortAnswer) Sources() []CohortSourcePart {
	parts := make([]CohortSourcePart, len(a.Answer.Sources))
	for i := range a.Answer.Sources {
		parts[i] = CohortSourcePart{&a.Answer.Sources[i]}
	}
	return parts
}

// SavedCohort is a saved definition, also in words.
type SavedCohort struct{ *study.Saved }

// Name is the name of the definition.
func (s *SavedCohort) Name() string { return s.Saved.Definition.Name }

// Version is the version of the definition.
func (s *SavedCohort) Version() int { return s.Saved.Definition.Version }

// Title is the title of the definition.
func (s *SavedCohort) Title() string { return s.Saved.Definition.Title }

// AsAt is the day as of which the definition asks.
func (s *SavedCohort) AsAt() clinical.Day { return s.Saved.Definition.AsAt }

// Definition is the definition as JSON.
func (s *SavedCohort) Definition() (string, error) { return file(&s.Saved.Definition) }

// Words is the definition in plain English.
func (s *SavedCohort) Words() string { return s.Saved.Definition.Words() }

// SavedAt is when it was saved.
func (s *SavedCohort) SavedAt() time.Time { return s.Saved.At }

// SavedBy is who saved it.
func (s *SavedCohort) SavedBy() string { return s.Saved.By }

// file is a definition in the form of a file.
func file(definition *cohort.Definition) (string, error) {
	text, err := json.Marshal(definition)
	return string(text), err
}

// CohortSourcePart says how one source did.
type CohortSourcePart struct{ *cohort.SourcePart }

// Outcome is the source's outcome.
func (p *CohortSourcePart) Outcome() gate.Outcome { return gate.Outcome(p.SourcePart.Outcome) }

// Milliseconds is how long the source took.
func (p *CohortSourcePart) Milliseconds() int { return int(p.SourcePart.Milliseconds) }

// Rows is how many rows the source handed over.
func (p *CohortSourcePart) Rows() int { return int(p.SourcePart.Rows) }

// Freshness is when the source's newest entry was written; nil if it cannot tell.
func (p *CohortSourcePart) Freshness() *string { return unlessEmpty(p.SourcePart.Freshness) }

// StudyConnection is a page of the public register.
type StudyConnection struct {
	Page *study.AskedPage
}

// StudyEdge is an entry of the register with its cursor.
type StudyEdge struct {
	Node   *study.Asked
	Cursor string
}

// Nodes lists the entries of the page.
func (c StudyConnection) Nodes() []study.Asked { return c.Page.Entries }

// Edges lists the entries of the page with their cursors.
func (c StudyConnection) Edges() []StudyEdge {
	edges := make([]StudyEdge, len(c.Page.Entries))
	for i := range c.Page.Entries {
		edges[i] = StudyEdge{Node: &c.Page.Entries[i], Cursor: c.Page.Entries[i].Place()}
	}
	return edges
}

// PageInfo says where the page ends.
func (c StudyConnection) PageInfo() PageInfo {
	last := len(c.Page.Entries) - 1
	if last < 0 {
		return PageInfo{HasNextPage: c.Page.HasNext}
	}
	return PageInfo{HasNextPage: c.Page.HasNext, end: c.Page.Entries[last].Place}
}

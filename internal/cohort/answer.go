package cohort

import (
	"time"

	"onelondon/internal/clinical"
)

// Answer is what an analyst gets: figures that give nobody away, and all it takes to cite and to doubt them.
type Answer struct {
	Definition      Definition   `json:"definition"`
	Digest          string       `json:"digest"` // of the definition, see [Definition.Digest]
	Words           string       `json:"words"`  // the definition in plain English
	Project         string       `json:"project"`
	AnsweredAt      time.Time    `json:"answeredAt"` // when it was first answered: the same question gets the same answer again
	PolicyRevision  string       `json:"policyRevision"`
	ConsentRevision uint64       `json:"consentRevision"`
	Result          Result       `json:"result"`
	Sources         []SourcePart `json:"sources"`
	// MissingAtMost is how many people at most an incomplete answer could lack, rounded up to tens; 0 for a complete one.
	MissingAtMost int      `json:"missingAtMost"`
	Warnings      []string `json:"warnings,omitempty"` // sentences
}

// Complete reports whether every source that should have answered did.
func (a *Answer) Complete() bool {
	for i := range a.Sources {
		if !a.Sources[i].Answered {
			return false
		}
	}
	return true
}

// SourcePart is what one source did for an answer.
type SourcePart struct {
	Source       clinical.SourceID `json:"source"`
	Name         string            `json:"name"`
	Answered     bool              `json:"answered"`
	Outcome      string            `json:"outcome"` // as in the GraphQL enum SourceOutcome
	Milliseconds int64             `json:"milliseconds"`
	Rows         int64             `json:"rows"`                // read; rounded up to a thousand
	Freshness    string            `json:"freshness,omitempty"` // when its newest entry was written
}

// Result is figures that may leave.
type Result struct {
	Columns  []string  `json:"columns"`         // names of the dimensions
	Measures []Measure `json:"measures"`        // as in the definition
	Rows     []Row     `json:"rows"`            // in order of their keys
	Total    *Row      `json:"total,omitempty"` // recomputed from the rows; none where people may be in several of them
	// Series is set where the last dimension is a year or a month, so that the rows are series in time.
	Series bool     `json:"series,omitempty"`
	Notes  []string `json:"notes,omitempty"` // what was done to the figures, in sentences
}

// Row is the figures of one cell.
type Row struct {
	Key     []string `json:"key"`     // a value for each dimension; "unknown" where it is not known
	Figures []Figure `json:"figures"` // one for each measure
}

// Figure is a number that may be shown, or the mark that it may not.
type Figure struct {
	Shown  bool    `json:"shown"`
	Number float64 `json:"number"`          // 0 where not shown
	Lower  float64 `json:"lower,omitempty"` // quartiles
	Upper  float64 `json:"upper,omitempty"`
}

// Redacted is how a figure is written that may not be shown.
const Redacted = "[redacted]"

package remote

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
)

// The parts of an answer that are read.
const (
	answerFields = `fragment answerFields on CohortAnswer {
  name version definition digest words project asAt answeredAt policyRevision consentRevision complete missingAtMost warnings withheld
  result {
    columns series notes measures { kind events per }
    rows { key figures { shown number lower upper } }
    total { key figures { shown number lower upper } }
  }
  sources { source name answered outcome milliseconds rows freshness }
}`
	runFields = `fragment runFields on CohortRun {
  id state fraction fault expires sources { source name state rows } refusal { reasons words allowed } answer { ...answerFields }
}
` + answerFields

	startDocument  = `mutation Start($input: StartCohortInput!) { startCohort(input: $input) { run { ...runFields } } }` + "\n" + runFields
	cancelDocument = `mutation Cancel($input: CancelCohortInput!) { cancelCohort(input: $input) { run { id } } }`
	runDocument    = `query Run($id: ID!) { cohortRun(id: $id) { ...runFields } }` + "\n" + runFields
)

// wireRun is a run as GraphQL sends it.
type wireRun struct {
	ID       string
	State    State
	Fraction float64
	Fault    string
	Expires  time.Time
	Sources  []struct {
		Source, Name string
		State        SourceState
		Rows         int64
	}
	Refusal *Refusal
	Answer  *wireAnswer
}

// wireAnswer is an answer as GraphQL sends it.
type wireAnswer struct {
	Name            string
	Version         int
	Definition      string // as a file
	Digest, Words   string
	Project         string
	AsAt            clinical.Day
	AnsweredAt      time.Time
	PolicyRevision  string
	ConsentRevision uint64
	Complete        bool
	MissingAtMost   int
	Warnings        []string
	Withheld        string
	Result          *wireResult
	Sources         []struct {
		Source, Name, Outcome string
		Answered              bool
		Milliseconds, Rows    int64
		Freshness             string
	}
}

type wireResult struct {
	Columns  []string
	Measures []cohort.Measure
	Rows     []wireRow
	Total    *wireRow
	Series   bool
	Notes    []string
}

type wireRow struct {
	Key     []string
	Figures []struct {
		Shown                bool
		Number, Lower, Upper float64 // null where they may not be shown
	}
}

// ErrAnswer reports an answer that contradicts itself.
var ErrAnswer = errors.New("the server's answer contradicts itself")

// run makes a run of what was sent.
func (w *wireRun) run() (*Run, error) {
	run := &Run{ID: w.ID, State: w.State, Fraction: w.Fraction, Fault: w.Fault, Expires: w.Expires, Refusal: w.Refusal}
	for _, source := range w.Sources {
		run.Sources = append(run.Sources, Progress(source))
	}
	if run.State == Answered && w.Answer == nil || run.State == Refused && run.Refusal == nil {
		return nil, fmt.Errorf("%w: the run is %s, and there is no more", ErrAnswer, run.State)
	}
	if w.Answer == nil {
		return run, nil
	}
	if w.Answer.Result == nil {
		return nil, fmt.Errorf("%w: it has no figures", ErrAnswer)
	}
	var err error
	run.Answer, err = w.Answer.answer()
	return run, err
}

// answer is what was sent.
func (w *wireAnswer) answer() (*cohort.Answer, error) {
	answer := &cohort.Answer{
		Digest: w.Digest, Words: w.Words, Project: w.Project, AnsweredAt: w.AnsweredAt, PolicyRevision: w.PolicyRevision,
		ConsentRevision: w.ConsentRevision, MissingAtMost: w.MissingAtMost, Warnings: w.Warnings,
	}
	if (w.Result == nil) != (w.Withheld != "") {
		return nil, fmt.Errorf("%w: about whether its figures are withheld", ErrAnswer)
	}
	if w.Result != nil {
		answer.Result = w.Result.result()
	}
	if err := json.Unmarshal([]byte(w.Definition), &answer.Definition); err != nil {
		return nil, fmt.Errorf("%w: its definition cannot be read: %w", ErrAnswer, err)
	}
	for _, part := range w.Sources {
		answer.Sources = append(answer.Sources, cohort.SourcePart{Source: clinical.SourceID(part.Source), Name: part.Name,
			Answered: part.Answered, Outcome: part.Outcome, Milliseconds: part.Milliseconds, Rows: part.Rows, Freshness: part.Freshness})
	}
	if d := &answer.Definition; d.Name != w.Name || d.Version != w.Version || d.AsAt != w.AsAt {
		return nil, fmt.Errorf("%w: it is of another definition", ErrAnswer)
	}
	if w.Complete != answer.Complete() {
		return nil, fmt.Errorf("%w: about what is missing", ErrAnswer)
	}
	return answer, nil
}

func (w *wireResult) result() cohort.Result {
	result := cohort.Result{Columns: w.Columns, Measures: w.Measures, Series: w.Series, Notes: w.Notes}
	for i := range w.Rows {
		result.Rows = append(result.Rows, w.Rows[i].row())
	}
	if w.Total != nil {
		total := w.Total.row()
		result.Total = &total
	}
	return result
}

func (w *wireRow) row() cohort.Row {
	row := cohort.Row{Key: w.Key}
	for _, figure := range w.Figures {
		row.Figures = append(row.Figures, cohort.Figure(figure))
	}
	return row
}

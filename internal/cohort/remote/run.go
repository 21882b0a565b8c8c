package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"onelondon/internal/cohort"
)

// State says where a run stands. The values are those of the GraphQL enum CohortState.
type State string

// The states.
const (
	Waiting   State = "WAITING"
	Running   State = "RUNNING"
	Answered  State = "ANSWERED"
	Refused   State = "REFUSED"
	Failed    State = "FAILED"
	Cancelled State = "CANCELLED"
)

// Ended reports whether nothing more will come.
func (s State) Ended() bool { return s != Waiting && s != Running }

// SourceState says where a source stands in a run. The values are those of the GraphQL enum CohortSourceState.
type SourceState string

// The states of a source.
const (
	SourceWaiting  SourceState = "WAITING"
	SourceAsked    SourceState = "ASKED"
	SourceAnswered SourceState = "ANSWERED"
	SourceFailed   SourceState = "FAILED"
)

// Run is a question that a server is answering.
type Run struct {
	ID       string
	State    State
	Fraction float64 // from 0 to 1
	Sources  []Progress
	Answer   *cohort.Answer // once it is ANSWERED
	Refusal  *Refusal       // once it is REFUSED
	Fault    string         // once it has FAILED: what went wrong, in a sentence
	Expires  time.Time      // until when the server keeps it; zero where it does not say
}

// Progress is where a source stands.
type Progress struct {
	Source string
	Name   string
	State  SourceState
	Rows   int64 // read so far; rounded
}

// Refusal is why a question is not answered.
type Refusal struct {
	Reasons []string // of the policy, in its words for programs
	Words   string   // for people
	Allowed string   // what would be
}

// patience is for how long a run that cannot be reached is asked for again.
const patience = 30 * time.Second

// Start puts a definition. A run of the same definition that was interrupted is taken up where it was.
func (c *Client) Start(ctx context.Context, definition *cohort.Definition, project string) (*Run, error) {
	input, err := inputOf(definition)
	if err != nil {
		return nil, err
	}
	return c.start(ctx, map[string]any{"definition": input, "project": project})
}

// StartSaved puts a definition that the project has saved, as Start does.
func (c *Client) StartSaved(ctx context.Context, cited cohort.Citation, project string) (*Run, error) {
	return c.start(ctx, map[string]any{"cite": cited.String(), "project": project})
}

func (c *Client) start(ctx context.Context, input map[string]any) (*Run, error) {
	var told struct{ StartCohort struct{ Run wireRun } }
	if err := c.ask(ctx, startDocument, map[string]any{"input": input}, &told); err != nil {
		return nil, err
	}
	return told.StartCohort.Run.run()
}

// Cancel ends a run.
func (c *Client) Cancel(ctx context.Context, run *Run) error {
	var told struct {
		CancelCohort struct{ Run struct{ ID string } }
	}
	return c.ask(ctx, cancelDocument, map[string]any{"input": map[string]any{"run": run.ID}}, &told)
}

// ErrForgotten reports a run that the server no longer keeps, or that is not this caller's.
var ErrForgotten = errors.New("the server does not know the run; it keeps a run for a while, and does not tell others of it")

// look reads where a run stands.
func (c *Client) look(ctx context.Context, id string) (*Run, error) {
	var told struct{ CohortRun *wireRun }
	if err := c.ask(ctx, runDocument, map[string]any{"id": id}, &told); err != nil {
		return nil, err
	}
	if told.CohortRun == nil {
		return nil, ErrForgotten
	}
	return told.CohortRun.run()
}

// Follow asks how a run stands until it has ended, and tells of every time. When ctx ends the run goes
// on at the server, until somebody cancels it.
func (c *Client) Follow(ctx context.Context, run *Run, tell func(*Run)) (*Run, error) {
	every := c.Every
	if every == 0 {
		every = 500 * time.Millisecond
	}
	tell(run)
	heard := time.Now()
	for !run.State.Ended() {
		if err := wait(ctx, every); err != nil {
			return run, err
		}
		seen, err := c.look(ctx, run.ID)
		switch {
		case err == nil:
			run, heard = seen, time.Now()
			tell(run)
		case ctx.Err() != nil:
			return run, context.Cause(ctx)
		case !passing(err) || time.Since(heard) > patience:
			return run, fmt.Errorf("follow the run: %w", err)
		}
	}
	return run, nil
}

// passing reports whether asking again may help: the server was not reached, or is in difficulties. What it means by its answer it
// would mean again.
func passing(err error) bool {
	said, lost := (*Error)(nil), (*url.Error)(nil)
	if errors.As(err, &said) {
		return said.Status >= 500 || said.Status == http.StatusTooManyRequests
	}
	return errors.As(err, &lost) || errors.Is(err, io.ErrUnexpectedEOF)
}

func wait(ctx context.Context, howLong time.Duration) error {
	timer := time.NewTimer(howLong)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

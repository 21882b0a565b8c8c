package remote

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"onelondon/internal/cohort"
)

const (
	savedFields = `fragment savedFields on SavedCohort { name version definition digest words savedAt savedBy }`

	saveDocument  = `mutation Save($input: SaveCohortInput!) { saveCohort(input: $input) { saved { ...savedFields } } }` + "\n" + savedFields
	savedDocument = `query Saved($project: String!) { savedCohorts(project: $project) { ...savedFields } }` + "\n" + savedFields
)

// Saved is a definition that a project has saved.
type Saved struct {
	Definition cohort.Definition `json:"definition"`
	Digest     string            `json:"digest"` // of the definition with the codes of its lists
	Words      string            `json:"words"`
	SavedAt    time.Time         `json:"savedAt"`
	SavedBy    string            `json:"savedBy"`
}

type wireSaved struct {
	Name       string
	Version    int
	Definition string // as a file
	Digest     string
	Words      string
	SavedAt    time.Time
	SavedBy    string
}

// saved is what was sent.
func (w *wireSaved) saved() (*Saved, error) {
	saved := &Saved{Digest: w.Digest, Words: w.Words, SavedAt: w.SavedAt, SavedBy: w.SavedBy}
	if err := json.Unmarshal([]byte(w.Definition), &saved.Definition); err != nil {
		return nil, fmt.Errorf("%w: its definition cannot be read: %w", ErrAnswer, err)
	}
	if saved.Definition.Name != w.Name || saved.Definition.Version != w.Version {
		return nil, fmt.Errorf("%w: it is of another definition", ErrAnswer)
	}
	return saved, nil
}

// Save saves a definition in a project. The same again is what was saved first.
func (c *Client) Save(ctx context.Context, definition *cohort.Definition, project string) (*Saved, error) {
	input, err := inputOf(definition)
	if err != nil {
		return nil, err
	}
	var told struct{ SaveCohort struct{ Saved wireSaved } }
	if err := c.ask(ctx, saveDocument, map[string]any{"input": map[string]any{"definition": input, "project": project}}, &told); err != nil {
		return nil, err
	}
	return told.SaveCohort.Saved.saved()
}

// Saved lists what a project has saved, newest first.
func (c *Client) Saved(ctx context.Context, project string) ([]Saved, error) {
	var told struct{ SavedCohorts []wireSaved }
	if err := c.ask(ctx, savedDocument, map[string]any{"project": project}, &told); err != nil {
		return nil, err
	}
	all := []Saved{}
	for i := range told.SavedCohorts {
		saved, err := told.SavedCohorts[i].saved()
		if err != nil {
			return nil, err
		}
		all = append(all, *saved)
	}
	return all, nil
}

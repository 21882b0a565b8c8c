package remote

import (
	"context"
	"time"

	"onelondon/internal/cohort"
)

const savedDocument = `query Saved($project: String!) { cohorts(project: $project) {
  name version title digest answer { ...answerFields }
} }
` + answerFields

// Saved is a definition that a project has asked, with its latest answer.
type Saved struct {
	Name    string
	Version int
	Title   string
	Digest  string
	Answer  *cohort.Answer // nil where it was never answered
}

// Saved lists what a project has asked.
func (c *Client) Saved(ctx context.Context, project string) ([]Saved, error) {
	var told struct {
		Cohorts []struct {
			Name, Title, Digest string
			Version             int
			Answer              *wireAnswer
		}
	}
	if err := c.ask(ctx, savedDocument, map[string]any{"project": project}, &told); err != nil {
		return nil, err
	}
	var all []Saved
	for _, each := range told.Cohorts {
		saved := Saved{Name: each.Name, Version: each.Version, Title: each.Title, Digest: each.Digest}
		if each.Answer != nil {
			saved.Answer = each.Answer.answer()
		}
		all = append(all, saved)
	}
	return all, nil
}

const registerDocument = `query Register($first: Int!, $after: Cursor) { studies(first: $first, after: $after) {
  nodes { at project organisation purpose name version title digest words answered }
  pageInfo { hasNextPage endCursor }
} }`

// Study is one entry of the public register: what was asked, by whom and for what.
type Study struct {
	At           time.Time `json:"at"`
	Project      string    `json:"project"`
	Organisation string    `json:"organisation"`
	Purpose      string    `json:"purpose"`
	Name         string    `json:"name"`
	Version      int       `json:"version"`
	Title        string    `json:"title"`
	Digest       string    `json:"digest"`
	Words        string    `json:"words"`
	Answered     bool      `json:"answered"` // false where it was refused
}

// Studies reads a page of the public register, and where the next one begins, nothing where there is none.
func (c *Client) Studies(ctx context.Context, first int, after string) ([]Study, string, error) {
	var told struct {
		Studies struct {
			Nodes    []Study
			PageInfo struct {
				HasNextPage bool
				EndCursor   string
			}
		}
	}
	variables := map[string]any{"first": first}
	if after != "" {
		variables["after"] = after
	}
	if err := c.ask(ctx, registerDocument, variables, &told); err != nil {
		return nil, "", err
	}
	if page := told.Studies.PageInfo; page.HasNextPage {
		return told.Studies.Nodes, page.EndCursor, nil
	}
	return told.Studies.Nodes, "", nil
}

package remote

import (
	"context"
	"time"

	"onelondon/internal/cohort"
)

const answersDocument = `query Answers($project: String!) { cohorts(project: $project) { ...answerFields } }
` + answerFields

// Answers lists what a project has asked and was answered, newest first.
func (c *Client) Answers(ctx context.Context, project string) ([]*cohort.Answer, error) {
	var told struct{ Cohorts []wireAnswer }
	if err := c.ask(ctx, answersDocument, map[string]any{"project": project}, &told); err != nil {
		return nil, err
	}
	var all []*cohort.Answer
	for i := range told.Cohorts {
		answer, err := told.Cohorts[i].answer()
		if err != nil {
			return nil, err
		}
		all = append(all, answer)
	}
	return all, nil
}

const registerDocument = `query Register($first: Int!, $after: Cursor) { studies(first: $first, after: $after) {
  nodes { sequence at project organisation purpose name version title words digest answered reasons }
  pageInfo { hasNextPage endCursor }
} }`

// Study is one entry of the public register: what was asked, by whom and for what.
type Study struct {
	Sequence     uint64    `json:"sequence"`
	At           time.Time `json:"at"`
	Project      string    `json:"project"`
	Organisation string    `json:"organisation"` // an ODS code
	Purpose      string    `json:"purpose"`      // a code of HL7 PurposeOfUse
	Name         string    `json:"name"`
	Version      int       `json:"version"`
	Title        string    `json:"title"`
	Words        string    `json:"words"`
	Digest       string    `json:"digest"`
	Answered     bool      `json:"answered"`
	Reasons      []string  `json:"reasons"` // why it was not
}

// Studies reads a page of the public register, newest first, and says where the next one begins; nowhere where this is the last.
func (c *Client) Studies(ctx context.Context, first int, after string) ([]Study, string, error) {
	variables := map[string]any{"first": first}
	if after != "" {
		variables["after"] = after
	}
	var told struct {
		Studies struct {
			Nodes    []Study
			PageInfo struct {
				HasNextPage bool
				EndCursor   string
			}
		}
	}
	if err := c.ask(ctx, registerDocument, variables, &told); err != nil {
		return nil, "", err
	}
	page := told.Studies.PageInfo
	if !page.HasNextPage {
		return told.Studies.Nodes, "", nil
	}
	return told.Studies.Nodes, page.EndCursor, nil
}

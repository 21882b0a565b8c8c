package remote

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"onelondon/internal/cohort"
)

const answersDocument = `query Answers($project: String!) { cohorts(project: $project) { ...answerFields } }
` + answerFields

// Told is an answer that a project got.
type Told struct {
	*cohort.Answer
	Withheld string `json:"withheld,omitempty"` // why its figures are not given again; there are none then
}

// Answers lists what a project has asked and was answered, newest first.
func (c *Client) Answers(ctx context.Context, project string) ([]Told, error) {
	var told struct{ Cohorts []wireAnswer }
	if err := c.ask(ctx, answersDocument, map[string]any{"project": project}, &told); err != nil {
		return nil, err
	}
	var all []Told
	for i := range told.Cohorts {
		answer, err := told.Cohorts[i].answer()
		if err != nil {
			return nil, err
		}
		all = append(all, Told{answer, told.Cohorts[i].Withheld})
	}
	return all, nil
}

// Study is one entry of the public register: what was asked, by whom and for what.
type Study struct {
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
	Reasons      []string  `json:"reasons,omitempty"` // why it was not
}

// Studies reads a page of the public register, newest first, and says where the next one begins; nowhere where this is the last. It
// needs no token, and sends none.
func (c *Client) Studies(ctx context.Context, after string) ([]Study, string, error) {
	at, err := place(c.Server, "studies.json")
	if err != nil {
		return nil, "", err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, at+"?after="+url.QueryEscape(after), nil)
	if err != nil {
		return nil, "", err
	}
	response, body, err := c.send(request)
	if err != nil {
		return nil, "", err
	}
	var page struct {
		Studies []Study
		Next    string
	}
	if response.StatusCode != http.StatusOK || json.Unmarshal(body, &page) != nil {
		return nil, "", &Error{Status: response.StatusCode, Message: "there is no register to be read"}
	}
	return page.Studies, page.Next, nil
}

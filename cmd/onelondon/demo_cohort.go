package main

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"strings"
	"time"

	"onelondon/examples/london/codelists"
	"onelondon/examples/london/cohorts"
	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
	"onelondon/internal/cohort/plot"
	"onelondon/internal/cohort/remote"
	"onelondon/internal/cohort/report"
)

const (
	demoProject = "example-diabetes"              // registered in the built-in policy
	demoCohort  = "diabetes-hospital-visits.yaml" // of examples/london/cohorts
	plotFile    = "cohort.svg"
)

// writeCodelists registers the code lists of the demo's definitions.
func (f *folder) writeCodelists() error {
	if f.has(codelistsFolder) {
		return nil
	}
	if err := os.CopyFS(f.path(codelistsFolder), codelists.Files); err != nil {
		return fmt.Errorf("write %s: %w", codelistsFolder, err)
	}
	return nil
}

// count asks one question about many people, as an analyst who may see none of them.
func (d *demo) count(ctx context.Context, built *folder, url string) error {
	definition, err := built.question(time.Now())
	if err != nil {
		return err
	}
	analyst := built.callers["analyst"]
	client := remote.Client{Server: url, Token: analyst.token, Purpose: analyst.Purpose, Every: 20 * time.Millisecond}
	began := time.Now()
	run, err := client.Start(ctx, definition, demoProject)
	if err == nil {
		run, err = client.Follow(ctx, run, func(*remote.Run) {})
	}
	switch {
	case err != nil:
		return fmt.Errorf("ask as %s: %w", analyst.Title, err)
	case run.Answer == nil:
		return fmt.Errorf("ask as %s: %s", analyst.Title, unanswered(run))
	}
	took := time.Since(began)
	picture, err := built.draw(run.Answer)
	if err != nil {
		return err
	}
	if d.once && d.temporary {
		picture = "the demo's folder, which --data keeps"
	}
	var table strings.Builder
	if err := report.Write(&table, run.Answer, report.Table, report.Options{}); err != nil {
		return err
	}
	public := url + "/studies"
	if d.once {
		public = "/studies of the server"
	}
	_, err = fmt.Fprintf(d.out, `
%s, %s, asks about many people and sees none of them.
%d sources count, without those who opted out, and are joined in %s. Small numbers are redacted.

%s
Drawn:  %s
Public: %s shows everybody that it was asked
`, analyst.Name, lowered(analyst.Title), len(run.Answer.Sources), took.Round(time.Millisecond), table.String(), picture, public)
	return err
}

// lowered is a title as it appears within a sentence.
func lowered(title string) string { return strings.ToLower(title[:1]) + title[1:] }

func unanswered(run *remote.Run) string {
	if run.Refusal != nil {
		return "refused: " + run.Refusal.Words + " " + run.Refusal.Allowed
	}
	return strings.TrimSpace(string(run.State) + " " + run.Fault)
}

// question is the demo's question, kept as a file that its analyst can ask again or change. A folder that has one is asked that:
// as of another day it would be another question, about people of whom some have had a birthday since, and be refused for it.
func (f *folder) question(now time.Time) (*cohort.Definition, error) {
	if !f.has(cohortFile) {
		text, err := cohorts.Files.ReadFile(demoCohort)
		if err != nil {
			return nil, fmt.Errorf("read the demo's definition: %w", err)
		}
		today := regexp.MustCompile(`(?m)^asAt: .*$`).ReplaceAll(text, []byte("asAt: "+clinical.DayOf(now).String()))
		if err := os.WriteFile(f.path(cohortFile), today, 0o600); err != nil {
			return nil, fmt.Errorf("write %s: %w", cohortFile, err)
		}
	}
	text, err := os.ReadFile(f.path(cohortFile))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", cohortFile, err)
	}
	return cohort.Parse(f.path(cohortFile), text)
}

// draw writes a picture of the answer into the demo's folder.
func (f *folder) draw(answer *cohort.Answer) (string, error) {
	file, err := os.Create(f.path(plotFile))
	if err != nil {
		return "", fmt.Errorf("draw the answer: %w", err)
	}
	if err := plot.Write(file, answer, plot.SVG); err != nil {
		_ = file.Close()
		return "", fmt.Errorf("draw the answer: %w", err)
	}
	return file.Name(), file.Close()
}

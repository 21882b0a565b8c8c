package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"onelondon/internal/enact"
)

func policyStatusCommand() *cobra.Command {
	var path string
	form := formText
	status := &cobra.Command{
		Use:   "status --config FILE",
		Short: "Say which policy is in force, since when, who approved it, and what was refused",
		Long: `Say which bundle is in force, since when, who signed and approved it, whether a rollback holds it, what was refused last and why,
and what was in force before. It reads what the server wrote in the folder of the policy's history, and tells what that server
last knew, and whether the last start failed; whether it runs, /readyz says.

Exit codes: 0 when the policy in force is the one that should be, 1 when it may not be, 2 when it cannot be told.`,
		Example: `  onelondon policy status --config onelondon.yaml
  onelondon policy status --config onelondon.yaml --format json | jq .inForce.revision`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, history, err := bundleHistory(path)
			if err != nil {
				return err
			}
			known, found, err := history.Status()
			if err != nil {
				return err
			}
			if !found {
				return fmt.Errorf("no server has put a policy in force with this history")
			}
			records, err := history.Records()
			if err != nil {
				return err
			}
			if err := printStatus(cmd.OutOrStdout(), form, known, records); err != nil {
				return err
			}
			if known.Why != "" {
				return errFindings
			}
			return nil
		},
	}
	needConfig(status, &path)
	status.Flags().Var(&form, "format", "text, for people, or json, for programs")
	return status
}

func printStatus(out io.Writer, form printForm, known enact.Status, records []enact.Record) error {
	if form == formJSON {
		encoder := json.NewEncoder(out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(struct {
			enact.Status
			History []enact.Record `json:"history"`
		}{known, records})
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	line := func(name, format string, values ...any) { fmt.Fprintf(table, name+"\t"+format+"\n", values...) }
	line("from", "%s", known.Source)
	held := ""
	if known.InForce.Pinned {
		held = ", held by a rollback until onelondon policy activate"
	}
	if known.StartFailed.IsZero() {
		line("in force", "%s since %s%s", known.InForce.Revision, stamp(known.InForce.At), held)
	} else {
		line("in force", "nothing by what is known: a server could not start at %s", stamp(known.StartFailed))
		line("before that", "%s since %s%s", cmp.Or(known.InForce.Revision, "nothing"), stamp(known.InForce.At), held)
	}
	line("policy", "%s", known.InForce.Policy)
	line("bundle", "sha256 %s, signed with key %s", known.InForce.Bundle, known.InForce.Key)
	for _, approver := range known.InForce.Approved {
		line("approved", "%s (%s) %s", approver.Name, approver.Role, stamp(approver.At))
	}
	if unread := known.InForce.Unread; len(unread) > 0 {
		line("left out", "%s of the code lists; records that carry them are not recognised as sensitive", howMany(len(unread), "code"))
		for _, place := range unread {
			line("", "%s", place)
		}
	}
	for i, place := range known.InForce.Apart {
		line(map[bool]string{true: "slower"}[i == 0], "%s", place)
	}
	if known.Why != "" {
		first, rest, _ := strings.Cut(known.Why, "\n")
		line("wrong", "since %s: %s", stamp(known.Stale), first)
		for each := range strings.Lines(rest) {
			line("", "%s", strings.TrimSpace(each))
		}
	}
	for i := len(records) - 1; i >= 0; i-- {
		line("history", "%s %s", stamp(records[i].At), records[i].Revision)
	}
	return table.Flush()
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

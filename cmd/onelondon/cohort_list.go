package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"onelondon/internal/cohort"
	"onelondon/internal/cohort/remote"
	"onelondon/internal/cohort/report"
)

func cohortListCommand() *cobra.Command {
	var server serverFlags
	var project string
	form := formText
	list := &cobra.Command{
		Use:     "list --server URL --project NAME",
		Short:   "List what a project has asked",
		Long:    "List the definitions that a project has asked, with their versions and when each was answered. cohort show writes an answer again.",
		Example: "  onelondon cohort list --server https://onelondon.example --token-file token --project example-diabetes",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			client, err := server.client()
			if err != nil {
				return err
			}
			saved, err := client.Saved(cmd.Context(), project)
			if err != nil {
				return err
			}
			if form == formJSON {
				return printJSON(cmd.OutOrStdout(), saved)
			}
			return printSaved(cmd.OutOrStdout(), saved)
		},
	}
	server.add(list)
	needProject(list, &project)
	list.Flags().Var(&form, "format", "text, for people, or json, for programs")
	return list
}

func needProject(cmd *cobra.Command, project *string) {
	cmd.Flags().StringVar(project, "project", "", "the project within which you ask (required)")
	_ = cmd.MarkFlagRequired("project")
}

func printSaved(out io.Writer, saved []remote.Saved) error {
	if len(saved) == 0 {
		_, err := fmt.Fprintln(out, "The project has asked nothing yet.")
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "name\tversion\tanswered\ttitle")
	for _, each := range saved {
		answered := "not yet"
		if each.Answer != nil {
			answered = stamp(each.Answer.AnsweredAt)
			if !each.Answer.Complete() {
				answered += ", incomplete"
			}
		}
		fmt.Fprintf(table, "%s\t%d\t%s\t%s\n", printableLine(each.Name), each.Version, answered, printableLine(each.Title))
	}
	return table.Flush()
}

func cohortShowCommand() *cobra.Command {
	var r cohortRun
	var version int
	show := &cobra.Command{
		Use:   "show NAME --server URL --project NAME",
		Short: "Write the answer that a project got before",
		Long: `Write the latest answer to a definition that the project has asked, in any form that cohort run writes. Nothing is counted anew.

Exit codes: 0 for a complete answer, 2 when there is none, 3 for an incomplete answer.`,
		Example: `  onelondon cohort show diabetes-emergencies --server https://onelondon.example --token-file token --project example-diabetes
  onelondon cohort show diabetes-emergencies --version 1 --plot first.png --server https://onelondon.example --token-file token \
    --project example-diabetes`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := r.settle(); err != nil {
				return err
			}
			client, err := r.server.client()
			if err != nil {
				return err
			}
			saved, err := client.Saved(cmd.Context(), r.project)
			if err != nil {
				return err
			}
			answer, err := savedAnswer(saved, args[0], version)
			if err != nil {
				return err
			}
			return r.write(cmd, answer)
		},
	}
	r.answerFlags(show)
	show.Flags().IntVar(&version, "version", 0, "the version of the definition; the latest without it")
	return show
}

// savedAnswer finds the answer to a version of a definition, the latest where none is named.
func savedAnswer(saved []remote.Saved, name string, version int) (*cohort.Answer, error) {
	var found *remote.Saved
	for i := range saved {
		each := &saved[i]
		if each.Name != name || version != 0 && each.Version != version {
			continue
		}
		if found == nil || each.Version > found.Version {
			found = each
		}
	}
	switch {
	case found == nil:
		return nil, fmt.Errorf("the project has no definition %s; cohort list names those it has", name)
	case found.Answer == nil:
		return nil, fmt.Errorf("version %d of %s has no answer yet", found.Version, name)
	}
	return found.Answer, nil
}

func cohortRegisterCommand() *cobra.Command {
	var server serverFlags
	var all bool
	form := formText
	register := &cobra.Command{
		Use:   "register --server URL",
		Short: "Read the public register: what was asked, by whom, for what purpose",
		Long: `Read the public register of what was asked about many people: when, by which project of which organisation, for what purpose, and what,
in plain English. The newest come first.`,
		Example: `  onelondon cohort register --server https://onelondon.example
  onelondon cohort register --server https://onelondon.example --all --format json | jq -r '.[].project' | sort | uniq -c`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			studies, err := studiesOf(cmd, &server, all)
			if err != nil {
				return err
			}
			if form == formJSON {
				return printJSON(cmd.OutOrStdout(), studies)
			}
			return printStudies(cmd.OutOrStdout(), studies)
		},
	}
	server.add(register)
	register.Flags().BoolVar(&all, "all", false, "every entry, not the latest 50 alone")
	register.Flags().Var(&form, "format", "text, for people, or json, for programs")
	return register
}

func studiesOf(cmd *cobra.Command, server *serverFlags, all bool) ([]remote.Study, error) {
	client, err := server.client()
	if err != nil {
		return nil, err
	}
	studies, next, err := client.Studies(cmd.Context(), 50, "")
	for err == nil && all && next != "" {
		var more []remote.Study
		more, next, err = client.Studies(cmd.Context(), 200, next)
		studies = append(studies, more...)
	}
	return studies, err
}

func printStudies(out io.Writer, studies []remote.Study) error {
	if len(studies) == 0 {
		_, err := fmt.Fprintln(out, "Nothing has been asked yet.")
		return err
	}
	for i, each := range studies {
		if i > 0 {
			fmt.Fprintln(out)
		}
		became := ""
		if !each.Answered {
			became = ", refused"
		}
		fmt.Fprintf(out, "%s  %s, version %d%s\n", stamp(each.At), printableLine(each.Title), each.Version, became)
		fmt.Fprintf(out, "  asked by  %s for project %s, purpose %s\n", printableLine(each.Organisation), printableLine(each.Project), printableLine(each.Purpose))
		fmt.Fprintf(out, "  digest    %s\n", printableLine(each.Digest))
		if _, err := io.WriteString(out, report.Paragraphs("  ", each.Words)); err != nil {
			return err
		}
	}
	return nil
}

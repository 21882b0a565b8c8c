package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

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
		Long:    "List the answers that a project has got, newest first. cohort show writes one of them again.",
		Example: "  onelondon cohort list --server https://onelondon.example --token-file token --project example-diabetes",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			client, err := server.client()
			if err != nil {
				return err
			}
			answers, err := client.Answers(cmd.Context(), project)
			if err != nil {
				return err
			}
			if form == formJSON {
				return printJSON(cmd.OutOrStdout(), answers)
			}
			return printAnswers(cmd.OutOrStdout(), answers)
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

func printAnswers(out io.Writer, answers []remote.Told) error {
	if len(answers) == 0 {
		_, err := fmt.Fprintln(out, "The project has no answers yet.")
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "name\tversion\tas at\tanswered\ttitle")
	for _, each := range answers {
		answered := stamp(each.AnsweredAt)
		if !each.Complete() {
			answered += ", incomplete"
		}
		if each.Withheld != "" {
			answered += ", not given again"
		}
		asked := &each.Definition
		fmt.Fprintf(table, "%s\t%d\t%s\t%s\t%s\n", printableLine(asked.Name), asked.Version, asked.AsAt, answered, printableLine(asked.Title))
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

What a project may no longer ask is not shown again, nor what other numbers of disclosure control protected than those in force: cohort
run asks for it anew, and counts nobody again.

Exit codes: 0 for a complete answer, 2 when there is none, 3 for an incomplete answer, 4 for one that is not given again.`,
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
			answers, err := client.Answers(cmd.Context(), r.project)
			if err != nil {
				return err
			}
			answer, err := answerTo(answers, args[0], version)
			if err != nil {
				return err
			}
			if answer.Withheld != "" {
				printRefusal(cmd.ErrOrStderr(), &remote.Refusal{Words: answer.Withheld})
				return errRefused
			}
			return r.write(cmd, answer.Answer)
		},
	}
	r.answerFlags(show)
	show.Flags().IntVar(&version, "version", 0, "the version of the definition; the latest answer to any without it")
	return show
}

// answerTo finds the latest answer to a definition, or to one version of it. The newest answers come first.
func answerTo(answers []remote.Told, name string, version int) (*remote.Told, error) {
	for i := range answers {
		of := &answers[i].Definition
		if of.Name == name && (version == 0 || of.Version == version) {
			return &answers[i], nil
		}
	}
	if version != 0 {
		return nil, fmt.Errorf("the project has no answer to version %d of %s; cohort list names those it has", version, name)
	}
	return nil, fmt.Errorf("the project has no answer to %s; cohort list names those it has", name)
}

func cohortRegisterCommand() *cobra.Command {
	var server string
	var all bool
	form := formText
	register := &cobra.Command{
		Use:   "register --server URL",
		Short: "Read the public register: what was asked, by whom, for what purpose",
		Long: `Read the public register of what was asked about many people: when, by which project of which organisation, for what purpose, and what,
in plain English. The newest come first. Anybody may read it, without a token; it is the same as at /studies.`,
		Example: `  onelondon cohort register --server https://onelondon.example
  onelondon cohort register --server https://onelondon.example --all --format json | jq -r '.[].project' | sort | uniq -c`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			studies, err := studiesOf(cmd, server, all)
			if err != nil {
				return err
			}
			if form == formJSON {
				return printJSON(cmd.OutOrStdout(), studies)
			}
			return printStudies(cmd.OutOrStdout(), studies)
		},
	}
	needServer(register, &server)
	register.Flags().BoolVar(&all, "all", false, "every entry, not the newest page alone")
	register.Flags().Var(&form, "format", "text, for people, or json, for programs")
	return register
}

// studiesOf reads the register, all of it or its newest page.
func studiesOf(cmd *cobra.Command, server string, all bool) ([]remote.Study, error) {
	client := &remote.Client{Server: server}
	var studies []remote.Study
	for next := ""; ; {
		page, after, err := client.Studies(cmd.Context(), next)
		studies = append(studies, page...)
		if err != nil || after == "" || !all {
			return studies, err
		}
		next = after
	}
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
			became = ", not answered: " + printableLine(strings.Join(each.Reasons, " "))
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

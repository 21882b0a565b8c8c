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
		Use:   "list --server URL --project NAME",
		Short: "List what a project has asked, and what it has saved",
		Long: `List the definitions that a project has asked or saved: how each is cited, when it was saved and when answered. Those that were answered
come first, the newest before the others. cohort show writes one of them.`,
		Example: "  onelondon cohort list --server https://onelondon.example --token-file token --project example-diabetes",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			answers, saved, err := askProject(cmd, &server, project)
			if err != nil {
				return err
			}
			if form == formJSON {
				return printJSON(cmd.OutOrStdout(), struct {
					Answers []remote.Told  `json:"answers"`
					Saved   []remote.Saved `json:"saved"`
				}{answers, saved})
			}
			return printKnown(cmd.OutOrStdout(), knownIn(answers, saved))
		},
	}
	server.add(list)
	needProject(list, &project)
	list.Flags().Var(&form, "format", "text, for people, or json, for programs")
	return list
}

// askProject reads the answers and the saved definitions of a project.
func askProject(cmd *cobra.Command, server *serverFlags, project string) ([]remote.Told, []remote.Saved, error) {
	client, err := server.client()
	if err != nil {
		return nil, nil, err
	}
	answers, err := client.Answers(cmd.Context(), project)
	if err != nil {
		return nil, nil, err
	}
	saved, err := client.Saved(cmd.Context(), project)
	return answers, saved, err
}

func needProject(cmd *cobra.Command, project *string) {
	cmd.Flags().StringVar(project, "project", "", "the project within which you ask (required)")
	_ = cmd.MarkFlagRequired("project")
}

func printKnown(out io.Writer, all []known) error {
	if len(all) == 0 {
		_, err := fmt.Fprintln(out, "The project has asked nothing and saved nothing yet.")
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "definition\tas at\tsaved\tanswered\ttitle")
	for i := range all {
		of, saved := all[i].definition(), "-"
		if all[i].saved != nil {
			saved = stamp(all[i].saved.SavedAt)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", printableLine(of.Cite().String()), of.AsAt, saved, answeredWhen(all[i].answered), printableLine(of.Title))
	}
	return table.Flush()
}

// answeredWhen says when a question was answered, and any caveats.
func answeredWhen(answer *remote.Told) string {
	switch {
	case answer == nil:
		return "not asked"
	case answer.Withheld != "":
		return stamp(answer.AnsweredAt) + ", not given again"
	case !answer.Complete():
		return stamp(answer.AnsweredAt) + ", incomplete"
	}
	return stamp(answer.AnsweredAt)
}

func cohortShowCommand() *cobra.Command {
	var r cohortRun
	var definition bool
	show := &cobra.Command{
		Use:   "show NAME[@VERSION]|DIGEST --server URL --project NAME",
		Short: "Write an answer that a project got before, or a definition that it saved",
		Long: `Write the answer to a definition that the project has asked, in any form that cohort run writes. Nothing is counted anew. A name
without a version means the latest answer to any. Of a definition that is saved and was not asked it says in plain English what it means;
--definition writes the definition itself, of either, as a file.

What a project may no longer ask is not shown again, nor what other numbers of disclosure control protected than those in force: cohort
run asks for it anew, and counts nobody again.

Exit codes: 0 for a complete answer or a definition, 2 when there is none, 3 for an incomplete answer, 4 for one that is not given again.`,
		Example: `  onelondon cohort show diabetes-emergencies --server https://onelondon.example --token-file token --project example-diabetes
  onelondon cohort show diabetes-emergencies@1 --plot first.png --server https://onelondon.example --token-file token \
    --project example-diabetes
  onelondon cohort show diabetes-emergencies@2 --definition --out diabetes-emergencies.json \
    --server https://onelondon.example --token-file token --project example-diabetes`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := r.settle(); err != nil {
				return err
			}
			answers, saved, err := askProject(cmd, &r.server, r.project)
			if err != nil {
				return err
			}
			found, err := find(knownIn(answers, saved), args[0])
			if err != nil {
				return err
			}
			if definition {
				return writeTo(r.out, cmd.OutOrStdout(), func(out io.Writer) error { return writeDefinition(out, found.definition()) })
			}
			return r.show(cmd, found)
		},
	}
	r.answerFlags(show)
	show.Flags().BoolVar(&definition, "definition", false, "write the definition, as a file of JSON")
	return show
}

// show prints a project's answer or, if the definition was never asked, what it means.
func (r *cohortRun) show(cmd *cobra.Command, of *known) error {
	switch {
	case of.answered != nil && of.answered.Withheld != "":
		printRefusal(cmd.ErrOrStderr(), &remote.Refusal{Words: of.answered.Withheld})
		return errRefused
	case of.answered != nil:
		return r.write(cmd, of.answered.Answer)
	case r.format != report.Table || r.out != "" || r.plot != "":
		return fmt.Errorf("%s is saved and was not asked, so there is no answer to write: cohort run --cite asks it", of.saved.Definition.Cite())
	}
	return printUnasked(cmd.OutOrStdout(), of.saved)
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

// studiesOf reads the public register, either all of it or its newest page.
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

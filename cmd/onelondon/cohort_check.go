package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"onelondon/internal/cohort"
	"onelondon/internal/cohort/report"
)

func cohortCheckCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check FILE",
		Short: "Check a definition, say in plain English what it asks, and what it needs",
		Long: `Check a definition without a server: every fault is printed with its line and what to do about it. A definition without a fault is
said in plain English, with its digest and with what a project needs leave for: kinds of record, code lists, and by what people are chosen
and counted. The digest is of the file, whose registered lists enter by their names; the server's, by which a saved definition and an answer
are cited, is of the codes too.

Whether a list is registered, and whether a project may ask, only the server knows.

Exit codes: 0 without a fault, 1 with faults, 2 when it could not run.`,
		Example: "  onelondon cohort check diabetes-emergencies.yaml",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			definition, err := definitionIn(cmd, args[0])
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			if _, err := io.WriteString(out, report.Paragraphs("", definition.Words())); err != nil {
				return err
			}
			return printNeeds(out, definition)
		},
	}
}

func cohortWordsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "words FILE",
		Short: "Say in plain English what a definition asks",
		Long: `Say in plain English what a definition asks, for whoever has to approve the question or to read its answer. An answer and the public
register carry the same words.`,
		Example: "  onelondon cohort words diabetes-emergencies.yaml",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			definition, err := definitionIn(cmd, args[0])
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), strings.TrimSpace(definition.Words()))
			return err
		},
	}
}

// printNeeds lists what a project must be allowed in order to ask a definition.
func printNeeds(out io.Writer, definition *cohort.Definition) error {
	needs := definition.Needs()
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "\ndigest\t%s\n", definition.Digest())
	line := func(name, values string) {
		if values != "" {
			fmt.Fprintf(table, "%s\t%s\n", name, values)
		}
	}
	line("records", listOf(needs.Kinds))
	line("lists", listOf(needs.Codelists))
	line("own lists", listOf(needs.Inline))
	line("broken down by", listOf(needs.Dimensions))
	line("chosen by", listOf(needs.Narrowing))
	if needs.Facts {
		line("facts", "what registrations say of the people: birth, sex, practice, death")
	}
	return table.Flush()
}

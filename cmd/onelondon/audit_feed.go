package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/spf13/cobra"

	"onelondon/examples/london/mappings"
	"onelondon/internal/audit"
	"onelondon/internal/audit/feed"
	"onelondon/internal/clinical"
	"onelondon/internal/config"
	"onelondon/sources/locator"
)

func auditNoticesCommand() *cobra.Command {
	var path, whose string
	var options feed.NoticeOptions
	form := formJSON
	notices := &cobra.Command{
		Use:   "notices --config FILE",
		Short: "Write what people are to be told: accesses by name of organisation, role and purpose",
		Long: `Write, one JSON object a line, the accesses of which the person asked to be told and those that broke the glass: sequence, time,
event, organisation, role, purpose, request id, and what stands for the person. It may run beside a live server. The last line on
standard error says where to begin next time, with --after.

The ledger is sealed and holds no NHS number, so neither does a notice. "subject" is what stands for the person under the site's key,
always the same for the same person. The site's messaging service, which knows the numbers of those whom it can reach, matches it like
this: it gives their numbers on standard input, one a line, with --for -, and gets only their notices, each with "line", the number of
the line on which the person's NHS number stood, from 1. A line that holds no valid NHS number stops the command before anything is
written; it is named by its number and never repeated. A number that was retired, as the configuration lists them, stands for the
person of the one that took its place.

--format text writes words with blanks between, for a shell to read: line, time, event, organisation, role. A hyphen is what there is not, and
a line of 0 is what --for was not asked about. docs/operations.md has a script, under Telling people.

A notice says that somebody looked, and to whoever sees the message it says that there is something to look at: send it only to an
address that the person gave for this.

Exit codes: 0 when it ran, 2 when it could not.`,
		Example: `  onelondon audit notices --config onelondon.yaml --after 1042 > notices.jsonl
  onelondon audit notices --config onelondon.yaml --after 1042 --for - --format text < numbers.txt`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if whose != "" && whose != "-" {
				return errors.New("--for: write - and give the numbers on standard input, where nobody else reads them")
			}
			options.Text = form == formText
			return withLedger(cmd.Context(), path, func(c *config.Config, ledger *audit.Ledger) (err error) {
				if whose == "-" {
					retired, err := newLocator(c, discard())
					if err != nil {
						return err
					}
					if options.Lines, err = subjectsOf(cmd.InOrStdin(), ledger, retired); err != nil {
						return err
					}
				}
				if options.Roles, err = siteRoles(cmd.Context(), c); err != nil {
					fmt.Fprintf(cmd.ErrOrStderr(), "roles are given by their codes alone: %v\n", err)
				}
				last, err := feed.Notices(cmd.Context(), ledger, cmd.OutOrStdout(), options)
				return nextTime(cmd.ErrOrStderr(), last, err)
			})
		},
	}
	needConfig(notices, &path)
	notices.Flags().Uint64Var(&options.After, "after", 0, "only what came after this entry of the ledger")
	notices.Flags().Var(&form, "format", "json, one object a line, or text, words with blanks between")
	notices.Flags().StringVar(&whose, "for", "", "- for only the people whose NHS numbers stand on standard input, one a line")
	return notices
}

func auditExportCommand() *cobra.Command {
	var path string
	var options feed.ExportOptions
	exported := &cobra.Command{
		Use:   "export --config FILE",
		Short: "Write every entry of the ledger for a trust's own audit, without anybody's number",
		Long: `Write the entries of the ledger, oldest first, one JSON object a line: who asked, in what role, for what purpose and on what
relationship, what was released and what withheld, by which reasons, which sources answered, what was reviewed. It may run beside a
live server. The last line on standard error says where to begin next time, with --after.

Nothing of a patient is in it. A person is "subject", what stands for them under the site's key. Left out are what the person chose, the
id and name of a citizen, and whatever somebody typed: reasons and findings may name a patient, and --typed leaves them in. What a
line lacks is listed under "leftOut". Names of staff are in it: it is an audit of what they did.

"receipt" proves an entry: onelondon audit verify --receipt tells whether the ledger still has it as it was.

Exit codes: 0 when it ran, 2 when it could not.`,
		Example: `  onelondon audit export --config onelondon.yaml > ledger.jsonl
  onelondon audit export --config onelondon.yaml --organisation R1H --after 1042
  onelondon audit export --config onelondon.yaml | jq -r 'select(.alert) | "\(.time) \(.caller.name) \(.reasons)"'`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withLedger(cmd.Context(), path, func(_ *config.Config, ledger *audit.Ledger) error {
				last, err := feed.Export(cmd.Context(), ledger, cmd.OutOrStdout(), options)
				return nextTime(cmd.ErrOrStderr(), last, err)
			})
		},
	}
	needConfig(exported, &path)
	exported.Flags().Uint64Var(&options.After, "after", 0, "only what came after this entry of the ledger")
	exported.Flags().StringVar(&options.Organisation, "organisation", "", "only what users of this organisation did, an ODS code")
	exported.Flags().BoolVar(&options.Typed, "typed", false, "leave in what somebody typed, in which patients may be named")
	return exported
}

// withLedger opens the ledger of a configuration for reading.
func withLedger(ctx context.Context, path string, read func(*config.Config, *audit.Ledger) error) error {
	loaded, err := config.Load(path, mappings.Files)
	if err != nil {
		return err
	}
	ledger, err := audit.OpenReader(ctx, loaded.Ledger, audit.Key(loaded.Secrets.Person), slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	return errors.Join(read(loaded, ledger), ledger.Close())
}

// nextTime prints where the next reading begins, even if this one ended early.
func nextTime(errs io.Writer, last uint64, err error) error {
	fmt.Fprintf(errs, "next time --after %d\n", last)
	return err
}

// subjectsOf reads NHS numbers, one per line, and maps the ledger's pseudonyms for each person, under every number they
// have had, to the line. Blank lines count but are ignored; for a person on several lines the first counts.
func subjectsOf(in io.Reader, ledger *audit.Ledger, retired *locator.Locator) (map[string]int, error) {
	lines := map[string]int{}
	scanner := bufio.NewScanner(in)
	for n := 1; scanner.Scan(); n++ {
		text := strings.TrimSpace(scanner.Text())
		if text == "" {
			continue
		}
		number, err := clinical.ParseNHSNumber(text)
		if err != nil {
			return nil, fmt.Errorf("line %d of standard input is not a valid NHS number", n)
		}
		if current, superseded := retired.Current(number); superseded {
			number = current
		}
		for _, each := range append(retired.Former(number), number) {
			if subject := ledger.Person(each); lines[subject] == 0 {
				lines[subject] = n
			}
		}
	}
	return lines, scanner.Err()
}

// siteRoles returns the names of roles from the site's policy, or from the built-in one if the site's is on a bundle
// server.
func siteRoles(ctx context.Context, c *config.Config) (func(code string) string, error) {
	place := c.Policy.Folder
	if c.Policy.Bundle != "" {
		place = c.Policy.Bundle
	}
	inspection, err := inspectPolicy(ctx, place, &c.Policy)
	if err != nil {
		return nil, err
	}
	return inspection.RoleName, nil
}

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"onelondon/policy"
	"onelondon/policy/check"
)

func policyCheckCommand() *cobra.Command {
	var options check.Options
	var codelists string
	form := formText
	checked := &cobra.Command{
		Use:   "check [DIR]",
		Short: "Find what is wrong with a policy, with its file, its line and what to do",
		Long: `Look over the policy in a folder, or the one that this program carries where no folder is named:

  format     every rule is written as opa fmt writes it
  style      every public rule says what it is for and which expectation or law asks for it; tests and cases stand beside it
  compile    OPA's strict compiler with closed schemas, allowed functions only, tables that match their schemas, and rules
             about single records that every database understands
  tests      the rules' own tests pass
  coverage   and visit every line of every rule
  cases      the decisions that governance wrote down come out as they were written
  codes      the codes that make a record sensitive have a right check digit, those of the files in --codelists too
  agreement  what databases are told and what the rules say release the same of some thousand random records

All of it is looked at, whatever the first fault was. Nothing is changed. What is no fault and should be known is said at the end: by
which terminologies each sensitive category is recognised and by which not, which codes of the lists are left out on purpose, and which
rules make a site of many organisations slower, because they do more with the organisation of whoever asks than compare it. A code
list that a spreadsheet has been through has codes such as 1.03E+15: each is named with its line and what to do about it.

Exit codes: 0 when there is no fault, 1 when there is one, 2 when the check could not run.`,
		Example: `  onelondon policy check                           the policy that this program carries
  onelondon policy check ./policy                  the one in a folder, before it is handed in
  onelondon policy check ./policy --format json | jq -r '.findings[] | "\(.file):\(.line): \(.message)"'
  onelondon policy check ./policy --codelists ./codelists
  onelondon policy check ./policy --decisions 100000 --seed 7`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			folder, files, err := policyFolder(args)
			if err != nil {
				return err
			}
			if options.Codelists, err = codelistsIn(codelists); err != nil {
				return err
			}
			report := check.Run(cmd.Context(), files, options)
			if err := printChecked(cmd.OutOrStdout(), form, folder, codelists, report); err != nil {
				return err
			}
			if len(report.Findings) > 0 {
				return errFindings
			}
			return cmd.Context().Err()
		},
	}
	checked.Flags().Var(&form, "format", "text, for people, or json, for programs")
	needCodelists(checked, &codelists)
	checked.Flags().Uint64Var(&options.Seed, "seed", 0, "of the random decisions, to repeat them; 0 draws one")
	checked.Flags().IntVar(&options.Decisions, "decisions", 5000, "how many random records are decided twice")
	return checked
}

// needCodelists declares the flag for the folder of code lists.
func needCodelists(cmd *cobra.Command, folder *string) {
	cmd.Flags().StringVar(folder, "codelists", "", "folder of the code lists that data/categories.yaml names; without it only its own codes count")
}

// codelistsIn is the folder of code lists; nil if none is named.
func codelistsIn(folder string) (fs.FS, error) {
	if folder == "" {
		return nil, nil
	}
	if found, err := os.Stat(folder); err != nil || !found.IsDir() {
		return nil, fmt.Errorf("--codelists: %s is not a folder", folder)
	}
	return os.DirFS(folder), nil
}

// policyFolder is the folder named on the command line, or else the built-in policy with an empty folder name.
func policyFolder(args []string) (folder string, files fs.FS, err error) {
	if len(args) == 0 {
		return "", policy.Embedded(), nil
	}
	if _, err := os.Stat(filepath.Join(args[0], "rego")); err != nil {
		return "", nil, fmt.Errorf("%s is not the folder of a policy: there is no folder rego in it", args[0])
	}
	return args[0], os.DirFS(args[0]), nil
}

// printForm is the output format of a command.
type printForm string

const (
	formText printForm = "text"
	formJSON printForm = "json"
)

func (f *printForm) String() string { return string(*f) }

func (f *printForm) Type() string { return "form" }

// Set parses the flag's value.
func (f *printForm) Set(text string) error {
	if form := printForm(text); form == formText || form == formJSON {
		*f = form
		return nil
	}
	return errors.New("write text or json")
}

func printJSON(out io.Writer, value any) error {
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}

func printChecked(out io.Writer, form printForm, folder, codelists string, report *check.Report) error {
	if form == formJSON {
		return printJSON(out, report)
	}
	for _, finding := range report.Findings {
		place := filepath.Join(folder, finding.Place())
		if strings.HasSuffix(finding.File, ".csv") {
			place = filepath.Join(codelists, finding.Place())
		}
		if finding.File == "" {
			place = "the policy as a whole"
		}
		fmt.Fprintf(out, "%s\n  %-10s %s\n", place, finding.Step, finding.Message)
		if finding.Advice != "" {
			fmt.Fprintf(out, "  %-10s -> %s\n", "", finding.Advice)
		}
	}
	if len(report.Findings) > 0 {
		fmt.Fprintln(out)
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, count := range report.Counts {
		if count.NotRun {
			fmt.Fprintf(table, "%s\tNOT RUN\tit needs a policy that compiles\n", count.Step)
			continue
		}
		fmt.Fprintf(table, "%s\t%s\t%d %s\n", count.Step, faultsOf(report, count.Step), count.Seen, count.Of)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if len(report.Notes) > 0 {
		fmt.Fprintln(out)
	}
	for _, note := range report.Notes {
		fmt.Fprintf(out, "note: %s: %s\n", note.About, note.Says)
	}
	_, err := fmt.Fprintf(out, "\n%s: %s\n", policyName(folder, report.Revision), howMany(len(report.Findings), "fault"))
	return err
}

func faultsOf(report *check.Report, step check.Step) string {
	faults := 0
	for _, finding := range report.Findings {
		if finding.Step == step {
			faults++
		}
	}
	return howMany(faults, "fault")
}

// policyName identifies a policy for display.
func policyName(folder, revision string) string {
	name := "the policy that this program carries"
	if folder != "" {
		name = "the policy in " + folder
	}
	if revision != "" {
		name += ", revision " + revision
	}
	return name
}

// howMany counts things in words: "no fault", "1 fault" or "3 faults".
func howMany(n int, noun string) string {
	switch n {
	case 0:
		return "no " + noun
	case 1:
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

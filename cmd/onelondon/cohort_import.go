package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort/circe"
)

// circeFlags supply what a Circe file does not contain.
type circeFlags struct{ vocabulary, name, title, asAt string }

func cohortImportCommand() *cobra.Command {
	var flags circeFlags
	imported := &cobra.Command{
		Use:   "import CIRCE.json --vocabulary DIR",
		Short: "Make a definition of an OHDSI cohort definition in Circe's JSON",
		Long: `Make a definition of an OHDSI cohort definition, as ATLAS exports it in Circe's JSON, and write it as JSON that the other commands
read. Its concept sets become code lists by the tables of an OMOP vocabulary: CONCEPT.csv and, where they are there,
CONCEPT_ANCESTOR.csv, CONCEPT_RELATIONSHIP.csv and RELATIONSHIP.csv, each plain or as .csv.gz. Without a vocabulary only the concepts
are known that the file itself describes.

What the definition does not say of the original is written to standard error, with its path, what it bears on and why: the logic
of who is meant, how many entries a person has, or the codes of a concept set. It counts people by what their records say, without
OHDSI's observation periods.

Exit codes: 0 when everybody is meant whom the original means, 1 when some of its logic is not said, 2 when there is no definition.`,
		Example: `  onelondon cohort import 27.json --vocabulary vocabulary/ --name ohdsi-27 --title "Chronic kidney disease" > ohdsi-27.json
  onelondon cohort words ohdsi-27.json`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return flags.run(cmd, args[0]) },
	}
	set := imported.Flags()
	set.StringVar(&flags.vocabulary, "vocabulary", "", "folder of an OMOP vocabulary's tables")
	set.StringVar(&flags.name, "name", "", "the definition's name; made of the file's name without it")
	set.StringVar(&flags.title, "title", "", "the definition's title; its name without it")
	set.StringVar(&flags.asAt, "as-at", "", "the day of the question, YYYY-MM-DD; today without it")
	return imported
}

// run writes the definition and then reports what it lacks.
func (f *circeFlags) run(cmd *cobra.Command, file string) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	options, err := f.options(file)
	if err != nil {
		return err
	}
	imported, err := circe.Import(content, options)
	if err != nil {
		return fmt.Errorf("import %s: %w", file, err)
	}
	encoder := json.NewEncoder(cmd.OutOrStdout())
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(imported.Definition); err != nil {
		return err
	}
	printLosses(cmd.ErrOrStderr(), imported)
	if imported.Lacks(circe.Logic) {
		return errFindings
	}
	return nil
}

func (f *circeFlags) options(file string) (options circe.Options, err error) {
	options.Name = cmp.Or(f.name, nameOf(file))
	options.Title = cmp.Or(f.title, options.Name)
	options.AsAt = clinical.DayOf(time.Now())
	if f.asAt != "" {
		if options.AsAt, err = clinical.ParseDay(f.asAt); err != nil {
			return options, fmt.Errorf("--as-at: %w", err)
		}
	}
	if f.vocabulary == "" {
		return options, nil
	}
	tables, err := circe.ReadTables(packed{os.DirFS(f.vocabulary)})
	if err != nil {
		return options, fmt.Errorf("--vocabulary: %w", err)
	}
	options.Vocabulary = tables
	return options, nil
}

// nameOf derives a definition's name from a file name.
func nameOf(file string) string {
	stem := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
	words := regexp.MustCompile(`[a-z0-9]+`).FindAllString(strings.ToLower(stem), -1)
	return strings.Join(append([]string{"circe"}, words...), "-")
}

// printLosses reports what the definition lost in the conversion.
func printLosses(errs io.Writer, imported *circe.Imported) {
	for _, loss := range imported.Unsupported {
		fmt.Fprintf(errs, "%s: %s: %s\n", loss.Of, loss.Path, loss.Why)
	}
}

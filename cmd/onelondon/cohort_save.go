package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"onelondon/internal/cohort"
	"onelondon/internal/cohort/remote"
	"onelondon/internal/cohort/report"
)

func cohortSaveCommand() *cobra.Command {
	var server serverFlags
	var project string
	save := &cobra.Command{
		Use:   "save FILE --server URL --project NAME",
		Short: "Save a definition in a project, so that it can be cited",
		Long: `Save a definition on the shelf of a project, without asking it. It is saved under the name and the version that the file gives, with a
digest; from then on everybody in the project can read it, cite it as NAME@VERSION or by its digest, and ask it:

  onelondon cohort run --cite diabetes-emergencies@1 ...

A version never changes. The same again is what was saved first; a definition that asks something else needs another version, and the
server names the next that is free. The digest is that of the definition with the codes of its lists: an answer has the same, and where a
list gets other codes the version is not asked any more, as it would mean something else.

A definition may be saved that the project may not ask yet, for those to read who decide on it. Nothing of it is in the public register
before it is asked.

Exit codes: 0 when it is saved, 1 when the definition is faulty, 2 when it could not be saved.`,
		Example: "  onelondon cohort save diabetes-emergencies.yaml --server https://onelondon.example --token-file token --project example-diabetes",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			definition, err := definitionIn(cmd, args[0])
			if err != nil {
				return err
			}
			client, err := server.client()
			if err != nil {
				return err
			}
			saved, err := client.Save(cmd.Context(), definition, project)
			if err != nil {
				return err
			}
			return printSaved(cmd.OutOrStdout(), saved)
		},
	}
	server.add(save)
	needProject(save, &project)
	return save
}

// printSaved prints the citation of a saved definition and who saved it.
func printSaved(out io.Writer, saved *remote.Saved) error {
	_, err := fmt.Fprintf(out, "cite    %s\ndigest  %s\nsaved   %s by %s\n", saved.Definition.Cite(), printableLine(saved.Digest),
		stamp(saved.SavedAt), printableLine(saved.SavedBy))
	return err
}

// known is what a project has of one definition: a saved copy, an answer, or both.
type known struct {
	saved    *remote.Saved
	answered *remote.Told
}

func (k *known) definition() *cohort.Definition {
	if k.saved != nil {
		return &k.saved.Definition
	}
	return &k.answered.Definition
}

// knownIn combines a project's saved definitions and answers. Answers come first, newest first.
func knownIn(answers []remote.Told, saved []remote.Saved) []known {
	var all []known
	for i := range answers {
		all = append(all, known{answered: &answers[i]})
	}
	for i := range saved {
		at := slices.IndexFunc(all, func(of known) bool { return of.answered != nil && of.answered.Digest == saved[i].Digest })
		if at < 0 {
			all = append(all, known{saved: &saved[i]})
			continue
		}
		all[at].saved = &saved[i]
	}
	return all
}

// find returns what a project has of a definition, by citation or as the newest of its name; an answer takes precedence
// over a saved definition.
func find(all []known, cited string) (*known, error) {
	citation, err := cohort.ParseCitation(cited)
	at := slices.IndexFunc(all, func(of known) bool {
		switch {
		case err != nil:
			return of.definition().Name == cited
		case of.saved != nil && citation.Cites(&of.saved.Definition, of.saved.Digest):
			return true
		}
		return of.answered != nil && citation.Cites(&of.answered.Definition, of.answered.Digest)
	})
	if at < 0 {
		return nil, fmt.Errorf("the project has nothing of %s; cohort list names what it has", cited)
	}
	return &all[at], nil
}

// printUnasked explains in plain English a saved definition that has never been asked.
func printUnasked(out io.Writer, saved *remote.Saved) error {
	if err := printSaved(out, saved); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "asked   not yet: onelondon cohort run --cite %s\n\n%s", saved.Definition.Cite(), report.Paragraphs("", saved.Words))
	return err
}

// writeDefinition writes a definition as a file that cohort check and cohort run can read.
func writeDefinition(out io.Writer, definition *cohort.Definition) error {
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(definition)
}

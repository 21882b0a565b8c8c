package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"onelondon/examples/london/mappings"
	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/internal/config"
	"onelondon/sources"
)

func sourceExplainCommand() *cobra.Command {
	var path, id, kind string
	command := &cobra.Command{
		Use:   "explain --config FILE --source ID",
		Short: "Show the statements that a database is asked",
		Long: `Show the statements that a database is asked for somebody's records, a kind at a time and with every field, as whoever looks after
the database may want to read them, plan them or index for them. Values are placeholders: nobody is asked about and nothing is run.

Exit codes: 0, or 2 when the source is none of a database or its mapping does not have the kind.`,
		Example: `  onelondon source explain --config onelondon.yaml --source bhrut-pas
  onelondon source explain --config onelondon.yaml --source bhrut-pas --kind Condition`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			loaded, err := config.Load(path, mappings.Files)
			if err != nil {
				return err
			}
			for i := range loaded.Sources {
				if string(loaded.Sources[i].ID) == id {
					return explainSource(cmd.Context(), &loaded.Sources[i], kind, cmd.OutOrStdout())
				}
			}
			return fmt.Errorf("there is no source %q in %s", id, path)
		},
	}
	command.Flags().StringVar(&path, "config", "", "the configuration file (required)")
	command.Flags().StringVar(&id, "source", "", "the source's id (required)")
	command.Flags().StringVar(&kind, "kind", "", "only this kind of record, such as Condition")
	_ = command.MarkFlagRequired("config")
	_ = command.MarkFlagRequired("source")
	return command
}

// explainSource prints what a database would be asked for each kind in its mapping.
func explainSource(ctx context.Context, s *config.Source, only string, out io.Writer) error {
	if s.Mapping == nil || s.Driver == config.OpenEHRServer {
		return fmt.Errorf("source %s is no database that is asked in SQL", s.ID)
	}
	opening, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	source, err := openDatabase(opening, s)
	if err != nil {
		return err
	}
	defer func() { _ = source.Close() }()
	shown := 0
	for _, kind := range clinical.Kinds() {
		if len(s.Mapping.Records[kind]) == 0 || only != "" && only != kind.String() {
			continue
		}
		part := sources.Part{Kind: kind, Fields: kind.Descriptor().All(), Condition: condition.Always(), Limit: 20}
		for _, statement := range source.SQL(sources.Query{Parts: []sources.Part{part}}) {
			shown++
			if _, err := fmt.Fprintf(out, "-- %s\n%s;\n\n", kind, statement); err != nil {
				return err
			}
		}
	}
	if shown == 0 {
		return fmt.Errorf("the mapping of source %s has no %s", s.ID, only)
	}
	return nil
}

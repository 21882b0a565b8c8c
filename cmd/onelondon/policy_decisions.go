package main

import (
	"fmt"
	"io"
	"log/slog"

	"github.com/spf13/cobra"

	"onelondon/examples/london/mappings"
	"onelondon/internal/audit"
	"onelondon/internal/audit/decisionlog"
	"onelondon/internal/config"
	"onelondon/internal/enact"
)

func policyDecisionsCommand() *cobra.Command {
	var path, since, until string
	var names bool
	decisions := &cobra.Command{
		Use:   "decisions --config FILE",
		Short: "Write what was decided as a decision log in OPA's format",
		Long: `Write the decisions that the ledger holds as a decision log in OPA's own format, one JSON object a line, for tools that read such
logs. It may run beside a live server. Nothing is lost that the ledger has, and the log can be made again.

Nothing of a patient is in it: not the person, not what they said, no text that somebody typed, and of a citizen neither name nor id.
Names of staff are left out unless --names is given. What was left out of a decision's input is listed under "erased".`,
		Example: `  onelondon policy decisions --config onelondon.yaml --since 2026-11-01 > decisions.jsonl
  onelondon policy decisions --config onelondon.yaml --since 2026-11-26T08:00:00Z --until 2026-11-26T09:00:00Z`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			options := decisionlog.Options{Names: names, Version: revision()}
			if options.Since, err = moment(since); err != nil {
				return fmt.Errorf("--since: %w", err)
			}
			if options.Until, err = moment(until); err != nil {
				return fmt.Errorf("--until: %w", err)
			}
			loaded, err := config.Load(path, mappings.Files)
			if err != nil {
				return err
			}
			return exportDecisions(cmd, loaded, options, cmd.OutOrStdout())
		},
	}
	needConfig(decisions, &path)
	decisions.Flags().StringVar(&since, "since", "", "the first day or moment: 2026-11-26 or 2026-11-26T08:00:00Z")
	decisions.Flags().StringVar(&until, "until", "", "the day or moment before which to end")
	decisions.Flags().BoolVar(&names, "names", false, "leave the names of staff in")
	return decisions
}

func exportDecisions(cmd *cobra.Command, c *config.Config, options decisionlog.Options, out io.Writer) error {
	revisions, err := bundleNames(c.Policy)
	if err != nil {
		return err
	}
	options.Revisions = revisions
	ledger, err := audit.OpenReader(cmd.Context(), c.Ledger, audit.Key(c.Secrets.Person), slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer func() { _ = ledger.Close() }()
	count, err := decisionlog.Export(cmd.Context(), ledger, out, options)
	fmt.Fprintf(cmd.ErrOrStderr(), "%d decisions\n", count)
	return err
}

// bundleNames maps the digests by which the ledger refers to bundles to their names.
func bundleNames(c config.Policy) (map[string]string, error) {
	if !c.Bundled() {
		return nil, nil
	}
	history, err := enact.OpenHistory(c.History)
	if err != nil {
		return nil, err
	}
	records, err := history.Records()
	names := make(map[string]string, len(records))
	for _, record := range records {
		names[record.Policy] = record.Revision
	}
	return names, err
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/spf13/cobra"

	"onelondon/examples/london/mappings"
	"onelondon/internal/config"
	"onelondon/internal/consent"
)

func consentCommand() *cobra.Command {
	register := &cobra.Command{Use: "consent", Short: "Look after the register of what people said"}
	register.AddCommand(consentImportCommand())
	return register
}

// registerOptions say where the configured register is.
func registerOptions(c *config.Config, log *slog.Logger) consent.Options {
	return consent.Options{Path: c.Consent.File, PostgreSQL: c.Consent.PostgreSQL, Create: c.Consent.Create,
		Key: consent.Key(c.Secrets.Person), Log: log}
}

func consentImportCommand() *cobra.Command {
	var path, authority string
	imported := &cobra.Command{
		Use:   "import --config FILE CSV",
		Short: "Record objections from a file",
		Long: `Record what people said about the shared record, from a CSV file with the header

  nhs_number,objection,reason,recorded_by,date

The objection is requested, upheld, not_upheld (which needs a reason) or withdrawn; the date YYYY-MM-DD. All of the file is
recorded or nothing; every bad line is reported by its number, and never repeated. One process writes a register at a time:
stop the server first.`,
		Example: `  onelondon consent import --config onelondon.yaml --authority self objections.csv`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			loaded, err := config.Load(path, mappings.Files)
			if err != nil {
				return err
			}
			return importObjections(cmd.Context(), loaded, args[0], consent.Authority(authority), cmd.OutOrStdout())
		},
	}
	imported.Flags().StringVar(&path, "config", "", "the configuration file (required)")
	imported.Flags().StringVar(&authority, "authority", string(consent.Self), "on whose word the lines stand: self, parent, attorney or clinician")
	_ = imported.MarkFlagRequired("config")
	return imported
}

func importObjections(ctx context.Context, c *config.Config, name string, authority consent.Authority, out io.Writer) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	register, err := consent.New(ctx, registerOptions(c, discard()))
	if err != nil {
		return err
	}
	result, err := register.Import(ctx, file, authority)
	if bad := (*consent.ImportError)(nil); errors.As(err, &bad) {
		for _, line := range bad.Lines {
			fmt.Fprintf(out, "%s:%d: %s\n", name, line.Line, line.Fault)
		}
		fmt.Fprintf(out, "nothing was recorded: %d bad lines\n", len(bad.Lines)+bad.More)
		return errors.Join(errFindings, register.Close())
	}
	if err == nil {
		_, err = fmt.Fprintf(out, "%d directives recorded; the register is at revision %d\n", result.Directives, result.Revision)
	}
	return errors.Join(err, register.Close())
}

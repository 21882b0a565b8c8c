package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"

	"github.com/spf13/cobra"

	"onelondon/examples/london/mappings"
	"onelondon/internal/audit"
	"onelondon/internal/config"
)

func auditCommand() *cobra.Command {
	ledger := &cobra.Command{Use: "audit", Short: "Look after the ledger of accesses"}
	ledger.AddCommand(auditVerifyCommand(), auditNoticesCommand(), auditExportCommand())
	return ledger
}

func auditVerifyCommand() *cobra.Command {
	var path string
	var receipts []string
	verify := &cobra.Command{
		Use:   "verify --config FILE",
		Short: "Prove that nobody changed the ledger",
		Long: `Walk the ledger's chain from its first entry to its last. An entry that was changed, removed or put in another place breaks
the chain, and the first such place is named. It may run beside a live server.

A ledger that was put back to an older copy of itself still holds together. Note the last line's receipt elsewhere, and give it
next time: a ledger that has lost it does not verify.

Exit codes: 0 when the chain holds, 1 when it does not, 2 when the check could not run.`,
		Example: `  onelondon audit verify --config onelondon.yaml
  onelondon audit verify --config onelondon.yaml --receipt 1042:5e0c...`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			loaded, err := config.Load(path, mappings.Files)
			if err != nil {
				return err
			}
			return verifyLedger(cmd.Context(), loaded, receipts, cmd.OutOrStdout())
		},
	}
	verify.Flags().StringVar(&path, "config", "", "the configuration file (required)")
	verify.Flags().StringArrayVar(&receipts, "receipt", nil, "a receipt noted earlier, sequence:hash; may be given several times")
	_ = verify.MarkFlagRequired("config")
	return verify
}

func verifyLedger(ctx context.Context, c *config.Config, texts []string, out io.Writer) error {
	noted := make([]audit.Receipt, len(texts))
	for i, text := range texts {
		var err error
		if noted[i], err = audit.ParseReceipt(text); err != nil {
			return err
		}
	}
	ledger, err := audit.OpenReader(ctx, c.Ledger, audit.Key(c.Secrets.Person), slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer func() { _ = ledger.Close() }()
	report, err := ledger.Verify(ctx, noted...)
	if err != nil {
		return err
	}
	if !report.Intact() {
		fmt.Fprintf(out, "the ledger does not hold from entry %d on: %s\n", report.Broken, report.Fault)
		return errFindings
	}
	_, err = fmt.Fprintf(out, "%d entries, each as it was written\nreceipt %s\n", report.Entries, report.Head)
	return err
}

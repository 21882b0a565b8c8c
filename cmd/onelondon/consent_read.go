package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"onelondon/internal/consent"
)

func consentExportCommand() *cobra.Command {
	var path, form string
	var after uint64
	export := &cobra.Command{
		Use:   "export --config FILE",
		Short: "Write what people said to standard output",
		Long: `Write what people said, in one of the forms that import reads. Of all but mesh that is a line for each
thing recorded, in its order: the last line about a person, or about a person and their proxy, holds. Of mesh it is the numbers that the National Data Opt-out is
known not to cover now. With --after only what was recorded after that revision; the revision to give next time is said on
standard error. It may run beside a live server. What is written holds NHS numbers: keep it as such.`,
		Example: `  onelondon consent export --config onelondon.yaml --form idecide --after 1042 > decisions.csv`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			register, err := readRegister(cmd.Context(), path)
			if err != nil {
				return err
			}
			exported, err := register.Export(cmd.Context(), consent.Form(form), consent.Revision(after), cmd.OutOrStdout())
			if err != nil {
				return errors.Join(err, register.Close())
			}
			errs := cmd.ErrOrStderr()
			fmt.Fprintf(errs, "%d lines, up to revision %d\n", exported.Lines, exported.Revision)
			if exported.Unnamed > 0 {
				fmt.Fprintf(errs, "%d more were recorded by a version that did not store whom they are about: they hold, and cannot be exported\n",
					exported.Unnamed)
			}
			return register.Close()
		},
	}
	needConfig(export, &path)
	export.Flags().StringVar(&form, "form", "", "the form: objections, mesh, idecide, type_one, proxies or capacity (required)")
	export.Flags().Uint64Var(&after, "after", 0, "only what was recorded after this revision")
	_ = export.MarkFlagRequired("form")
	return export
}

func consentAdoptedCommand() *cobra.Command {
	var path, consumer, at, recordedBy string
	var revision uint64
	adopted := &cobra.Command{
		Use:   "adopted --config FILE",
		Short: "Record that a consumer has applied what people decided",
		Long: `Record that a consumer, a system that was given what people decided, has applied all of it up to a revision. A register in a
file is written by one process at a time: stop the server first.`,
		Example: `  onelondon consent adopted --config onelondon.yaml --consumer "London Data Service" --revision 1042 --recorded-by "IG team"`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			when, err := moment(at)
			if err != nil {
				return fmt.Errorf("--at: %w", err)
			}
			if when.IsZero() {
				when = time.Now()
			}
			register, err := openRegister(cmd.Context(), path)
			if err != nil {
				return err
			}
			now, err := register.Record(cmd.Context(), consent.Directive{RecordedBy: recordedBy, At: when,
				About: consent.Adoption{Consumer: consumer, Revision: consent.Revision(revision)}})
			if err == nil {
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "recorded; the register is at revision %d\n", now)
			}
			return errors.Join(err, register.Close())
		},
	}
	needConfig(adopted, &path)
	set := adopted.Flags()
	set.StringVar(&consumer, "consumer", "", "the consumer's name (required)")
	set.Uint64Var(&revision, "revision", 0, "the revision up to which it has applied them (required)")
	set.StringVar(&at, "at", "", "when it had, YYYY-MM-DD or RFC 3339; now where it is left out")
	set.StringVar(&recordedBy, "recorded-by", "", "who records it (required)")
	for _, name := range []string{"consumer", "revision", "recorded-by"} {
		_ = adopted.MarkFlagRequired(name)
	}
	return adopted
}

func consentAdoptionsCommand() *cobra.Command {
	var path string
	adoptions := &cobra.Command{
		Use:   "adoptions --config FILE",
		Short: "List which consumer applied which decisions when",
		Long:  `List, in the order of recording, which consumer had applied what people decided, up to which revision and when.`,
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			register, err := readRegister(cmd.Context(), path)
			if err != nil {
				return err
			}
			return errors.Join(listAdoptions(cmd.Context(), register, cmd.OutOrStdout()), register.Close())
		},
	}
	needConfig(adoptions, &path)
	return adoptions
}

func listAdoptions(ctx context.Context, register *consent.Register, out io.Writer) error {
	adopted, err := register.Adoptions(ctx)
	if err != nil {
		return err
	}
	for _, each := range adopted {
		fmt.Fprintf(out, "%s  up to revision %-8d  %s (recorded by %s)\n", each.At.UTC().Format(time.RFC3339), each.Adoption.Revision,
			each.Consumer, each.RecordedBy)
	}
	if len(adopted) == 0 {
		fmt.Fprintln(out, "no consumer has said so yet")
	}
	return nil
}

func consentVerifyCommand() *cobra.Command {
	var path string
	var receipts []string
	verify := &cobra.Command{
		Use:   "verify --config FILE",
		Short: "Prove that nobody changed the register",
		Long: `Walk the register's chain from its first directive to its last. A directive that was changed, removed or put in another place
breaks the chain, and the first such place is named. It may run beside a live server.

A register that was put back to an older copy of itself still holds together. Note the last line's receipt elsewhere, and give
it next time: a register that has lost it does not verify.

Exit codes: 0 when the chain holds, 1 when it does not, 2 when the check could not run.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			noted := make([]consent.Receipt, len(receipts))
			for i, text := range receipts {
				var err error
				if noted[i], err = consent.ParseReceipt(text); err != nil {
					return err
				}
			}
			register, err := readRegister(cmd.Context(), path)
			if err != nil {
				return err
			}
			return errors.Join(verifyRegister(cmd.Context(), register, noted, cmd.OutOrStdout()), register.Close())
		},
	}
	needConfig(verify, &path)
	verify.Flags().StringArrayVar(&receipts, "receipt", nil, "a receipt noted earlier, sequence:hash; may be given several times")
	return verify
}

func verifyRegister(ctx context.Context, register *consent.Register, noted []consent.Receipt, out io.Writer) error {
	report, err := register.Verify(ctx, noted...)
	if err != nil {
		return err
	}
	if !report.Intact() {
		fmt.Fprintf(out, "the register does not hold from directive %d on: %s\n", report.Broken, report.Fault)
		return errFindings
	}
	_, err = fmt.Fprintf(out, "%d directives, each as it was recorded\nreceipt %s\n", report.Entries, report.Head)
	return err
}

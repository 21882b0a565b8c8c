package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"onelondon/internal/consent"
)

// importFlags are the flags of consent import.
type importFlags struct{ config, form, asked, asAt, recordedBy, authority, category string }

func consentImportCommand() *cobra.Command {
	var flags importFlags
	imported := &cobra.Command{
		Use:   "import --config FILE FILE",
		Short: "Record what people said from a file",
		Long: `Record what people said, from a file in one of these forms:

  objections  CSV: nhs_number,objection,reason,recorded_by,date. The objection to the shared record is requested, upheld,
              not_upheld (which needs a reason) or withdrawn; the date YYYY-MM-DD.
  mesh        the National Data Opt-out's reply: an NHS number and a comma a line, each ended by LF. With --asked, the list
              that was sent, in the same form: who is in it and not in the reply has opted out. Only what changed is recorded.
  idecide     IDecide's decisions on London's opt-out, CSV: NhsNumber,PatientInstructionCategory,PatientInstructionState,
              InstructionDate, with or without DecisionId before them; the state is optout or optin.
  type_one    CSV: nhs_number,state,date. The state is opted_out, not_opted_out or withdrawn.
  proxies     CSV: nhs_number,proxy_nhs_number,authority,name,from,until,reason,evidence,recorded_by,date. Who may act for whom: the
              authority is parent, attorney or withdrawn; the name is for the person to read. From and until may be empty.
  capacity    CSV: nhs_number,finding,from,until,reason,evidence,recorded_by,date. What was found of a person's capacity to decide:
              presumed, competent (a child) or lacking.

In proxies and capacity dates are YYYY-MM-DD or RFC 3339, and a line needs evidence unless it withdraws. What they say holds at once,
without the second member of staff that a server asks for: whoever imports answers for that.

All of the file is recorded or nothing. Every bad line is reported by its number, and never repeated. With --as-at it is noted
that the list was whole then; uses that need a fresh list go by it. A file may be of any length: it is read twice and never
held. A register in a file is written by one process at a time: stop the server first. In PostgreSQL it works beside the
servers, which answer by it within a second once it has been recorded; what else is to be recorded waits meanwhile.

Exit codes: 0 when recorded, 1 when lines are bad, 2 when it could not run.`,
		Example: `  onelondon consent import --config onelondon.yaml --authority self objections.csv
  onelondon consent import --config onelondon.yaml --form mesh --asked asked.dat --as-at 2026-11-20 --recorded-by "IG team" reply.dat`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return importFile(cmd.Context(), &flags, args[0], cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	needConfig(imported, &flags.config)
	set := imported.Flags()
	set.StringVar(&flags.form, "form", string(consent.Objections), "the form of the file: objections, mesh, idecide, type_one, proxies or capacity")
	set.StringVar(&flags.asked, "asked", "", "the list of numbers that were asked about; mesh needs it")
	set.StringVar(&flags.asAt, "as-at", "", "when the list was whole: YYYY-MM-DD or RFC 3339; mesh needs it")
	set.StringVar(&flags.recordedBy, "recorded-by", "", "who records it, where the file does not say; objections, proxies and capacity do")
	set.StringVar(&flags.authority, "authority", "", "on whose word the lines stand: self, parent, attorney, clinician or controller; self where it is left out, of capacity clinician, of proxies controller")
	set.StringVar(&flags.category, "category", "", "the only PatientInstructionCategory that lines of idecide may have")
	return imported
}

func importFile(ctx context.Context, flags *importFlags, name string, out, progress io.Writer) (err error) {
	what := consent.Import{Form: consent.Form(flags.form), RecordedBy: flags.recordedBy, Authority: consent.Authority(flags.authority),
		Category: flags.category, Progress: reporter(progress)}
	if what.AsAt, err = moment(flags.asAt); err != nil {
		return fmt.Errorf("--as-at: %w", err)
	}
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	what.File = file
	if flags.asked != "" {
		asked, err := os.Open(flags.asked)
		if err != nil {
			return err
		}
		defer func() { _ = asked.Close() }()
		what.Asked = asked
	}
	what.Fault = func(line consent.LineError) {
		place := name
		if line.Asked {
			place = flags.asked
		}
		fmt.Fprintf(out, "%s:%d: %s\n", place, line.Line, line.Fault)
	}
	register, err := openRegister(ctx, flags.config)
	if err != nil {
		return err
	}
	return errors.Join(record(ctx, register, what, out), register.Close())
}

func record(ctx context.Context, register *consent.Register, what consent.Import, out io.Writer) error {
	result, err := register.Import(ctx, what)
	if bad := (*consent.ImportError)(nil); errors.As(err, &bad) {
		fmt.Fprintf(out, "nothing was recorded: %d bad lines\n", len(bad.Lines)+bad.More)
		return errFindings
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%d lines, %d directives recorded; the register is at revision %d\n",
		result.Lines, result.Directives, register.Revision())
	return err
}

// reporter returns a function that reports the progress of a long import, at most once a second.
func reporter(out io.Writer) func(string, int) {
	last := time.Now()
	return func(what string, lines int) {
		if time.Since(last) < time.Second {
			return
		}
		last = time.Now()
		fmt.Fprintf(out, "%d lines %s\n", lines, what)
	}
}

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"onelondon/internal/cohort"
	"onelondon/internal/cohort/plot"
	"onelondon/internal/cohort/remote"
	"onelondon/internal/cohort/report"
)

// cohortRun is a question to a server, as given by flags.
type cohortRun struct {
	server     serverFlags
	project    string
	format     report.Format
	out, plot  string
	provenance bool
	deadline   time.Duration
	quiet      bool
	cite       string
}

func cohortRunCommand() *cobra.Command {
	var r cohortRun
	run := &cobra.Command{
		Use:   "run FILE|--cite NAME@VERSION --server URL --project NAME",
		Short: "Put a definition to a server and write its answer",
		Long: `Put a definition to a server, show how its sources get on, and write the answer: as a table for a terminal, as CSV or Parquet for
programs, or as JSON with everything. A figure that may not be shown is marked and is never a zero. With --plot every series and
breakdown is drawn, as PNG or SVG by the name of the file. With --cite a definition is asked that the project has saved, in the place of a
file.

Ctrl-C, and the deadline, end the run at the server. What sources have answered is kept there for a while: the same command takes the
run up where it was. The same question gets the same answer again.

An answer that lacks a source is written, says loudly what it lacks, and ends with a code of its own. A question that is refused says
why, and what would be allowed.

Exit codes: 0 for a complete answer, 1 when the definition is faulty, 2 when it could not run, 3 for an incomplete answer, 4 when the
question was refused.`,
		Example: `  onelondon cohort run diabetes-emergencies.yaml --server https://onelondon.example --token-file token --project example-diabetes
  onelondon cohort run monthly.yaml --server https://onelondon.example --token-file token --project example-diabetes \
    --out monthly.parquet --plot monthly.svg --deadline 30m --quiet
  onelondon cohort run --cite diabetes-emergencies@1 --server https://onelondon.example --token-file token --project example-diabetes`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if (len(args) == 0) == (r.cite == "") {
				return errors.New("give a FILE, or --cite what the project has saved")
			}
			return r.run(cmd, args)
		},
	}
	r.answerFlags(run)
	flags := run.Flags()
	flags.DurationVar(&r.deadline, "deadline", 10*time.Minute, "how long to wait for the answer")
	flags.StringVar(&r.cite, "cite", "", "ask what the project has saved: NAME@VERSION, or the whole digest")
	flags.BoolVar(&r.quiet, "quiet", false, "do not show how the sources get on")
	return run
}

// answerFlags declares the flags for server, project and output.
func (r *cohortRun) answerFlags(cmd *cobra.Command) {
	r.deadline = 10 * time.Minute
	r.server.add(cmd)
	needProject(cmd, &r.project)
	flags := cmd.Flags()
	flags.Var(word[report.Format]{&r.format, report.Formats()}, "format", "table, csv, parquet or json; as --out ends, or else table")
	flags.StringVar(&r.out, "out", "", "write the answer to this file")
	flags.StringVar(&r.plot, "plot", "", "draw the answer into this .png or .svg")
	flags.BoolVar(&r.provenance, "provenance", false, "begin a CSV with lines that say what is needed to cite it; each begins with #")
}

// run asks the question and writes its answer.
func (r *cohortRun) run(cmd *cobra.Command, files []string) error {
	if err := r.settle(); err != nil {
		return err
	}
	start, name, err := r.question(cmd, files)
	if err != nil {
		return err
	}
	client, err := r.server.client()
	if err != nil {
		return err
	}
	ended, err := r.follow(cmd, client, name, start)
	if err != nil {
		return err
	}
	return r.finish(cmd, ended)
}

// starting starts a question on a server.
type starting func(ctx context.Context, client *remote.Client) (*remote.Run, error)

// question returns what to ask, from a file or saved by the project, and a name for it.
func (r *cohortRun) question(cmd *cobra.Command, files []string) (start starting, name string, err error) {
	if len(files) == 0 {
		cited, err := cohort.ParseCitation(r.cite)
		return func(ctx context.Context, client *remote.Client) (*remote.Run, error) {
			return client.StartSaved(ctx, cited, r.project)
		}, r.cite, err
	}
	definition, err := definitionIn(cmd, files[0])
	if err != nil {
		return nil, "", err
	}
	if r.plot != "" && len(definition.By) == 0 {
		return nil, "", fmt.Errorf("--plot: %w", plot.ErrNothing)
	}
	return func(ctx context.Context, client *remote.Client) (*remote.Run, error) {
			return client.Start(ctx, definition, r.project)
		},
		definition.Name, nil
}

// settle determines the output format. It refuses one that cannot be written before anything is asked.
func (r *cohortRun) settle() error {
	if r.format == "" {
		r.format = report.Table
		if ending := report.Format(strings.TrimPrefix(filepath.Ext(r.out), ".")); slices.Contains(report.Formats(), ending) {
			r.format = ending
		}
	}
	if r.format == report.Parquet && r.out == "" {
		return errors.New("parquet is not for a terminal: give --out FILE")
	}
	if r.deadline <= 0 {
		return errors.New("--deadline: give some time")
	}
	if r.plot == "" {
		return nil
	}
	_, err := plot.FormatOf(r.plot)
	return err
}

// errDeadline ends a run that takes too long.
var errDeadline = errors.New("the deadline passed")

// follow starts the run and waits for its end. If it is interrupted, the run is cancelled on the server too. A server
// that was restarted meanwhile has lost the run, and is asked again: repeating a question changes nothing.
func (r *cohortRun) follow(cmd *cobra.Command, client *remote.Client, name string, start starting) (*remote.Run, error) {
	ctx, cancel := context.WithTimeoutCause(cmd.Context(), r.deadline, errDeadline)
	defer cancel()
	shown := newProgress(cmd.ErrOrStderr(), name, r.quiet)
	for {
		started, err := start(ctx, client)
		if err != nil {
			return nil, err
		}
		ended, err := client.Follow(ctx, started, shown.tell)
		shown.end()
		switch {
		case errors.Is(err, remote.ErrForgotten):
			fmt.Fprintln(cmd.ErrOrStderr(), "the server has lost the run, and is asked again")
			continue
		case err == nil || ctx.Err() == nil:
			return ended, err
		}
		why := "interrupted"
		if errors.Is(context.Cause(ctx), errDeadline) {
			why = fmt.Sprintf("no answer within %s", r.deadline)
		}
		return nil, leave(ctx, client, ended, why)
	}
}

// leave cancels a run on the server and says how to continue.
func leave(ctx context.Context, client *remote.Client, run *remote.Run, why string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := client.Cancel(ctx, run); err != nil {
		return fmt.Errorf("%s; the run %s goes on at the server, which could not be told to end it: %w", why, run.ID, err)
	}
	kept := ""
	if !run.Expires.IsZero() {
		kept = " until " + stamp(run.Expires)
	}
	return fmt.Errorf("%s; the run is cancelled. What sources answered is kept%s: the same command takes it up from there", why, kept)
}

// finish writes the result of a run.
func (r *cohortRun) finish(cmd *cobra.Command, run *remote.Run) error {
	errs := cmd.ErrOrStderr()
	switch run.State {
	case remote.Refused:
		printRefusal(errs, run.Refusal)
		return errRefused
	case remote.Answered:
		return r.write(cmd, run.Answer)
	case remote.Cancelled:
		return errors.New("somebody cancelled the run; the same command takes it up from where it was")
	}
	return fmt.Errorf("the run failed at the server: %s. The same command tries again, with what sources have answered",
		strings.TrimSuffix(printableLine(cmp.Or(run.Fault, "it does not say why")), "."))
}

// write writes the answer and its picture, and finally what the answer lacks.
func (r *cohortRun) write(cmd *cobra.Command, answer *cohort.Answer) error {
	err := writeTo(r.out, cmd.OutOrStdout(), func(out io.Writer) error {
		return report.Write(out, answer, r.format, report.Options{Provenance: r.provenance})
	})
	if err != nil {
		return fmt.Errorf("write the answer: %w", err)
	}
	if err := drawTo(r.plot, answer); err != nil {
		return err
	}
	if lacks := report.Incomplete(answer); lacks != "" {
		fmt.Fprintf(cmd.ErrOrStderr(), "!!! %s\n", lacks)
		return errIncomplete
	}
	return nil
}

// drawTo draws an answer into a file, if one is named.
func drawTo(name string, answer *cohort.Answer) error {
	if name == "" {
		return nil
	}
	format, err := plot.FormatOf(name)
	if err != nil {
		return err
	}
	if err := writeTo(name, nil, func(out io.Writer) error { return plot.Write(out, answer, format) }); err != nil {
		return fmt.Errorf("draw the answer: %w", err)
	}
	return nil
}

// printRefusal says why a question is not answered, and what would be.
func printRefusal(errs io.Writer, refusal *remote.Refusal) {
	fmt.Fprintf(errs, "refused: %s\n", printableLine(refusal.Words))
	if len(refusal.Reasons) > 0 {
		fmt.Fprintf(errs, "  reasons  %s\n", printableLine(strings.Join(refusal.Reasons, ", ")))
	}
	if refusal.Allowed != "" {
		fmt.Fprintf(errs, "  allowed  %s\n", printableLine(refusal.Allowed))
	}
}

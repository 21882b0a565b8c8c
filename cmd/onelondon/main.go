// Command onelondon asks the databases London already has for one person's record, joined, with its provenance, through a
// policy. Each verb has a file of its own; everything is wired in wire.go, in the order of a request.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// The exit codes.
const (
	exitFine       = 0
	exitFindings   = 1 // something was found that must be put right
	exitNotRun     = 2 // the command could not do what it was asked
	exitIncomplete = 3 // an answer that lacks a source
	exitRefused    = 4 // a question that the policy or disclosure control does not answer
)

// errFindings ends a command that ran and found something. What it found has been printed.
var errFindings = errors.New("findings")

func run(ctx context.Context, args []string, out, errs io.Writer) int {
	root := command()
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(errs)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return exitFine
	case errors.Is(err, errFindings):
		return exitFindings
	case errors.Is(err, errIncomplete):
		return exitIncomplete
	case errors.Is(err, errRefused):
		return exitRefused
	}
	fmt.Fprintln(errs, err)
	return exitNotRun
}

func command() *cobra.Command {
	root := &cobra.Command{
		Use:   "onelondon",
		Short: "One person's record, asked of the databases London already has",
		Long: `One person's record, asked of the databases London already has: found by NHS number, asked in each system's
own tables, joined with its provenance, released by policy, and noted in a ledger before it leaves.`,
		Example: `  onelondon demo                                   a made-up London, and one question asked by two people
  onelondon demo --data /tmp/london                the same, kept there
  onelondon serve --config /tmp/london/onelondon.yaml
  onelondon source check --config onelondon.yaml   prove every mapping against its live database`,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.AddCommand(serveCommand(), sourceCommand(), demoCommand(), policyCommand(), consentCommand(), auditCommand(), cohortCommand(), versionCommand())
	root.CompletionOptions.HiddenDefaultCmd = true
	return root
}

// Command onelondon asks London's existing databases for one person's record, joins the answers with their provenance,
// and releases what policy allows. It also answers questions about many people, and has commands for those who look
// after a policy, a source, the register or the ledger.
//
// Each command has a file of its own, which declares its flags and holds its code: serve.go, source*.go, policy*.go,
// cohort*.go, consent*.go, audit*.go and demo*.go. Start reading at serve.go; wire.go builds the server, in the order
// in which a request passes through its parts, and the other files wire*.go build the parts that take more than a line.
// The packages that do the work know nothing of the command line.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
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
	exitFindings   = 1 // there are findings that need attention
	exitNotRun     = 2 // the command could not do what it was asked to do
	exitIncomplete = 3 // the answer lacks a source
	exitRefused    = 4 // the policy or disclosure control refuses the question
)

// errFindings ends a command that ran successfully and printed findings.
var errFindings = errors.New("findings")

func run(ctx context.Context, args []string, out, errs io.Writer) int {
	root := command()
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(errs)
	asked, err := root.ExecuteContextC(ctx)
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
	if misused(err) {
		fmt.Fprintf(errs, "%s --help says how it is called\n", asked.CommandPath())
	}
	return exitNotRun
}

// misused reports whether err is of the command line itself. Such errors have no type of their own.
func misused(err error) bool {
	for _, start := range []string{"required flag(s) ", "unknown command ", "unknown flag: ", "unknown shorthand flag: ", "flag needs an argument: ",
		"accepts "} {
		if strings.HasPrefix(err.Error(), start) {
			return true
		}
	}
	return false
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

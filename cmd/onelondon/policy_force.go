package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"github.com/spf13/cobra"

	"onelondon/examples/london/mappings"
	"onelondon/internal/config"
	"onelondon/internal/enact"
	"onelondon/policy/approval"
)

// takesUpWithin is the default for how long a command waits for a server to take up a policy; a server looks every
// second.
const takesUpWithin = 15 * time.Second

func policyRollbackCommand() *cobra.Command {
	var path, revision string
	var wait time.Duration
	rollback := &cobra.Command{
		Use:   "rollback --config FILE",
		Short: "Go back to the policy before this one",
		Long: `Put the bundle that was in force before back in force, and hold it there whatever is on offer, until onelondon policy activate
ends that. It is verified once more, signature and approvals. A server that runs takes it up within a second or two, one that
does not when it starts. Questions under way end with the policy that they began with.`,
		Example: `  onelondon policy rollback --config onelondon.yaml
  onelondon policy rollback --config onelondon.yaml --to 15-spring`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			options, history, err := bundleHistory(path)
			if err != nil {
				return err
			}
			target, err := history.Before()
			if revision != "" {
				target, err = history.Named(revision)
			}
			if err != nil {
				return err
			}
			refused := target
			if target, err = enact.TryKept(cmd.Context(), options, target.Bundle); err != nil {
				return cannotGoBack(cmd.Context(), options, refused, err)
			}
			return pin(cmd.Context(), cmd.OutOrStdout(), history, target, wait)
		},
	}
	needConfig(rollback, &path)
	mayWait(rollback, &wait)
	rollback.Flags().StringVar(&revision, "to", "", "the revision to go back to; default the one before")
	return rollback
}

// cannotGoBack says why a bundle of the history cannot be put back, and which one can. Nothing has changed.
func cannotGoBack(ctx context.Context, options enact.Options, to enact.Record, why error) error {
	why = fmt.Errorf("go back to %s: %w\nnothing has changed", to.Revision, why)
	if record, found := enact.Instead(ctx, options, to.Bundle); found {
		return fmt.Errorf("%w; the newest other bundle of the history that this program takes is %s: onelondon policy rollback --config FILE --to %[2]s", why, record.Revision)
	}
	return fmt.Errorf("%w; of the bundles in the history this program takes no other", why)
}

func policyActivateCommand() *cobra.Command {
	var path string
	var wait time.Duration
	activate := &cobra.Command{
		Use:   "activate --config FILE [BUNDLE]",
		Short: "Follow what is on offer again, or put one bundle in force by hand",
		Long: `Without a bundle: end a rollback, so that the newest bundle on offer is in force again.

With a bundle: judge it as the server does, with its approvals in BUNDLE.approvals.json beside it, put it in force and hold it
there whatever is on offer. For a site whose bundle server cannot be reached.`,
		Example: `  onelondon policy activate --config onelondon.yaml
  onelondon policy activate --config onelondon.yaml london.tar.gz`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			options, history, err := bundleHistory(path)
			if err != nil {
				return err
			}
			if len(args) == 0 {
				if err := history.SetPin(enact.Pin{}); err != nil {
					return err
				}
				_, err := fmt.Fprintln(cmd.OutOrStdout(), "what is on offer is followed")
				return err
			}
			record, err := addBundle(cmd.Context(), options, history, args[0])
			if err != nil {
				return err
			}
			return pin(cmd.Context(), cmd.OutOrStdout(), history, record, wait)
		},
	}
	needConfig(activate, &path)
	mayWait(activate, &wait)
	return activate
}

func mayWait(command *cobra.Command, wait *time.Duration) {
	command.Flags().DurationVar(wait, "wait", takesUpWithin, "how long to wait for a running server to take it up; 0s not at all")
}

// bundleHistory opens the history of a site whose policy comes as bundles.
func bundleHistory(path string) (enact.Options, *enact.History, error) {
	loaded, err := config.Load(path, mappings.Files)
	if err != nil {
		return enact.Options{}, nil, err
	}
	if !loaded.Policy.Bundled() {
		return enact.Options{}, nil, errors.New("the policy of this configuration is not a bundle: there is no history of it to go back in")
	}
	history, err := enact.OpenHistory(loaded.Policy.History)
	return policyOptions(loaded.Policy, slog.New(slog.DiscardHandler)), history, err
}

// addBundle validates a bundle in a file and adds it to the history.
func addBundle(ctx context.Context, options enact.Options, history *enact.History, file string) (enact.Record, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return enact.Record{}, fmt.Errorf("read bundle: %w", err)
	}
	approvals, err := os.ReadFile(file + approval.Suffix)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return enact.Record{}, fmt.Errorf("read approvals: %w", err)
	}
	record, err := enact.Try(ctx, options, content, approvals, false)
	if err != nil {
		return enact.Record{}, err
	}
	return record, history.Add(content, approvals)
}

// pin pins a bundle as the policy in force and reports whether a server has taken it up.
func pin(ctx context.Context, out io.Writer, history *enact.History, record enact.Record, wait time.Duration) error {
	err := history.SetPin(enact.Pin{Bundle: record.Bundle, Revision: record.Revision, At: time.Now().UTC().Truncate(time.Second)})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "revision %s is held in force; onelondon policy activate ends that\n", record.Revision)
	deadline := time.Now().Add(wait)
	for {
		status, _, err := history.Status()
		if err == nil && status.InForce.Bundle == record.Bundle && status.InForce.Pinned {
			_, err := fmt.Fprintln(out, "the server has taken it up")
			return err
		}
		if time.Now().After(deadline) {
			_, err := fmt.Fprintln(out, "no server has taken it up yet: it will be in force when one starts")
			return err
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

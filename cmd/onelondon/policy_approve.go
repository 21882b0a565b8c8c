package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/spf13/cobra"

	"onelondon/policy"
	"onelondon/policy/approval"
)

func policyApproveCommand() *cobra.Command {
	var keyFile, name string
	var lay bool
	approve := &cobra.Command{
		Use:   "approve FILE --key KEY --as NAME [--lay]",
		Short: "Approve one exact bundle with a key of your own",
		Long: `Add an approval of a bundle to FILE.approvals.json beside it: a signature over the bundle's SHA-256, with a name, a role and the
time. A server takes a bundle when enough different people of its configuration have approved it, by default two, and one of
them is a lay reviewer where the configuration has any. The name and role must be those in the configuration.

Look at what you approve first: onelondon policy check and onelondon policy impact say what is in it and what it would change.`,
		Example: `  onelondon policy approve london.tar.gz --key ada.key --as "Ada Registrar"
  onelondon policy approve london.tar.gz --key cleo.key --as "Cleo Citizen" --lay`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			content, err := os.ReadFile(args[0])
			if err != nil {
				return fmt.Errorf("read bundle: %w", err)
			}
			given := approval.Approval{Bundle: sha256.Sum256(content), Name: name, Role: approval.Professional, At: time.Now()}
			if lay {
				given.Role = approval.Lay
			}
			if given.Revision, err = policy.UnverifiedRevision(content); err != nil {
				return err
			}
			if err := addApproval(args[0]+approval.Suffix, keyFile, given); err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s (%s) approved revision %s, sha256 %s\n", name, given.Role, given.Revision, given.Bundle)
			return err
		},
	}
	approve.Flags().StringVar(&keyFile, "key", "", "PEM file of your private key (required)")
	approve.Flags().StringVar(&name, "as", "", "your name, as the server's configuration has it (required)")
	approve.Flags().BoolVar(&lay, "lay", false, "you are a lay reviewer")
	for _, flag := range []string{"key", "as"} {
		_ = approve.MarkFlagRequired(flag)
	}
	return approve
}

// addApproval signs an approval and adds it to the file beside the bundle.
func addApproval(path, keyFile string, given approval.Approval) error {
	key, err := privateKey(keyFile)
	if err != nil {
		return err
	}
	token, err := approval.Sign(given, key)
	if err != nil {
		return err
	}
	before, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read approvals: %w", err)
	}
	after, err := approval.Append(before, token)
	if err != nil {
		return fmt.Errorf("add to %s: %w", path, err)
	}
	if err := os.WriteFile(path, after, 0o644); err != nil {
		return fmt.Errorf("write approvals: %w", err)
	}
	return nil
}

package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"onelondon/policy"
)

func policyCopyCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "copy DIR",
		Short: "Write the policy that this program carries into a folder, to be read and changed",
		Long: `Write the policy that this program carries into a folder: its rules, tables, schemas and cases. Change them there, then
check, compare and build what came of it. The folder must not be there yet, so that nobody's changes are lost.`,
		Example: `  onelondon policy copy ./policy
  onelondon policy check ./policy
  onelondon policy impact --to ./policy`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			folder := args[0]
			if _, err := os.Lstat(folder); err == nil {
				return fmt.Errorf("%s is there already: name a folder that is not", folder)
			}
			if err := os.CopyFS(folder, policy.Embedded()); err != nil {
				return fmt.Errorf("copy policy: %w", err)
			}
			_, err := fmt.Fprintf(cmd.OutOrStdout(), `The policy is in %[1]s: rules in rego, tables in data, decisions in plain words in cases.
Change it, then
  onelondon policy check %[1]s
  onelondon policy impact --to %[1]s
`, folder)
			return err
		},
	}
}

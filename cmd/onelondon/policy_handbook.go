package main

import (
	"github.com/spf13/cobra"

	"onelondon/policy"
	"onelondon/policy/casebook"
	"onelondon/policy/handbook"
)

func policyHandbookCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "handbook [DIR]",
		Short: "Write what the rules say, for somebody who has never seen Rego",
		Long: `Write the policy handbook in Markdown: who sees what, the rules topic by topic with the expectation each serves, the cases as
stories, a glossary, and how a rule is changed. It is made from the policy in a folder, or from the one that this program carries.`,
		Example: `  onelondon policy handbook > docs/policy-handbook.md
  onelondon policy handbook ./policy | less`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			_, files, err := policyFolder(args)
			if err != nil {
				return err
			}
			inspection, err := policy.Inspect(cmd.Context(), files, policy.Options{})
			if err != nil {
				return err
			}
			cases, err := casebook.ReadPages(files)
			if err != nil {
				return err
			}
			return handbook.Write(cmd.Context(), cmd.OutOrStdout(), inspection, cases)
		},
	}
}

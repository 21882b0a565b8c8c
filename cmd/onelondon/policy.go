package main

import "github.com/spf13/cobra"

func policyCommand() *cobra.Command {
	policies := &cobra.Command{
		Use:   "policy",
		Short: "Look after the rules: check them, ask them why, see what a change would do",
		Long: `Look after the rules that decide who may have what of a person's record. They lie in a folder: rules in Rego, tables and cases
in YAML. None of these commands reads a record or needs a database.`,
	}
	policies.AddCommand(policyCheckCommand(), policyExplainCommand(), policyImpactCommand(), policyHandbookCommand())
	return policies
}

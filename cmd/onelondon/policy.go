package main

import "github.com/spf13/cobra"

func policyCommand() *cobra.Command {
	policies := &cobra.Command{
		Use:   "policy",
		Short: "Look after the rules: check, explain, publish and replace them",
		Long: `Look after the rules that decide who may have what of a person's record. They lie in a folder: rules in Rego, tables and cases
in YAML. None of these commands reads a record or needs a database.`,
	}
	policies.AddCommand(policyCheckCommand(), policyExplainCommand(), policyImpactCommand(), policyHandbookCommand())
	policies.AddCommand(policyKeysCommand(), policyBuildCommand(), policyApproveCommand(), policyActivateCommand(),
		policyRollbackCommand(), policyStatusCommand(), policyDecisionsCommand())
	return policies
}

package main

import "github.com/spf13/cobra"

func policyCommand() *cobra.Command {
	policies := &cobra.Command{
		Use:   "policy",
		Short: "Look after the rules: check, explain, publish and replace them",
		Long: `Look after the rules that decide who may have what of a person's record. They lie in a folder: rules in Rego, tables and cases
in YAML. None of these commands reads a record. With --config some of them read the site's own files: its register, its ledger and
the history of its policy.

The usual way: copy, change, check, impact, build, approve; then the server takes it, status says so, and rollback takes it back.`,
	}
	policies.AddCommand(policyCopyCommand(), policyCheckCommand(), policyExplainCommand(), policyImpactCommand(), policyHandbookCommand())
	policies.AddCommand(policyKeysCommand(), policyBuildCommand(), policyApproveCommand(), policyActivateCommand(),
		policyRollbackCommand(), policyStatusCommand(), policyDecisionsCommand())
	return policies
}

// Package check examines a policy before its authors show it to anybody else: is it formatted and documented as the
// house style requires, does it compile, do its tests pass and visit every line, do its cases come out as governance
// wrote them, and do the conditions for databases agree with the rules.
//
//	report := check.Run(ctx, os.DirFS("policy"), check.Options{})
//	for _, finding := range report.Findings {
//		fmt.Println(finding.Place(), finding.Message, finding.Advice)
//	}
//
// Every step that can run does run, whatever earlier steps found, so that one run reports everything. The package
// judges how a policy is written and whether it is consistent, never whether it is wise.
package check

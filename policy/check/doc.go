// Package check looks a policy over as its authors would want it looked over before anybody else sees it: is it written as
// the house writes, does it compile, do its tests pass and visit every line, do its cases come out as governance wrote them,
// and does what databases are told agree with what the rules say.
//
//	report := check.Run(ctx, os.DirFS("policy"), check.Options{})
//	for _, finding := range report.Findings {
//		fmt.Println(finding.Place(), finding.Message, finding.Advice)
//	}
//
// Every step that can run does run, whatever the steps before it found, so that one run tells everything there is to put
// right. The package judges how a policy is written and whether it is consistent, never whether it is wise.
package check

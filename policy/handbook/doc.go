// Package handbook writes the policy handbook: what the rules say, for somebody who has never seen Rego. It is made from what
// the policy says of itself, its METADATA, tables, words and cases, and from the answers of the policy, so that it cannot say
// one thing while the rules do another.
//
//	err := handbook.Write(ctx, out, inspection, cases)
//
// What no rule says, how to read the handbook, what was expected by whom, and how a rule is changed, stands beside this file in
// Markdown and YAML. The handbook describes; the rules decide.
package handbook

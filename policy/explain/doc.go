// Package explain says why a policy decides a question as it does: what is released and what is withheld, by which
// rules and for which expectations, and what would have to be different.
//
//	explanation, err := explain.Explain(ctx, inspection, explain.Question{Input: input})
//	explanation.Write(os.Stdout)
//
// The reasons are taken from OPA's own trace of the decision, and from the conditions to which single rules reduce;
// what would have to be different is found by asking again with one change. Nothing is inferred from the text of a
// rule, and nobody's records are read.
package explain

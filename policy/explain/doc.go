// Package explain says why a policy decides a question as it does: what is released and what is withheld, by which rule and
// for which expectation, and what would have to be different.
//
//	explanation, err := explain.Explain(ctx, inspection, explain.Question{Input: input})
//	explanation.Write(os.Stdout)
//
// Why is read from OPA's own trace of the decision and from the conditions that single rules leave of records; what would be
// different is found by putting the question again with one thing changed. Nothing is guessed from the words of a rule. No
// record of anybody is read.
package explain

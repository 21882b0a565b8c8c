// Package gate is the only way from a caller to a record. In order, each step failing closed: who asks, for what purpose, in
// what relationship to the person, what the person said, what policy decides, asking the sources with masks and conditions
// pushed down, checking every record again in memory, and a durable entry in the ledger before anything leaves.
//
// Whoever is not shown looks like nobody: an unknown number, a person who must not be found and a person the caller may not
// see get the same answer, in the same shape and after the same time.
//
//	answers, err := g.Ask(ctx, caller, []gate.Question{{Person: number, Lists: []gate.List{{
//		Kinds: []clinical.Kind{clinical.KindCondition}, First: 20,
//	}}}})
package gate

// Package gate is the only way from a caller to a record. It takes every question through the same steps, each of which
// fails closed: identify the caller and the purpose, establish the relationship to the person, read the person's
// preferences, ask the policy for a decision, ask the sources with masks and conditions pushed down, check every record
// again in memory, and write a durable ledger entry before anything leaves.
//
// A person who may not be shown looks like nobody: an unknown number, a person who must not be found and a person the
// caller may not see all get the same answer, in the same shape and after the same time.
//
//	answers, err := g.Ask(ctx, caller, []gate.Question{{Person: number, Lists: []gate.List{{
//		Kinds: []clinical.Kind{clinical.KindCondition}, First: 20,
//	}}}})
//
// Start reading at [Gate.Ask] in ask.go, which names the steps in order. The state of one question is inquiry
// (inquiry.go); plan.go and fetch.go ask the sources, stream.go and walk.go merge what they give into pages,
// confirm.go, judge.go and spread.go decide what of it may leave, and answer.go assembles the answer. Acts other than
// reading a record (choices, breaking the glass, reading the ledger) are of type act (oversight.go).
//
// The package contains no rules: who may see what is the policy's decision alone. Questions about many people go
// through the package study below it.
package gate

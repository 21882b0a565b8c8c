// Package policy evaluates what governance teams write. Rules are Rego, under rego/; the tables they read are YAML, under
// data/. The engine compiles them strictly, refuses what it cannot enforce everywhere alike, and turns one evaluation into a
// [Decision] for all kinds of record.
//
// A rule that depends on single records is partially evaluated and translated into an internal/condition, which every
// database and this program enforce alike. A rule that cannot be translated is refused when the policy is loaded.
//
//	engine, err := policy.Open(ctx, policy.Embedded(), policy.Options{})
//	decision, err := engine.Decide(ctx, policy.Input{Role: "R0260", Purpose: policy.Treatment, ...})
//
// The package sees no record of a person and no identity; whose record it is about is no part of its input.
package policy

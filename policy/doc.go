// Package policy decides what a caller may have of a person's record: of each kind of record nothing, everything, or
// the records that satisfy a condition, and which fields are left out.
//
// The rules are Rego under rego/, the tables they read are YAML under data/, and the shapes of both are JSON schemas
// under schema/. Cases in plain words under cases/ say what the decisions must be. [Open] compiles a policy strictly
// and tries every kind of question on it before accepting it; [Engine.Decide] answers one question with one evaluation,
// or from its cache:
//
//	engine, err := policy.Open(ctx, policy.Embedded(), policy.Options{})
//	decision, err := engine.Decide(ctx, policy.Input{Role: "R0260", Organisation: "F84010",
//		Purpose: policy.Treatment, Relationship: policy.RelationshipRegistered, Person: policy.Person{Objection: "none"}})
//	release := decision.Release(clinical.KindCondition)
//
// A rule about single records is partially evaluated and translated into a [condition.Condition], which is applied
// alike in databases and in memory. The translator accepts a small fragment of Rego and refuses everything else, so
// Open refuses any policy that cannot be pushed down without loss.
//
// A published policy is a [Bundle] in OPA's format, signed and numbered; [ReadBundle] accepts none without a trusted
// key. [Live] holds the policy in force while it changes: callers take its Engine once and keep it for the duration of
// one question.
//
// The package holds nobody's preferences and sees no identifier: the gate finds out who the person is and what they
// decided, and passes on a few words of it in [Input].
//
// Start reading with decision.go (what a decision depends on and what it says), then engine.go; load.go and compile.go
// read a policy, prove.go tries it, and residue.go and translate.go turn its rule about records into conditions.
// Besides the decision about a record there are decisions about other acts (oversight.go) and about studies (study.go).
// What people do with a policy is in the packages below: casebook, check, explain, impact, handbook.
package policy

// Package policy decides what a caller may have of a person: nothing, everything of a kind, or those records that satisfy a
// condition, and which fields are left out.
//
// The rules are Rego under rego/, the tables they read are YAML under data/, and the shapes of both are JSON schemas under
// schema/. Cases in plain words under cases/ say what must come of them. [Open] compiles a policy strictly and asks it every
// kind of question before it accepts it; [Engine.Decide] answers one question with one evaluation, or from its cache:
//
//	engine, err := policy.Open(ctx, policy.Embedded(), policy.Options{})
//	decision, err := engine.Decide(ctx, policy.Input{Role: "R0260", Organisation: "F84010",
//		Purpose: policy.Treatment, Relationship: policy.RelationshipRegistered, Person: policy.Person{Objection: "none"}})
//	release := decision.Release(clinical.KindCondition)
//
// A rule about single records is partially evaluated and translated into a [condition.Condition], which databases and this
// program apply alike. The translator knows a small fragment of Rego and refuses everything else, so a policy that it cannot
// push down without loss is refused by Open.
//
// A policy that is published is a [Bundle] in OPA's format, signed and numbered; [ReadBundle] reads none without a key. [Live] is
// the policy in force while it changes: whoever asks takes its Engine once and keeps it for as long as one question lasts.
//
// The package holds no one's preferences and sees no identifier: who the person is and what they said is found out by the
// gate, and reaches a decision as a few words in [Input].
package policy

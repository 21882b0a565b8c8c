// Package casebook holds the cases of a policy: decisions in plain words, which people in governance write before
// anybody changes a rule. It reads cases and tries a policy on them.
//
//	cases, err := casebook.Read(policy.Embedded())
//	for i := range cases {
//		differences, err := cases[i].Try(ctx, engine)
//	}
//
// Cases are in the policy's folder cases/, with one YAML page for each topic:
//
//   - case: A GP asks for a patient of the practice
//     who: {role: R0260, organisation: F84010}
//     why: TREAT
//     relationship: registered
//     objection: none
//     expect: {released: where, kinds: all, where: [sealed is false], reasons: [care_relationship]}
//
// A case states the complete result: kinds that it does not name are withheld, and there are no alternatives or reasons
// that it does not name. Instead of alternatives it may give the results for single records:
//
//	records: [{kind: Condition, of: RYJ, code: SNOMED_CT 86406008, labels: {sealed: false}, released: true}]
//
// What the person allows and denies is written as sentences, says: [deny hiv to anyone, allow all to role R0260];
// emergency, flagged, deceased, age, capacity and authority are the other things that a decision may know. The package
// decides nothing itself.
package casebook

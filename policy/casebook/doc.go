// Package casebook holds the cases of a policy: decisions in plain words, which people in governance write before anybody
// changes a rule. It reads them, and tries a policy on them.
//
//	cases, err := casebook.Read(policy.Embedded())
//	for i := range cases {
//		differences, err := cases[i].Try(ctx, engine)
//	}
//
// Cases lie in the policy's folder cases/, one page of YAML a topic:
//
//   - case: A GP asks for a patient of the practice
//     who: {role: R0260, organisation: F84010}
//     why: TREAT
//     relationship: registered
//     objection: none
//     expect: {released: where, kinds: all, where: [sealed is false], reasons: [care_relationship]}
//
// A case says all that must come of it: kinds that it does not name are withheld, alternatives and reasons that it does not
// name are not there. Instead of alternatives it may say what becomes of single records:
//
//	records: [{kind: Condition, of: RYJ, code: SNOMED_CT 86406008, labels: {sealed: false}, released: true}]
//
// What the person allows and denies is written as sentences, says: [deny hiv to anyone, allow all to role R0260]; emergency,
// flagged, deceased, age, capacity and authority say the rest of what a decision may know. The package decides nothing itself.
package casebook

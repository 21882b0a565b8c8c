// Package proof holds the tests that the rules are enforced, each in a folder of its own:
//
//   - equivalence: plain Rego, the condition in memory and the condition in SQL release the same records;
//   - leaks: of what is withheld nothing leaves, by whatever way, and what is released arrives;
//   - mutants: a rule that is broken anywhere makes a test fail;
//   - translation: a break between a rule and a record, in the translator, the condition, its SQL or the gate, makes a test fail;
//   - denial: what somebody's life may depend on is not withheld;
//   - attacks: numbers about many people give nobody away, whatever is asked;
//   - killed: whatever is killed when, what was acknowledged is there.
//
// Folder plain is the reference that the first two compare with. Each proof has a short form, which make check runs, and a
// long one, which make prove runs (ONELONDON_PROVE=1). docs/proofs.md says what each has shown. It is no part of the product.
package proof

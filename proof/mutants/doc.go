// Package mutants breaks the policy, one small thing at a time, and shows that somebody notices: a comparison turned round, a
// condition dropped or denied, a rule left out, a constant changed, a word moved in or out of a table. What notices is what
// governance runs before a rule is used: the policy is refused, a Rego test fails, or a case does not come out.
//
// A mutant that nobody notices has survived: either a test is missing, or the mutant means the same. The latter stand in
// equivalent.yaml, each with its reason. The package has tests only.
package mutants

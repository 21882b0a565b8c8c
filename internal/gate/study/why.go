package study

import "onelondon/internal/cohort/disclosure"

// Why says to everybody, in a sentence, why a question was not answered: what the policy refuses in the policy's words, what disclosure
// control refuses or a fault ended in ours. It tells no number and nothing of other questions.
func Why(rules Policy, reason string) string {
	if rules.Expectation(reason) != "" {
		return rules.Words(reason)
	}
	switch reason {
	case disclosure.TooManyQuestions:
		return "The project has asked as many questions as it may."
	case disclosure.FewToldApart:
		return "The answer, with those that the project has, might have told a few people from everybody else."
	case disclosure.NearAnother:
		return "The answer might have differed by a few people only from one that the project has."
	case disclosure.RefusedBefore:
		return "The question was refused before."
	case disclosure.OtherNumbers, disclosure.OtherBasis:
		return "The rules have changed since the question was answered, and the answer of then is not given again."
	case "cancelled":
		return "The question was called off before it was answered."
	case "register_unavailable":
		return "Nobody could tell at that moment who had opted out, so nobody was counted."
	case "policy_unavailable", "rules_changed":
		return "The rules could not be read, or changed while the question was answered."
	case "too_large":
		return "The question was too large to be answered."
	}
	return "A fault kept the question from being answered."
}

package casebook

import (
	"fmt"
	"strings"

	"onelondon/internal/condition"
)

// Alternatives describes the clauses of a condition in the words of cases, such as "sealed is false and organisation is
// R1H". It returns none for a condition that releases everything or nothing.
func Alternatives(c condition.Condition) []string {
	var alternatives []string
	for _, clause := range c.Clauses() {
		parts := make([]string, len(clause))
		for i, atom := range clause {
			parts[i] = inWords(atom)
		}
		alternatives = append(alternatives, strings.Join(parts, " and "))
	}
	return alternatives
}

func inWords(atom condition.Atom) string {
	name := string(atom.Attribute)
	if label, ok := atom.Attribute.Label(); ok {
		name = string(label)
	}
	words := name + " " + operatorInWords(atom.Op)
	for _, value := range atom.Values {
		words += fmt.Sprint(" ", value.Get())
	}
	return words
}

func operatorInWords(op condition.Op) string {
	return [...]string{"is", "is not", "<", "<=", ">", ">=", "is one of", "is none of"}[op]
}

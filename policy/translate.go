package policy

import (
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"

	"onelondon/internal/condition"
)

// wayForward is the advice for a rule outside the fragment.
const wayForward = "compare one property of input.record with a constant, or look it up in a set of constants (policy/README.md)"

// plainRules is the advice for a rule that cannot be split into alternatives.
const plainRules = "write each ground for release as a rule of its own, without default, else or not"

// translate turns what partial evaluation left of the rule about records into a residue. It knows a closed fragment and
// refuses everything else, because whatever is misunderstood here is released there:
//
//   - no query at all means never, and a query without expressions means always;
//   - an expression is one call of eq, equal, neq, lt, lte, gt, gte or internal.member_2 on one listed property of
//     input.record and a constant of the property's type;
//   - only a property that every record has may be negated: "not x == 1" is true where x is missing, and a missing property
//     must never release.
func translate(queries *rego.PartialQueries) (residue, error) {
	if len(queries.Support) > 0 {
		return nil, &Fault{Message: "a rule about input.record has a default, an else, or a negation of several conditions", Advice: plainRules}
	}
	var rule residue
	for _, body := range queries.Queries {
		var clause condition.Clause
		possible := true
		for _, expression := range body {
			atom, satisfiable, err := translateExpression(expression)
			if err != nil {
				return nil, err
			}
			clause, possible = append(clause, atom), possible && satisfiable
		}
		if possible {
			rule = append(rule, clause)
		}
	}
	return rule, nil
}

// place is where something is in the policy's files. Terms of the query, or made by partial evaluation, are in no file.
func place(location *ast.Location, otherwise string) (string, int) {
	if location == nil || location.File == "" {
		return otherwise, 0
	}
	return location.File, location.Row
}

func outside(expression *ast.Expr, message, advice string) error {
	fault := &Fault{Message: message + ": " + expression.String(), Advice: advice}
	fault.File, fault.Line = place(expression.Location, "")
	return fault
}

// translateExpression returns the atom for an expression; satisfiable is false if no record can ever satisfy it.
func translateExpression(expression *ast.Expr) (atom condition.Atom, satisfiable bool, err error) {
	terms, isCall := expression.Terms.([]*ast.Term)
	switch {
	case len(expression.With) > 0:
		return atom, false, outside(expression, "a rule about input.record uses with", wayForward)
	case !isCall && strings.HasPrefix(expression.String(), "data."):
		return atom, false, outside(expression, "a rule about input.record has a default or an else", plainRules)
	case !isCall:
		return atom, false, outside(expression, "a rule about input.record is not a comparison",
			"write == true or == false after a label, else "+wayForward)
	case len(terms) != 3:
		return atom, false, outside(expression, "a rule about input.record calls a function", wayForward)
	}
	op, known := operator(expression.Operator())
	if !known {
		return atom, false, outside(expression, "a rule about input.record uses an operator that databases do not share", wayForward)
	}
	atom.Attribute, known = attribute(terms[1])
	constant := terms[2]
	if !known && op != condition.In {
		op, constant = mirrored(op), terms[1]
		atom.Attribute, known = attribute(terms[2])
	}
	if !known {
		return atom, false, outside(expression, "a rule does not speak of a known property of input.record", wayForward)
	}
	if expression.Negated {
		if nullable(atom.Attribute) {
			return atom, false, outside(expression, "not would release records in which the property is missing",
				"say what must be there instead, such as input.record.labels.sealed == false")
		}
		op = negated(op)
	}
	atom.Op = op
	return constants(expression, atom, constant)
}

// constants reads the values of atom from constant, and finds out whether any record could satisfy it.
func constants(expression *ast.Expr, atom condition.Atom, constant *ast.Term) (condition.Atom, bool, error) {
	terms := []*ast.Term{constant}
	if atom.Op == condition.In || atom.Op == condition.NotIn {
		var ok bool
		if terms, ok = elements(constant); !ok {
			return atom, false, outside(expression, "a property of input.record is looked up in something that is not a set or an array of constants", wayForward)
		}
	} else if ordered(atom.Op) && atom.Attribute != condition.Date {
		return atom, false, outside(expression, "only a date can come before or after", wayForward)
	}
	for _, term := range terms {
		if text, isText := term.Value.(ast.String); isText && text == "" {
			switch atom.Op {
			case condition.Equal:
				return atom, false, nil // a property that is present is never empty
			case condition.In:
				continue
			}
			return atom, false, outside(expression, "a property of input.record is compared with an empty text",
				"a missing property is missing, never empty")
		}
		value, err := constantOf(atom.Attribute, term)
		if err != nil {
			return atom, false, outside(expression, err.Error(), wayForward)
		}
		atom.Values = append(atom.Values, value)
	}
	return atom, atom.Op != condition.In || len(atom.Values) > 0, nil
}

// elements lists the members of a set or an array.
func elements(term *ast.Term) ([]*ast.Term, bool) {
	var terms []*ast.Term
	switch collection := term.Value.(type) {
	case ast.Set:
		terms = collection.Slice()
	case *ast.Array:
		collection.Foreach(func(element *ast.Term) { terms = append(terms, element) })
	default:
		return nil, false
	}
	return terms, true
}

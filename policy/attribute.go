package policy

import (
	"errors"
	"fmt"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
)

// kindAttribute is the record's kind. Rules may mention it; it is resolved before a condition is made, since a
// condition is always for one kind.
const kindAttribute condition.Attribute = "kind"

// attribute reads a term such as input.record.date or input.record.labels.sealed. It accepts nothing else: no unlisted
// property, not the record as a whole, and no key that is not a constant string.
func attribute(term *ast.Term) (condition.Attribute, bool) {
	ref, _ := term.Value.(ast.Ref)
	if len(ref) < 3 || !ref[0].Equal(ast.InputRootDocument) {
		return "", false
	}
	names := make([]string, 0, 3)
	for _, key := range ref[1:] {
		name, ok := key.Value.(ast.String)
		if !ok {
			return "", false
		}
		names = append(names, string(name))
	}
	switch {
	case names[0] != "record":
		return "", false
	case len(names) == 3 && names[1] == "labels":
		label := clinical.Label(names[2])
		return condition.LabelAttribute(label), slices.Contains(clinical.Labels(), label)
	case len(names) != 2:
		return "", false
	}
	switch name := condition.Attribute(names[1]); name {
	case kindAttribute, condition.Source, condition.Organisation, condition.Publisher, condition.System, condition.Code,
		condition.Status, condition.Date:
		return name, true
	}
	return "", false
}

func nullable(attribute condition.Attribute) bool {
	return attribute != kindAttribute && attribute.Nullable()
}

// constantOf reads a constant of the attribute's type. An unknown value is refused, because a rule that compares with a
// misspelt status would hold never, or always.
func constantOf(attribute condition.Attribute, term *ast.Term) (condition.Value, error) {
	if _, isLabel := attribute.Label(); isLabel {
		yes, ok := term.Value.(ast.Boolean)
		if !ok {
			return condition.Value{}, errors.New("a label is compared with something that is not true or false")
		}
		return condition.Bool(bool(yes)), nil
	}
	text, ok := term.Value.(ast.String)
	if !ok {
		return condition.Value{}, fmt.Errorf("property %s is compared with something that is not a text", attribute)
	}
	switch attribute {
	case kindAttribute:
		_, ok = clinical.ParseKind(string(text))
	case condition.System:
		ok = slices.Contains(clinical.CodeSystems(), clinical.CodeSystem(text))
	case condition.Status:
		ok = slices.Contains(clinical.Statuses(), clinical.Status(text))
	case condition.Date:
		date, err := clinical.ParseDateTime(string(text))
		if err != nil || date.String() != string(text) || date.Precision() != clinical.PrecisionSecond {
			return condition.Value{}, errors.New("a date is written as YYYY-MM-DDThh:mm:ss in rules")
		}
		return condition.Moment(date), nil
	}
	if !ok {
		return condition.Value{}, fmt.Errorf("%q is not a value of property %s", string(text), attribute)
	}
	return condition.Text(string(text)), nil
}

// operator maps a built-in function to a comparison.
func operator(name ast.Ref) (condition.Op, bool) {
	switch name.String() {
	case "eq", "equal":
		return condition.Equal, true
	case "neq":
		return condition.NotEqual, true
	case "lt":
		return condition.Less, true
	case "lte":
		return condition.LessEqual, true
	case "gt":
		return condition.Greater, true
	case "gte":
		return condition.GreaterEqual, true
	case "internal.member_2":
		return condition.In, true
	}
	return 0, false
}

// mirrored is the operator for swapped operands.
func mirrored(op condition.Op) condition.Op {
	switch op {
	case condition.Less:
		return condition.Greater
	case condition.LessEqual:
		return condition.GreaterEqual
	case condition.Greater:
		return condition.Less
	case condition.GreaterEqual:
		return condition.LessEqual
	}
	return op
}

// negated is the operator that holds where op does not, for a property that every record has. Those properties have no
// order, so an ordering operator is left for [constants] to refuse.
func negated(op condition.Op) condition.Op {
	switch op {
	case condition.Equal:
		return condition.NotEqual
	case condition.NotEqual:
		return condition.Equal
	case condition.In:
		return condition.NotIn
	}
	return op
}

func ordered(op condition.Op) bool {
	return op == condition.Less || op == condition.LessEqual || op == condition.Greater || op == condition.GreaterEqual
}

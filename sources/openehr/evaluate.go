package openehr

import (
	"encoding/json"
	"math/big"
	"strings"

	"onelondon/sources/mapping"
)

// row is one row of an answer, as expressions see it.
type row struct {
	place map[string]int
	cells []any
}

// value is what an expression gives of a row: nil, a string, a bool, a json.Number or an int64. It means what the same expression means
// in SQL: what is missing stays missing through everything but coalesce, concat and is.
func (r *row) value(expr mapping.Expr) any {
	switch e := expr.(type) {
	case *mapping.NodePath:
		if place, ok := r.place[e.Alias+"/"+e.Path]; ok {
			return plain(r.cells[place])
		}
	case *mapping.Literal:
		return e.Value
	case *mapping.Call:
		return r.call(e)
	case *mapping.Case:
		of := r.value(e.Of)
		for i := range e.When {
			if same, known := equal(of, e.When[i].Key.Value); known && same {
				return e.When[i].Value.Value
			}
		}
		if e.Else != nil {
			return r.value(e.Else)
		}
	case *mapping.Compare, *mapping.Logic, *mapping.Not, *mapping.IsNull, *mapping.IsTruth, *mapping.InList:
		if yes, known := r.truth(e); known {
			return yes
		}
	}
	return nil
}

// truth is what a condition gives of a row; known is false where it is neither true nor false.
func (r *row) truth(expr mapping.Expr) (yes, known bool) {
	switch e := expr.(type) {
	case *mapping.Compare:
		return compare(e.Op, r.value(e.Left), r.value(e.Right))
	case *mapping.Logic:
		return r.logic(e)
	case *mapping.Not:
		yes, known = r.truth(e.Of)
		return !yes, known
	case *mapping.IsNull:
		return (r.value(e.Of) == nil) != e.Negate, true
	case *mapping.IsTruth:
		yes, known = r.truth(e.Of)
		return (known && yes == e.Want) != e.Negate, true
	case *mapping.InList:
		of := r.value(e.Of)
		for i := range e.Values {
			if same, comparable := equal(of, e.Values[i].Value); comparable && same {
				return !e.Negate, true
			}
		}
		return e.Negate, of != nil
	}
	return truthOf(r.value(expr))
}

func (r *row) logic(e *mapping.Logic) (yes, known bool) {
	decides := e.Op == "or" // what one part alone decides
	yes, known = !decides, true
	for _, part := range e.Parts {
		one, sure := r.truth(part)
		switch {
		case sure && one == decides:
			return decides, true
		case !sure:
			known = false
		}
	}
	return yes, known
}

// truthOf reads a truth value as the SQL drivers do.
func truthOf(value any) (yes, known bool) {
	if of, ok := value.(bool); ok {
		return of, true
	}
	switch strings.ToLower(textOf(value)) {
	case "1", "t", "true", "y", "yes":
		return true, true
	case "0", "f", "false", "n", "no":
		return false, true
	}
	return false, false
}

// equal compares two values; known is false where one is missing.
func equal(a, b any) (same, known bool) { return compare("=", a, b) }

func compare(op string, a, b any) (yes, known bool) {
	if a == nil || b == nil {
		return false, false
	}
	order := strings.Compare(textOf(a), textOf(b))
	if x, y := number(a), number(b); x != nil && y != nil {
		order = x.Cmp(y)
	} else if _, isTruth := b.(bool); isTruth {
		x, ok := truthOf(a)
		if !ok {
			return false, false
		}
		order = strings.Compare(textOf(x), textOf(b))
	}
	switch op {
	case "=":
		return order == 0, true
	case "!=":
		return order != 0, true
	case "<":
		return order < 0, true
	case "<=":
		return order <= 0, true
	case ">":
		return order > 0, true
	}
	return order >= 0, true
}

// number is a value that is written as a number, nil for any other.
func number(value any) *big.Rat {
	switch of := value.(type) {
	case int64:
		return new(big.Rat).SetInt64(of)
	case json.Number:
		if len(of) < 60 && !strings.ContainsAny(of.String(), "eE") {
			if read, ok := new(big.Rat).SetString(of.String()); ok {
				return read
			}
		}
	}
	return nil
}

func (r *row) call(e *mapping.Call) any {
	args := make([]any, len(e.Args))
	for i := range e.Args {
		args[i] = r.value(e.Args[i])
	}
	switch e.Function {
	case "coalesce":
		for _, arg := range args {
			if arg != nil {
				return arg
			}
		}
		return nil
	case "concat":
		var all strings.Builder
		for _, arg := range args {
			all.WriteString(textOf(arg))
		}
		return all.String()
	case "nullif":
		if same, known := equal(args[0], args[1]); known && same {
			return nil
		}
		return args[0]
	}
	for _, arg := range args {
		if arg == nil {
			return nil
		}
	}
	return ofText(e.Function, textOf(args[0]), args[1:])
}

// ofText are the functions of one text that is there.
func ofText(function, text string, others []any) any {
	switch function {
	case "trim":
		return strings.Trim(text, " ")
	case "lower":
		return strings.ToLower(text)
	case "upper":
		return strings.ToUpper(text)
	case "substring":
		from, _ := others[0].(int64)
		length, _ := others[1].(int64)
		runes := []rune(text)
		from = min(max(from-1, 0), int64(len(runes)))
		return string(runes[from:min(from+max(length, 0), int64(len(runes)))])
	case "datetime":
		return text + "T" + textOf(others[0])
	}
	return text
}

// textOf is a value in letters; nil gives "".
func textOf(value any) string {
	switch of := value.(type) {
	case string:
		return of
	case json.Number:
		return of.String()
	case int64:
		return new(big.Int).SetInt64(of).String()
	case bool:
		if of {
			return "true"
		}
		return "false"
	}
	return ""
}

// plain is what of an object of the reference model is its value: a DATA_VALUE's own, a party's name, an identifier's text. Of what is
// none of these nothing is known.
func plain(cell any) any {
	object, ok := cell.(map[string]any)
	if !ok {
		switch cell.(type) {
		case string, bool, json.Number:
			return cell
		}
		return nil
	}
	class, _ := object["_type"].(string)
	switch class {
	case "DV_PROPORTION":
		// Its magnitude is a function that servers need not write. A percentage, or a proportion of one, is its numerator.
		of, by := textOf(object["type"]), textOf(object["denominator"])
		if of == "2" || of == "1" || by == "1" || by == "1.0" {
			return plain(object["numerator"])
		}
		return plain(object["magnitude"])
	case "DV_QUANTITY", "DV_COUNT":
		return plain(object["magnitude"])
	case "DV_IDENTIFIER":
		return plain(object["id"])
	case "PARTY_IDENTIFIED", "PARTY_RELATED":
		return plain(object["name"])
	case "CODE_PHRASE":
		return plain(object["code_string"])
	case "PARTY_REF", "LOCATABLE_REF", "OBJECT_REF":
		return plain(object["id"])
	}
	return plain(object["value"])
}

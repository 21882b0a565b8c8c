package sqlsource

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/mapping"
)

// A set restricted to some codes is first narrowed to rows that may have one of them, by conditions for which an index
// is used: on the column of the code itself or, if the system stores codes in a table of their own (Coding_ClinicalCode
// in EMIS, NOMREF in Cerner), on the column that refers to it. The keys of the codes in that table are queried
// beforehand; it is small, and the database can then estimate how many rows to expect. Narrowing is only an
// optimisation: [counting.coded] decides which rows really have a code.

// leaf is a column that holds a code, possibly after a prefix.
type leaf struct {
	column *mapping.Column
	prefix string
}

// leavesOf lists the columns of which one holds the code, unchanged except for the prefix; ok is false if that cannot
// be determined.
func leavesOf(e mapping.Expr) (leaves []leaf, ok bool) {
	switch e := e.(type) {
	case *mapping.Column:
		return []leaf{{column: e}}, true
	case *mapping.Call:
		switch e.Function {
		case "nullif", "text":
			return leavesOf(e.Args[0])
		case "coalesce":
			for _, arg := range e.Args {
				more, ok := leavesOf(arg)
				if !ok {
					return nil, false
				}
				leaves = append(leaves, more...)
			}
			return leaves, true
		}
	case *mapping.Case:
		return leavesBehind(e)
	}
	return nil, false
}

// leavesBehind reads the expression for a mapping's {from, after}.
func leavesBehind(e *mapping.Case) ([]leaf, bool) {
	begins, isCompare := e.Of.(*mapping.Compare)
	rest, isCall := e.Else.(*mapping.Call)
	if !isCompare || !isCall || begins.Op != "=" || rest.Function != "substring" || len(e.When) != 1 || e.When[0].Value.Value != nil {
		return nil, false
	}
	part, isCall := begins.Left.(*mapping.Call)
	prefix, isText := begins.Right.(*mapping.Literal)
	if !isCall || !isText || part.Function != "substring" || part.Args[0].String() != rest.Args[0].String() {
		return nil, false
	}
	leaves, ok := leavesOf(rest.Args[0])
	for i := range leaves {
		leaves[i].prefix = constant(prefix) + leaves[i].prefix
	}
	return leaves, ok
}

// narrow adds the condition that a row may have one of the codes, if an index can be used; some is false if no row can.
func (c *counting) narrow(ctx context.Context) (some bool, err error) {
	concept := c.set.Fields["code"].Concept
	if concept == nil {
		return false, nil
	}
	before := len(*c.slots)
	var either []string
	for i := range concept.Codings {
		conditions, ok, err := c.narrowed(ctx, &concept.Codings[i])
		if err != nil {
			return false, err
		}
		if !ok {
			*c.slots = (*c.slots)[:before]
			return true, nil
		}
		either = append(either, conditions...)
	}
	if len(either) == 0 {
		return false, nil
	}
	c.and("(" + strings.Join(either, " OR ") + ")")
	return true, nil
}

// narrowed writes, for one coding, a disjunction of conditions on rows that may have a code.
func (c *counting) narrowed(ctx context.Context, coding *mapping.CodingExpr) (conditions []string, ok bool, err error) {
	codes := codesFor(coding, c.wanted.Codes)
	leaves, ok := leavesOf(coding.Code)
	if !ok || len(codes) == 0 {
		return nil, ok, nil
	}
	for _, leaf := range leaves {
		values := make([]string, len(codes))
		for i, code := range codes {
			values[i] = leaf.prefix + code
		}
		at := leaf.column
		if pointer, key, looked := c.pointer(leaf.column); looked {
			if values, ok, err = c.keys(ctx, key, leaf.column, values); err != nil || !ok {
				return nil, false, err
			}
			at = pointer
		}
		sql, ok := c.among(at, values)
		if !ok {
			return nil, false, nil
		}
		c.used.note(at)
		if sql != c.source.dialect.no() {
			conditions = append(conditions, sql)
		}
	}
	return conditions, true, nil
}

// codesFor lists the codes that a coding may have.
func codesFor(coding *mapping.CodingExpr, asked []sources.Code) (codes []string) {
	fixed, isFixed := coding.System.(*mapping.Literal)
	for _, code := range asked {
		if code.Code != "" && (code.System == "" || !isFixed || clinical.CodeSystem(constant(fixed)) == code.System) {
			codes = append(codes, string(code.Code))
		}
	}
	return codes
}

// pointer finds the reference to the row of a left join from which a column is read: the set's own column and the
// joined key.
func (c *counting) pointer(of *mapping.Column) (own, key *mapping.Column, found bool) {
	for _, join := range c.set.Joins {
		if join.Alias != of.Alias || !join.Left {
			continue
		}
		for _, condition := range conjuncts(join.On) {
			compare, ok := condition.(*mapping.Compare)
			if !ok || compare.Op != "=" {
				continue
			}
			left, leftIs := compare.Left.(*mapping.Column)
			right, rightIs := compare.Right.(*mapping.Column)
			switch {
			case !leftIs || !rightIs:
			case left.Alias == of.Alias && right.Alias != of.Alias:
				return right, left, true
			case right.Alias == of.Alias && left.Alias != of.Alias:
				return left, right, true
			}
		}
	}
	return nil, nil, false
}

// mostKeys is the maximum number of keys of a code table to use; for more, an index would not help.
const mostKeys = 20_000

var errManyKeys = errors.New("more keys than an index helps with")

// keys queries the keys in a code table whose column has one of the values.
func (c *counting) keys(ctx context.Context, key, column *mapping.Column, values []string) (keys []string, ok bool, err error) {
	from, found := tableOf(&c.source.mapping.Person, c.set, key.Alias)
	if !found {
		return nil, false, nil
	}
	look := c.beside()
	where, ok := look.among(column, values)
	if !ok || where == c.source.dialect.no() {
		return nil, ok, nil
	}
	sql := "SELECT DISTINCT " + c.source.dialect.text(key) + " FROM " + c.source.dialect.table(from) + " WHERE " + where
	asked := fmt.Sprint(sql, "\n", *look.given)
	if known, ok := c.looked[asked]; ok {
		return known, true, nil
	}
	err = c.source.connection.Stream(ctx, c.source.study(sql, 1), *look.given, c.caller, func(row [][]byte) error {
		if len(keys) == mostKeys {
			return errManyKeys
		}
		if row[0] != nil {
			keys = append(keys, string(row[0]))
		}
		return nil
	})
	if errors.Is(err, errManyKeys) {
		return nil, false, nil
	}
	if err == nil {
		c.looked[asked] = keys
	}
	return keys, err == nil, err
}

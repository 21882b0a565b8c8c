package translation_test

import (
	"go/ast"
	"go/token"
	"strconv"
	"strings"
)

// operators are the operators of conditions, each with those that it is easily taken for.
func operators() map[string][]string {
	return map[string][]string{"Equal": {"NotEqual"}, "NotEqual": {"Equal"}, "Less": {"LessEqual", "Greater"}, "LessEqual": {"Less", "GreaterEqual"},
		"Greater": {"GreaterEqual", "Less"}, "GreaterEqual": {"Greater", "LessEqual"}, "In": {"NotIn"}, "NotIn": {"In"}}
}

// words are pieces of SQL, each with what it is easily taken for.
func words() [][2]string {
	return [][2]string{{" = ", " <> "}, {" <> ", " = "}, {" < ", " <= "}, {" <= ", " < "}, {" > ", " >= "}, {" >= ", " > "},
		{"NOT IN (", "IN ("}, {"NOT LIKE", "LIKE"}, {" IN (", " NOT IN ("}, {"IN (", "NOT IN ("}, {"NOT ", ""}, {" IS NOT NULL", " IS NULL"}, {" OR ", " AND "},
		{" AND ", " OR "}, {"'1'", "'0'"}, {"'0'", "'1'"}, {"TRUE", "FALSE"}, {"FALSE", "TRUE"}, {" ELSE ", " ELSE NULL || "}, {", '')", ", '-')"}}
}

// expression breaks an expression that is no whole condition.
func (b *breaker) expression(node ast.Expr) (inside bool) {
	switch node := node.(type) {
	case *ast.BinaryExpr:
		b.binary(node)
	case *ast.UnaryExpr:
		if node.Op == token.NOT {
			number := b.add(node, "not %s", b.of(node))
			b.wrap(node, "(mutant("+number+") != (", "))")
		}
	case *ast.CallExpr:
		b.call(node)
	case *ast.CompositeLit:
		if node.Type != nil {
			b.left[node.Type] = true
		}
	case *ast.KeyValueExpr:
		b.left[node.Key] = true
	case *ast.BasicLit:
		b.literal(node)
	case *ast.SelectorExpr:
		b.left[node.Sel] = true
		if of, ok := node.X.(*ast.Ident); ok && of.Name == "condition" {
			b.operator(node, node.Sel.Name, "condition.")
		}
	case *ast.Ident:
		b.name(node)
	case *ast.FuncType:
		return false
	}
	return true
}

// binary drops a part of and and or, and turns comparisons round and to their neighbours.
func (b *breaker) binary(node *ast.BinaryExpr) {
	neighbours := map[token.Token]string{token.LSS: "<=", token.LEQ: "<", token.GTR: ">=", token.GEQ: ">"}
	switch node.Op {
	case token.LAND, token.LOR:
		for _, part := range []ast.Expr{node.X, node.Y} {
			number := b.add(part, "drop %s", b.of(part))
			if node.Op == token.LAND {
				b.wrap(part, "(mutant("+number+") || (", "))")
			} else {
				b.wrap(part, "(!mutant("+number+") && (", "))")
			}
		}
	case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
		number := b.add(node, "not %s", b.of(node))
		open, close := "(mutant("+number+") != (", "))"
		if other := neighbours[node.Op]; other != "" {
			number := b.add(node, "%s for %s in %s", other, node.Op, b.of(node))
			open += "mutant(" + number + ") && (" + b.of(node.X) + other + b.of(node.Y) + ") || !mutant(" + number + ") && ("
			close = ")" + close
		}
		b.wrap(node, open, close)
	}
}

// call loses what is appended. How much room is made for a list changes nothing.
func (b *breaker) call(node *ast.CallExpr) {
	function, ok := node.Fun.(*ast.Ident)
	if !ok {
		return
	}
	switch function.Name {
	case "append":
		number := b.add(node, "lose what is added in %s", b.of(node))
		b.wrap(node, "mutantShort("+number+", len("+b.of(node.Args[0])+"), ", ")") // a second append might write into the same array
		for _, argument := range node.Args {
			if literal, ok := argument.(*ast.BasicLit); ok {
				b.left[literal] = true // a byte
			}
		}
	case "make":
		for _, argument := range node.Args {
			ast.Inspect(argument, func(part ast.Node) bool { b.left[part] = true; return true })
		}
	}
}

// literal puts another number, and other words of SQL.
func (b *breaker) literal(node *ast.BasicLit) {
	switch node.Kind {
	case token.INT:
		n, err := strconv.Atoi(node.Value)
		if err != nil {
			return
		}
		number := b.add(node, "%d for %d", n+1, n)
		b.wrap(node, "mutantOf("+number+", ", ", "+strconv.Itoa(n+1)+")")
	case token.STRING:
		for _, word := range words() {
			if changed := strings.Replace(node.Value, word[0], word[1], 1); changed != node.Value && !strings.Contains(changed, "NOT NOT") {
				number := b.add(node, "%s for %s", changed, node.Value)
				b.wrap(node, "mutantOf("+number+", ", ", "+changed+")")
			}
		}
	}
}

// name puts another operator, and turns round a truth value.
func (b *breaker) name(node *ast.Ident) {
	switch node.Name {
	case "true", "false":
		number := b.add(node, "not %s", node.Name)
		b.wrap(node, "(mutant("+number+") != ", ")")
	default:
		if b.package_ == "condition" {
			b.operator(node, node.Name, "")
		}
	}
}

func (b *breaker) operator(node ast.Expr, name, of string) {
	for _, other := range operators()[name] {
		number := b.add(node, "%s for %s", other, name)
		b.wrap(node, "mutantOf("+number+", ", ", "+of+other+")")
	}
}

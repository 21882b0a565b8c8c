package translation_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"strings"
)

// point is a place where a file can be broken, and how.
type point struct {
	number   int
	file     string
	function string
	line     int
	what     string // in words, without the line, so that it stays when lines move
	nth      int    // of those that are alike
}

// key tells points apart without line numbers, which move. Of those alike the second and later ones are numbered.
func (p *point) key() string {
	key := p.file + ": " + p.function + ": " + p.what
	if p.nth > 1 {
		key = fmt.Sprintf("%s (%d)", key, p.nth)
	}
	return key
}

// breaker finds the points of a file and writes into its text what puts each in force.
type breaker struct {
	*text
	file     string
	function *ast.FuncDecl
	first    int // the number of the first point
	points   []point
	left     map[ast.Node]bool // nodes that are broken as a part of another, or not at all
}

// add notes a point and gives its number, as it is written into the text.
func (b *breaker) add(at ast.Node, format string, arguments ...any) string {
	number := b.first + len(b.points)
	b.points = append(b.points, point{number, b.file, b.function.Name.Name, b.line(at), fmt.Sprintf(format, arguments...), 0})
	return fmt.Sprint(number)
}

// whole breaks a function.
func (b *breaker) whole(function *ast.FuncDecl) {
	b.function = function
	if results := function.Type.Results; results != nil && len(results.List) == 1 && isNamed(results.List[0].Type, "bool") && len(results.List[0].Names) < 2 {
		for _, says := range []string{"true", "false"} {
			number := b.add(function, "say %s at once", says)
			b.insert(function.Body.Lbrace+1, " if mutant("+number+") { return "+says+" };")
		}
	}
	ast.Inspect(function.Body, b.node)
}

func isNamed(e ast.Expr, as string) bool {
	name, ok := e.(*ast.Ident)
	return ok && name.Name == as
}

// node breaks what can be broken at one node; whether its parts can be is asked of each.
func (b *breaker) node(node ast.Node) (inside bool) {
	if b.left[node] {
		return true
	}
	switch node := node.(type) {
	case *ast.GenDecl:
		return node.Tok == token.VAR
	case *ast.ArrayType, *ast.TypeSwitchStmt:
		return b.form(node)
	case *ast.IfStmt:
		b.forced(node.Cond)
	case *ast.SwitchStmt:
		b.cases(node)
	case *ast.BlockStmt:
		b.statements(node.List)
	case *ast.CaseClause:
		b.statements(node.Body)
	case *ast.ReturnStmt:
		b.returned(node)
	case *ast.FuncLit:
		return true
	case ast.Expr:
		return b.expression(node)
	}
	return true
}

// form leaves types alone. What a type switch does in its cases is broken, which types it knows is not.
func (b *breaker) form(node ast.Node) (inside bool) {
	_, isSwitch := node.(*ast.TypeSwitchStmt)
	return isSwitch
}

// forced makes a condition hold always, and never.
func (b *breaker) forced(condition ast.Expr) {
	always := b.add(condition, "always: %s", b.of(condition))
	never := b.add(condition, "never: %s", b.of(condition))
	b.wrap(condition, "(mutant("+always+") || !mutant("+never+") && (", "))")
	b.left[condition] = true
	if both, ok := condition.(*ast.BinaryExpr); ok && (both.Op == token.LAND || both.Op == token.LOR) {
		b.left[condition] = false // one part of it at a time
	}
}

// cases leaves out each case, and each of the words of one.
func (b *breaker) cases(all *ast.SwitchStmt) {
	for _, statement := range all.Body.List {
		for _, label := range statement.(*ast.CaseClause).List {
			if all.Tag == nil {
				b.forced(label)
				continue
			}
			never := b.add(label, "no case %s", b.of(label))
			b.wrap(label, "mutantOf("+never+", ", ", "+nothing(label)+")")
			b.left[label] = true
			ast.Inspect(label, func(part ast.Node) bool { b.left[part] = true; return true })
		}
	}
}

// nothing is a value of the label's type that nothing else is.
func nothing(label ast.Expr) string {
	name := ""
	switch label := label.(type) {
	case *ast.BasicLit:
		if label.Kind == token.INT {
			return "-1"
		}
	case *ast.Ident:
		name = label.Name
	case *ast.SelectorExpr:
		name = label.Sel.Name
	}
	if _, isOperator := operators()[name]; isOperator || strings.HasSuffix(name, "Value") {
		return "255"
	}
	return `"none"`
}

// statements leaves out what is done and gives nothing back.
func (b *breaker) statements(list []ast.Stmt) {
	for _, statement := range list {
		switch statement := statement.(type) {
		case *ast.AssignStmt:
			if statement.Tok == token.DEFINE {
				continue
			}
		case *ast.BranchStmt:
			if statement.Label != nil || statement.Tok == token.GOTO || statement.Tok == token.FALLTHROUGH {
				continue
			}
		case *ast.ExprStmt, *ast.IncDecStmt:
		default:
			continue
		}
		number := b.add(statement, "leave out %s", b.of(statement))
		b.wrap(statement, "if !mutant("+number+") { ", " }")
	}
}

// returned turns round the truth values that a function gives back.
func (b *breaker) returned(statement *ast.ReturnStmt) {
	results := b.function.Type.Results
	if results == nil {
		return
	}
	var types []ast.Expr
	for _, field := range results.List {
		for range max(1, len(field.Names)) {
			types = append(types, field.Type)
		}
	}
	fails := len(types) > 0 && isNamed(types[len(types)-1], "error") && !isNamed(statement.Results[len(statement.Results)-1], "nil")
	for i, result := range statement.Results {
		if fails {
			b.left[result] = true // nobody looks at what else there is beside an error
		}
		if literal, ok := result.(*ast.BasicLit); ok {
			b.left[literal] = true // of a type that is not known here
		}
		if b.left[result] || len(types) != len(statement.Results) || !isNamed(types[i], "bool") {
			continue
		}
		switch result := result.(type) {
		case *ast.Ident:
			if result.Name == "true" || result.Name == "false" {
				continue
			}
		case *ast.CallExpr, *ast.SelectorExpr:
		default:
			continue // turned round as an expression
		}
		number := b.add(result, "not %s", b.of(result))
		b.wrap(result, "(mutant("+number+") != (", "))")
	}
}

package policy

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Apart is where the policy's rules may do more with the organisation of whoever asks than compare it, so that no decision can be
// shared by organisations; none where decisions are shared. It is no fault: what is decided is right. It is slower.
func (e *Engine) Apart() []*Fault { return e.apart }

// apart finds the places, in order of file and line.
func (b *bundle) apart() []*Fault {
	var found []*Fault
	for _, name := range slices.Sorted(maps.Keys(b.modules)) {
		reader := &apartReader{file: name}
		reader.read(b.modules[name])
		slices.SortStableFunc(reader.found, func(a, b *Fault) int {
			return cmp.Or(cmp.Compare(a.Line, b.Line), strings.Compare(a.Message, b.Message))
		})
		found = append(found, slices.CompactFunc(reader.found, func(a, b *Fault) bool { return *a == *b })...)
	}
	return found
}

// What authors can do.
const (
	compareDirectly = "compare input.caller.organisation by == or != with one text or one path, in the very place, so that decisions are shared"
	leaveTexts      = "compare with texts as the rules and tables hold them, so that decisions are shared by organisations"
	nameOtherwise   = "give it another name, so that decisions are shared by organisations"
)

// apartReader reads one module as it is written.
type apartReader struct {
	file    string
	visitor *ast.GenericVisitor
	found   []*Fault
}

func (r *apartReader) find(at *ast.Location, message, advice string) {
	line := 0
	if at != nil {
		line = at.Row
	}
	r.found = append(r.found, &Fault{File: r.file, Line: line, Message: message, Advice: advice})
}

func (r *apartReader) read(module *ast.Module) {
	r.visitor = ast.NewGenericVisitor(r.node)
	r.visitor.Walk(module)
	for _, rule := range module.Rules {
		for _, part := range rule.Ref() {
			r.visitor.Walk(part) // a walk of the module takes the last part alone
		}
	}
}

// node looks at one node; whether its parts are looked at too is what it returns, the other way round.
func (r *apartReader) node(node any) (enough bool) {
	switch node := node.(type) {
	case *ast.Import:
		r.imported(node)
		return true
	case *ast.Head:
		if comparison(string(node.Name)) {
			r.find(node.Location, "the rule "+string(node.Name)+" has the name of a comparison", nameOtherwise)
		}
	case *ast.With:
		if comparison(node.Target.String()) {
			r.find(node.Location, "with puts another function in the place of a comparison", leaveTexts)
		}
	case *ast.Expr:
		if with := compared(node); with != nil {
			r.visitor.Walk(with)
			return true
		}
		if node.IsCall() {
			r.called(node.OperatorTerm())
		}
	case *ast.Term:
		r.term(node)
	}
	return false
}

func (r *apartReader) term(term *ast.Term) {
	switch value := term.Value.(type) {
	case ast.Call:
		r.called(value[0])
	case *ast.TemplateString:
		r.find(term.Location, "a text is put together of parts", leaveTexts)
	case ast.Ref:
		if reachesOrganisation(value) {
			r.find(term.Location, value.String()+" may give the organisation of whoever asks to more than a comparison", compareDirectly)
		}
	}
}

// imported finds what rules get under another name.
func (r *apartReader) imported(what *ast.Import) {
	switch path, is := what.Path.Value.(ast.Ref); {
	case !is || path.HasPrefix(ast.InputRootRef):
		r.find(what.Location, "the input, or a part of it, is imported, and may hold the organisation of whoever asks under another name", compareDirectly)
	case comparison(string(what.Name())):
		r.find(what.Location, "what is imported has the name of a comparison", nameOtherwise)
	}
}

func (r *apartReader) called(operator *ast.Term) {
	if !buildsNothing(operator) {
		r.find(operator.Location, operator.String()+" may build a text", leaveTexts)
	}
}

// comparison reports whether a function compares for equality.
func comparison(name string) bool {
	return name == ast.Equal.Name || name == ast.Equality.Name || name == ast.NotEqual.Name
}

// organisationRef is where the organisation of whoever asks stands.
func organisationRef() ast.Ref { return ast.MustParseRef("input.caller.organisation") }

// compared returns what the organisation is compared with, where an expression does just that: another place, or a text. Whoever calls
// it looks at that too.
func compared(expr *ast.Expr) (with *ast.Term) {
	terms, is := expr.Terms.([]*ast.Term)
	if !is || len(terms) != 3 || len(expr.With) > 0 || !comparison(terms[0].String()) {
		return nil
	}
	organisation := organisationRef()
	for i, other := range [...]*ast.Term{terms[2], terms[1]} {
		if ref, is := terms[1+i].Value.(ast.Ref); !is || !ref.Equal(organisation) {
			continue
		}
		switch other.Value.(type) {
		case ast.String, ast.Ref:
			return other
		}
	}
	return nil
}

// reachesOrganisation reports whether what a reference gives may be the organisation, or hold it.
func reachesOrganisation(ref ast.Ref) bool {
	for i, want := range organisationRef() {
		if i == len(ref) {
			return true
		}
		if ref[i].Equal(want) {
			continue
		}
		_, fixed := ref[i].Value.(ast.String)
		return i > 0 && !fixed
	}
	return true
}

// buildsNothing reports whether the answer of a function holds no text that was not in what it was given, whole.
func buildsNothing(operator *ast.Term) bool {
	name := operator.String()
	if _, builtin := ast.BuiltinMap[name]; !builtin {
		return true // a rule
	}
	return comparison(name) || slices.Contains([]string{ast.Assign.Name, ast.Member.Name, ast.MemberWithKey.Name, ast.LessThan.Name,
		ast.LessThanEq.Name, ast.GreaterThan.Name, ast.GreaterThanEq.Name, ast.Plus.Name, ast.Minus.Name, ast.And.Name, ast.Or.Name,
		ast.Count.Name, ast.Max.Name, ast.Min.Name, ast.Sum.Name, ast.ObjectKeys.Name, ast.ObjectUnion.Name, ast.RegexMatch.Name,
		ast.StartsWith.Name, ast.EndsWith.Name, ast.Contains.Name}, name)
}

package policy

import (
	"context"
	"slices"

	"github.com/hashicorp/golang-lru/v2"
	"github.com/open-policy-agent/opa/v1/ast"

	"onelondon/internal/condition"
)

// In a city of a thousand practices most questions differ from one before in nothing but whose organisation asks. Rules that do no
// more with it than compare it say the same of every organisation, but for its name: such a question is evaluated for an organisation
// that there is not, and remembered as an outline, in which a name only needs to be put.
//
// That holds where the rules cannot tell one name from another: they mention it in comparisons alone, build no texts, and neither
// they nor the tables nor the rest of the input hold the name, with which a comparison would come out otherwise. Whatever does not show
// that is evaluated for itself.

// someOrganisation stands for the organisation of whoever asks. No policy and no input holds it.
const someOrganisation = "(the organisation of whoever asks)"

// outlines are decisions for someOrganisation.
type outlines struct {
	known *lru.Cache[key, *Decision]
	texts map[string]bool // every text of the rules and of the tables
}

// newOutlines returns nil where rules may do more with the organisation than compare it.
func newOutlines(loaded *bundle, size int) (*outlines, error) {
	made := &outlines{texts: map[string]bool{}}
	for _, module := range loaded.modules {
		if !comparesOnly(module) {
			return nil, nil
		}
		ast.WalkTerms(module, func(term *ast.Term) bool {
			if text, is := term.Value.(ast.String); is {
				made.texts[string(text)] = true
			}
			return false
		})
	}
	made.gather(loaded.data)
	if made.texts[someOrganisation] {
		return nil, nil
	}
	known, err := lru.New[key, *Decision](size)
	made.known = known
	return made, err
}

// gather notes the texts of a table, the names of its members among them.
func (o *outlines) gather(value any) {
	switch value := value.(type) {
	case string:
		o.texts[value] = true
	case []any:
		for _, each := range value {
			o.gather(each)
		}
	case map[string]any:
		for name, each := range value {
			o.texts[name] = true
			o.gather(each)
		}
	}
}

// fit reports whether the input's organisation could be any other.
func (o *outlines) fit(input *Input) bool {
	if o == nil || input.Organisation == "" || o.texts[input.Organisation] {
		return false
	}
	person := &input.Person
	others := [...]string{input.Role, string(input.Purpose), string(input.Relationship), person.Objection, string(person.Age),
		string(person.Capacity), string(person.Authority)}
	is := func(text string) bool { return text == input.Organisation || text == someOrganisation }
	return input.Organisation != someOrganisation && !slices.ContainsFunc(others[:], is) && !slices.ContainsFunc(input.Activities, is) &&
		!slices.ContainsFunc(person.Preferences, func(p Preference) bool {
			return is(p.Effect) || is(p.Category) || is(p.Party) || is(p.Code)
		})
}

// outlined decides by an outline, which is evaluated if nobody asked like this before.
func (e *Engine) outlined(ctx context.Context, input Input) (*Decision, error) {
	organisation := input.Organisation
	input.Organisation = someOrganisation
	input, key, err := input.normalise()
	if err != nil {
		return nil, err
	}
	outline, known := e.outlines.known.Get(key)
	if !known {
		if outline, err = e.evaluate(ctx, input); err != nil {
			return nil, err
		}
		e.outlines.known.Add(key, outline)
	}
	return outline.naming(organisation), nil
}

// naming puts an organisation's name into an outline. Kinds that share a condition go on sharing one.
func (d *Decision) naming(organisation string) *Decision {
	named := *d
	for kind := range named.releases {
		release := &named.releases[kind]
		if before := slices.IndexFunc(d.releases[:kind], func(other Release) bool { return other.Condition.Is(release.Condition) }); before >= 0 {
			release.Condition = named.releases[before].Condition
			continue
		}
		release.Condition = nameIn(release.Condition, organisation)
	}
	return &named
}

func nameIn(released condition.Condition, organisation string) condition.Condition {
	outline := condition.Text(someOrganisation)
	if !slices.ContainsFunc(released.Clauses(), func(clause condition.Clause) bool {
		return slices.ContainsFunc(clause, func(atom condition.Atom) bool { return slices.Contains(atom.Values, outline) })
	}) {
		return released
	}
	clauses := slices.Clone(released.Clauses())
	for i := range clauses {
		clauses[i] = slices.Clone(clauses[i])
		for j := range clauses[i] {
			atom := &clauses[i][j]
			if at := slices.Index(atom.Values, outline); at >= 0 {
				atom.Values = slices.Clone(atom.Values)
				atom.Values[at] = condition.Text(organisation)
			}
		}
	}
	return condition.Where(clauses...)
}

// comparesOnly reports whether a module mentions the organisation of whoever asks in comparisons alone, and builds no texts.
func comparesOnly(module *ast.Module) bool {
	only := true
	var visitor *ast.GenericVisitor
	visitor = ast.NewGenericVisitor(func(node any) bool {
		switch node := node.(type) {
		case *ast.Import:
			path, is := node.Path.Value.(ast.Ref)
			only = only && is && !path.HasPrefix(ast.InputRootRef)
		case *ast.Expr:
			if with := compared(node); with != nil {
				visitor.Walk(with)
				return true
			}
		case ast.Call:
			only = only && buildsNothing(node[0])
		case ast.Ref:
			only = only && !reachesOrganisation(node)
		}
		if expr, is := node.(*ast.Expr); is && expr.IsCall() {
			only = only && buildsNothing(expr.OperatorTerm())
		}
		return !only
	})
	visitor.Walk(module)
	return only
}

// organisationRef is where the organisation of whoever asks stands.
func organisationRef() ast.Ref { return ast.MustParseRef("input.caller.organisation") }

// compared returns what the organisation is compared with, where an expression does just that: another place, or a text.
func compared(expr *ast.Expr) (with *ast.Term) {
	terms, is := expr.Terms.([]*ast.Term)
	if !is || len(terms) != 3 || len(expr.With) > 0 || !slices.Contains([]string{ast.Equal.Name, ast.Equality.Name, ast.NotEqual.Name}, terms[0].String()) {
		return nil
	}
	organisation := organisationRef()
	for i, other := range [...]*ast.Term{terms[2], terms[1]} {
		if ref, is := terms[1+i].Value.(ast.Ref); !is || !ref.Equal(organisation) {
			continue
		}
		switch value := other.Value.(type) {
		case ast.String:
			return other
		case ast.Ref:
			if !reachesOrganisation(value) {
				return other
			}
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
	return slices.Contains([]string{ast.Equal.Name, ast.Equality.Name, ast.NotEqual.Name, ast.Assign.Name, ast.Member.Name, ast.MemberWithKey.Name,
		ast.LessThan.Name, ast.LessThanEq.Name, ast.GreaterThan.Name, ast.GreaterThanEq.Name, ast.Plus.Name, ast.Minus.Name, ast.And.Name,
		ast.Or.Name, ast.Count.Name, ast.Max.Name, ast.Min.Name, ast.Sum.Name, ast.ObjectKeys.Name, ast.ObjectUnion.Name,
		ast.RegexMatch.Name, ast.StartsWith.Name, ast.EndsWith.Name, ast.Contains.Name}, name)
}

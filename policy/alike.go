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

// newOutlines returns nil, and where, if rules may do more with the organisation than compare it.
func newOutlines(loaded *bundle, size int) (*outlines, []*Fault, error) {
	if apart := loaded.apart(); len(apart) > 0 {
		return nil, apart, nil
	}
	made := &outlines{texts: map[string]bool{}}
	for _, module := range loaded.modules {
		made.gatherModule(module)
	}
	made.gather(loaded.data)
	made.gather(loaded.schemas[inputSchema]) // rules may read the names of its members
	if made.texts[someOrganisation] {
		return nil, []*Fault{{File: regoFolder, Message: "a rule or a table holds the text " + someOrganisation + ", which has a meaning of its own here", Advice: nameOtherwise}}, nil
	}
	known, err := lru.New[key, *Decision](size)
	made.known = known
	return made, nil, err
}

// gatherModule notes the texts of rules, and the names of rules, which stand in their paths as texts.
func (o *outlines) gatherModule(module *ast.Module) {
	note := func(term *ast.Term) bool {
		if text, is := term.Value.(ast.String); is {
			o.texts[string(text)] = true
		}
		return false
	}
	ast.WalkTerms(module, note)
	for _, rule := range module.Rules {
		ast.WalkTerms(rule.Ref(), note) // of which a walk of the module takes the last part alone
	}
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

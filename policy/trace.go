package policy

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/topdown"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
)

// Passage is one place in the rules: a definition of a public rule, and what it depends on.
type Passage struct {
	Rule *Rule
	File string
	Line int
	Uses []Use
}

// Use is one public rule on which a passage depends.
type Use struct {
	Rule    *Rule
	Negated bool // the passage holds if the rule does not
}

// Saying finds the passages that led the policy to give its reasons for input, by reason. It follows OPA's trace of the
// decision, so a passage that would give the same reason for another input is not included.
func (i *Inspection) Saying(ctx context.Context, input Input) (map[string][]Passage, error) {
	fired := firedRules{}
	if _, err := i.decision.Eval(ctx, rego.EvalParsedInput(input.document()), rego.EvalQueryTracer(fired)); err != nil {
		return nil, fmt.Errorf("trace the decision: %w", err)
	}
	said := map[string][]Passage{}
	for _, place := range slices.Sorted(maps.Keys(fired)) {
		part := fired[place]
		key := part.Head.Key
		if key == nil {
			continue
		}
		reason, isText := key.Value.(ast.String)
		if rule, known := i.ruleOf(part); isText && known {
			said[string(reason)] = append(said[string(reason)], Passage{Rule: rule, File: part.Location.File,
				Line: part.Location.Row, Uses: i.uses(part)})
		}
	}
	return said, nil
}

// Fired names the rules, apart from private ones, that held when input, or one record of it, was decided.
func (i *Inspection) Fired(ctx context.Context, input Input, record clinical.Record) ([]string, error) {
	fired, query, document := firedRules{}, i.decision, input.document()
	if record != nil {
		query, document = i.plain, input.documentWith(record, i.lists)
	}
	if _, err := query.Eval(ctx, rego.EvalParsedInput(document), rego.EvalQueryTracer(fired)); err != nil {
		return nil, fmt.Errorf("trace the rules: %w", err)
	}
	names := map[string]bool{}
	for _, part := range fired {
		if rule, known := i.ruleOf(part); known {
			names[rule.Ref()] = true
		}
	}
	return slices.Sorted(maps.Keys(names)), nil
}

// Decides reports whether the decision about a record depends on rules of a topic.
func (i *Inspection) Decides(topic string) bool {
	seen := map[string]bool{}
	var rests func(ref string) bool
	rests = func(ref string) bool {
		rule, known := i.Rule(ref)
		if !known || seen[ref] {
			return false
		}
		seen[ref] = true
		return rule.Topic == topic || slices.ContainsFunc(rule.Uses, rests)
	}
	return rests(strings.TrimPrefix(decisionRule, packagePrefix)) || rests(strings.TrimPrefix(rowRule, packagePrefix))
}

func (i *Inspection) ruleOf(part *ast.Rule) (*Rule, bool) {
	topic := strings.TrimPrefix(part.Module.Package.Path.String(), packagePrefix)
	return i.Rule(topic + "." + ruleName(part))
}

// uses are the public rules that the body of one definition names directly.
func (i *Inspection) uses(part *ast.Rule) []Use {
	var uses []Use
	for _, expression := range part.Body {
		named := mentions{module: part.Module, rules: map[string]bool{}, tables: map[string]bool{}, private: map[string]bool{}}
		named.in(expression)
		for _, ref := range slices.Sorted(maps.Keys(named.rules)) {
			if rule, known := i.Rule(ref); known {
				uses = append(uses, Use{Rule: rule, Negated: expression.Negated})
			}
		}
	}
	return uses
}

// firedRules are the definitions that held during a decision, by their place.
type firedRules map[string]*ast.Rule

// Enabled implements [topdown.QueryTracer].
func (firedRules) Enabled() bool { return true }

// Config implements [topdown.QueryTracer].
func (firedRules) Config() topdown.TraceConfig { return topdown.TraceConfig{} }

// TraceEvent implements [topdown.QueryTracer].
func (f firedRules) TraceEvent(event topdown.Event) {
	if rule, ok := event.Node.(*ast.Rule); ok && event.Op == topdown.ExitOp && rule.Location != nil {
		f[fmt.Sprintf("%s:%06d", rule.Location.File, rule.Location.Row)] = rule
	}
}

// Bound is what remains of one rule about single records for one input. A record is released if every bound admits it.
type Bound struct {
	Rule    *Rule
	residue residue
	lists   categoryLists
}

// Condition says which records of the kind the bound admits.
func (b *Bound) Condition(kind clinical.Kind) condition.Condition {
	return b.residue.forKind(kind, b.lists)
}

// Bounds returns the rules on which the release of a single record depends, each with what remains of it for input.
func (i *Inspection) Bounds(ctx context.Context, input Input) ([]Bound, error) {
	whole, known := i.Rule(strings.TrimPrefix(rowRule, packagePrefix))
	if !known {
		return nil, &Fault{File: regoFolder, Message: "there is no rule " + rowRule}
	}
	var bounds []Bound
	for _, ref := range whole.Uses {
		rule, known := i.Rule(ref)
		if !known {
			continue
		}
		queries, err := rego.New(rego.Query(packagePrefix+ref), rego.Compiler(i.compiler), i.store(), rego.StrictBuiltinErrors(true),
			rego.Capabilities(capabilities()), rego.ParsedInput(input.document()), rego.ParsedUnknowns(i.unknown)).Partial(ctx)
		if err != nil {
			return nil, fmt.Errorf("ask %s about records: %w", ref, err)
		}
		left, err := translate(queries)
		if err != nil {
			return nil, fmt.Errorf("translate %s: %w", ref, err)
		}
		bounds = append(bounds, Bound{Rule: rule, residue: left, lists: i.lists})
	}
	return bounds, nil
}

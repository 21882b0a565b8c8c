package casebook

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/policy"
)

// Try decides the case and describes how the decision differs from the expected one; the result is empty if it does
// not. An error means that the policy could not decide.
func (c *Case) Try(ctx context.Context, engine *policy.Engine) ([]string, error) {
	decision, err := engine.Decide(ctx, c.Input())
	if err != nil {
		return nil, err
	}
	var differences []string
	differ := func(what string, decided, expected any) {
		if got, want := fmt.Sprint(decided), fmt.Sprint(expected); got != want {
			differences = append(differences, fmt.Sprintf("%s: decided %s, expected %s", what, got, want))
		}
	}
	differ("permitted", decision.Permitted, c.Expect.Released != Nothing)
	differ("alert", decision.Alert, c.Expect.Alert)
	differ("notify", decision.Notify, c.Expect.Notify)
	differ("hide", decision.Hide, c.Expect.Hide)
	differ("reasons", listed(decision.Reasons), listed(c.Expect.Reasons))
	for _, kind := range clinical.Kinds() {
		released, where := c.Expect.of(kind)
		release := decision.Release(kind)
		differ(kind.String()+" released", Released(release), released)
		if where != nil || len(c.Expect.Records) == 0 {
			differ(kind.String()+" where", listed(inOrder(Alternatives(release.Condition))), listed(inOrder(where)))
		}
		differ(kind.String()+" masked", listed(named(kind, release.Masked)), listed(c.Expect.Masked[kind.String()]))
		differ(kind.String()+" untold", listed(named(kind, release.Untold)), listed(c.Expect.Untold[kind.String()]))
	}
	for i := range c.Expect.Records {
		if difference := c.Expect.Records[i].tried(decision, engine); difference != "" {
			differences = append(differences, difference)
		}
	}
	return differences, nil
}

// of is what is expected of one kind: nothing released if the case does not name it.
func (e *Expectation) of(kind clinical.Kind) (released string, where []string) {
	if !slices.Contains(e.Kinds, kind) {
		return Nothing, nil
	}
	if where, differs := e.WhereOf[kind.String()]; differs {
		return e.Released, where
	}
	return e.Released, e.Where
}

// Released says what a release lets through of its kind: everything, where or nothing.
func Released(release policy.Release) string {
	switch {
	case release.Condition.IsAlways():
		return Everything
	case release.Condition.IsNever():
		return Nothing
	}
	return Where
}

func named(kind clinical.Kind, fields clinical.FieldSet) []string {
	var names []string
	for i := range kind.Descriptor().Fields {
		if field := &kind.Descriptor().Fields[i]; fields.Has(field.Bit) {
			names = append(names, field.Name)
		}
	}
	return names
}

// inOrder sorts the demands of each alternative, whose order does not matter.
func inOrder(alternatives []string) []string {
	ordered := make([]string, len(alternatives))
	for i, alternative := range alternatives {
		parts := strings.Split(alternative, " and ")
		slices.Sort(parts)
		ordered[i] = strings.Join(parts, " and ")
	}
	return ordered
}

// listed writes a list whose order does not matter in one line.
func listed(items []string) string {
	if len(items) == 0 {
		return "none"
	}
	items = slices.Clone(items)
	slices.Sort(items)
	return strings.Join(items, "; ")
}

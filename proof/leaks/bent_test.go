package leaks_test

import (
	"context"
	"slices"
	"testing"

	"onelondon/examples/london/trial"
	"onelondon/internal/condition"
	"onelondon/internal/testkit"
	"onelondon/sources"
)

// A driver that gives more than it was asked for changes nothing: the gate looks at each record again. That this proof would
// notice if the gate did not is shown by proof/translation.
func TestABentDriverLeaksNothing(t *testing.T) {
	for _, bend := range []func(condition.Condition) condition.Condition{ignored, shortened} {
		proves(t, trial.SQLite(), func(s sources.Source) sources.Source { return bent{s, s.(sources.Lister), bend} },
			testkit.Size(12, 100), testkit.Size(12, 200))
	}
}

// bent is a driver that makes something else of the conditions that it is given.
type bent struct {
	sources.Source
	sources.Lister
	makes func(condition.Condition) condition.Condition
}

func (b bent) Fetch(ctx context.Context, query sources.Query) (sources.Answer, error) {
	query.Parts = slices.Clone(query.Parts)
	for i := range query.Parts {
		query.Parts[i].Condition = b.makes(query.Parts[i].Condition)
	}
	return b.Source.Fetch(ctx, query)
}

// ignored is what a driver makes of a condition that it does not heed.
func ignored(condition.Condition) condition.Condition { return condition.Always() }

// shortened loses the last comparison of each alternative.
func shortened(asked condition.Condition) condition.Condition {
	if asked.IsAlways() || asked.IsNever() {
		return asked
	}
	var clauses []condition.Clause
	for _, clause := range asked.Clauses() {
		clauses = append(clauses, clause[:len(clause)-1])
	}
	return condition.Where(clauses...)
}

// straight leaves a driver as it is.
func straight(s sources.Source) sources.Source { return s }

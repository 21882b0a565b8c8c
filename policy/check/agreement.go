package check

import (
	"context"
	"fmt"
	"math/rand/v2"

	"onelondon/policy"
)

// recordsPerQuestion is how many random records are decided for each random question.
const recordsPerQuestion = 50

// agreement decides random questions about random records in two ways, by the condition for databases and by plain
// Rego, and reports the first record on which they disagree. A policy on which they differ would behave differently in
// tests and in production.
func (r *run) agreement(ctx context.Context) {
	if r.inspection == nil {
		r.notRun(StepAgreement, "random decisions")
		return
	}
	random := newRandom(rand.New(rand.NewPCG(r.options.Seed, 0)), r.inspection.Tables())
	decided, released := 0, 0
	for decided < r.options.Decisions {
		input := random.input()
		yes, ok := r.agreesOn(ctx, random, input)
		decided, released = decided+recordsPerQuestion, released+yes
		if !ok {
			break
		}
	}
	r.count(StepAgreement, decided, fmt.Sprintf("random decisions about single records, %d of them releases (seed %d)", released, r.options.Seed))
}

// agreesOn decides random records for one question.
func (r *run) agreesOn(ctx context.Context, random *random, input policy.Input) (released int, ok bool) {
	decision, err := r.inspection.Decide(ctx, input)
	if err != nil {
		r.found(StepAgreement, err)
		return 0, false
	}
	for range recordsPerQuestion {
		record := random.record(input)
		got := decision.Release(record.Kind()).Condition.Match(record)
		want, err := r.inspection.Releases(ctx, input, record)
		if err != nil {
			r.found(StepAgreement, err)
			return released, false
		}
		if got != want {
			r.find(StepAgreement, "rego/rows/rows.rego", 0, fmt.Sprintf("for %+v, the condition says %s and plain Rego says %s of a %s %+v",
				input, verb(got), verb(want), record.Kind(), record.About()), "this is a fault of the program, not of the policy: report it with the seed")
			return released, false
		}
		if got {
			released++
		}
	}
	return released, true
}

func verb(released bool) string {
	if released {
		return "release"
	}
	return "withhold"
}

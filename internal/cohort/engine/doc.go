// Package engine answers a cohort's definition exactly. It knows no policy and protects nobody: what comes out is for package
// disclosure alone.
//
//	plan, err := engine.NewPlan(definition, catalogue.Specs())
//	outcome, err := engine.Run(ctx, engine.Options{Plan: plan, Catalogue: catalogue, Stand: stand, Condition: released})
//	result := disclosure.Protect(definition, outcome.Counted)
//
// A [Plan] says what each source is asked, which is as little as will do, and how the answers are joined. It holds no SQL and
// no address, so that something else than this engine may carry it out. Plan.String is what people are shown of it.
//
// Run asks the sources side by side. Of each event it keeps columns of only what the definition needs, sorted by the person's
// stand-in; a source that answered stays in [Gathered], so that a run that was cut short can be taken up. Then it walks over all
// columns at once, a few hundred people at a time, and tells of each person whether they satisfy the definition and in which
// cells they are. Beyond the columns and the cells themselves that takes next to no memory.
//
// Quantiles are those of type 7 in Hyndman and Fan (1996), which R, NumPy and spreadsheets use by default: of n values in order
// the quantile q is the value at place q times (n-1), counted from 0, between two places in proportion.
//
// The size of a practice is how many people are registered there on the day of the question, of those who are in the study at
// all: people who opted out are not in it, and a practice is never larger than it seems.
package engine

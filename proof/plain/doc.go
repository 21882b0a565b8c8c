// Package plain decides about records one at a time, in plain Rego, as slowly and as simply as can be: no partial evaluation,
// no conditions, no cache, no masks pushed anywhere. It shares no code with the engine, not even what turns an input into a
// document, so that the two can be compared.
//
//	reference, err := plain.Open(ctx, policy.Embedded())
//	asked, err := reference.Ask(ctx, input)
//	released, err := asked.Releases(ctx, record)
package plain

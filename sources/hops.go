package sources

import "context"

type hopsKey struct{}

// WithHops returns a context that carries the OneLondons which a question has already passed through, in order. A
// driver that hands the question on to another OneLondon sends them along, so that the question never returns to one of
// them.
func WithHops(ctx context.Context, hops []string) context.Context {
	return context.WithValue(ctx, hopsKey{}, hops)
}

// Hops returns what ctx carries: nothing for a question that began here.
func Hops(ctx context.Context) []string {
	hops, _ := ctx.Value(hopsKey{}).([]string)
	return hops
}

package sources

import "context"

type hopsKey struct{}

// WithHops returns a context that carries which OneLondons a question has passed already, the first one first. A driver that hands
// the question on to another OneLondon names them there, so that it never comes back.
func WithHops(ctx context.Context, hops []string) context.Context {
	return context.WithValue(ctx, hopsKey{}, hops)
}

// Hops returns what ctx carries: nothing where the question began here.
func Hops(ctx context.Context) []string {
	hops, _ := ctx.Value(hopsKey{}).([]string)
	return hops
}

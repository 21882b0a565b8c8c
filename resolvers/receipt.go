package resolvers

import (
	"context"

	"onelondon/graph/scalars"
	"onelondon/internal/gate"
)

// receipt answers what proves the answer.
type receipt struct{}

// Digest is in hexadecimal.
func (receipt) Digest(_ context.Context, r *gate.Receipt) (string, error) {
	return scalars.MarshalDigest(r.Digest), nil
}

// conflict answers which records contradict each other.
type conflict struct{}

// Records lists the records by their id.
func (conflict) Records(_ context.Context, c *gate.Conflict) ([]string, error) {
	ids := make([]string, len(c.Records))
	for i, record := range c.Records {
		ids[i] = record.About().Reference()
	}
	return ids, nil
}

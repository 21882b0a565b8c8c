package resolvers

import (
	"context"

	"onelondon/graph/scalars"
	"onelondon/internal/gate"
)

// receipt resolves the fields of Receipt.
type receipt struct{}

// Digest is the digest in hexadecimal.
func (receipt) Digest(_ context.Context, r *gate.Receipt) (string, error) {
	return scalars.MarshalDigest(r.Digest), nil
}

// conflict resolves the fields of Conflict.
type conflict struct{}

// Records lists the ids of the contradicting records.
func (conflict) Records(_ context.Context, c *gate.Conflict) ([]string, error) {
	ids := make([]string, len(c.Records))
	for i, record := range c.Records {
		ids[i] = record.About().Reference()
	}
	return ids, nil
}

package auth

import (
	"context"

	"onelondon/internal/clinical"
)

// Caller is who asks, according to a verified token and the request. The zero value is nobody.
type Caller struct {
	ID           string             // subject of the token: the person's stable identifier at the identity provider
	Name         string             // for the ledger and for display, never for a decision
	Role         string             // R-code of the selected role, "R0260"; empty for a citizen
	Organisation string             // ODS code of the selected role's organisation; empty for a citizen
	Activities   []string           // activity codes of the selected role, "B0360", sorted
	Citizen      bool               // a member of the public
	Person       clinical.NHSNumber // a citizen's own number
	Purpose      string             // HL7 PurposeOfUse code declared by the request; empty if none
	Automated    bool               // a program acting on its own, with nobody looking (RFC 9068, section 2.2)
	RequestID    string             // set by the server for each request
	Via          []string           // the OneLondons that handed the question on, starting with the one that verified the caller; empty if it was asked here
}

// IsZero reports whether nobody asks.
func (c Caller) IsZero() bool { return c.ID == "" }

type callerKey struct{}

// WithCaller returns a context that carries caller.
func WithCaller(ctx context.Context, caller Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, caller)
}

// CallerFrom returns the caller that ctx carries, or the zero Caller.
func CallerFrom(ctx context.Context) Caller {
	caller, _ := ctx.Value(callerKey{}).(Caller)
	return caller
}

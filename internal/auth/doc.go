// Package auth knows who is asking: it verifies signed tokens and turns their claims into a [Caller], the only identity the
// rest of the program trusts. Staff come with claims after CIS2, of which the selected role counts and no other; members of
// the public with claims after NHS login.
//
//	caller, err := verifier.Verify(ctx, bearerToken)
//	ctx = auth.WithCaller(ctx, caller)
//
// It decides nothing about what a caller may see.
package auth

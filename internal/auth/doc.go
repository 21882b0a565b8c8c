// Package auth establishes who is asking: it verifies signed tokens and turns their claims into a [Caller], the only
// identity that the rest of the program trusts. Staff have claims in the format of CIS2, of which only the selected
// role counts; members of the public have claims in the format of NHS login.
//
//	caller, err := verifier.Verify(ctx, bearerToken)
//	ctx = auth.WithCaller(ctx, caller)
//
// It decides nothing about what a caller may see. [Verifier] is what the server uses; [Issuer] makes tokens for the
// demo and for tests.
package auth

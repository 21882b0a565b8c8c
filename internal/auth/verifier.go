package auth

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jwk"
	"github.com/lestrrat-go/jwx/v3/jwt"
)

// Errors of a token. None of them quotes it.
var (
	// ErrToken reports a token that is malformed, unsigned, forged, or issued for another audience.
	ErrToken = errors.New("token is not valid here")
	// ErrExpired reports a token that has expired or is not valid yet.
	ErrExpired = errors.New("token is not valid at this time")
	// ErrClaims reports a genuine token that does not identify the caller in a way this server understands.
	ErrClaims = errors.New("token does not say who is asking")
)

// Options say which tokens are accepted.
type Options struct {
	Issuer   string // required value of iss
	Audience string // required in aud
	// Keys returns the issuer's public keys (RFC 7517). It is called by Refresh.
	Keys func(ctx context.Context) ([]byte, error)
	Now  func() time.Time // default time.Now
}

// Verifier turns tokens into callers. It is safe for concurrent use.
type Verifier struct {
	options Options
	keys    atomic.Pointer[keyring]
	known   *lru.Cache[[sha256.Size]byte, verified]
}

// keyring is one fetched set of keys. A token verified under an older set is verified again.
type keyring struct{ set jwk.Set }

// verified is the cached result for a token. The token itself is not kept.
type verified struct {
	caller  Caller
	ring    *keyring
	from    time.Time
	expires time.Time
}

const (
	maxToken    = 16 << 10
	rememberFor = 4096 // tokens
	clockSkew   = 30 * time.Second
)

// NewVerifier fetches the keys and returns a verifier. Only keys for asymmetric signatures are accepted, so that nobody
// who can verify a token can make one.
func NewVerifier(ctx context.Context, options Options) (*Verifier, error) {
	if options.Issuer == "" || options.Audience == "" || options.Keys == nil {
		return nil, errors.New("open verifier: issuer, audience and keys are required")
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	known, err := lru.New[[sha256.Size]byte, verified](rememberFor)
	if err != nil {
		return nil, err
	}
	v := &Verifier{options: options, known: known}
	return v, v.Refresh(ctx)
}

// Refresh fetches the keys again. On an error the previous ones stay in use.
func (v *Verifier) Refresh(ctx context.Context) error {
	data, err := v.options.Keys(ctx)
	if err != nil {
		return fmt.Errorf("fetch token keys: %w", err)
	}
	set, err := jwk.Parse(data)
	if err != nil {
		return errors.New("read token keys: not a JSON Web Key set")
	}
	if set.Len() == 0 {
		return errors.New("read token keys: the set is empty")
	}
	for i := range set.Len() {
		key, _ := set.Key(i)
		if err := asymmetric(key); err != nil {
			return fmt.Errorf("read token keys: key %d: %w", i+1, err)
		}
	}
	v.keys.Store(&keyring{set})
	return nil
}

func asymmetric(key jwk.Key) error {
	algorithm, ok := key.Algorithm()
	if !ok {
		return errors.New("has no alg")
	}
	switch algorithm.String() {
	case jwa.ES256().String(), jwa.ES384().String(), jwa.ES512().String(), jwa.EdDSA().String(), jwa.PS256().String(),
		jwa.PS384().String(), jwa.PS512().String(), jwa.RS256().String(), jwa.RS384().String(), jwa.RS512().String():
	default:
		return errors.New("alg is not an asymmetric signature")
	}
	if _, ok := key.KeyID(); !ok {
		return errors.New("has no kid")
	}
	return nil
}

// Verify checks a bearer token's signature, issuer, audience and times, and returns the caller that it identifies. The
// errors are those of this package.
func (v *Verifier) Verify(token string) (Caller, error) {
	if len(token) == 0 || len(token) > maxToken {
		return Caller{}, ErrToken
	}
	ring, now := v.keys.Load(), v.options.Now()
	digest := sha256.Sum256([]byte(token))
	if before, ok := v.known.Get(digest); ok && before.ring == ring {
		if now.Before(before.from.Add(-clockSkew)) || !now.Before(before.expires.Add(clockSkew)) {
			return Caller{}, ErrExpired
		}
		return before.caller, nil
	}
	checked, err := v.check(token, ring, now)
	if err != nil {
		return Caller{}, err
	}
	v.known.Add(digest, checked)
	return checked.caller, nil
}

func (v *Verifier) check(token string, ring *keyring, now time.Time) (verified, error) {
	parsed, err := jwt.Parse([]byte(token), jwt.WithKeySet(ring.set), jwt.WithIssuer(v.options.Issuer),
		jwt.WithAudience(v.options.Audience), jwt.WithRequiredClaim(jwt.ExpirationKey), jwt.WithAcceptableSkew(clockSkew),
		jwt.WithClock(jwt.ClockFunc(func() time.Time { return now })))
	if err != nil {
		// The library's error may quote claims, so only its class is passed on.
		if errors.Is(err, jwt.TokenExpiredError()) || errors.Is(err, jwt.TokenNotYetValidError()) ||
			errors.Is(err, jwt.InvalidIssuedAtError()) {
			return verified{}, ErrExpired
		}
		return verified{}, ErrToken
	}
	caller, err := callerOf(token)
	if err != nil {
		return verified{}, err
	}
	expires, _ := parsed.Expiration()
	from, _ := parsed.NotBefore()
	return verified{caller: caller, ring: ring, from: from, expires: expires}, nil
}

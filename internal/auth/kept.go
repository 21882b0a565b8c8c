package auth

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/lestrrat-go/jwx/v3/jwk"
)

// Key returns the issuer's private key as a JSON Web Key, for [ReadIssuer]. It is secret: whoever has it can
// impersonate anybody.
func (i *Issuer) Key() ([]byte, error) { return json.MarshalIndent(i.private, "", "  ") }

// ReadIssuer makes an issuer with a stored key, so that its earlier tokens remain valid.
func ReadIssuer(name, audience string, key []byte) (*Issuer, error) {
	private, err := jwk.ParseKey(key)
	if err != nil {
		return nil, errors.New("read issuer's key: not a JSON Web Key")
	}
	if _, err := private.PublicKey(); err != nil {
		return nil, fmt.Errorf("read issuer's key: %w", err)
	}
	return &Issuer{name: name, audience: audience, private: private}, nil
}

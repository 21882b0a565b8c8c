package auth

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"time"

	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jwk"
	"github.com/lestrrat-go/jwx/v3/jwt"
)

// Issuer signs tokens for the demo and for tests, as an identity provider would. A production site trusts its own
// provider and does not use it.
type Issuer struct {
	name, audience string
	private        jwk.Key
}

// Person is the subject of a token: a member of staff in one role or, with an NHSNumber, a member of the public.
type Person struct {
	Subject, Name string
	Role          string // R-code
	Organisation  string // ODS code
	Activities    []string
	NHSNumber     string
	Purpose       string
	Automated     bool // a program acting on its own
}

// NewIssuer makes an issuer with a fresh ES256 key.
func NewIssuer(name, audience string) (*Issuer, error) {
	raw, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	private, err := jwk.Import(raw)
	if err != nil {
		return nil, err
	}
	if err := jwk.AssignKeyID(private); err != nil {
		return nil, err
	}
	if err := private.Set(jwk.AlgorithmKey, jwa.ES256()); err != nil {
		return nil, err
	}
	return &Issuer{name: name, audience: audience, private: private}, nil
}

// Keys returns the public half as a JSON Web Key set.
func (i *Issuer) Keys() ([]byte, error) {
	public, err := i.private.PublicKey()
	if err != nil {
		return nil, err
	}
	set := jwk.NewSet()
	if err := set.AddKey(public); err != nil {
		return nil, err
	}
	return json.MarshalIndent(set, "", "  ")
}

// Sign makes a token for person that is valid from now for the given time.
func (i *Issuer) Sign(person Person, from time.Time, validity time.Duration) (string, error) {
	builder := jwt.NewBuilder().Issuer(i.name).Audience([]string{i.audience}).Subject(person.Subject).IssuedAt(from).
		NotBefore(from).Expiration(from.Add(validity)).Claim("name", person.Name)
	if person.Purpose != "" {
		builder = builder.Claim("purpose_of_use", person.Purpose)
	}
	if person.Automated {
		builder = builder.Claim("client_id", person.Subject)
	}
	if person.NHSNumber != "" {
		builder = builder.Claim("nhs_number", person.NHSNumber).Claim("identity_proofing_level", "P9")
	} else {
		builder = builder.Claim("selected_roleid", "1").Claim("nhsid_nrbac_roles", []map[string]any{{
			"person_roleid": "1", "org_code": person.Organisation, "role_code": "S8000:G8000:" + person.Role,
			"activity_codes": person.Activities,
		}})
	}
	token, err := builder.Build()
	if err != nil {
		return "", fmt.Errorf("build token: %w", err)
	}
	signed, err := jwt.Sign(token, jwt.WithKey(jwa.ES256(), i.private))
	return string(signed), err
}

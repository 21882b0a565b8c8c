package approval

import (
	"crypto"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jws"

	"onelondon/policy/signing"
)

// Suffix, appended to the name of a bundle, names the file of its approvals.
const Suffix = ".approvals.json"

// kind distinguishes an approval from anything else signed with the same key.
const kind = "onelondon-approval+jws"

// mostApprovals is the maximum number of approvals in a file.
const mostApprovals = 100

// ErrFile reports a file of approvals that cannot be read.
var ErrFile = errors.New("not a file of approvals; onelondon policy approve writes it")

// Role is the role in which somebody approves.
type Role string

// The roles.
const (
	Lay          Role = "lay"          // a Londoner, for Londoners
	Professional Role = "professional" // somebody who works for a health or care organisation
)

// Digest is the SHA-256 of a bundle's file.
type Digest [32]byte

// String is the digest in hexadecimal digits.
func (d Digest) String() string { return fmt.Sprintf("%x", d[:]) }

// Approval is one person's approval of one bundle.
type Approval struct {
	Bundle   Digest
	Revision string // of the bundle, for display; the digest is what counts
	Name     string
	Role     Role
	At       time.Time // by the approver's clock
}

// claims are the signed contents of an approval.
type claims struct {
	Bundle   string    `json:"bundle"`
	Revision string    `json:"revision"`
	Name     string    `json:"name"`
	Role     Role      `json:"role"`
	At       time.Time `json:"at"`
}

// Sign makes a signed token from an approval.
func Sign(a Approval, private crypto.Signer) (string, error) {
	if a.Name == "" || a.Role != Lay && a.Role != Professional || a.At.IsZero() {
		return "", errors.New("sign an approval: it needs a name, a role and a time")
	}
	payload, err := json.Marshal(claims{a.Bundle.String(), a.Revision, a.Name, a.Role, a.At.UTC().Truncate(time.Second)})
	if err != nil {
		return "", fmt.Errorf("sign an approval: %w", err)
	}
	algorithm, err := algorithmOf(private.Public())
	if err != nil {
		return "", fmt.Errorf("sign an approval: %w", err)
	}
	headers := jws.NewHeaders()
	if err := headers.Set(jws.TypeKey, kind); err != nil {
		return "", fmt.Errorf("sign an approval: %w", err)
	}
	token, err := jws.Sign(payload, jws.WithKey(algorithm, private, jws.WithProtectedHeaders(headers)))
	if err != nil {
		return "", fmt.Errorf("sign an approval: %w", err)
	}
	return string(token), nil
}

func algorithmOf(public crypto.PublicKey) (jwa.SignatureAlgorithm, error) {
	algorithm, err := signing.AlgorithmOf(public)
	if err != nil {
		return jwa.SignatureAlgorithm{}, err
	}
	if algorithm == signing.ES256 {
		return jwa.ES256(), nil
	}
	return jwa.EdDSA(), nil
}

// read returns the contents of a token if it was signed with the key. The algorithm is determined by the key, whatever
// the token claims.
func read(token string, public crypto.PublicKey) (claims, bool) {
	algorithm, err := algorithmOf(public)
	if err != nil {
		return claims{}, false
	}
	payload, err := jws.Verify([]byte(token), jws.WithKey(algorithm, public))
	if err != nil {
		return claims{}, false
	}
	message, err := jws.Parse([]byte(token))
	if err != nil || len(message.Signatures()) != 1 {
		return claims{}, false
	}
	var said claims
	typ, _ := message.Signatures()[0].ProtectedHeaders().Type()
	if typ != kind || json.Unmarshal(payload, &said) != nil {
		return claims{}, false
	}
	return said, true
}

// file is a file of approvals.
type file struct {
	Approvals []string `json:"approvals"`
}

// tokens reads a file of approvals. An empty one contains none.
func tokens(content []byte) ([]string, error) {
	if len(content) == 0 {
		return nil, nil
	}
	var f file
	if err := json.Unmarshal(content, &f); err != nil || len(f.Approvals) > mostApprovals {
		return nil, ErrFile
	}
	return f.Approvals, nil
}

// Append adds a token to the contents of a file of approvals; they are empty if the file does not exist yet.
func Append(content []byte, token string) ([]byte, error) {
	given, err := tokens(content)
	if err != nil {
		return nil, err
	}
	if len(given) == mostApprovals {
		return nil, fmt.Errorf("add an approval: there are %d of this bundle already", mostApprovals)
	}
	encoded, err := json.MarshalIndent(file{append(given, token)}, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("add an approval: %w", err)
	}
	return append(encoded, '\n'), nil
}

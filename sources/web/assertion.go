package web

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jwk"
	"github.com/lestrrat-go/jwx/v3/jwt"
)

const (
	assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
	// assertionLife is the validity of an assertion. Servers accept at most five minutes, by their own clock.
	assertionLife = 4 * time.Minute
	// largestKey is the maximum size of a key file.
	largestKey = 64 << 10
)

// errKey says what a key file must contain, and reveals nothing of its contents.
var errKey = errors.New("the private key's file holds no RSA key of 2048 bits or more and no P-384 key, in PEM or as a JSON Web Key")

// signer is a private key for authentication, with its id.
type signer struct {
	algorithm jwa.SignatureAlgorithm
	key       jwk.Key
}

// signer reads the key's file, each time anew, so that a key can be changed by replacing the file.
func (c *Credentials) signer() (*signer, error) {
	info, err := os.Stat(c.KeyFile)
	if err != nil || info.Size() > largestKey {
		return nil, errors.New("the private key's file cannot be read")
	}
	written, err := os.ReadFile(c.KeyFile)
	if err != nil {
		return nil, errors.New("the private key's file cannot be read") // the system's error contains the path
	}
	key, err := jwk.ParseKey(written)
	if err != nil {
		if key, err = jwk.ParseKey(written, jwk.WithPEM(true)); err != nil {
			return nil, errKey
		}
	}
	algorithm, err := c.algorithm(key)
	if err != nil {
		return nil, err
	}
	return &signer{algorithm, key}, c.identify(key)
}

// identify gives a key that has no id, such as one in PEM, the configured id.
func (c *Credentials) identify(key jwk.Key) error {
	own, named := key.KeyID()
	switch {
	case named && c.KeyID != "" && own != c.KeyID:
		return errors.New("the private key's file names another key id than the configuration does")
	case named && own != "":
		return nil
	case c.KeyID == "":
		return errors.New("the private key has no id: the file does not name one, and the configuration neither")
	}
	return key.Set(jwk.KeyIDKey, c.KeyID)
}

// algorithm is RS512 or ES384, depending on the key, unless a suitable other one is configured.
func (c *Credentials) algorithm(key jwk.Key) (jwa.SignatureAlgorithm, error) {
	usual, err := usualFor(key)
	switch {
	case err != nil || c.Algorithm == "" || c.Algorithm == usual.String():
		return usual, err
	case c.Algorithm == jwa.RS384().String() && usual == jwa.RS512():
		return jwa.RS384(), nil
	}
	return usual, errors.New("the private key is of another kind than the configured algorithm")
}

func usualFor(key jwk.Key) (jwa.SignatureAlgorithm, error) {
	var raw any
	if err := jwk.Export(key, &raw); err != nil {
		return jwa.RS512(), errKey
	}
	switch of := raw.(type) {
	case *rsa.PrivateKey:
		if of.N.BitLen() >= 2048 {
			return jwa.RS512(), nil
		}
	case *ecdsa.PrivateKey:
		if of.Curve == elliptic.P384() {
			return jwa.ES384(), nil
		}
	}
	return jwa.RS512(), errKey
}

// assertion is a JWT used instead of a client's secret (RFC 7523, section 2.2), valid once and briefly.
func (s *signer) assertion(client, audience string, now time.Time) (string, error) {
	token, err := jwt.NewBuilder().Issuer(client).Subject(client).Audience([]string{audience}).JwtID(unique()).Expiration(now.Add(assertionLife)).Build()
	if err != nil {
		return "", fmt.Errorf("build assertion: %w", err)
	}
	signed, err := jwt.NewSerializer().Sign(jwt.WithKey(s.algorithm, s.key)).Serialize(token)
	return string(signed), err
}

// unique is a random UUID, which some servers require as an assertion's id.
func unique() string {
	var random [16]byte
	_, _ = rand.Read(random[:]) // never fails
	random[6], random[8] = random[6]&0x0f|0x40, random[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", random[:4], random[4:6], random[6:8], random[8:10], random[10:])
}

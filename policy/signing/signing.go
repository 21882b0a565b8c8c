package signing

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
)

// Algorithm is the algorithm of a key, by its name in JSON Web Signatures (RFC 7518, RFC 8037).
type Algorithm string

// The algorithms.
const (
	EdDSA Algorithm = "EdDSA" // Ed25519
	ES256 Algorithm = "ES256" // ECDSA on P-256 with SHA-256
)

// ErrKey reports something that is not a usable key.
var ErrKey = errors.New("not an Ed25519 or P-256 key in PEM; make a pair with: onelondon policy keys")

// Generate makes a new private key.
func Generate(algorithm Algorithm) (crypto.Signer, error) {
	switch algorithm {
	case EdDSA:
		_, private, err := ed25519.GenerateKey(rand.Reader)
		return private, err
	case ES256:
		return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	}
	return nil, fmt.Errorf("make a key: %q is neither EdDSA nor ES256", algorithm)
}

// AlgorithmOf returns the algorithm of a public key.
func AlgorithmOf(public crypto.PublicKey) (Algorithm, error) {
	switch key := public.(type) {
	case ed25519.PublicKey:
		if len(key) == ed25519.PublicKeySize {
			return EdDSA, nil
		}
	case *ecdsa.PublicKey:
		if key.Curve == elliptic.P256() {
			return ES256, nil
		}
	}
	return "", ErrKey
}

// ParsePublic reads a public key from PEM (PKIX).
func ParsePublic(content []byte) (crypto.PublicKey, error) {
	block, _ := pem.Decode(content)
	if block == nil || block.Type != "PUBLIC KEY" {
		return nil, ErrKey
	}
	public, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, ErrKey
	}
	if _, err := AlgorithmOf(public); err != nil {
		return nil, err
	}
	return public, nil
}

// ParsePrivate reads a private key from PEM (PKCS 8, or SEC 1, which OpenSSL writes for elliptic curves).
func ParsePrivate(content []byte) (crypto.Signer, error) {
	block, _ := pem.Decode(content)
	if block == nil {
		return nil, ErrKey
	}
	var key any
	var err error
	switch block.Type {
	case "PRIVATE KEY":
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	case "EC PRIVATE KEY":
		key, err = x509.ParseECPrivateKey(block.Bytes)
	}
	private, ok := key.(crypto.Signer)
	if err != nil || !ok {
		return nil, ErrKey
	}
	if _, err := AlgorithmOf(private.Public()); err != nil {
		return nil, err
	}
	return private, nil
}

// EncodePublic writes a public key as PEM (PKIX).
func EncodePublic(public crypto.PublicKey) ([]byte, error) {
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return nil, ErrKey
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), nil
}

// EncodePrivate writes a private key as PEM (PKCS 8), unencrypted.
func EncodePrivate(private crypto.Signer) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, ErrKey
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}

// Fingerprint identifies a public key: the first 16 hexadecimal digits of the SHA-256 of its PKIX form.
func Fingerprint(public crypto.PublicKey) (string, error) {
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return "", ErrKey
	}
	sum := sha256.Sum256(der)
	return hex.EncodeToString(sum[:8]), nil
}

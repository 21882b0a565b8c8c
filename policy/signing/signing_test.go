package signing_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"testing"

	"onelondon/policy/signing"
)

type equaler interface{ Equal(crypto.PublicKey) bool }

func TestAKeyPairSurvivesItsFiles(t *testing.T) {
	for _, algorithm := range []signing.Algorithm{signing.EdDSA, signing.ES256} {
		private, err := signing.Generate(algorithm)
		if err != nil {
			t.Fatal(err)
		}
		secret, err := signing.EncodePrivate(private)
		if err != nil {
			t.Fatal(err)
		}
		open, err := signing.EncodePublic(private.Public())
		if err != nil {
			t.Fatal(err)
		}
		again, err := signing.ParsePrivate(secret)
		if err != nil {
			t.Fatal(err)
		}
		public, err := signing.ParsePublic(open)
		if err != nil {
			t.Fatal(err)
		}
		if !public.(equaler).Equal(private.Public()) || !public.(equaler).Equal(again.Public()) {
			t.Errorf("%s: another key came back", algorithm)
		}
		if got, err := signing.AlgorithmOf(public); err != nil || got != algorithm {
			t.Errorf("%s: read back as %s, %v", algorithm, got, err)
		}
		if _, err := signing.ParsePublic(secret); !errors.Is(err, signing.ErrKey) {
			t.Errorf("%s: a private key was taken for a public one: %v", algorithm, err)
		}
		if _, err := signing.ParsePrivate(open); !errors.Is(err, signing.ErrKey) {
			t.Errorf("%s: a public key was taken for a private one: %v", algorithm, err)
		}
	}
}

func TestDifferentKeysHaveDifferentFingerprints(t *testing.T) {
	seen := map[string]bool{}
	for range 20 {
		private, err := signing.Generate(signing.EdDSA)
		if err != nil {
			t.Fatal(err)
		}
		fingerprint, err := signing.Fingerprint(private.Public())
		if err != nil || len(fingerprint) != 16 || seen[fingerprint] {
			t.Errorf("fingerprint %q: %v", fingerprint, err)
		}
		seen[fingerprint] = true
	}
}

func TestOtherKindsOfKeyAreRefused(t *testing.T) {
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	weak, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for name, private := range map[string]crypto.Signer{"P-384": p384, "RSA": weak} {
		secret, err := signing.EncodePrivate(private)
		if err != nil {
			t.Fatal(err)
		}
		open, err := signing.EncodePublic(private.Public())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := signing.ParsePrivate(secret); !errors.Is(err, signing.ErrKey) {
			t.Errorf("%s private: %v", name, err)
		}
		if _, err := signing.ParsePublic(open); !errors.Is(err, signing.ErrKey) {
			t.Errorf("%s public: %v", name, err)
		}
	}
	if _, err := signing.Generate("RS256"); err == nil {
		t.Error("an algorithm that is not offered made a key")
	}
}

func FuzzParseAnyBytes(f *testing.F) {
	f.Add([]byte("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"))
	f.Add(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: []byte{1, 2}}))
	f.Fuzz(func(t *testing.T, content []byte) {
		if public, err := signing.ParsePublic(content); err == nil {
			if _, err := x509.MarshalPKIXPublicKey(public); err != nil {
				t.Error("a key that cannot be written was read")
			}
		}
		if private, err := signing.ParsePrivate(content); err == nil && private == nil {
			t.Error("neither a key nor an error")
		}
	})
}

// Package signing reads and writes the key pairs with which policy bundles are signed and approved: Ed25519 (EdDSA) and
// ECDSA on P-256 (ES256), as PEM files that OPA and OpenSSL can also read.
//
//	private, err := signing.Generate(signing.EdDSA)
//	pem, err := signing.EncodePrivate(private)
//	public, err := signing.ParsePublic(content)
//
// It signs nothing itself.
package signing

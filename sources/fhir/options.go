package fhir

import (
	"crypto/tls"
	"time"

	"onelondon/internal/clinical"
	"onelondon/sources"
)

// Options says which server is asked, and how. The zero value of everything but ID and Base is usable.
type Options struct {
	ID clinical.SourceID
	// Base is the address that resource types hang below, without a query: https://fhir.trust.example/R4.
	Base string
	// TLS says whom to trust and how to prove who asks; the system's authorities by default. At least TLS 1.2 is spoken.
	TLS *tls.Config
	// Credentials are sent with every request; none by default.
	Credentials Credentials
	// NoBatch asks one search at a time though the server says it takes batches, for one that cannot chain patient.identifier.
	NoBatch bool
	// Labelled says that the server labels in meta.security whatever is restricted, so that a resource without a label is not sealed. By
	// default it is not known whether it is, and a rule that wants to know releases nothing.
	Labelled bool
	// Organisation is the ODS code of whose server it is: a record that names no organisation is theirs. Left out where a server has the records
	// of several, and then such a record is nobody's.
	Organisation clinical.Text
	// Limits cap a query that sets none of its own; 10,000 rows and 16 MiB by default.
	Limits sources.Limits
	// Read caps what one question may read of the server before anything is filtered; 20,000 resources and 64 MiB by default. A
	// question that counts reads everything, page by page, and each page is held to the bytes.
	Read sources.Limits
	// Page is how many resources the server is asked to send at once; 500 by default.
	Page int
	// Timeout ends a request whose context has no deadline of its own; a minute by default.
	Timeout time.Duration
}

// Credentials are how the source proves who asks: a token that somebody else issued, or what gets one from an authorisation server
// by OAuth 2.0 client credentials (RFC 6749, section 4.4). They hold secrets and mask themselves.
type Credentials struct {
	Token string // a bearer token as it is

	TokenURL string
	ClientID string
	Secret   string
	Scope    string

	// KeyFile is the path of a private key that signs a JWT in the place of the secret (RFC 7523: private_key_jwt), as NHS England's interfaces
	// want: PEM, or a JSON Web Key that names its own id. It is read anew for each token, so that a key is changed by replacing the file.
	KeyFile string
	// KeyID is the id under which the server knows the key, where the file does not name one.
	KeyID string
	// Algorithm is RS512, RS384 or ES384; by default RS512 for an RSA key and ES384 for one of P-384.
	Algorithm string
}

// String masks the credentials.
func (Credentials) String() string { return "credentials (masked)" }

// GoString masks the credentials under %#v.
func (c Credentials) GoString() string { return c.String() }

// MarshalText masks the credentials: encoding a struct that holds them must not disclose them.
func (c Credentials) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

func (o Options) filled() Options {
	fill(&o.Limits.Rows, 10_000)
	fill(&o.Limits.Bytes, 16<<20)
	fill(&o.Read.Rows, 20_000)
	fill(&o.Read.Bytes, 64<<20)
	fill(&o.Page, 500)
	if o.Timeout <= 0 {
		o.Timeout = time.Minute
	}
	return o
}

func fill(number *int, usual int) {
	if *number <= 0 {
		*number = usual
	}
}

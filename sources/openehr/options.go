package openehr

import (
	"crypto/tls"
	"time"

	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/mapping"
)

// Options says which server is asked, and how. The zero value of everything but ID, Base and Mapping is usable.
type Options struct {
	ID clinical.SourceID
	// Base is the address of openEHR's REST API, that v1 hangs below: https://ehr.example/ehrbase/rest/openehr.
	Base    string
	Mapping *mapping.Mapping
	// TLS says whom to trust and how to prove who asks; the system's authorities by default. At least TLS 1.2 is spoken.
	TLS *tls.Config
	// Credentials are sent with every request; none by default.
	Credentials Credentials
	// Limits cap a query that sets none of its own; 10,000 rows and 16 MiB by default.
	Limits sources.Limits
	// Read caps what one query in AQL may bring before anything is filtered; 20,000 rows and 64 MiB by default.
	Read sources.Limits
	// Page is how many EHRs are asked about at once where everybody is meant; 500 by default.
	Page int
	// Timeout ends a request whose context has no deadline of its own; a minute by default.
	Timeout time.Duration
}

// Credentials are how the source proves who asks: a bearer token, or a user and a password. They hold secrets and mask themselves.
type Credentials struct {
	Token          string
	User, Password string
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

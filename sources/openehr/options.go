package openehr

import (
	"crypto/tls"
	"net/http"
	"time"

	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/mapping"
	"onelondon/sources/web"
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
	// Transport answers in the place of the network, see [web.InProcess]; nil for the network.
	Transport http.RoundTripper
	// Limits cap a query that sets none of its own; 10,000 rows and 16 MiB by default.
	Limits sources.Limits
	// Read caps what one query in AQL may bring before anything is filtered; 20,000 rows and 64 MiB by default.
	Read sources.Limits
	// Wide asks for all of a person's records of a kind, for a server that compares texts otherwise than the specification says. By default
	// it is told codes, statuses and dates where that helps, and all of them where it refuses.
	Wide bool
	// Whole is how many rows of a set are read as they are, before the server is asked which records have the codes, statuses and dates; 1,000 by
	// default.
	Whole int
	// Page is how many EHRs are asked about at once where everybody is meant; 500 by default.
	Page int
	// Timeout ends a request whose context has no deadline of its own; a minute by default.
	Timeout time.Duration
}

// Credentials are how the source proves who asks.
type Credentials = web.Credentials

func (o Options) filled() Options {
	usual := web.Usual{Limits: o.Limits, Read: o.Read, Page: o.Page, Timeout: o.Timeout}.Filled()
	if o.Whole <= 0 {
		o.Whole = 1000
	}
	o.Limits, o.Read, o.Page, o.Timeout = usual.Limits, usual.Read, usual.Page, usual.Timeout
	return o
}

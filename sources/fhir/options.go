package fhir

import (
	"crypto/tls"
	"net/http"
	"time"

	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/web"
)

// Options says which server is asked, and how. The zero value of everything but ID and Base is usable.
type Options struct {
	ID clinical.SourceID
	// Base is the address that resource types hang below, without a query: https://fhir.trust.example/R4.
	Base string
	// Aliases are other addresses of the same server, which references and links may name: that within, where Base is a gateway's. What is at any
	// other address is another server's.
	Aliases []string
	// TLS says whom to trust and how to prove who asks; the system's authorities by default. At least TLS 1.2 is spoken.
	TLS *tls.Config
	// Credentials are sent with every request; none by default.
	Credentials Credentials
	// Transport answers in the place of the network, see [web.InProcess]; nil for the network.
	Transport http.RoundTripper
	// NoBatch asks one search at a time though the server says it takes batches, for one that cannot chain patient.identifier.
	NoBatch bool
	// Labelled says that the server labels in meta.security whatever is restricted, so that a resource without a label is not sealed. By
	// default it is not known whether it is, and a rule that wants to know releases nothing.
	Labelled bool
	// Provenance asks for what the server keeps in Provenance resources of who wrote a record, for whom and when, with the records (_revinclude),
	// where its CapabilityStatement says that it sends that along.
	Provenance bool
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

// Credentials are how the source proves who asks.
type Credentials = web.Credentials

func (o Options) filled() Options {
	usual := web.Usual{Limits: o.Limits, Read: o.Read, Page: o.Page, Timeout: o.Timeout}.Filled()
	o.Limits, o.Read, o.Page, o.Timeout = usual.Limits, usual.Read, usual.Page, usual.Timeout
	return o
}

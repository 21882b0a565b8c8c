package fhir

import (
	"errors"

	"onelondon/sources/web"
)

// server is what faults call the server, of whose own words they hold none.
const server web.Server = "FHIR"

// errAlias is of an address that no server can be known by.
var errAlias = errors.New("an alias of the FHIR server is not http(s)://host/path without a query, a fragment or a user")

package fhir

import "onelondon/sources/web"

// server is what faults call the server, of whose own words they hold none.
const server web.Server = "FHIR"

// Package fhirstore is a FHIR R4 server in memory, read only, for the demo and for tests: what sources/fhir asks of a server, and no more. It is as
// strict as a real one: a parameter that it does not know is an error, and it sends pages. It knows nobody's rights and is for made-up
// people on this machine alone.
//
//	store := fhirstore.New(fhirstore.Options{}, patient, condition)
//	server := http.Server{Handler: store}
package fhirstore

// Package fhirstore is a FHIR R4 server in memory, read only: what sources/fhir asks of a server, and no more. A source that is a folder of files
// is answered from it in the process ([Read]), and tests hold the driver to it. It is as strict as a real one: a parameter that it does not
// know is an error, and it sends pages. It knows nobody's rights, so that it is to listen nowhere but on loopback, for tests.
//
//	store, err := fhirstore.Read("export") // Bundles, resources, bulk-export NDJSON
//	source, err := fhir.Open(ctx, fhir.Options{ID: "export", Base: "http://files.invalid" + fhirstore.Base, Transport: web.InProcess(store)})
package fhirstore

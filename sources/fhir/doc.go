// Package fhir asks a FHIR R4 server, such as one of UK Core profiles, as a source. It reads and never writes.
//
// What a server returns is turned into records and put before [onelondon/sources/memory] for the length of one question, so that an
// answer means here what it means there whatever the server can filter. Search parameters only narrow what is sent: they are used
// where they can lose nothing.
//
//	source, err := fhir.Open(ctx, fhir.Options{ID: "trust", Base: "https://fhir.trust.example/R4"})
//
// A server with the batch interaction answers all kinds of one question in one round trip. Any other is asked two searches at a time.
// An NHS number is never part of a URL: searches are forms, and a batch carries its own in its body.
package fhir

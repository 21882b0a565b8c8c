// Package web is what the drivers of HTTP servers have in common: a client that authenticates itself by a token, a
// password or OAuth 2.0 client credentials; errors that repeat nothing the server said, since that may quote a value;
// headers that say who asks; a transport to a handler in this process instead of a server; the reading of common
// values; and [Answer], which turns everything read for a question into its exact answer.
//
//	const server web.Server = "FHIR"
//	client, err := server.Client(web.Connection{Base: "https://fhir.trust.example/R4", Timeout: time.Minute, Largest: 64 << 20})
//	body, err := client.Send(ctx, &query.Caller, &web.Request{Method: http.MethodGet, URL: "https://fhir.trust.example/R4/metadata"})
package web

// Package web is what drivers of servers that are asked over HTTP have in common: a client that proves who asks, by a token, a
// password or OAuth 2.0 client credentials; how a server's faults are told without a word of its own, since words may quote a value; who
// asks, handed on in headers; a handler of this process in the place of a server; values that all of them write alike; and what a question
// means of all that was read for it.
//
//	const server web.Server = "FHIR"
//	client, err := server.Client(web.Connection{Base: "https://fhir.trust.example/R4", Timeout: time.Minute, Largest: 64 << 20})
//	body, err := client.Send(ctx, &query.Caller, &web.Request{Method: http.MethodGet, URL: "https://fhir.trust.example/R4/metadata"})
package web

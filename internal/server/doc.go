// Package server is the HTTP server: GraphQL over HTTP, the caller's identity, limits, health, metrics and the console.
//
//	s, err := server.New(server.Options{Schema: executor.New(resolvers.New(g, nil)), Verifier: verifier, Log: log})
//	err = s.Serve(ctx, listener)
//
// Questions are accepted only by POST as application/json, because URLs end up in logs. The package reads the body
// itself and passes the document to gqlgen's executor: gqlgen's own transports do not limit the body, repeat it in
// errors, log it, and copy every answer. Errors in a request are reported in our own words under a closed set of codes;
// no part of the request is repeated or logged.
//
// It decides nothing about what a caller may see, and knows no source.
//
// Start reading with routes.go and endpoint.go: every request passes the middleware in observe.go and identity.go, and
// a question then goes through endpoint.serve.
package server

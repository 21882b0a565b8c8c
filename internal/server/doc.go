// Package server is where questions arrive and answers leave: HTTP, GraphQL over HTTP, identity, limits, health, metrics and
// the console.
//
//	s, err := server.New(server.Options{Schema: schema, Present: graph.Present, Verifier: verifier, Log: log})
//	err = s.Serve(ctx, listener)
//
// A question is taken only by POST as application/json, since a URL is written into logs that nobody thinks of. The package
// reads the body itself and hands the document to gqlgen's executor: gqlgen's own transports have no limit on it, repeat it
// in errors and log it, and cost a second copy of every answer. Whatever is wrong before a field is answered is told by code,
// rule and place, and never in the words of the request.
//
// It decides nothing about what a caller may see and knows no source.
package server

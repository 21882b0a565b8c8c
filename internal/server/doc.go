// Package server is where questions arrive and answers leave: HTTP, GraphQL over HTTP, identity, limits, health, metrics and
// the console.
//
//	s, err := server.New(server.Options{Schema: executor.New(resolvers.New(g, nil)), Verifier: verifier, Log: log})
//	err = s.Serve(ctx, listener)
//
// A question is taken only by POST as application/json, since a URL is written into logs that nobody thinks of. The package
// reads the body itself and hands the document to gqlgen's executor: gqlgen's own transports have no limit on it, repeat it
// in errors and log it, and cost a second copy of every answer. Whatever is wrong with a request is told in our own words
// under a closed set of codes, and no part of the request comes back or is logged.
//
// It decides nothing about what a caller may see and knows no source.
package server

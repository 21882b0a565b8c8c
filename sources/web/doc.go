// Package web is what drivers of servers that are asked over HTTP have in common: how their faults are told without a word of
// theirs, since words may quote a value, and who asks handed on in headers.
//
//	const server web.Server = "FHIR"
//	return server.Refused(response.StatusCode)
package web

package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"onelondon/sources"
)

// Server is a kind of server, as named in errors.
type Server string

// Refused is the error for a status: its number and the kind of failure.
func (s Server) Refused(status int) error {
	kind := sources.ErrUnavailable
	switch status {
	case http.StatusBadRequest, http.StatusNotFound, http.StatusForbidden, http.StatusMethodNotAllowed, http.StatusNotAcceptable, http.StatusGone,
		http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity, http.StatusNotImplemented:
		kind = sources.ErrSchema
	}
	code := fmt.Sprintf("HTTP %d", status)
	return sources.WithCode(fmt.Errorf("%w: %s server answered %s", kind, string(s), code), code)
}

// Garbled is the error for a reply that does not answer the question. What describes it in our own words only.
func (s Server) Garbled(what string) error {
	return fmt.Errorf("%w: %s server's reply: %s", sources.ErrSchema, string(s), what)
}

// Unreached is the context's own error, else that the server could not be reached. The transport's error would contain
// the address.
func (s Server) Unreached(ctx context.Context) error {
	if ended := ctx.Err(); ended != nil {
		return ended
	}
	return fmt.Errorf("%w: %s server could not be reached", sources.ErrUnavailable, string(s))
}

// HandOn sets headers that say who asks, for the server's own audit.
func HandOn(header http.Header, caller *sources.Caller) {
	for name, value := range map[string]string{"X-OneLondon-Caller": caller.ID, "X-OneLondon-Organisation": caller.Organisation,
		"X-OneLondon-Role": caller.Role, "X-OneLondon-Purpose": caller.Purpose, "X-Request-ID": caller.RequestID} {
		if value != "" {
			header.Set(name, headerSafe(value))
		}
	}
}

// headerSafe keeps printable ASCII and replaces everything else by question marks.
func headerSafe(value string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, value[:min(len(value), 200)])
}

// theirs is an error from a callback, to be returned unchanged even if the context has ended.
type theirs struct{ error }

// Theirs marks an error as coming from a callback.
func Theirs(err error) error {
	if err == nil {
		return nil
	}
	return theirs{err}
}

// Ended is the callback's error, else the context's, else what went wrong.
func Ended(ctx context.Context, err error) error {
	var own theirs
	switch {
	case errors.As(err, &own):
		return own.error
	case err != nil && ctx.Err() != nil:
		return ctx.Err()
	}
	return err
}

package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"onelondon/sources"
)

// Server is a kind of server, as faults name it.
type Server string

// Refused is what the caller sees of a status: its number and what kind of fault it is.
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

// Garbled reports a reply that answers no question of ours. What says so in our words alone.
func (s Server) Garbled(what string) error {
	return fmt.Errorf("%w: %s server's reply: %s", sources.ErrSchema, string(s), what)
}

// Unreached is the context's own end, else that the server could not be reached. The transport's words hold the address.
func (s Server) Unreached(ctx context.Context) error {
	if ended := ctx.Err(); ended != nil {
		return ended
	}
	return fmt.Errorf("%w: %s server could not be reached", sources.ErrUnavailable, string(s))
}

// HandOn says who asks, for the server's own audit.
func HandOn(header http.Header, caller *sources.Caller) {
	for name, value := range map[string]string{"X-OneLondon-Caller": caller.ID, "X-OneLondon-Organisation": caller.Organisation,
		"X-OneLondon-Role": caller.Role, "X-OneLondon-Purpose": caller.Purpose, "X-Request-ID": caller.RequestID} {
		if value != "" {
			header.Set(name, headerSafe(value))
		}
	}
}

// headerSafe keeps printable ASCII; anything else becomes a question mark.
func headerSafe(value string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, value[:min(len(value), 200)])
}

// theirs is an error of whoever is handed something, to be returned as it is even where the context has ended.
type theirs struct{ error }

// Theirs marks an error as that of whoever was handed something.
func Theirs(err error) error {
	if err == nil {
		return nil
	}
	return theirs{err}
}

// Ended is the error of whoever was handed something, else the context's end, else what went wrong.
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

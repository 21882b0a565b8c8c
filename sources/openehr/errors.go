package openehr

import (
	"context"
	"fmt"
	"net/http"

	"onelondon/sources"
)

// refused is what the caller sees of a status: its number and what kind of fault it is. What the server says in words may quote a
// value, so none of it is kept.
func refused(status int) error {
	kind := sources.ErrUnavailable
	switch status {
	case http.StatusBadRequest, http.StatusNotFound, http.StatusForbidden, http.StatusMethodNotAllowed, http.StatusNotAcceptable, http.StatusGone,
		http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity, http.StatusNotImplemented:
		kind = sources.ErrSchema
	}
	code := fmt.Sprintf("HTTP %d", status)
	return sources.WithCode(fmt.Errorf("%w: openEHR server answered %s", kind, code), code)
}

// garbled reports a reply that answers no query of ours.
func garbled(what string) error {
	return fmt.Errorf("%w: openEHR server's reply: %s", sources.ErrSchema, what)
}

// unreached is the context's own end, else that the server could not be reached. The transport's words hold the address.
func unreached(ctx context.Context) error {
	if ended := ctx.Err(); ended != nil {
		return ended
	}
	return fmt.Errorf("%w: openEHR server could not be reached", sources.ErrUnavailable)
}

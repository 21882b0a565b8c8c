package server

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"strings"

	"onelondon/internal/auth"
)

// purposeHeader declares the purpose of a question; without it the token's own purpose applies.
const purposeHeader = "X-Purpose-Of-Use"

type requestIDKey struct{}

// requestID returns the id of the request to which ctx belongs.
func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

// identify gives the request an id, or keeps the one it came with if that is acceptable.
func (s *Server) identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("X-Request-Id")
		if !auth.IsRequestID(id) {
			id = rand.Text()
		}
		w.Header()["X-Request-Id"] = []string{id}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestIDKey{}, id)))
	})
}

// caller verifies the caller and the purpose. The error is a problem.
func (s *endpoint) caller(r *http.Request) (auth.Caller, error) {
	header := r.Header["Authorization"]
	if len(header) != 1 {
		return auth.Caller{}, unidentified
	}
	scheme, token, found := strings.Cut(header[0], " ")
	if !found || !strings.EqualFold(scheme, "Bearer") {
		return auth.Caller{}, unidentified
	}
	caller, err := s.options.Verifier.Verify(strings.TrimSpace(token))
	switch {
	case errors.Is(err, auth.ErrExpired):
		return auth.Caller{}, tokenExpired
	case err != nil || caller.IsZero():
		return auth.Caller{}, tokenRefused
	}
	if declared := r.Header[purposeHeader]; len(declared) > 0 {
		purpose := strings.TrimSpace(declared[0])
		if len(declared) > 1 || !isPurpose(purpose) {
			return auth.Caller{}, badPurpose
		}
		caller.Purpose = purpose
	}
	caller.RequestID = requestID(r.Context())
	return caller, nil
}

// isPurpose reports whether text has the form of an HL7 PurposeOfUse code. Which codes are accepted is up to the gate.
func isPurpose(text string) bool {
	for i := range len(text) {
		if text[i] < 'A' || text[i] > 'Z' {
			return false
		}
	}
	return text != "" && len(text) <= 16
}

// challenge tells a client how to identify itself (RFC 6750, section 3).
func challenge(w http.ResponseWriter, refused error) {
	value := `Bearer realm="onelondon"`
	if !errors.Is(refused, unidentified) {
		value += `, error="invalid_token"`
	}
	w.Header().Set("WWW-Authenticate", value)
}

package server

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"strings"

	"onelondon/internal/auth"
	"onelondon/internal/clinical"
)

// purposeHeader declares why this question is asked; where it is not sent the token's own purpose holds.
const purposeHeader = "X-Purpose-Of-Use"

type requestIDKey struct{}

// requestID returns the id of the request that ctx belongs to.
func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

// identify gives the request an id, or keeps the one it came with where that is nothing but an id.
func (s *Server) identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("X-Request-Id")
		if !isRequestID(id) {
			id = rand.Text()
		}
		w.Header()["X-Request-Id"] = []string{id}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestIDKey{}, id)))
	})
}

func isRequestID(id string) bool {
	for i := range len(id) {
		if c := id[i]; c != '-' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return id != "" && len(id) <= 64 && !looksLikeNumber(id) && !holdsNumber(id)
}

// looksLikeNumber reports whether an id is ten digits: the request id goes into logs, and an NHS number must not.
func looksLikeNumber(id string) bool {
	digits := 0
	for i := range len(id) {
		if id[i] >= '0' && id[i] <= '9' {
			digits++
		} else if id[i] != '-' {
			return false
		}
	}
	return digits == 10
}

// holdsNumber reports whether an NHS number stands within an id, plain or grouped, with no digit beside it.
func holdsNumber(id string) bool {
	digit := func(i int) bool { return i >= 0 && i < len(id) && id[i] >= '0' && id[i] <= '9' }
	for from := range id {
		if !digit(from) || digit(from-1) {
			continue
		}
		for _, length := range []int{len("9990000018"), len("999-000-0018")} {
			if to := from + length; to <= len(id) && !digit(to) {
				if _, err := clinical.ParseNHSNumber(id[from:to]); err == nil {
					return true
				}
			}
		}
	}
	return false
}

// caller verifies who asks and for which purpose. The error is a problem.
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

// isPurpose reports whether text has the form of a code of HL7 PurposeOfUse. Which ones count is for the gate.
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

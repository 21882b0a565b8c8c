package fhir_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"onelondon/sources/fhir/fhirstore"
)

type object = fhirstore.Object

// server is a FHIR server of our own that remembers what it was asked, and whose answers a test can spoil.
type server struct {
	*httptest.Server
	store *fhirstore.Store

	mu       sync.Mutex
	requests []seenRequest
	spoil    func(http.ResponseWriter, *http.Request) bool // answers in the server's place
	rewrite  func(reply string) string                     // what the server answers, otherwise written
}

type seenRequest struct {
	method, url string
	header      http.Header
	body        string
}

// serve starts the server; at the end of the test no URL that it was asked by may hold an NHS number.
func serve(t *testing.T, resources ...object) *server {
	t.Helper()
	s := &server{store: fhirstore.New(fhirstore.Options{}, resources...)}
	s.Server = httptest.NewServer(s)
	t.Cleanup(func() {
		s.Close()
		for _, request := range s.requests {
			if plain, _ := url.QueryUnescape(request.url); strings.Contains(plain, "999000") || strings.Contains(plain, "nhs-number") {
				t.Errorf("a URL tells whom was asked for: %s %s", request.method, request.url)
			}
		}
	})
	return s
}

func (s *server) base() string { return s.URL + fhirstore.Base }

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	s.mu.Lock()
	s.requests = append(s.requests, seenRequest{r.Method, r.URL.String(), r.Header.Clone(), string(body)})
	spoil := s.spoil
	s.mu.Unlock()
	switch {
	case spoil != nil && spoil(w, r):
	case s.rewrite != nil:
		reply := httptest.NewRecorder()
		s.store.ServeHTTP(reply, r)
		w.WriteHeader(reply.Code)
		_, _ = w.Write([]byte(s.rewrite(reply.Body.String())))
	default:
		s.store.ServeHTTP(w, r)
	}
}

// at is what a path of elements leads to in a resource.
func at(resource object, path string) any {
	var value any = resource
	for _, name := range strings.Split(path, ".") {
		of, _ := value.(object)
		value = of[name]
	}
	return value
}

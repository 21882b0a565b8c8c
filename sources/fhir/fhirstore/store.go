package fhirstore

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Object is a JSON object: a resource or a part of one.
type Object = map[string]any

// Options say how the server behaves. The zero value takes batches, knows all its parameters and sends long pages.
type Options struct {
	Page     int  // the most resources that it sends at once; 1,000 by default
	NoBatch  bool // takes no batches
	Plain    bool // knows no parameters that narrow, and no _elements
	Lenient  bool // takes no notice of whom a search for patients is for
	Repeated bool // its links repeat the search instead of naming it
	Most     int  // what it sends along at most of what names a page's resources, without a word; 0 for all
}

// Store is the server; it answers below /R4. It is safe for concurrent use, as long as nobody changes a resource.
type Store struct {
	Options Options
	params  map[string]map[string]string // see narrowing

	mu        sync.RWMutex
	resources map[string][]Object // by type, in the order they are served
	searches  map[int]url.Values  // remembered for links, by number
	searched  int                 // searches so far
}

var _ http.Handler = (*Store)(nil)

// Base is the path that everything is below.
const Base = "/R4"

const (
	largest    = 4 << 20 // how much of a request is read
	remembered = 1000    // how many searches' pages can be asked for; older links lead nowhere
)

// New makes a server of some resources, each with resourceType and id.
func New(options Options, resources ...Object) *Store {
	s := &Store{Options: options, params: narrowing(), resources: map[string][]Object{}, searches: map[int]url.Values{}}
	s.Add(resources...)
	return s
}

// Add puts resources behind those that are there.
func (s *Store) Add(resources ...Object) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, resource := range resources {
		name, _ := resource["resourceType"].(string)
		s.resources[name] = append(s.resources[name], resource)
	}
}

// all are the resources of a type.
func (s *Store) all(name string) []Object {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.resources[name]
}

// ServeHTTP answers a request for capabilities, a search, a page or a batch.
func (s *Store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	reply, status := any(outcome("not-found")), http.StatusNotFound
	path := strings.TrimPrefix(r.URL.Path, Base)
	name, searching := strings.CutSuffix(path, "/_search")
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largest))
	switch {
	case err != nil:
		reply, status = outcome("too-long"), http.StatusRequestEntityTooLarge
	case path == "/metadata":
		reply, status = s.capabilities(), http.StatusOK
	case path == "" && r.Method == http.MethodPost && !s.Options.NoBatch:
		reply, status = s.batch(r, body)
	case r.Method == http.MethodGet && typeOf(path) != "":
		reply, status = s.search(r, typeOf(path), r.URL.Query(), 0)
	case path == "" && r.Method == http.MethodGet:
		reply, status = s.remembered(r)
	case searching && r.Method == http.MethodPost && r.Header.Get("Content-Type") == "application/x-www-form-urlencoded":
		form, bad := url.ParseQuery(string(body))
		if reply, status = outcome("invalid"), http.StatusBadRequest; bad == nil {
			reply, status = s.search(r, strings.TrimPrefix(name, "/"), form, 0)
		}
	}
	w.Header().Set("Content-Type", "application/fhir+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(reply) // whoever asked may have gone
}

// outcome says what went wrong by one of FHIR's issue types.
func outcome(code string) Object {
	return Object{"resourceType": "OperationOutcome", "issue": []any{Object{"severity": "error", "code": code}}}
}

// typeOf is the type whose search a path is, "" where it is none.
func typeOf(path string) string {
	if name := strings.TrimPrefix(path, "/"); slices.Contains(Types(), name) {
		return name
	}
	return ""
}

func (s *Store) capabilities() Object {
	var rest []any
	for _, name := range Types() {
		var known, included []any
		for param := range s.params[name] {
			if !s.Options.Plain {
				known = append(known, Object{"name": param})
			}
		}
		if strings.HasPrefix(name, "Medication") {
			included = []any{name + ":medication"}
		}
		rest = append(rest, Object{"type": name, "interaction": []any{Object{"code": "search-type"}}, "searchParam": known, "searchInclude": included,
			"searchRevInclude": []any{"Provenance:target"}})
	}
	server := Object{"mode": "server", "resource": rest, "interaction": []any{}, "searchParam": []any{}}
	if !s.Options.NoBatch {
		server["interaction"] = []any{Object{"code": "batch"}}
	}
	if !s.Options.Plain {
		server["searchParam"] = []any{Object{"name": "_elements"}}
	}
	return Object{"resourceType": "CapabilityStatement", "fhirVersion": "4.0.1", "rest": []any{server}}
}

func (s *Store) batch(r *http.Request, body []byte) (any, int) {
	var asked struct {
		Type  string
		Entry []struct {
			Request struct{ Method, URL string }
		}
	}
	if err := json.Unmarshal(body, &asked); err != nil || asked.Type != "batch" {
		return outcome("invalid"), http.StatusBadRequest
	}
	entries := []any{}
	for _, entry := range asked.Entry {
		name, query, _ := strings.Cut(entry.Request.URL, "?")
		reply, status := any(outcome("invalid")), http.StatusBadRequest
		if values, err := url.ParseQuery(query); err == nil && entry.Request.Method == http.MethodGet {
			reply, status = s.search(r, name, values, 0)
		}
		entries = append(entries, Object{"resource": reply, "response": Object{"status": fmt.Sprintf("%d %s", status, http.StatusText(status))}})
	}
	return Object{"resourceType": "Bundle", "type": "batch-response", "entry": entries}, http.StatusOK
}

// remembered serves a page of a search that a link names.
func (s *Store) remembered(r *http.Request) (any, int) {
	query := r.URL.Query()
	number, err := strconv.Atoi(query.Get("_getpages"))
	offset, bad := strconv.Atoi(query.Get("_offset"))
	s.mu.RLock()
	form := s.searches[number]
	s.mu.RUnlock()
	if err != nil || bad != nil || offset < 0 || form == nil {
		return outcome("not-found"), http.StatusNotFound
	}
	return s.search(r, form.Get("#type"), form, offset)
}

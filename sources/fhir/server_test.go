package fhir_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

type object = map[string]any

// server is a FHIR server of the test's own, as strict as a real one: a parameter it does not know is an error.
type server struct {
	*httptest.Server
	narrowing map[string]map[string]string // see params
	resources map[string][]object          // by type, in the order they are served
	page      int                          // the most it sends at once
	noBatch   bool
	plain     bool // knows no parameters that narrow, and no _elements
	lenient   bool // takes no notice of whom a search is for
	echo      bool // its links repeat the search instead of naming it

	mu       sync.Mutex
	searches []url.Values // remembered for links
	requests []seenRequest
	spoil    func(http.ResponseWriter, *http.Request) bool // answers in the server's place
}

type seenRequest struct {
	method, url string
	header      http.Header
	body        string
}

// params are the parameters of each type that narrow, with the element that they look at.
func params() map[string]map[string]string {
	return map[string]map[string]string{
		"AllergyIntolerance": {"code": "code", "onset": "reaction.onset"},
		"Condition":          {"code": "code", "onset-date": "onsetDateTime"},
		"Observation":        {"combo-code": "code", "date": "effectiveDateTime"},
		"DiagnosticReport":   {"code": "code", "date": "effectiveDateTime"},
		"Encounter":          {"date": "period.start"},
		"Procedure":          {"code": "code", "date": "performedDateTime"},
		"Immunization":       {"vaccine-code": "vaccineCode", "date": "occurrenceDateTime"},
		"Appointment":        {"date": "start"},
		"ServiceRequest":     {"code": "code", "authored": "authoredOn"},
		"DocumentReference":  {"type": "type", "date": "date"},
		"Flag":               {"date": "period.start"},
		"CarePlan":           {"date": "period.start"},
	}
}

func types() []string {
	return []string{"Patient", "AllergyIntolerance", "Condition", "MedicationRequest", "MedicationStatement", "Observation", "DiagnosticReport", "Encounter",
		"Procedure", "Immunization", "Appointment", "ServiceRequest", "DocumentReference", "Flag", "RelatedPerson", "CarePlan", "Consent"}
}

// serve starts the server; at the end of the test no URL that it was asked by may hold an NHS number.
func serve(t *testing.T, resources ...object) *server {
	t.Helper()
	s := &server{narrowing: params(), resources: map[string][]object{}, page: 1000}
	for _, resource := range resources {
		name := resource["resourceType"].(string)
		s.resources[name] = append(s.resources[name], resource)
	}
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

func (s *server) base() string { return s.URL + "/R4" }

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	s.requests = append(s.requests, seenRequest{r.Method, r.URL.String(), r.Header.Clone(), string(body)})
	spoil := s.spoil
	s.mu.Unlock()
	if spoil != nil && spoil(w, r) {
		return
	}
	path := strings.TrimPrefix(r.URL.Path, "/R4")
	reply, status := any(nil), http.StatusNotFound
	switch name, isSearch := strings.CutSuffix(path, "/_search"); {
	case path == "/metadata":
		reply, status = s.statement(), 200
	case path == "" && r.Method == http.MethodPost && !s.noBatch:
		reply, status = s.batch(body), 200
	case r.Method == http.MethodGet && typeOf(path) != "":
		reply, status = s.search(typeOf(path), r.URL.Query(), 0)
	case path == "" && r.Method == http.MethodGet:
		reply, status = s.remembered(r.URL.Query())
	case isSearch && r.Method == http.MethodPost && r.Header.Get("Content-Type") == "application/x-www-form-urlencoded":
		form, _ := url.ParseQuery(string(body))
		reply, status = s.search(strings.TrimPrefix(name, "/"), form, 0)
	}
	w.Header().Set("Content-Type", "application/fhir+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(reply)
}

// typeOf is the type whose search a path is, "" where it is none.
func typeOf(path string) string {
	if name := strings.TrimPrefix(path, "/"); slices.Contains(types(), name) {
		return name
	}
	return ""
}

func (s *server) statement() object {
	var rest []any
	for _, name := range types() {
		var known, included []any
		for param := range s.narrowing[name] {
			if !s.plain {
				known = append(known, object{"name": param})
			}
		}
		if strings.HasPrefix(name, "Medication") {
			included = []any{name + ":medication"}
		}
		rest = append(rest, object{"type": name, "interaction": []any{object{"code": "search-type"}}, "searchParam": known, "searchInclude": included})
	}
	server := object{"mode": "server", "resource": rest, "interaction": []any{}, "searchParam": []any{}}
	if !s.noBatch {
		server["interaction"] = []any{object{"code": "batch"}}
	}
	if !s.plain {
		server["searchParam"] = []any{object{"name": "_elements"}}
	}
	return object{"resourceType": "CapabilityStatement", "fhirVersion": "4.0.1", "rest": []any{server}}
}

func (s *server) batch(body []byte) object {
	var asked struct {
		Entry []struct {
			Request struct{ Method, URL string }
		}
	}
	_ = json.Unmarshal(body, &asked)
	entries := []any{}
	for _, entry := range asked.Entry {
		name, query, _ := strings.Cut(entry.Request.URL, "?")
		values, _ := url.ParseQuery(query)
		reply, status := s.search(name, values, 0)
		entries = append(entries, object{"resource": reply, "response": object{"status": fmt.Sprintf("%d %s", status, http.StatusText(status))}})
	}
	return object{"resourceType": "Bundle", "type": "batch-response", "entry": entries}
}

// remembered serves a page of a search that a link names, and is echoed ones too.
func (s *server) remembered(query url.Values) (any, int) {
	s.mu.Lock()
	number, err := strconv.Atoi(query.Get("_getpages"))
	if err != nil || number >= len(s.searches) {
		s.mu.Unlock()
		return nil, 404
	}
	form := s.searches[number]
	s.mu.Unlock()
	offset, _ := strconv.Atoi(query.Get("_offset"))
	return s.search(form.Get("#type"), form, offset)
}

func (s *server) search(name string, form url.Values, offset int) (any, int) {
	if !slices.Contains(types(), name) {
		return nil, 404
	}
	var found []object
	if token := form.Get("patient.identifier"); token != "" {
		form["#ids"] = nil
		for _, patient := range s.resources["Patient"] {
			if identified(patient, token) {
				form["#ids"] = append(form["#ids"], "Patient/"+patient["id"].(string))
			}
		}
	}
	for _, resource := range s.resources[name] {
		matches, known := s.matches(name, resource, form)
		if !known {
			return object{"resourceType": "OperationOutcome"}, 400
		}
		if matches {
			found = append(found, resource)
		}
	}
	if form.Get("_sort") == "-_lastUpdated" {
		slices.SortStableFunc(found, func(a, b object) int { return strings.Compare(updated(b), updated(a)) })
	}
	if at, err := strconv.Atoi(form.Get("_offset")); err == nil {
		offset = at
	}
	count, err := strconv.Atoi(form.Get("_count"))
	if err != nil || count > s.page {
		count = s.page
	}
	found = found[min(offset, len(found)):]
	page := object{"resourceType": "Bundle", "type": "searchset", "total": len(found)}
	if len(found) > count {
		found = found[:count]
		page["link"] = []any{object{"relation": "self", "url": "x"}, object{"relation": "next", "url": s.link(name, form, offset+count)}}
	}
	page["entry"] = s.entries(found, form)
	return page, 200
}

func (s *server) link(name string, form url.Values, offset int) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	next := url.Values{}
	for key, values := range form {
		if !strings.HasPrefix(key, "#") {
			next[key] = values
		}
	}
	if s.echo {
		next.Set("_offset", strconv.Itoa(offset))
		return s.base() + "/" + name + "?" + next.Encode()
	}
	next.Set("#type", name)
	s.searches = append(s.searches, next)
	// Real servers name pages by UUIDs, and in this one there are the digits of a valid number, which is nobody's here.
	return fmt.Sprintf("%s?_getpages=%d&_offset=%d&_page=c0f1d645-09f3-49da-b0e4-ab4010232137", s.base(), len(s.searches)-1, offset)
}

func (s *server) entries(found []object, form url.Values) []any {
	entries := []any{}
	for _, resource := range found {
		sent := resource
		if elements := form.Get("_elements"); elements != "" {
			sent = object{"resourceType": resource["resourceType"]}
			for _, name := range strings.Split(elements, ",") {
				if value, ok := resource[name]; ok {
					sent[name] = value
				}
			}
		}
		entries = append(entries, object{"fullUrl": "x", "resource": sent, "search": object{"mode": "match"}})
	}
	if form.Get("_include") != "" {
		for _, medication := range s.resources["Medication"] {
			entries = append(entries, object{"resource": medication, "search": object{"mode": "include"}})
		}
	}
	return entries
}

package fhirstore

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

func (s *Store) search(r *http.Request, name string, form url.Values, offset int) (any, int) {
	if !slices.Contains(Types(), name) {
		return outcome("not-supported"), http.StatusNotFound
	}
	form = s.chained(form)
	var found []Object
	for _, resource := range s.all(name) {
		matches, known := s.matches(name, resource, form)
		if !known {
			return outcome("invalid"), http.StatusBadRequest
		}
		if matches {
			found = append(found, resource)
		}
	}
	if form.Get("_sort") == "-_lastUpdated" {
		slices.SortStableFunc(found, func(a, b Object) int { return strings.Compare(updated(b), updated(a)) })
	}
	if at, err := strconv.Atoi(form.Get("_offset")); err == nil {
		offset = max(at, 0)
	}
	page := Object{"resourceType": "Bundle", "type": "searchset", "total": len(found)}
	found = found[min(offset, len(found)):]
	if count := s.count(form); len(found) > count {
		found = found[:count]
		page["link"] = []any{Object{"relation": "self", "url": Base + "/" + name}, Object{"relation": "next", "url": s.link(r, name, form, offset+count)}}
	}
	page["entry"] = s.entries(found, form)
	return page, http.StatusOK
}

// chained finds whom patient.identifier means, once for the whole search.
func (s *Store) chained(form url.Values) url.Values {
	token := form.Get("patient.identifier")
	if token == "" {
		return form
	}
	form = maps.Clone(form)
	form["#ids"] = nil
	for _, patient := range s.all("Patient") {
		if identified(patient, token) {
			form["#ids"] = append(form["#ids"], fmt.Sprint("Patient/", patient["id"]))
		}
	}
	return form
}

// count is how many resources a page of the search holds.
func (s *Store) count(form url.Values) int {
	most := s.Options.Page
	if most <= 0 {
		most = 1000
	}
	if count, err := strconv.Atoi(form.Get("_count")); err == nil && count > 0 {
		return min(count, most)
	}
	return most
}

func (s *Store) link(r *http.Request, name string, form url.Values, offset int) string {
	next := url.Values{}
	for key, values := range form {
		if !strings.HasPrefix(key, "#") {
			next[key] = values
		}
	}
	base := "http://" + r.Host + Base
	if s.Options.Repeated {
		next.Set("_offset", strconv.Itoa(offset))
		return base + "/" + name + "?" + next.Encode()
	}
	next.Set("#type", name)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.searches[s.searched] = next
	delete(s.searches, s.searched-remembered)
	s.searched++
	// Real servers name pages by UUIDs, and in this one there are the digits of a valid number, which is nobody's here.
	return fmt.Sprintf("%s?_getpages=%d&_offset=%d&_page=c0f1d645-09f3-49da-b0e4-ab4010232137", base, s.searched-1, offset)
}

// entries are resources as a page has them, with the elements that were asked for and the medicines that were to be included.
func (s *Store) entries(found []Object, form url.Values) []any {
	entries := []any{}
	for _, resource := range found {
		sent := resource
		if elements := form.Get("_elements"); elements != "" {
			sent = Object{"resourceType": resource["resourceType"]}
			for _, name := range strings.Split(elements, ",") {
				if value, ok := resource[name]; ok {
					sent[name] = value
				}
			}
		}
		entries = append(entries, Object{"fullUrl": fmt.Sprintf("%s/%s/%s", Base, resource["resourceType"], resource["id"]), "resource": sent,
			"search": Object{"mode": "match"}})
	}
	if form.Get("_include") != "" {
		for _, medication := range s.all("Medication") {
			if slices.ContainsFunc(found, func(one Object) bool { return names(one, medication) }) {
				entries = append(entries, Object{"resource": medication, "search": Object{"mode": "include"}})
			}
		}
	}
	if form.Get("_revinclude") == "Provenance:target" {
		entries = append(entries, s.origins(found)...)
	}
	return entries
}

// origins are the Provenances of resources, up to the most that are sent along.
func (s *Store) origins(found []Object) []any {
	var entries []any
	for _, provenance := range s.all("Provenance") {
		targets, _ := provenance["target"].([]any)
		about := slices.ContainsFunc(targets, func(one any) bool {
			target, _ := one.(Object)
			return slices.ContainsFunc(found, func(resource Object) bool {
				return target["reference"] == fmt.Sprintf("%s/%s", resource["resourceType"], resource["id"])
			})
		})
		if about && (s.Options.Most == 0 || len(entries) < s.Options.Most) {
			entries = append(entries, Object{"resource": provenance, "search": Object{"mode": "include"}})
		}
	}
	return entries
}

// names reports whether a resource refers to a medicine.
func names(resource, medication Object) bool {
	return at(resource, "medicationReference.reference") == fmt.Sprint("Medication/", medication["id"])
}

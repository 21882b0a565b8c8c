package fhirstore

import (
	"errors"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"onelondon/sources/files"
)

// The faults of resources.
var (
	errNoType  = errors.New("no resource: it has no resourceType")
	errNoID    = errors.New("a resource without an id")
	errTwice   = errors.New("a resource that stands in the folder with other words too")
	errWithin  = errors.New("an entry without a resource, or with a Bundle in it")
	errHistory = errors.New("a Bundle of history holds versions that are over; export what holds now")
	errOutcome = errors.New("an OperationOutcome: the export went wrong")
	errServers = errors.New("resources of two servers in one folder, which may have the same ids for different things")
)

// Read makes a server of a folder of files: resources and Bundles as .json, or as .ndjson with one a line, such as a bulk export (FHIR Bulk
// Data Access, STU 2) has. References within a Bundle by fullUrl become references by type and id, as a server makes them, and so do
// those to the server that fullUrls name, of which there is one. Whatever is not understood is one of [files.Faults].
func Read(folder string) (*Store, error) {
	r := &reading{byID: map[string]Object{}}
	if err := files.Each(folder, func(document files.Document) error { return r.add(document.Object) }); err != nil {
		return nil, err
	}
	if r.server != "" {
		for _, resource := range r.all {
			shorten(resource, r.server)
		}
	}
	return New(Options{}, r.all...), nil
}

type reading struct {
	all    []Object
	byID   map[string]Object
	server string // whose resources they are, by the addresses that Bundles give them; "" where none does
}

func (r *reading) add(document Object) error {
	switch document["resourceType"] {
	case "Bundle":
		return r.bundle(document)
	case "OperationOutcome":
		return errOutcome
	}
	return r.resource(document)
}

var (
	typeName = regexp.MustCompile(`^[A-Z][A-Za-z]{2,63}$`)
	idForm   = regexp.MustCompile(`^[A-Za-z0-9.-]{1,64}$`)
	onServer = regexp.MustCompile(`^(https?://.+/)[A-Z][A-Za-z]{2,63}/[A-Za-z0-9.-]{1,64}$`)
)

func (r *reading) resource(resource Object) error {
	name, _ := resource["resourceType"].(string)
	if !typeName.MatchString(name) {
		return errNoType
	}
	id, _ := resource["id"].(string)
	if !idForm.MatchString(id) {
		return errNoID
	}
	key := name + "/" + id
	if already := r.byID[key]; already != nil {
		if !reflect.DeepEqual(already, resource) {
			return errTwice
		}
		return nil // exports of several people share their places and practitioners
	}
	r.byID[key] = resource
	r.all = append(r.all, resource)
	return nil
}

func (r *reading) bundle(bundle Object) error {
	if bundle["type"] == "history" {
		return errHistory
	}
	entries, _ := bundle["entry"].([]any)
	named := map[string]string{}
	var resources []Object
	for _, one := range entries {
		entry, _ := one.(Object)
		resource, _ := entry["resource"].(Object)
		name, _ := resource["resourceType"].(string)
		switch {
		case name == "OperationOutcome" && at(entry, "search.mode") == "outcome" && !failed(resource):
			continue // a warning beside what a search found
		case name == "OperationOutcome":
			return errOutcome
		case resource == nil || name == "Bundle":
			return errWithin
		}
		full, _ := entry["fullUrl"].(string)
		if at := onServer.FindStringSubmatch(full); at != nil {
			if r.server != "" && r.server != at[1] {
				return errServers
			}
			r.server = at[1]
		}
		if uuid, assigned := strings.CutPrefix(full, "urn:uuid:"); assigned && resource["id"] == nil {
			resource["id"] = uuid // as a server would give it one
		}
		if id, _ := resource["id"].(string); full != "" && id != "" {
			named[full] = name + "/" + id
		}
		resources = append(resources, resource)
	}
	for _, resource := range resources {
		refer(resource, named)
		if err := r.resource(resource); err != nil {
			return err
		}
	}
	return nil
}

// failed reports whether an outcome is of an error.
func failed(outcome Object) bool {
	issues, _ := outcome["issue"].([]any)
	return slices.ContainsFunc(issues, func(one any) bool {
		issue, _ := one.(Object)
		return issue["severity"] == "error" || issue["severity"] == "fatal"
	})
}

// refer names by type and id what is referred to by the address that it has in its Bundle.
func refer(value any, named map[string]string) {
	switch of := value.(type) {
	case []any:
		for _, each := range of {
			refer(each, named)
		}
	case Object:
		if to, _ := of["reference"].(string); named[to] != "" {
			of["reference"] = named[to]
		}
		for _, each := range of {
			refer(each, named)
		}
	}
}

// shorten names by type and id what is referred to by its address on a server.
func shorten(value any, server string) {
	switch of := value.(type) {
	case []any:
		for _, each := range of {
			shorten(each, server)
		}
	case Object:
		if to, _ := of["reference"].(string); strings.HasPrefix(to, server) {
			of["reference"] = strings.TrimPrefix(to, server)
		}
		for _, each := range of {
			shorten(each, server)
		}
	}
}

// Write writes all resources into a folder, a file of each type, as a bulk export does. [Read] reads them.
func (s *Store) Write(folder string) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, name := range slices.Sorted(maps.Keys(s.resources)) {
		if err := files.Write(folder, name+".ndjson", s.resources[name]...); err != nil {
			return err
		}
	}
	return nil
}

// Len is how many resources there are.
func (s *Store) Len() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	count := 0
	for _, each := range s.resources {
		count += len(each)
	}
	return count
}

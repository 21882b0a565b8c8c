package fhir

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"onelondon/internal/clinical"
	"onelondon/sources"
)

// A record may name whose it is by an ODS code alone. What that organisation is called stands in an Organization. No question waits for it: the
// codes that were met are looked up whenever the server is listed, and a server that will not say costs the names alone.

// directory is what organisations are called by ODS code. It holds nothing of a person and is safe for concurrent use.
type directory struct {
	mu    sync.Mutex
	names map[string]string // of every code that was met; "" where its name is not known
	fresh time.Time         // when all were looked up
}

// renamed is how often all organisations are looked up anew.
const renamed = time.Hour

// called is what an organisation is called, "" where that is not known; then it is looked up the next time.
func (d *directory) called(code clinical.Text) clinical.Text {
	if !plainCode.MatchString(string(code)) {
		return ""
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	name, met := d.names[string(code)]
	if !met && len(d.names) < mostOrganisations {
		if d.names == nil {
			d.names = map[string]string{}
		}
		d.names[string(code)] = ""
	}
	return clean(name)
}

// unknown are the codes to look up: those without a name, and now and then all.
func (d *directory) unknown(now time.Time) []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := now.Sub(d.fresh) > renamed
	if all {
		d.fresh = now
	}
	var codes []string
	for _, code := range slices.Sorted(maps.Keys(d.names)) {
		if all || d.names[code] == "" {
			codes = append(codes, code)
		}
	}
	return codes
}

// learn notes a name. A code is none.
func (d *directory) learn(code, name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, met := d.names[code]; met && name != code {
		d.names[code] = name
	}
}

// nameOrganisations looks up what the organisations are called that records name by their ODS codes alone.
func (s *Source) nameOrganisations(ctx context.Context, caller *sources.Caller) {
	if !s.can.types["Organization"] || !s.can.narrows("Organization", "identifier") {
		return
	}
	_ = s.directory.called(s.options.Organisation) // it is one of them
	for codes := range slices.Chunk(s.directory.unknown(time.Now()), resolvedAtOnce) {
		found := s.organisationsBy(codes)
		if s.asking(caller).apart(ctx, []*search{found}) != nil {
			return
		}
		for _, resource := range found.resources {
			s.directory.learn(odsOf(resource), nameOf(resource))
		}
	}
}

// organisationsBy searches for Organizations by their ODS codes.
func (s *Source) organisationsBy(codes []string) *search {
	tokens := make([]string, len(codes))
	for i, code := range codes {
		tokens[i] = odsSystem + "|" + code
	}
	found := &search{resource: "Organization", params: url.Values{"identifier": {strings.Join(tokens, ",")}, "_count": {strconv.Itoa(s.options.Page)}}}
	found.only(&s.can, strings.Split(resolvable()["Organization"], ","))
	return found
}

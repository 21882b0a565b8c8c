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

	rule "onelondon/internal/condition"
)

// A reference may name nobody but by a logical id. Who wrote a record and whose it is stands then in a Practitioner, a PractitionerRole, an
// Organization or a Location, which are asked for by their ids once everything else is there: all in one more batch, and only what a field
// that is wanted lacks.

const (
	// mostResolved is how many of each type one question looks up. Beyond it, an author is who the reference says.
	mostResolved = 500
	// resolvedAtOnce is how many ids one search asks for.
	resolvedAtOnce = 100
)

// resolvable are the types that are looked up, with the elements that are read.
func resolvable() map[string]string {
	return map[string]string{"Practitioner": "id,name", "PractitionerRole": "id,practitioner", "Organization": "id,identifier,name", "Location": "id,name"}
}

// lacking are the references of resources that do not say what a wanted field of theirs is, by type and id. Whose a record is is always wanted.
func (q *question) lacking() map[string][]object {
	wanted := map[string][]object{}
	q.asking.origins.lack(wanted)
	for _, s := range q.all {
		if s.layout.unit {
			named := namedBy(s.resource)
			for i := range named {
				s.lack(&named[i], true, false, wanted)
			}
		}
		publisher := s.layout.kind.Descriptor().Set("publisher")
		for i, field := range s.layout.kind.Descriptor().Fields {
			if len(s.layout.fields) == 0 || !(s.fields | publisher).Has(field.Bit) {
				continue
			}
			for j := range s.layout.fields[i] {
				p := &s.layout.fields[i][j]
				s.lack(p, p.read == readWho || p.read == readAny || p.read == readPlace, p.read == readODS, wanted)
			}
		}
		for i := range s.layout.organisation {
			s.lack(&s.layout.organisation[i], true, true, wanted)
		}
	}
	return wanted
}

// lack goes through the references that a path leads to, for a name or for whose something is.
func (s *search) lack(p *path, name, whose bool, wanted map[string][]object) {
	if !name && !whose {
		return
	}
	for _, resource := range s.resources {
		for _, value := range p.values(resource) {
			of, ok := value.(object)
			if !ok || of["identifier"] != nil {
				continue
			}
			typ, id := reference(of)
			_, known := resolvable()[typ]
			if known && id != "" && !elsewhere(id) && (name && of["display"] == nil || whose && typ == "Organization") {
				wanted[typ+"/"+id] = append(wanted[typ+"/"+id], of)
			}
		}
	}
}

// lack goes through whom Provenances name, and on whose behalf.
func (o origins) lack(wanted map[string][]object) {
	for _, all := range o {
		who, behalf := parsePaths("agent.who@any")[0], parsePaths("agent.onBehalfOf@ods")[0]
		named := search{resources: all}
		named.lack(&who, true, true, wanted)
		named.lack(&behalf, false, true, wanted)
	}
}

// resolve looks up what references lack and writes it into them. That somebody cannot be looked up costs their name alone; that
// organisations cannot leaves open whose records are, and what goes by that is told to be cut.
func (q *question) resolve(ctx context.Context) {
	wanted := q.lacking()
	for name := range wanted {
		if known, ok := q.source.organisations.at(name); ok {
			fillReferences(wanted[name], known)
			delete(wanted, name)
		}
	}
	var searches []*search
	for typ, elements := range resolvable() {
		var ids []string
		for _, name := range slices.Sorted(maps.Keys(wanted)) {
			if of, id, _ := strings.Cut(name, "/"); of == typ && q.source.can.types[typ] && len(ids) < mostResolved {
				ids = append(ids, id)
			}
		}
		for chunk := range slices.Chunk(ids, resolvedAtOnce) {
			searches = append(searches, q.source.named(typ, elements, chunk))
		}
	}
	if len(searches) == 0 {
		return
	}
	if q.send(ctx, searches) != nil {
		q.ownerless = slices.ContainsFunc(searches, func(s *search) bool { return s.resource == "Organization" })
		return
	}
	for _, s := range searches {
		for _, id := range strings.Split(s.params.Get("_id"), ",") {
			q.source.organisations.keep(s.resource+"/"+id, called{}) // until it is found, and where it is not
		}
		for _, resource := range s.resources {
			name, found := s.resource+"/"+text(resource["id"]), called{name: nameOf(resource)}
			if s.resource == "Organization" {
				found.ods = odsOf(resource)
				q.source.directory.learn(found.ods, found.name)
			}
			q.source.organisations.keep(name, found)
			fillReferences(wanted[name], found)
		}
	}
}

// send sends searches in a batch where the server takes one.
func (q *question) send(ctx context.Context, searches []*search) error {
	if q.source.can.batch {
		return q.asking.together(ctx, searches)
	}
	return q.asking.apart(ctx, searches)
}

// goesByOwner reports whether a condition speaks of whose a record is, or who published it.
func goesByOwner(released *rule.Condition) bool {
	return slices.ContainsFunc(released.Clauses(), func(clause rule.Clause) bool {
		return slices.ContainsFunc(clause, func(atom rule.Atom) bool {
			return atom.Attribute == rule.Organisation || atom.Attribute == rule.Publisher
		})
	})
}

// named searches for resources by their ids.
func (s *Source) named(typ, elements string, ids []string) *search {
	found := &search{resource: typ, params: url.Values{"_id": {strings.Join(ids, ",")}, "_count": {strconv.Itoa(s.options.Page)}}}
	found.only(&s.can, strings.Split(elements, ","))
	return found
}

// odsOf is the ODS code of an Organization.
func odsOf(organization object) string {
	for _, identifier := range codings(organization["identifier"]) {
		if code := odsCode(identifier); code != "" {
			return code
		}
	}
	return ""
}

// nameOf is how somebody, or a place, is called.
func nameOf(resource object) string {
	if practitioner, ok := resource["practitioner"].(object); ok {
		return text(practitioner["display"])
	}
	if written := text(resource["name"]); written != "" {
		return written
	}
	for _, name := range codings(resource["name"]) {
		return humanName(name)
	}
	return ""
}

// fillReferences writes what was found into references.
func fillReferences(references []object, found called) {
	for _, of := range references {
		if of["display"] == nil && found.name != "" {
			of["display"] = found.name
		}
		if found.ods != "" {
			of["identifier"] = object{"system": odsSystem, "value": found.ods}
		}
	}
}

// called is a name, and of an organisation its ODS code.
type called struct{ name, ods string }

// organisations remembers what Organizations are called: every encounter of a server may name the same few. It holds nothing of a person and is
// safe for concurrent use.
type organisations struct {
	mu    sync.Mutex
	known map[string]called
	until time.Time
}

const (
	organisationsKept = 15 * time.Minute
	mostOrganisations = 20_000
)

func (o *organisations) at(name string) (found called, ok bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if time.Now().After(o.until) {
		o.known = nil
	}
	found, ok = o.known[name]
	return found, ok
}

func (o *organisations) keep(name string, found called) {
	if !strings.HasPrefix(name, "Organization/") {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.known == nil || len(o.known) >= mostOrganisations {
		o.known, o.until = map[string]called{}, time.Now().Add(organisationsKept)
	}
	o.known[name] = found
}

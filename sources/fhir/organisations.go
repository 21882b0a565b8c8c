package fhir

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"onelondon/internal/clinical"
)

// A record may name whose it is by an ODS code alone. What that organisation is called stands in an Organization, which is looked up by the code
// the first time, and remembered as others are. A server that will not say costs the name, and is not asked again for as long.

// byCode begins the key of an Organization that is known by its ODS code alone.
const byCode = "Organization?"

// nameOrganisations looks up what the organisations are called whose records these are, where a resource says the ODS code and no name.
func (q *question) nameOrganisations(ctx context.Context) {
	var searches []*search
	for chunk := range slices.Chunk(q.unnamed(), resolvedAtOnce) {
		searches = append(searches, q.source.organisationsBy(chunk))
		for _, code := range chunk {
			q.source.organisations.keep(byCode+code, called{}) // until it is found, and where it is not
		}
	}
	if len(searches) == 0 || q.send(ctx, searches) != nil {
		return
	}
	for _, s := range searches {
		for _, resource := range s.resources {
			if ods := odsOf(resource); ods != "" {
				q.source.organisations.keep(byCode+ods, called{name: nameOf(resource), ods: ods})
			}
		}
	}
}

// unnamed are the ODS codes, in order, of organisations whose name is neither there nor known.
func (q *question) unnamed() []string {
	wanted := map[string]bool{}
	for _, s := range q.all {
		for _, resource := range s.resources {
			code := string(q.source.options.Organisation)
			if of, ok := first(s.layout.organisation, resource).(object); ok {
				if code = odsCode(of); text(of["display"]) != "" && text(of["display"]) != code {
					continue
				}
			}
			if _, known := q.source.organisations.at(byCode + code); !known && plainCode.MatchString(code) {
				wanted[code] = true
			}
		}
	}
	if !q.source.can.types["Organization"] || !q.source.can.narrows("Organization", "identifier") {
		return nil
	}
	codes := slices.Sorted(maps.Keys(wanted))
	return codes[:min(len(codes), mostResolved)]
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

// called is what the server calls the organisation of an ODS code, as far as it was looked up.
func (s *Source) called(code clinical.Text) clinical.Text {
	found, _ := s.organisations.at(byCode + string(code))
	if found.name == string(code) {
		return ""
	}
	return clean(found.name)
}

package fhir

import (
	"slices"
	"strings"

	"onelondon/internal/clinical"
)

// Who wrote a record, for whom and when may stand in a Provenance that names the record as its target (UK Core Provenance), and not in the record.
// Where the site asks for it and the server says that it can, what belongs to the records of a search is sent along with them (_revinclude). What
// a record says itself counts before it. Servers cap what they send along and do not say so: a record whose Provenance is not there says
// what it says itself, and none is lost.

// fromProvenance is the value of _revinclude.
const fromProvenance = "Provenance:target"

// provenanceElements are read of one, where a server takes _elements to be of whatever it sends along too.
func provenanceElements() []string { return []string{"target", "recorded", "agent", "activity"} }

// traced asks for what tells of the origin of a search's resources, where that is wanted and can be had.
func (s *Source) traced(found *search, fields clinical.FieldSet) (elements []string) {
	wanted := found.layout.kind.Descriptor().Set("author", "publisher", "recorded")
	if !s.options.Provenance || found.layout.unit || fields&wanted == 0 || !s.can.revincludes[found.resource+" "+fromProvenance] {
		return nil
	}
	found.params.Set("_revinclude", fromProvenance)
	return provenanceElements()
}

// origins are the Provenances that came along, by the type and id of what they are about.
type origins map[string][]object

func (o origins) add(provenance object) {
	if modified(provenance) {
		return
	}
	for _, target := range codings(provenance["target"]) {
		if typ, id := reference(target); id != "" && !slices.ContainsFunc(o[typ+"/"+id], func(other object) bool { return text(other["id"]) == text(provenance["id"]) }) {
			o[typ+"/"+id] = append(o[typ+"/"+id], provenance)
		}
	}
}

// of is the Provenance of how a resource came to be: the one of its creation, else the first that was recorded.
func (o origins) of(resource object) object {
	all := slices.Clone(o[text(resource["resourceType"])+"/"+text(resource["id"])])
	if len(all) == 0 {
		return nil
	}
	slices.SortStableFunc(all, func(a, b object) int {
		if created := made(b) - made(a); created != 0 {
			return created
		}
		return strings.Compare(text(a["recorded"]), text(b["recorded"]))
	})
	return all[0]
}

// made is 1 for a Provenance of something that was created, 0 for any other.
func made(provenance object) int {
	if slices.ContainsFunc(parsePaths("activity.coding.code")[0].values(provenance), func(code any) bool { return text(code) == "CREATE" }) {
		return 1
	}
	return 0
}

// agent is who did something in a Provenance: the first of the types, in their order.
func agent(provenance object, types ...string) object {
	for _, wanted := range types {
		for _, one := range codings(provenance["agent"]) {
			is := parsePaths("type.coding.code")[0].values(one)
			if wanted == "" && len(is) == 0 || slices.ContainsFunc(is, func(code any) bool { return text(code) == wanted }) {
				return one
			}
		}
	}
	return nil
}

// trace fills who wrote a record, who published it and when, from its Provenance, as far as the resource does not say.
func (d *decoder) trace(resource object, record clinical.Record) bool {
	from := d.origins.of(resource)
	if from == nil {
		return true
	}
	meta := record.About()
	by := agent(from, "author", "performer", "enterer", "")
	if meta.Author == "" {
		meta.Author = clean(words(parsePaths("who@who"), by, ", "))
	}
	if meta.Publisher == "" {
		meta.Publisher = clean(words(parsePaths("onBehalfOf@ods who@ods"), by, ", "))
	}
	if written := text(from["recorded"]); written != "" && !stated(resource) {
		at, ok := moment(written, d.london)
		if !ok {
			return false
		}
		meta.Recorded = at
	}
	return true
}

// stated reports whether a resource itself says when it was recorded, beyond when the server took it.
func stated(resource object) bool {
	return first(parsePaths("recordedDate dateAsserted issued recorded created extension[url="+ownField+"recorded].valueDateTime"), resource) != nil
}

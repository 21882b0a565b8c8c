package fhir

import (
	"maps"
	"slices"

	"onelondon/internal/clinical"
)

// capability is what of a CapabilityStatement matters here.
type capability struct {
	ResourceType string `json:"resourceType"`
	FHIRVersion  string `json:"fhirVersion"`
	// Implementation is this server, beside what its software is.
	Implementation struct {
		URL string `json:"url"`
	} `json:"implementation"`
	Rest []struct {
		Mode        string        `json:"mode"`
		Resource    []restOf      `json:"resource"`
		Interaction []interaction `json:"interaction"`
		SearchParam []named       `json:"searchParam"`
	} `json:"rest"`
}

type restOf struct {
	Type          string        `json:"type"`
	Interaction   []interaction `json:"interaction"`
	SearchParam   []named       `json:"searchParam"`
	SearchInclude []string      `json:"searchInclude"`
	SearchReverse []string      `json:"searchRevInclude"`
}

type interaction struct {
	Code string `json:"code"`
}

type named struct {
	Name string `json:"name"`
}

// ability is what the server can do.
type ability struct {
	batch    bool
	bundles  bool // takes transactions, and so perhaps batches that it does not mention
	types    map[string]bool
	params   map[string]bool // "Condition.code", and "_elements" alone where every type has it
	includes map[string]bool
	// revincludes are what is sent along that names a resource, "Condition Provenance:target".
	revincludes map[string]bool
}

func abilityOf(s *capability) ability {
	can := ability{types: map[string]bool{}, params: map[string]bool{}, includes: map[string]bool{}, revincludes: map[string]bool{}}
	for i := range s.Rest {
		rest := &s.Rest[i]
		if rest.Mode != "server" {
			continue
		}
		for _, one := range rest.Interaction {
			can.batch = can.batch || one.Code == "batch"
			can.bundles = can.bundles || one.Code == "transaction"
		}
		for _, param := range rest.SearchParam {
			can.params[param.Name] = true
		}
		for j := range rest.Resource {
			can.resource(&rest.Resource[j])
		}
	}
	return can
}

func (can *ability) resource(r *restOf) {
	if slices.ContainsFunc(r.Interaction, func(i interaction) bool { return i.Code == "search-type" }) {
		can.types[r.Type] = true
	}
	for _, param := range r.SearchParam {
		can.params[r.Type+"."+param.Name] = true
	}
	for _, include := range r.SearchInclude {
		can.includes[include] = true
	}
	for _, include := range r.SearchReverse {
		can.revincludes[r.Type+" "+include] = true
	}
}

// narrows reports whether the server can search a type by a parameter.
func (can *ability) narrows(resource, param string) bool {
	return param != "" && (can.params[param] || can.params[resource+"."+param])
}

// layouts are those of a kind whose type the server can search.
func (can *ability) layouts(kind clinical.Kind) []*layout {
	return slices.DeleteFunc(of(kind), func(l *layout) bool { return !can.types[l.resource] })
}

func sortedKeys(set map[string]bool) []string { return slices.Sorted(maps.Keys(set)) }

package codelist

import (
	"fmt"
	"slices"

	"onelondon/internal/cohort"
)

// Used is a list that a definition asks for, as it was when the definition was resolved.
type Used struct {
	Name    string `json:"name"` // registered; empty for a list that the definition brings itself
	As      string `json:"as"`   // in the definition
	Title   string `json:"title,omitempty"`
	Source  string `json:"source,omitempty"`
	Version string `json:"version,omitempty"`
	Codes   int    `json:"codes"` // as listed
	Digest  string `json:"digest"`
}

// Resolve makes a copy of a definition in which every list has codes: those that the site has registered, and of a
// classification what lies beneath the listed ones. It tells which lists were used, in the definition's order. The copy is for
// asking sources; policy decides on the definition, and its digest is the one that is cited. The error is [cohort.Faults].
func Resolve(definition *cohort.Definition, registry *Registry) (*cohort.Definition, []Used, error) {
	resolved := *definition
	resolved.Codelists = slices.Clone(definition.Codelists)
	var used []Used
	var faults cohort.Faults
	for i := range resolved.Codelists {
		list := &resolved.Codelists[i]
		use := Used{As: list.Name, Codes: len(list.Codes)}
		listed := list.Codes
		if listed == nil {
			found, ok := registry.List(list.RegisteredName())
			if !ok {
				faults = append(faults, cohort.Fault{Path: fmt.Sprintf("codelists[%d]", i), Message: fmt.Sprintf(
					"no list %q is registered here; register it or write its codes", list.RegisteredName())})
				continue
			}
			use = Used{found.Name, list.Name, found.Title, found.Source, found.Version, len(found.Codes), found.Digest}
			listed = found.Codes
		}
		listed = unique(slices.Clone(listed))
		if use.Digest == "" {
			use.Digest = digest(listed)
		}
		list.From, list.Codes = "", Expand(listed)
		used = append(used, use)
	}
	if err := faults.Err(); err != nil {
		return nil, nil, err
	}
	if err := resolved.Check(); err != nil {
		return nil, nil, fmt.Errorf("fill in code lists: %w", err)
	}
	return &resolved, used, nil
}

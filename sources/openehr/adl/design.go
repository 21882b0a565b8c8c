package adl

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func sortedKeys[V any](of map[string]V) []string { return slices.Sorted(maps.Keys(of)) }

// designed is what of a template as the Archetype Designer keeps it is read here: which archetypes it has, and where.
type designed struct {
	TemplateID        string     `json:"templateId"`
	ParentArchetypeID string     `json:"parentArchetypeId"`
	Definition        designNode `json:"definition"`
	TemplateOverlays  []struct {
		ParentArchetypeID string `json:"parentArchetypeId"`
		ArchetypeID       struct {
			Value string `json:"value"`
		} `json:"archetypeId"`
		Definition designNode `json:"definition"`
	} `json:"templateOverlays"`
}

type designNode struct {
	RMTypeName   string `json:"rmTypeName"`
	NodeID       string `json:"nodeId"`
	ArchetypeRef string `json:"archetypeRef"`
	Attributes   []struct {
		Name     string       `json:"rmAttributeName"`
		Children []designNode `json:"children"`
	} `json:"attributes"`
}

// Design reads a template of the Archetype Designer (.t.json), which is no operational template, and makes one of it: the archetypes
// that the folder has are there whole, the others open; what the template narrows within an archetype is left open.
func Design(file, archetypes string) (id string, opt []byte, err error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return "", nil, fmt.Errorf("read template: %w", err)
	}
	var d designed
	if err := json.Unmarshal(data, &d); err != nil {
		return "", nil, fmt.Errorf("%s: %w", filepath.Base(file), err)
	}
	read := func(id string) *Archetype {
		archetype, _ := ReadArchetype(filepath.Join(archetypes, id+".adl")) // one that is not there is open
		return archetype
	}
	root := read(d.ParentArchetypeID)
	if root == nil {
		root = &Archetype{ID: d.ParentArchetypeID, Definition: Object{Type: "COMPOSITION", Node: "at0000", Occurs: Interval{1, 1}},
			Terms: map[string]Term{"at0000": {"Composition", "Composition"}}}
	}
	var content []Object
	for _, attribute := range d.Definition.Attributes {
		if attribute.Name == "content" {
			content = d.entries(attribute.Children, read)
		}
	}
	return d.TemplateID, OperationalTemplate(d.TemplateID, root, content...), nil
}

// entries are the archetypes below a content or below a section's items, one of each.
func (d *designed) entries(nodes []designNode, read func(string) *Archetype) []Object {
	var all []Object
	seen := map[string]bool{}
	for i := range nodes {
		for j := range d.TemplateOverlays {
			overlay := &d.TemplateOverlays[j]
			if id := overlay.ParentArchetypeID; overlay.ArchetypeID.Value == nodes[i].ArchetypeRef && (!seen[id] || nodes[i].RMTypeName == "SECTION") {
				seen[id] = true
				all = append(all, d.entry(id, &overlay.Definition, read))
			}
		}
	}
	return all
}

func (d *designed) entry(id string, node *designNode, read func(string) *Archetype) Object {
	if node.RMTypeName != "SECTION" {
		if archetype := read(id); archetype != nil {
			return Filled(archetype)
		}
		return Open(id)
	}
	var items []Object
	for _, attribute := range node.Attributes {
		for i := range attribute.Children {
			inner := &attribute.Children[i]
			if inner.ArchetypeRef == "" && inner.RMTypeName == "SECTION" {
				for _, below := range inner.Attributes {
					items = append(items, Object{Type: "SECTION", Node: plain(inner.NodeID), Occurs: Interval{0, -1},
						Attributes: []Attribute{{Name: "items", Many: true, Cardinal: Interval{0, -1}, Children: d.entries(below.Children, read)}}})
				}
			}
		}
		items = append(items, d.entries(attribute.Children, read)...)
	}
	section := Open(id, items...)
	if archetype := read(id); archetype != nil {
		section.Root.Terms = archetype.Terms
	}
	return section
}

// plain is a node's code in the archetype, without what a template adds behind a point.
func plain(node string) string {
	code, _, _ := strings.Cut(node, ".")
	return code
}

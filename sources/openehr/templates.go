package openehr

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"onelondon/sources"
	"onelondon/sources/web"
)

// Template is an operational template as a server lists it.
type Template struct {
	ID        string `json:"template_id"`
	Concept   string `json:"concept"`
	Archetype string `json:"archetype_id"` // of the composition
}

// Entry is an entry archetype within a template, with the places in it where a value may stand.
type Entry struct {
	Class     string // EVALUATION, OBSERVATION, INSTRUCTION, ACTION, ADMIN_ENTRY
	Archetype string // openEHR-EHR-EVALUATION.problem_diagnosis.v1
	Name      string // what the archetype calls it
	Leaves    []Leaf
}

// Leaf is a place of a value: its path from the entry, what the archetype calls it, and the types that it may have.
type Leaf struct {
	Path  string
	Name  string
	Types []string
}

// Templates lists the operational templates of a server, and the entries of all of them, each archetype once. It reads definitions only,
// no EHR; options need no mapping.
func Templates(ctx context.Context, options Options) ([]Template, []Entry, error) {
	options = options.filled()
	c, err := newClient(&options)
	if err != nil {
		return nil, nil, err
	}
	defer c.web.Close()
	return c.templates(ctx)
}

func (c *client) templates(ctx context.Context) ([]Template, []Entry, error) {
	base := c.base + "/definition/template/adl1.4"
	var listed []Template
	content, err := c.definition(ctx, base, "application/json")
	if err != nil {
		return nil, nil, err
	}
	if json.Unmarshal(content, &listed) != nil {
		return nil, nil, server.Garbled("a list of templates")
	}
	var entries []Entry
	for _, template := range listed {
		content, err := c.definition(ctx, base+"/"+url.PathEscape(template.ID), "application/xml")
		if err != nil {
			return nil, nil, err
		}
		found, err := entriesOf(content)
		if err != nil {
			return nil, nil, err
		}
		for _, entry := range found {
			if !slices.ContainsFunc(entries, func(e Entry) bool { return e.Archetype == entry.Archetype }) {
				entries = append(entries, entry)
			}
		}
	}
	return listed, entries, nil
}

// definition reads one definition.
func (c *client) definition(ctx context.Context, address, accept string) ([]byte, error) {
	return c.web.Send(ctx, &sources.Caller{}, &web.Request{Method: http.MethodGet, URL: address, Header: map[string]string{"Accept": accept}})
}

// object is what of an object of an operational template matters here.
type object struct {
	Class      string `xml:"rm_type_name"`
	Node       string `xml:"node_id"`
	Attributes []struct {
		Name     string   `xml:"rm_attribute_name"`
		Children []object `xml:"children"`
	} `xml:"attributes"`
	Archetype string `xml:"archetype_id>value"`
	Terms     []struct {
		Code  string `xml:"code,attr"`
		Items []struct {
			ID   string `xml:"id,attr"`
			Text string `xml:",chardata"`
		} `xml:"items"`
	} `xml:"term_definitions"`
}

// mostDeep bounds how deep a template is followed.
const mostDeep = 40

// entriesOf finds the entries of an operational template.
func entriesOf(content []byte) ([]Entry, error) {
	var template struct {
		Definition object `xml:"definition"`
	}
	if xml.Unmarshal(content, &template) != nil {
		return nil, server.Garbled("an operational template")
	}
	var entries []Entry
	find(&template.Definition, mostDeep, &entries)
	return entries, nil
}

func find(o *object, deep int, entries *[]Entry) {
	if deep == 0 {
		return
	}
	if o.Archetype != "" && slices.Contains([]string{"EVALUATION", "OBSERVATION", "INSTRUCTION", "ACTION", "ADMIN_ENTRY"}, o.Class) {
		e := Entry{Class: o.Class, Archetype: o.Archetype, Name: o.called(o.Node)}
		e.walk(o, o, "", deep-1)
		*entries = append(*entries, e)
		return
	}
	for i := range o.Attributes {
		for j := range o.Attributes[i].Children {
			find(&o.Attributes[i].Children[j], deep-1, entries)
		}
	}
}

// called is what an archetype calls one of its nodes.
func (o *object) called(node string) string {
	for _, term := range o.Terms {
		if term.Code == node {
			for _, item := range term.Items {
				if item.ID == "text" {
					return strings.TrimSpace(item.Text)
				}
			}
		}
	}
	return ""
}

// walk gathers the places of values below an object. Words are those of the archetype that the object is of.
func (e *Entry) walk(archetype, o *object, path string, deep int) {
	if deep == 0 {
		return
	}
	for i := range o.Attributes {
		attribute := &o.Attributes[i]
		for j := range attribute.Children {
			child := &attribute.Children[j]
			of, node := archetype, child.Node
			if child.Archetype != "" {
				of, node = child, child.Archetype
			}
			at := path + "/" + attribute.Name
			if node != "" {
				at += "[" + node + "]"
			}
			if child.Class == "ELEMENT" {
				e.leaf(of, child, at)
				continue
			}
			e.walk(of, child, at, deep-1)
		}
	}
}

func (e *Entry) leaf(archetype, element *object, path string) {
	leaf := Leaf{Path: strings.TrimPrefix(path, "/") + "/value", Name: archetype.called(element.Node)}
	for i := range element.Attributes {
		if element.Attributes[i].Name == "value" {
			for j := range element.Attributes[i].Children {
				leaf.Types = append(leaf.Types, element.Attributes[i].Children[j].Class)
			}
		}
	}
	if leaf.Name != "" {
		e.Leaves = append(e.Leaves, leaf)
	}
}

package adl

import (
	"crypto/sha256"
	"encoding/xml"
	"fmt"
	"strings"
)

// OperationalTemplate writes a template as an operational template (OPT 1.4), in XML: a composition with what it may contain.
func OperationalTemplate(id string, composition *Archetype, content ...Object) []byte {
	w := &optWriter{}
	w.b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
		`<template xmlns="http://schemas.openehr.org/v1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">`)
	w.b.WriteString(`<language><terminology_id><value>ISO_639-1</value></terminology_id><code_string>en</code_string></language>`)
	w.b.WriteString(`<description><original_author id="name">OneLondon</original_author><lifecycle_state>unmanaged</lifecycle_state>`)
	w.b.WriteString(`<details><language><terminology_id><value>ISO_639-1</value></terminology_id><code_string>en</code_string></language>`)
	w.b.WriteString(`<purpose>Tests.</purpose></details></description>`)
	digest := sha256.Sum256([]byte(id))
	w.value("uid", fmt.Sprintf("%x-%x-%x-%x-%x", digest[:4], digest[4:6], digest[6:8], digest[8:10], digest[10:16]))
	w.value("template_id", id)
	w.text("concept", id)
	root := composition.Definition
	root.Root = composition
	root.Attributes = append(root.Attributes[:len(root.Attributes):len(root.Attributes)],
		Attribute{Name: "content", Many: true, Cardinal: Interval{0, -1}, Children: content})
	w.b.WriteString("<definition>")
	w.body(&root)
	w.b.WriteString("</definition></template>")
	return []byte(w.b.String())
}

// Filled is an archetype at a place of a template.
func Filled(archetype *Archetype) Object {
	o := archetype.Definition
	o.Root, o.Occurs = archetype, Interval{0, -1}
	return o
}

// Open is an archetype at a place of a template of which no more is known than its name: everything is allowed in it.
func Open(id string, content ...Object) Object {
	class := strings.Split(strings.TrimPrefix(id, "openEHR-EHR-"), ".")[0]
	o := Object{Type: class, Node: "at0000", Occurs: Interval{0, -1}, Root: &Archetype{ID: id, Terms: map[string]Term{"at0000": {class, class}}}}
	if len(content) > 0 {
		o.Attributes = []Attribute{{Name: "items", Many: true, Cardinal: Interval{0, -1}, Children: content}}
	}
	return o
}

// optWriter writes what OPERATIONAL_TEMPLATE of openEHR's Template.xsd has, in its order.
type optWriter struct{ b strings.Builder }

func (w *optWriter) text(name, content string) {
	w.b.WriteString("<" + name + ">")
	_ = xml.EscapeText(&w.b, []byte(content)) // a builder takes everything
	w.b.WriteString("</" + name + ">")
}

func (w *optWriter) value(name, content string) {
	w.b.WriteString("<" + name + ">")
	w.text("value", content)
	w.b.WriteString("</" + name + ">")
}

func (w *optWriter) interval(name string, i Interval) {
	fmt.Fprintf(&w.b, "<%s><lower_included>true</lower_included>", name)
	if i.High >= 0 {
		w.b.WriteString("<upper_included>true</upper_included>")
	}
	fmt.Fprintf(&w.b, "<lower_unbounded>false</lower_unbounded><upper_unbounded>%t</upper_unbounded><lower>%d</lower>", i.High < 0, i.Low)
	if i.High >= 0 {
		fmt.Fprintf(&w.b, "<upper>%d</upper>", i.High)
	}
	fmt.Fprintf(&w.b, "</%s>", name)
}

func (w *optWriter) object(o *Object) {
	class := "C_COMPLEX_OBJECT"
	switch {
	case o.Root != nil:
		class = "C_ARCHETYPE_ROOT"
	case o.Slot:
		class = "ARCHETYPE_SLOT"
	case o.Terminology != "":
		class = "C_CODE_PHRASE"
	}
	fmt.Fprintf(&w.b, `<children xsi:type="%s">`, class)
	w.body(o)
	w.b.WriteString("</children>")
}

func (w *optWriter) body(o *Object) {
	w.text("rm_type_name", o.Type)
	w.interval("occurrences", o.Occurs)
	w.text("node_id", o.Node)
	for i := range o.Attributes {
		if o.Attributes[i].Children != nil || o.Attributes[i].Many {
			w.attribute(&o.Attributes[i])
		}
	}
	if o.Terminology != "" {
		w.value("terminology_id", o.Terminology)
		for _, code := range o.Codes {
			w.text("code_list", code)
		}
	}
	if o.Root != nil {
		w.value("archetype_id", o.Root.ID)
		for _, code := range sortedKeys(o.Root.Terms) {
			term := o.Root.Terms[code]
			fmt.Fprintf(&w.b, `<term_definitions code="%s"><items id="description">`, code)
			_ = xml.EscapeText(&w.b, []byte(term.Description))
			w.b.WriteString(`</items><items id="text">`)
			_ = xml.EscapeText(&w.b, []byte(term.Text))
			w.b.WriteString("</items></term_definitions>")
		}
	}
}

func (w *optWriter) attribute(a *Attribute) {
	class := "C_SINGLE_ATTRIBUTE"
	if a.Many {
		class = "C_MULTIPLE_ATTRIBUTE"
	}
	fmt.Fprintf(&w.b, `<attributes xsi:type="%s">`, class)
	w.text("rm_attribute_name", a.Name)
	w.interval("existence", Interval{0, 1})
	for i := range a.Children {
		w.object(&a.Children[i])
	}
	if a.Many {
		w.b.WriteString("<cardinality><is_ordered>false</is_ordered><is_unique>false</is_unique>")
		w.interval("interval", a.Cardinal)
		w.b.WriteString("</cardinality>")
	}
	w.b.WriteString("</attributes>")
}

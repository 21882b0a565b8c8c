package openehr

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"onelondon/sources"
	"onelondon/sources/mapping"
)

var _ sources.Describer = (*Source)(nil)

// templateOf is how a template's id stands in a layout, where archetypes stand beside it.
const templateOf = "template "

// Describe lists the server's templates, and of the archetypes of their entries the places of values with their types. It reads
// definitions and no EHR.
func (s *Source) Describe(ctx context.Context) (sources.Layout, error) {
	templates, entries, err := s.client.templates(ctx)
	if err != nil {
		return nil, err
	}
	layout := sources.Layout{}
	for _, template := range templates {
		layout[templateOf+template.ID] = map[string]string{"archetype": template.Archetype}
	}
	for _, entry := range entries {
		places := map[string]string{}
		for _, leaf := range entry.Leaves {
			places[leaf.Path] = strings.Join(slices.Compact(slices.Sorted(slices.Values(leaf.Types))), " or ")
		}
		layout[entry.Archetype] = places
	}
	return layout, nil
}

// reads is what of a layout the mapping reads: the lines that name a template or archetype, and those that read a place of one.
type reads map[string]map[string]int

func (r reads) add(name, place string, line int) {
	if r[name] == nil {
		r[name] = map[string]int{}
	}
	if r[name][place] == 0 {
		r[name][place] = line
	}
}

// line is where a place of an archetype is read, or where the archetype is named, for place "".
func (r reads) line(name, place string) int {
	if place == "" {
		return r[name][""]
	}
	for _, read := range slices.Sorted(maps.Keys(r[name])) {
		if read != "" && (read == place || strings.HasPrefix(read, place+"/")) {
			return r[name][read]
		}
	}
	return 0
}

func (p *plan) reads() reads {
	found := reads{}
	for _, sets := range p.sets {
		for _, each := range sets {
			archetypes := map[string]string{}
			for _, join := range each.Joins {
				if join.Schema != "" {
					archetypes[join.Alias] = join.Name
					found.add(join.Name, "", join.Line)
				}
			}
			read := func(column *mapping.NodePath) {
				if archetype := archetypes[column.Alias]; archetype != "" {
					found.add(archetype, unnamed(column.Path), column.Line)
				}
			}
			walkAll([]mapping.Expr{each.Where, each.ID, each.Organisation.Code, each.Organisation.Name}, read)
			for _, label := range each.Labels {
				walk(label, read)
			}
			for _, field := range each.Fields {
				walkAll(exprsOf(&field), read)
			}
			named(each.Where, found, each.Line)
		}
	}
	return found
}

// named notes the templates that a condition names.
func named(where mapping.Expr, found reads, line int) {
	isTemplate := func(expr mapping.Expr) bool {
		column, ok := expr.(*mapping.NodePath)
		return ok && column.Path == "archetype_details/template_id/value"
	}
	switch e := where.(type) {
	case *mapping.Logic:
		for _, part := range e.Parts {
			named(part, found, line)
		}
	case *mapping.Compare:
		if literal, ok := e.Right.(*mapping.Literal); ok && isTemplate(e.Left) {
			found.add(templateOf+textOf(literal.Value), "", line)
		}
	case *mapping.InList:
		for i := range e.Values {
			if isTemplate(e.Of) {
				found.add(templateOf+textOf(e.Values[i].Value), "", line)
			}
		}
	}
}

// unnamed is a path without the names that tell nodes of one code apart: [at0003 and name/value='x'] is [at0003].
func unnamed(path string) string {
	var b strings.Builder
	inside, skipping, quoted := false, false, false
	for _, r := range path {
		switch {
		case r == '\'' && inside:
			quoted = !quoted
		case quoted:
		case r == '[':
			inside = true
		case r == ']':
			inside, skipping = false, false
		case inside && (r == ' ' || r == ','):
			skipping = true
		}
		if !skipping {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// drift says which templates, archetypes and places were there at the last check and are not now, and which have other types: faults where
// the mapping reads them.
func (s *Source) drift(ctx context.Context, before sources.Layout) []sources.Finding {
	if len(before) == 0 {
		return nil
	}
	now, err := s.Describe(ctx)
	if err != nil {
		return []sources.Finding{found(sources.MatterDrift, sources.Warning, 0, "what has changed since the last check cannot be told: templates cannot be listed: "+err.Error(),
			"check that we may read definitions")}
	}
	var all []sources.Finding
	read := s.plan.reads()
	tell := func(name, place, what string, worst sources.Severity) {
		line, severity := read.line(name, place), sources.Note
		if line > 0 {
			severity = worst
		}
		all = append(all, found(sources.MatterDrift, severity, line, what, "ask who runs the server what the upgrade changed"))
	}
	for _, name := range slices.Sorted(maps.Keys(before)) {
		places, there := now[name]
		if !there {
			tell(name, "", name+" was there at the last check and is gone"+successor(name, now), sources.Fault)
			continue
		}
		for _, place := range slices.Sorted(maps.Keys(before[name])) {
			was := before[name][place]
			switch is, there := places[place]; {
			case !there:
				tell(name, place, fmt.Sprintf("%s had %s at the last check and has it no more", name, place), sources.Fault)
			case is != was:
				tell(name, place, fmt.Sprintf("%s: %s was %s at the last check and is %s", name, place, was, is), sources.Warning)
			}
		}
	}
	return all
}

// successor is what may have come in the place of what is gone: the same name in another version.
func successor(name string, now sources.Layout) string {
	stem := func(name string) string {
		at := strings.LastIndex(name, ".v")
		return name[:max(at, 0)]
	}
	for _, other := range slices.Sorted(maps.Keys(now)) {
		if stem(name) != "" && stem(other) == stem(name) {
			return "; there is " + other
		}
	}
	return ""
}

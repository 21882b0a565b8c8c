package ehrstore

import (
	"maps"
	"slices"

	"onelondon/sources/openehr/aql"
)

// binding is which object each variable is; one that is missing has no object.
type binding map[string]Object

// bindings are the ways in which an EHR is what a query is from.
func bindings(from *aql.Containment, of *ehr) []binding {
	own := binding{from.Variable: of.object}
	if from.Contains == nil {
		return []binding{own}
	}
	var all []binding
	for _, inner := range contained(from.Contains, ehrMembers(of, nearby(from.Contains))) {
		all = append(all, merged(own, inner))
	}
	return all
}

// member is an object that may be contained, with what it contains.
type member struct {
	class, node string
	object      Object
	below       []member
}

// ehrMembers are what an EHR contains; where only what it holds itself is looked for, that alone.
func ehrMembers(of *ehr, nearby bool) []member {
	all := make([]member, 0, 1+2*len(of.compositions))
	if status, ok := of.object["ehr_status"].(Object); ok {
		all = append(all, member{class: "EHR_STATUS", node: at(status, "archetype_node_id"), object: status})
	}
	for _, each := range of.compositions {
		all = append(all, member{class: "VERSION", object: each.object, below: each.members}, each.members[0])
		if !nearby {
			all = append(all, each.members[0].below...) // containment is at whatever depth
		}
	}
	return all
}

// nearby reports whether a containment begins with what an EHR holds itself, so that nobody need look into compositions for it.
func nearby(c *aql.Containment) bool {
	if len(c.Parts) > 0 {
		return !slices.ContainsFunc(c.Parts, func(part aql.Containment) bool { return !nearby(&part) })
	}
	return slices.Contains([]string{"VERSION", "COMPOSITION", "EHR_STATUS"}, c.Class)
}

func memberOf(object Object) member {
	return member{class: at(object, "_type"), node: at(object, "archetype_node_id"), object: object, below: within(object)}
}

// within are all objects at whatever depth of an object that a containment may name.
func within(object Object) []member {
	var all []member
	var look func(value any)
	look = func(value any) {
		switch of := value.(type) {
		case []any:
			for _, each := range of {
				look(each)
			}
		case Object:
			if aql.IsClass(at(of, "_type")) {
				all = append(all, memberOf(of))
			}
			for _, key := range slices.Sorted(maps.Keys(of)) {
				look(of[key])
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(object)) {
		look(object[key])
	}
	return all
}

// is reports whether a member is of a class, or of one that it inherits from.
func (m *member) is(class string) bool {
	switch {
	case m.class == class:
		return true
	case class == "CARE_ENTRY":
		return slices.Contains([]string{"OBSERVATION", "EVALUATION", "INSTRUCTION", "ACTION"}, m.class)
	case class == "ENTRY":
		return slices.Contains([]string{"OBSERVATION", "EVALUATION", "INSTRUCTION", "ACTION", "ADMIN_ENTRY"}, m.class)
	}
	return false
}

// contained are the ways in which something is among members. Of parts joined by OR those that are not there are missing; at least one
// is.
func contained(c *aql.Containment, members []member) []binding {
	switch c.Op {
	case aql.And:
		all := []binding{{}}
		for i := range c.Parts {
			all = product(all, contained(&c.Parts[i], members))
		}
		return all
	case aql.Or:
		all, any := []binding{{}}, false
		for i := range c.Parts {
			if found := contained(&c.Parts[i], members); len(found) > 0 {
				all, any = product(all, found), true
			}
		}
		if !any {
			return nil
		}
		return all
	}
	var all []binding
	for i := range members {
		m := &members[i]
		if !m.is(c.Class) || c.Archetype != "" && m.node != c.Archetype {
			continue
		}
		own := binding{}
		if c.Variable != "" {
			own[c.Variable] = m.object
		}
		if c.Contains == nil {
			all = append(all, own)
			continue
		}
		for _, inner := range contained(c.Contains, m.below) {
			all = append(all, merged(own, inner))
		}
	}
	return all
}

func product(left, right []binding) []binding {
	var all []binding
	for _, l := range left {
		for _, r := range right {
			all = append(all, merged(l, r))
		}
	}
	return all
}

func merged(a, b binding) binding {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

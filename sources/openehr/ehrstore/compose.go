package ehrstore

// Builders of objects of openEHR's reference model, as its canonical JSON has them.

// Composition is what a composition says of itself.
type Composition struct {
	Archetype, Template, Name string
	Persistent                bool
	Composer                  string
	Facility, FacilityName    string // the organisation that holds it, by its ODS code; empty for none
	Start                     string // when the care was given, or the plan made
	Content                   []Object
}

// Object writes the composition.
func (c *Composition) Object() Object {
	category := Coded("openehr", "433", "event")
	if c.Persistent {
		category = Coded("openehr", "431", "persistent")
	}
	context := Object{"_type": "EVENT_CONTEXT", "start_time": DateTime(c.Start), "setting": Coded("openehr", "238", "other care")}
	if c.Facility != "" {
		context["health_care_facility"] = Object{"_type": "PARTY_IDENTIFIED", "name": c.FacilityName, "external_ref": Object{"_type": "PARTY_REF",
			"namespace": "ods", "type": "ORGANISATION", "id": Object{"_type": "GENERIC_ID", "value": c.Facility, "scheme": "ods"}}}
	}
	made := archetyped("COMPOSITION", c.Archetype, c.Name)
	made["archetype_details"].(Object)["template_id"] = Object{"_type": "TEMPLATE_ID", "value": c.Template}
	made["language"], made["territory"] = phrase("ISO_639-1", "en"), phrase("ISO_3166-1", "GB")
	made["category"], made["context"] = category, context
	made["composer"] = Object{"_type": "PARTY_IDENTIFIED", "name": c.Composer}
	made["content"] = list(c.Content)
	return made
}

func archetyped(class, archetype, name string) Object {
	return Object{"_type": class, "name": Text(name), "archetype_node_id": archetype, "archetype_details": Object{"_type": "ARCHETYPED",
		"archetype_id": Object{"_type": "ARCHETYPE_ID", "value": archetype}, "rm_version": "1.0.4"}}
}

func list(of []Object) []any {
	all := make([]any, len(of))
	for i := range of {
		all[i] = of[i]
	}
	return all
}

// Entry is an EVALUATION or an ADMIN_ENTRY. DataNode and ProtocolNode are the codes of its trees.
type Entry struct {
	Class, Archetype, Name string
	DataNode               string
	Data                   []Object
	ProtocolNode           string // an ADMIN_ENTRY has none
	Protocol               []Object
}

// Object writes the entry.
func (e *Entry) Object() Object {
	made := archetyped(e.Class, e.Archetype, e.Name)
	made["language"], made["encoding"] = phrase("ISO_639-1", "en"), phrase("IANA_character-sets", "UTF-8")
	made["subject"] = Object{"_type": "PARTY_SELF"}
	made["data"] = Tree(e.DataNode, e.Data...)
	if len(e.Protocol) > 0 {
		made["protocol"] = Tree(e.ProtocolNode, e.Protocol...)
	}
	return made
}

// Tree is an ITEM_TREE.
func Tree(node string, items ...Object) Object {
	return Object{"_type": "ITEM_TREE", "name": Text("Tree"), "archetype_node_id": node, "items": list(items)}
}

// Section is a SECTION: of an archetype, or, where it is within one, of a node.
func Section(node, name string, items ...Object) Object {
	made := Object{"_type": "SECTION", "name": Text(name), "archetype_node_id": node}
	if len(node) > len("openEHR-") && node[:len("openEHR-")] == "openEHR-" {
		made = archetyped("SECTION", node, name)
	}
	made["items"] = list(items)
	return made
}

// Cluster is a CLUSTER.
func Cluster(node, name string, items ...Object) Object {
	return Object{"_type": "CLUSTER", "name": Text(name), "archetype_node_id": node, "items": list(items)}
}

// Element is an ELEMENT with a value.
func Element(node, name string, value Object) Object {
	return Object{"_type": "ELEMENT", "name": Text(name), "archetype_node_id": node, "value": value}
}

// Text is a DV_TEXT.
func Text(words string) Object { return Object{"_type": "DV_TEXT", "value": words} }

// Coded is a DV_CODED_TEXT.
func Coded(terminology, code, words string) Object {
	return Object{"_type": "DV_CODED_TEXT", "value": words, "defining_code": phrase(terminology, code)}
}

func phrase(terminology, code string) Object {
	return Object{"_type": "CODE_PHRASE", "terminology_id": Object{"_type": "TERMINOLOGY_ID", "value": terminology}, "code_string": code}
}

// DateTime is a DV_DATE_TIME, of as much of ISO 8601 as is known: 2026, 2026-03, 2026-03-01T10:00:00Z.
func DateTime(at string) Object { return Object{"_type": "DV_DATE_TIME", "value": at} }

// Boolean is a DV_BOOLEAN.
func Boolean(yes bool) Object { return Object{"_type": "DV_BOOLEAN", "value": yes} }

// Status is an EHR_STATUS whose subject is known by a number in a namespace; without a number the subject is nobody in particular.
func Status(namespace, number string, queryable bool, details ...Object) Object {
	subject := Object{"_type": "PARTY_SELF"}
	if number != "" {
		subject["external_ref"] = Object{"_type": "PARTY_REF", "namespace": namespace, "type": "PERSON",
			"id": Object{"_type": "GENERIC_ID", "value": number, "scheme": "nhs"}}
	}
	status := Object{"_type": "EHR_STATUS", "archetype_node_id": "openEHR-EHR-EHR_STATUS.generic.v1", "name": Text("EHR status"), "subject": subject,
		"is_queryable": queryable, "is_modifiable": true}
	if len(details) > 0 {
		status["other_details"] = Tree("at0001", details...)
	}
	return status
}

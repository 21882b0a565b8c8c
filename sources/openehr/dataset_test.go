package openehr_test

import (
	"fmt"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/sources/openehr/ehrstore"
	"onelondon/sources/sourcetest"
)

type object = ehrstore.Object

const (
	reportArchetype = "openEHR-EHR-COMPOSITION.report.v1"
	suiteTemplate   = "sourcetest.v1"
	mostEHRs        = 4 // of one person in the sample, each in a namespace of its own, since a server may allow one in each
)

// entryArchetype is where the suite keeps records of a kind.
func entryArchetype(kind clinical.Kind) string {
	return "openEHR-EHR-EVALUATION.sourcetest_" + strings.ToLower(kind.String()) + ".v1"
}

// node is the code of a column's element.
type node struct{ name, code string }

// nodesOf lists the elements of a kind's entry: identity, labels, and each field; a concept has its words and two codings.
func nodesOf(kind clinical.Kind) []node {
	names := []string{"id", "orgCode", "orgName", "sealed", "third_party", "plan_shared"}
	for _, field := range kind.Descriptor().Fields {
		if field.Type == clinical.TypeConcept {
			names = append(names, field.Name+"Text", field.Name+"0", field.Name+"1")
			continue
		}
		names = append(names, field.Name)
	}
	all := make([]node, len(names))
	for i, name := range names {
		all[i] = node{name, fmt.Sprintf("at%04d", i+10)}
	}
	return all
}

func codeOf(kind clinical.Kind, name string) string {
	for _, one := range nodesOf(kind) {
		if one.name == name {
			return one.code
		}
	}
	return ""
}

// columns writes paths to a kind's elements: a registration's stand in the EHR's status, the others' in an entry.
type columns struct{ kind clinical.Kind }

func (c columns) path(name, leaf string) string {
	alias, tree := "r", "data[at0001]"
	if c.kind == clinical.KindRegistration {
		alias, tree = "e", "ehr_status/other_details"
	}
	return fmt.Sprintf(`%s/%s/items[%s]/value/%s`, alias, tree, codeOf(c.kind, name), leaf)
}

func (c columns) value(name string) string { return c.path(name, "value") }

// mappingYAML is the mapping of the suite's compositions.
func mappingYAML() string {
	var b strings.Builder
	own := func(code string) string {
		return fmt.Sprintf(`e/ehr_status/other_details/items[%s]/value/value`, code)
	}
	fmt.Fprintf(&b, `system: sourcetest-openehr
title: Compositions of the conformance suite
person:
  from: EHR as e
  nhs_number: e/ehr_status/subject/external_ref/id/value
  organisation: {code: '%s'}
  where: e/ehr_status/subject/external_ref/namespace in ('nhs-0', 'nhs-1', 'nhs-2', 'nhs-3') and %s is not true
  registered: %s
  sensitive: %s
records:
`, own("at0002"), own("at0005"), own("at0003"), own("at0004"))
	for _, kind := range clinical.Kinds() {
		c := columns{kind}
		fmt.Fprintf(&b, "  %s:\n    - id: %s\n", kind, c.value("id"))
		if kind != clinical.KindRegistration {
			fmt.Fprintf(&b, "      from: COMPOSITION.%q as c\n      join: [EVALUATION.%q as r on true]\n      person: true\n", reportArchetype, entryArchetype(kind))
			fmt.Fprintf(&b, "      where: c/archetype_details/template_id/value = '%s'\n", suiteTemplate)
		} else {
			fmt.Fprintf(&b, "      where: %s is not null\n", c.value("id"))
		}
		fmt.Fprintf(&b, "      organisation: {code: '%s', name: '%s'}\n", c.value("orgCode"), c.value("orgName"))
		fmt.Fprintf(&b, "      labels: {sealed: '%s', third_party: '%s', plan_shared: '%s'}\n      fields:\n", c.value("sealed"), c.value("third_party"),
			c.value("plan_shared"))
		for _, field := range kind.Descriptor().Fields {
			fmt.Fprintf(&b, "        %s: %s\n", field.Name, c.field(&field))
		}
	}
	b.WriteString("watermark:\n")
	for _, kind := range clinical.Kinds() {
		if kind == clinical.KindRegistration {
			fmt.Fprintf(&b, "  - {from: EHR as e, date: {from: '%s', type: iso}}\n", columns{kind}.value("recorded"))
			continue
		}
		fmt.Fprintf(&b, "  - {from: EVALUATION.%q as r, date: {from: '%s', type: iso}}\n", entryArchetype(kind), columns{kind}.value("recorded"))
	}
	return b.String()
}

func (c columns) field(field *clinical.Field) string {
	switch field.Type {
	case clinical.TypeDateTime:
		return fmt.Sprintf("{from: '%s', type: iso}", c.value(field.Name))
	case clinical.TypeStatus:
		return words(c.value(field.Name), clinical.Statuses())
	case clinical.TypeClass:
		return words(c.value(field.Name), clinical.EncounterClasses())
	case clinical.TypeGender:
		return words(c.value(field.Name), clinical.Genders())
	case clinical.TypeConcept:
		var all []string
		for i := range 2 {
			name := fmt.Sprintf("%s%d", field.Name, i)
			code := c.path(name, "defining_code/code_string")
			system := fmt.Sprintf("{from: '%s', values: {SNOMED-CT: SNOMED_CT, CTV3: CTV3, local: LOCAL}}", c.path(name, "defining_code/terminology_id/value"))
			all = append(all, fmt.Sprintf("{system: %s, code: '%s', display: 'nullif(%s, %s)'}", system, code, c.value(name), code))
		}
		return fmt.Sprintf("{codings: [%s], text: '%s'}", strings.Join(all, ", "), c.value(field.Name+"Text"))
	}
	return "'" + c.value(field.Name) + "'"
}

func words[W ~string](from string, known []W) string {
	pairs := make([]string, len(known))
	for i, word := range known {
		pairs[i] = fmt.Sprintf("%q: %s", word, word)
	}
	return fmt.Sprintf("{from: '%s', values: {%s}}", from, strings.Join(pairs, ", "))
}

// keeper is a server that the suite's people are loaded into.
type keeper interface {
	CreateEHR(status object) (string, error)
	Commit(ehr string, composition object) (string, error)
}

// load makes an EHR of each registration, with one composition for each kind. Deleted people may not be queried, test patients are
// marked.
func load(into keeper, data sourcetest.Dataset) error {
	seen := map[string]int{}
	for i := range data.People {
		person := &data.People[i]
		details := []object{ehrstore.Element("at0003", "registered", ehrstore.Boolean(person.Registered)),
			ehrstore.Element("at0004", "sensitive", ehrstore.Boolean(person.Sensitive)), ehrstore.Element("at0005", "test", ehrstore.Boolean(person.Test))}
		if person.Organisation != "" {
			details = append(details, ehrstore.Element("at0002", "organisation", ehrstore.Text(string(person.Organisation))))
		}
		entries := map[clinical.Kind][]object{}
		for _, record := range person.Records {
			if kind := record.Kind(); kind == clinical.KindRegistration {
				details = append(details, elements(record)...)
			} else {
				entry := ehrstore.Entry{Class: "EVALUATION", Archetype: entryArchetype(kind), Name: kind.String(), DataNode: "at0001", Data: elements(record)}
				entries[kind] = append(entries[kind], entry.Object())
			}
		}
		namespace := fmt.Sprintf("nhs-%d", seen[person.NHSNumber])
		seen[person.NHSNumber]++
		ehr, err := into.CreateEHR(ehrstore.Status(namespace, person.NHSNumber, !person.Deleted, details...))
		if err != nil {
			return fmt.Errorf("make an EHR for %s: %w", person.LocalID, err)
		}
		for _, kind := range clinical.Kinds() {
			if entries[kind] == nil {
				continue
			}
			composition := ehrstore.Composition{Archetype: reportArchetype, Template: suiteTemplate, Name: "Report", Composer: "The suite",
				Start: "2020-01-01T10:00:00Z", Content: entries[kind]}
			if _, err := into.Commit(ehr, composition.Object()); err != nil {
				return fmt.Errorf("commit %s of %s: %w", kind, person.LocalID, err)
			}
		}
	}
	return nil
}

// elements writes a record.
func elements(record clinical.Record) []object {
	kind, meta := record.Kind(), record.About()
	var all []object
	put := func(name string, value object) { all = append(all, ehrstore.Element(codeOf(kind, name), name, value)) }
	text := func(name, value string) {
		if value != "" {
			put(name, ehrstore.Text(value))
		}
	}
	text("id", string(meta.ID))
	text("orgCode", string(meta.Organisation.Code))
	text("orgName", string(meta.Organisation.Name))
	for _, label := range []clinical.Label{clinical.LabelSealed, clinical.LabelThirdParty, clinical.LabelPlanShared} {
		if set, known := meta.Labels.Value(label); known {
			put(string(label), ehrstore.Boolean(set))
		}
	}
	descriptor := kind.Descriptor()
	for i := range descriptor.Fields {
		field := &descriptor.Fields[i]
		switch value := field.In(record).Interface().(type) {
		case clinical.Concept:
			text(field.Name+"Text", string(value.Text))
			for i, coding := range append([]clinical.Coding{value.Coding}, value.Translations...) {
				if coding.Code != "" {
					put(fmt.Sprintf("%s%d", field.Name, i), coded(coding))
				}
			}
		case clinical.DateTime:
			if !value.IsZero() {
				put(field.Name, ehrstore.DateTime(value.String()))
			}
		default:
			text(field.Name, fmt.Sprint(value))
		}
	}
	return all
}

func coded(coding clinical.Coding) object {
	terminology := map[clinical.CodeSystem]string{clinical.SNOMED: "SNOMED-CT", clinical.CTV3: "CTV3", clinical.LocalCode: "local"}[coding.System]
	shown := string(coding.Display)
	if shown == "" {
		shown = string(coding.Code)
	}
	return ehrstore.Coded(terminology, string(coding.Code), shown)
}

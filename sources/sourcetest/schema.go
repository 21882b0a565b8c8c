package sourcetest

import (
	"fmt"
	"strings"

	"onelondon/internal/clinical"
)

// personTable has one row per registration; each kind has a table of its own name, with one row per record and one
// column per field.
const personTable = "Person"

// column is a column of the suite's tables: text or a truth value.
type column struct {
	name  string
	truth bool
}

func texts(names ...string) []column {
	columns := make([]column, len(names))
	for i, name := range names {
		columns[i] = column{name: name}
	}
	return columns
}

func personColumns() []column {
	return append(texts("localId", "nhsNumber", "organisation"), column{"registered", true}, column{"sensitive", true},
		column{"deleted", true}, column{"test", true})
}

// codings is the number of codings of a concept in the tables.
const codings = 2

func recordColumns(kind clinical.Kind) []column {
	columns := append(texts("localId", "id", "orgCode", "orgName"), column{"sealed", true}, column{"thirdParty", true}, column{"planShared", true})
	for _, field := range kind.Descriptor().Fields {
		if field.Type != clinical.TypeConcept {
			columns = append(columns, column{name: field.Name})
			continue
		}
		columns = append(columns, column{name: field.Name + "Text"})
		for i := range codings {
			for _, piece := range [...]string{"System", "Code", "Display"} {
				columns = append(columns, column{name: fmt.Sprintf("%s%s%d", field.Name, piece, i)})
			}
		}
	}
	return columns
}

// recordValues gives a record's values in the order of recordColumns.
func recordValues(local clinical.Text, record clinical.Record) []any {
	meta := record.About()
	values := []any{string(local), string(meta.ID), orNil(meta.Organisation.Code), orNil(meta.Organisation.Name),
		labelValue(meta, clinical.LabelSealed), labelValue(meta, clinical.LabelThirdParty), labelValue(meta, clinical.LabelPlanShared)}
	descriptor := record.Kind().Descriptor()
	for i := range descriptor.Fields {
		switch value := descriptor.Fields[i].In(record).Interface().(type) {
		case clinical.Concept:
			values = append(values, conceptValues(&value)...)
		case clinical.Decimal:
			values = append(values, orNil(decimalValue(&descriptor.Fields[i], record)))
		default:
			values = append(values, orNil(fmt.Sprint(value)))
		}
	}
	return values
}

// decimalValue is the value of a column of numbers, in which systems also write words.
func decimalValue(field *clinical.Field, record clinical.Record) string {
	value := fmt.Sprint(field.In(record).Interface())
	observation, ok := record.(*clinical.Observation)
	if !ok || field.Name != "value" || value != "" {
		return value
	}
	if _, isNumber := clinical.ParseDecimal(string(observation.ValueText)); isNumber {
		return ""
	}
	return string(observation.ValueText)
}

func conceptValues(concept *clinical.Concept) []any {
	values := []any{orNil(concept.Text)}
	all := append([]clinical.Coding{concept.Coding}, concept.Translations...)
	for i := range codings {
		var coding clinical.Coding
		if i < len(all) {
			coding = all[i]
		}
		values = append(values, orNil(coding.System), orNil(coding.Code), orNil(coding.Display))
	}
	return values
}

func labelValue(meta *clinical.Meta, label clinical.Label) any {
	set, known := meta.Labels.Value(label)
	if !known {
		return nil
	}
	return set
}

// MappingYAML is the mapping of the suite's tables.
func MappingYAML() string {
	var b strings.Builder
	b.WriteString(`system: sourcetest
title: Tables of the conformance suite
person:
  from: Person as p
  nhs_number: p.nhsNumber
  organisation: {code: p.organisation}
  where: p.deleted is not true and p.test is not true
  registered: p.registered
  sensitive: p.sensitive
records:
`)
	for _, kind := range clinical.Kinds() {
		fmt.Fprintf(&b, "  %s:\n    - from: %s as r\n", kind, kind)
		b.WriteString(`      person: p.localId = r.localId
      id: r.id
      organisation: {code: r.orgCode, name: r.orgName}
      labels: {sealed: r.sealed, third_party: r.thirdParty, plan_shared: r.planShared}
      fields:
`)
		for _, field := range kind.Descriptor().Fields {
			fmt.Fprintf(&b, "        %s: %s\n", field.Name, fieldYAML(&field))
		}
	}
	b.WriteString("watermark:\n")
	for _, kind := range clinical.Kinds() {
		fmt.Fprintf(&b, "  - {from: %s as r, date: {from: r.recorded, type: iso}}\n", kind)
	}
	return b.String()
}

func fieldYAML(field *clinical.Field) string {
	switch field.Type {
	case clinical.TypeDateTime:
		return fmt.Sprintf("{from: r.%s, type: iso}", field.Name)
	case clinical.TypeStatus:
		return valuesYAML(field.Name, clinical.Statuses())
	case clinical.TypeClass:
		return valuesYAML(field.Name, clinical.EncounterClasses())
	case clinical.TypeGender:
		return valuesYAML(field.Name, clinical.Genders())
	case clinical.TypeConcept:
		var all []string
		for i := range codings {
			system := valuesYAML(fmt.Sprintf("%sSystem%d", field.Name, i), clinical.CodeSystems())
			all = append(all, fmt.Sprintf("{system: %s, code: r.%sCode%d, display: r.%sDisplay%d}", system, field.Name, i, field.Name, i))
		}
		return fmt.Sprintf("{codings: [%s], text: r.%sText}", strings.Join(all, ", "), field.Name)
	}
	return "r." + field.Name
}

// valuesYAML translates each word to itself.
func valuesYAML[W ~string](name string, words []W) string {
	pairs := make([]string, len(words))
	for i, word := range words {
		pairs[i] = fmt.Sprintf("%q: %s", word, word)
	}
	return fmt.Sprintf("{from: r.%s, values: {%s}}", name, strings.Join(pairs, ", "))
}

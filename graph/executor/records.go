package executor

import (
	"github.com/99designs/gqlgen/graphql"

	"onelondon/graph/scalars"
	"onelondon/internal/clinical"
)

// item is a record together with its Meta.
type item struct {
	record clinical.Record
	meta   *clinical.Meta
}

func itemOf(record clinical.Record) item { return item{record, record.About()} }

// recordTables builds the table of fields of each kind from its descriptor.
func recordTables(t *tables) []fields[item] {
	all := make([]fields[item], len(clinical.Kinds()))
	for _, kind := range clinical.Kinds() {
		all[kind] = t.record(kind)
	}
	return all
}

func (t *tables) record(kind clinical.Kind) fields[item] {
	table := fields[item]{}
	descriptor := kind.Descriptor()
	for i := range descriptor.Fields {
		field := &descriptor.Fields[i]
		table[field.Name] = t.own(field)
	}
	t.share(table)
	if kind == clinical.KindUrgentCarePlan {
		t.groups(table, descriptor)
	}
	if kind != clinical.KindRegistration {
		table["contributors"] = contributors(kind)
	}
	return table
}

// share replaces what the descriptor yields for the shared fields by accessors without reflection.
func (t *tables) share(table fields[item]) {
	table["id"] = leaf(func(b []byte, i item) []byte { return appendReference(b, i.meta) })
	table["provenance"] = one(func(i item) *clinical.Meta { return i.meta }, "Provenance", t.provenance)
	table["code"] = one(func(i item) *clinical.Concept { return i.meta.Concept() }, "Concept", t.concept)
	table["date"] = date(func(i item) clinical.DateTime { return i.meta.Date })
	table["end"] = date(func(i item) clinical.DateTime { return i.meta.End })
	table["status"] = text(func(i item) clinical.Status { return i.meta.Status })
	table["note"] = text(func(i item) clinical.Text { return i.meta.Note })
	table["encounterId"] = text(func(i item) clinical.Text { return i.meta.Encounter })
	table["problemId"] = text(func(i item) clinical.Text { return i.meta.Problem })
	table["appointmentId"] = text(func(i item) clinical.Text { return i.meta.Appointment })
	table["planId"] = text(func(i item) clinical.Text { return i.meta.Plan })
	table["recorded"] = date(func(i item) clinical.DateTime { return i.meta.Recorded })
	table["author"] = text(func(i item) clinical.Text { return i.meta.Author })
	table["publisher"] = text(func(i item) clinical.Text { return i.meta.Publisher })
}

// own reads a field that only some kinds have, by reflection on the struct and without copying its value.
func (t *tables) own(field *clinical.Field) build[item] {
	switch field.Type {
	case clinical.TypeConcept:
		return one(func(i item) *clinical.Concept {
			value, _ := field.In(i.record).Addr().Interface().(*clinical.Concept)
			if value.IsZero() {
				return nil
			}
			return value
		}, "Concept", t.concept)
	case clinical.TypeDateTime:
		return date(func(i item) clinical.DateTime {
			value, _ := field.In(i.record).Addr().Interface().(*clinical.DateTime)
			return *value
		})
	case clinical.TypeDecimal:
		return leaf(func(b []byte, i item) []byte { return append(b, field.In(i.record).String()...) })
	}
	return leaf(func(b []byte, i item) []byte { return appendText(b, field.In(i.record).String()) })
}

// appendReference appends a record's id.
func appendReference(b []byte, meta *clinical.Meta) []byte {
	b = scalars.AppendString(b, string(meta.Source))
	b[len(b)-1] = '/' // instead of the closing quote
	closing := len(b)
	b = scalars.AppendString(b, string(meta.ID))
	return append(b[:closing], b[closing+1:]...) // without the opening quote
}

// contributors lists a record and those merged into it, all of the same kind.
func contributors(kind clinical.Kind) build[item] {
	return func(c *compiler, field graphql.CollectedField) write[item] {
		key, compiled := field.Alias, c.records(field.Selections, []clinical.Kind{kind})[kind]
		return func(w *writer, i item) outcome {
			others := i.meta.Others()
			same := make([]item, 1, 1+len(others))
			same[0] = i
			for _, other := range others {
				if other.Kind() == kind {
					same = append(same, itemOf(other))
				}
			}
			return w.list(key, len(same), func(n int) outcome { return compiled.write(w, same[n]) })
		}
	}
}

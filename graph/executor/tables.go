package executor

import (
	"time"

	"onelondon/graph/scalars"
	"onelondon/graph/view"
	"onelondon/internal/clinical"
	"onelondon/internal/gate"
)

// tables are the fields of every object type of the schema. They are built once and never change.
type tables struct {
	query         fields[struct{}]
	patient       fields[*view.Patient]
	records       []fields[item] // by kind
	concept       fields[*clinical.Concept]
	provenance    fields[*clinical.Meta]
	sourceAnswers fields[*gate.SourceAnswer]
	conflicts     fields[*gate.Conflict]
	receipt       fields[*gate.Receipt]
}

func newTables(resolvers Resolvers) *tables {
	t := &tables{concept: conceptTable(), provenance: provenanceTable(), sourceAnswers: sourceAnswerTable(),
		conflicts: conflictTable(resolvers.Conflict()), receipt: receiptTable(resolvers.Receipt())}
	t.records = recordTables(t)
	t.patient = t.patientTable(resolvers.Patient())
	t.query = t.queryTable(resolvers)
	return t
}

func conceptTable() fields[*clinical.Concept] {
	coding := fields[*clinical.Coding]{
		"system":  text(func(c *clinical.Coding) clinical.CodeSystem { return c.System }),
		"code":    text(func(c *clinical.Coding) clinical.Text { return c.Code }),
		"display": text(func(c *clinical.Coding) clinical.Text { return c.Display }),
	}
	return fields[*clinical.Concept]{
		"system":       text(func(c *clinical.Concept) clinical.CodeSystem { return c.System }),
		"code":         text(func(c *clinical.Concept) clinical.Text { return c.Code }),
		"display":      text(func(c *clinical.Concept) clinical.Text { return c.Display }),
		"text":         text(func(c *clinical.Concept) clinical.Text { return c.Text }),
		"translations": many(func(c *clinical.Concept) []clinical.Coding { return c.Translations }, "Coding", coding),
	}
}

func organisationTable() fields[*clinical.Organisation] {
	return fields[*clinical.Organisation]{
		"code": text(func(o *clinical.Organisation) clinical.Text { return o.Code }),
		"name": text(func(o *clinical.Organisation) clinical.Text { return o.Name }),
	}
}

func provenanceTable() fields[*clinical.Meta] {
	return fields[*clinical.Meta]{
		"source":       text((*clinical.Meta).Origin),
		"organisation": one((*clinical.Meta).Holder, "Organisation", organisationTable()),
		"localId":      text(func(m *clinical.Meta) clinical.Text { return m.ID }),
	}
}

func sourceAnswerTable() fields[*gate.SourceAnswer] {
	return fields[*gate.SourceAnswer]{
		"source":   text(func(s *gate.SourceAnswer) clinical.SourceID { return s.Source }),
		"name":     words(func(s *gate.SourceAnswer) string { return s.Name }),
		"outcome":  text(func(s *gate.SourceAnswer) gate.Outcome { return s.Outcome }),
		"records":  count(func(s *gate.SourceAnswer) int { return s.Records }),
		"rejected": count(func(s *gate.SourceAnswer) int { return s.Rejected }),
		"milliseconds": leaf(func(b []byte, s *gate.SourceAnswer) []byte {
			return scalars.AppendMilliseconds(b, s.Elapsed)
		}),
		"asAt": instant(func(s *gate.SourceAnswer) time.Time { return s.AsAt }),
	}
}

func instant[T any](read func(T) time.Time) build[T] {
	return leaf(func(b []byte, object T) []byte { return scalars.AppendInstant(b, read(object)) })
}

func warningTable() fields[*gate.Warning] {
	return fields[*gate.Warning]{
		"kind":    text(func(w *gate.Warning) gate.WarningKind { return w.Kind }),
		"message": words(func(w *gate.Warning) string { return w.Message }),
		"sources": values(func(w *gate.Warning) []clinical.SourceID { return w.Sources }, appendText[clinical.SourceID]),
	}
}

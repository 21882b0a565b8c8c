package executor

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"onelondon/graph"
	"onelondon/graph/view"
	"onelondon/internal/clinical"
	"onelondon/internal/gate"
)

func (t *tables) patientTable(resolver graph.PatientResolver) fields[*view.Patient] {
	table := fields[*view.Patient]{
		"nhsNumber":     text(func(p *view.Patient) string { return p.NHSNumber.Reveal() }),
		"demographics":  demographics,
		"registrations": registrations,
		"warnings":      many(func(p *view.Patient) []gate.Warning { return p.Warnings }, "Warning", warningTable()),
		"sources":       many(func(p *view.Patient) []gate.SourceAnswer { return p.Sources }, "SourceAnswer", t.sourceAnswers),
		"receipt":       one(func(p *view.Patient) *gate.Receipt { return &p.Receipt }, "Receipt", t.receipt),

		"allergies":         list(t, resolver.Allergies, clinical.KindAllergyIntolerance),
		"conditions":        list(t, resolver.Conditions, clinical.KindCondition),
		"medications":       list(t, resolver.Medications, clinical.KindMedication),
		"observations":      list(t, resolver.Observations, clinical.KindObservation),
		"diagnosticReports": list(t, resolver.DiagnosticReports, clinical.KindDiagnosticReport),
		"encounters":        list(t, resolver.Encounters, clinical.KindEncounter),
		"procedures":        list(t, resolver.Procedures, clinical.KindProcedure),
		"immunisations":     list(t, resolver.Immunisations, clinical.KindImmunisation),
		"appointments":      list(t, resolver.Appointments, clinical.KindAppointment),
		"referrals":         list(t, resolver.Referrals, clinical.KindReferral),
		"documents":         list(t, resolver.Documents, clinical.KindDocument),
		"alerts":            list(t, resolver.Alerts, clinical.KindAlert),
		"contacts":          list(t, resolver.Contacts, clinical.KindContact),
		"carePlans":         list(t, resolver.CarePlans, clinical.KindCarePlan),
	}
	timeline := func(
		ctx context.Context, p *view.Patient, filter *gate.Filter, first int, after *string,
	) (*view.TimelineConnection, error) {
		return resolver.Timeline(ctx, p, nil, filter, first, after)
	}
	table["timeline"] = list(t, timeline, clinical.Kinds()...)
	itself := func(u *gate.UrgentCare) *gate.UrgentCare { return u }
	table["urgentCarePlan"] = resolved("Patient", resolver.UrgentCarePlan, one(itself, "UrgentCare", t.urgentCareTable()))
	return table
}

// demographics uses the table of registrations, which contains all its fields.
func demographics(c *compiler, field graphql.CollectedField) write[*view.Patient] {
	key, compiled := field.Alias, compile(c, c.tables.records[clinical.KindRegistration], field.Selections, "Demographics")
	return func(w *writer, p *view.Patient) outcome {
		registration := p.Demographics()
		if registration == nil {
			return w.null()
		}
		w.enter(key)
		result := compiled.write(w, item{registration, &registration.Meta})
		w.leave()
		return result
	}
}

func registrations(c *compiler, field graphql.CollectedField) write[*view.Patient] {
	key := field.Alias
	compiled := c.records(field.Selections, []clinical.Kind{clinical.KindRegistration})[clinical.KindRegistration]
	return func(w *writer, p *view.Patient) outcome {
		return w.list(key, len(p.Registrations), func(i int) outcome { return compiled.write(w, itemOf(p.Registrations[i])) })
	}
}

// list is a connection of records of one or several kinds. Its arguments have been read ahead, like those of `patient`.
func list[R clinical.Record](
	t *tables,
	resolve func(ctx context.Context, p *view.Patient, filter *gate.Filter, first int, after *string) (*view.Connection[R], error),
	kinds ...clinical.Kind,
) build[*view.Patient] {
	name := "TimelineConnection"
	if len(kinds) == 1 {
		name = kinds[0].String() + "Connection"
	}
	table := t.connectionTable(kinds)
	found := func(ctx context.Context, p *view.Patient) (*gate.Page, error) {
		connection, err := resolve(ctx, p, nil, 0, nil)
		if connection == nil || err != nil {
			return nil, err
		}
		return connection.Page, nil
	}
	itself := func(page *gate.Page) *gate.Page { return page }
	return resolved("Patient", found, one(itself, name, table))
}

// place is one item of a page.
type place struct {
	page *gate.Page
	item int
}

func (t *tables) connectionTable(kinds []clinical.Kind) fields[*gate.Page] {
	pageInfo := fields[*gate.Page]{
		"hasNextPage": truth(func(p *gate.Page) bool { return p.HasNext }),
		"endCursor": leaf(func(b []byte, p *gate.Page) []byte {
			if len(p.Records) == 0 {
				return b
			}
			return appendText(b, p.Cursor(len(p.Records)-1))
		}),
	}
	itself := func(p *gate.Page) *gate.Page { return p }
	table := fields[*gate.Page]{
		"nodes":    nodes(kinds),
		"edges":    edges(kinds),
		"pageInfo": one(itself, "PageInfo", pageInfo),
		"sources":  many(func(p *gate.Page) []gate.SourceAnswer { return p.Sources }, "SourceAnswer", t.sourceAnswers),
	}
	if len(kinds) == 1 { // a timeline has no conflicts of its own
		table["conflicts"] = many(func(p *gate.Page) []gate.Conflict { return p.Conflicts }, "Conflict", t.conflicts)
	}
	return table
}

func nodes(kinds []clinical.Kind) build[*gate.Page] {
	return func(c *compiler, field graphql.CollectedField) write[*gate.Page] {
		key, compiled := field.Alias, c.records(field.Selections, kinds)
		return func(w *writer, p *gate.Page) outcome {
			return w.list(key, len(p.Records), func(i int) outcome {
				record := p.Records[i]
				return compiled[record.Kind()].write(w, itemOf(record))
			})
		}
	}
}

func edges(kinds []clinical.Kind) build[*gate.Page] {
	name := "TimelineEdge"
	if len(kinds) == 1 {
		name = kinds[0].String() + "Edge"
	}
	table := fields[place]{
		"cursor": leaf(func(b []byte, p place) []byte { return appendText(b, p.page.Cursor(p.item)) }),
		"node":   node(kinds),
	}
	return func(c *compiler, field graphql.CollectedField) write[*gate.Page] {
		key, compiled := field.Alias, compile(c, table, field.Selections, name)
		return func(w *writer, p *gate.Page) outcome {
			return w.list(key, len(p.Records), func(i int) outcome { return compiled.write(w, place{p, i}) })
		}
	}
}

func node(kinds []clinical.Kind) build[place] {
	return func(c *compiler, field graphql.CollectedField) write[place] {
		key, compiled := field.Alias, c.records(field.Selections, kinds)
		return func(w *writer, p place) outcome {
			record := p.page.Records[p.item]
			w.enter(key)
			result := compiled[record.Kind()].write(w, itemOf(record))
			w.leave()
			return result
		}
	}
}

package resolvers

import (
	"context"
	"errors"

	"onelondon/graph/view"
	"onelondon/internal/clinical"
	"onelondon/internal/gate"
)

// patient resolves the lists of a person's records. Every list has been read ahead and asked for with its arguments, so
// each field only looks up its page by response key.
type patient struct{}

// errKind reports a gate that answered a list with a record of the wrong kind.
var errKind = errors.New("page holds a record of another kind")

// page finds the page that answers the list field being resolved.
func page[R clinical.Record](ctx context.Context, p *view.Patient) (*view.Connection[R], error) {
	place, ok := p.Lists[responseKey(ctx)]
	if !ok || place >= len(p.Pages) {
		return nil, errUnasked
	}
	connection := &view.Connection[R]{Page: &p.Pages[place]}
	if !connection.Fits() {
		return nil, errKind
	}
	return connection, nil
}

// Allergies lists allergies and intolerances.
func (patient) Allergies(ctx context.Context, p *view.Patient, _ *gate.Filter, _ int, _ *string) (*view.AllergyIntoleranceConnection, error) {
	return page[*clinical.AllergyIntolerance](ctx, p)
}

// Conditions lists problems and diagnoses.
func (patient) Conditions(ctx context.Context, p *view.Patient, _ *gate.Filter, _ int, _ *string) (*view.ConditionConnection, error) {
	return page[*clinical.Condition](ctx, p)
}

// Medications lists medicines.
func (patient) Medications(ctx context.Context, p *view.Patient, _ *gate.Filter, _ int, _ *string) (*view.MedicationConnection, error) {
	return page[*clinical.Medication](ctx, p)
}

// Observations lists measurements and findings.
func (patient) Observations(ctx context.Context, p *view.Patient, _ *gate.Filter, _ int, _ *string) (*view.ObservationConnection, error) {
	return page[*clinical.Observation](ctx, p)
}

// DiagnosticReports lists reports of investigations.
func (patient) DiagnosticReports(ctx context.Context, p *view.Patient, _ *gate.Filter, _ int, _ *string) (*view.DiagnosticReportConnection, error) {
	return page[*clinical.DiagnosticReport](ctx, p)
}

// Encounters lists contacts with a service.
func (patient) Encounters(ctx context.Context, p *view.Patient, _ *gate.Filter, _ int, _ *string) (*view.EncounterConnection, error) {
	return page[*clinical.Encounter](ctx, p)
}

// Procedures lists procedures.
func (patient) Procedures(ctx context.Context, p *view.Patient, _ *gate.Filter, _ int, _ *string) (*view.ProcedureConnection, error) {
	return page[*clinical.Procedure](ctx, p)
}

// Immunisations lists vaccines given.
func (patient) Immunisations(ctx context.Context, p *view.Patient, _ *gate.Filter, _ int, _ *string) (*view.ImmunisationConnection, error) {
	return page[*clinical.Immunisation](ctx, p)
}

// Appointments lists booked contacts.
func (patient) Appointments(ctx context.Context, p *view.Patient, _ *gate.Filter, _ int, _ *string) (*view.AppointmentConnection, error) {
	return page[*clinical.Appointment](ctx, p)
}

// Referrals lists referrals.
func (patient) Referrals(ctx context.Context, p *view.Patient, _ *gate.Filter, _ int, _ *string) (*view.ReferralConnection, error) {
	return page[*clinical.Referral](ctx, p)
}

// Documents lists documents.
func (patient) Documents(ctx context.Context, p *view.Patient, _ *gate.Filter, _ int, _ *string) (*view.DocumentConnection, error) {
	return page[*clinical.Document](ctx, p)
}

// Alerts lists alerts.
func (patient) Alerts(ctx context.Context, p *view.Patient, _ *gate.Filter, _ int, _ *string) (*view.AlertConnection, error) {
	return page[*clinical.Alert](ctx, p)
}

// Contacts lists people to contact.
func (patient) Contacts(ctx context.Context, p *view.Patient, _ *gate.Filter, _ int, _ *string) (*view.ContactConnection, error) {
	return page[*clinical.Contact](ctx, p)
}

// CarePlans lists care plans.
func (patient) CarePlans(ctx context.Context, p *view.Patient, _ *gate.Filter, _ int, _ *string) (*view.CarePlanConnection, error) {
	return page[*clinical.CarePlan](ctx, p)
}

// UrgentCarePlan gives a view of the person's urgent care plans.
func (patient) UrgentCarePlan(ctx context.Context, p *view.Patient) (*gate.UrgentCare, error) {
	place, ok := p.Urgent[responseKey(ctx)]
	if !ok || place >= len(p.UrgentCare) {
		return nil, errUnasked
	}
	return &p.UrgentCare[place], nil
}

// Timeline lists records of all kinds.
func (patient) Timeline(
	ctx context.Context, p *view.Patient, _ []clinical.Kind, _ *gate.Filter, _ int, _ *string,
) (*view.TimelineConnection, error) {
	return page[clinical.Record](ctx, p)
}

package seed

import (
	"context"
	"fmt"

	"onelondon/internal/clinical"
)

func (w *compass) records(ctx context.Context, patient *compassPatient) error {
	p := patient.person
	for _, write := range []func() error{
		func() error {
			return each(p.Bookings, func(r *Appointment) error { return w.booking(ctx, patient, r) })
		},
		func() error {
			return each(p.Encounters, func(r *Encounter) error { return w.encounter(ctx, patient, r) })
		},
		func() error {
			return each(p.Conditions, func(r *Condition) error { return w.problem(ctx, patient, r) })
		},
		func() error {
			return each(p.Medications, func(r *Medication) error { return w.medication(ctx, patient, r) })
		},
		func() error { return each(p.Observed, func(r *Observation) error { return w.result(ctx, patient, r) }) },
		func() error {
			return each(p.Vaccines, func(r *Immunisation) error {
				return w.entry(ctx, patient, "observation", &r.Entry, row{"is_problem": false, "is_review": false})
			})
		},
		func() error {
			return each(p.Procedures, func(r *Procedure) error { return w.procedure(ctx, patient, r) })
		},
		func() error {
			return each(p.Allergies, func(r *Allergy) error {
				return w.entry(ctx, patient, "allergy_intolerance", &r.Entry, row{"is_review": false})
			})
		},
		func() error { return each(p.Referrals, func(r *Referral) error { return w.referral(ctx, patient, r) }) },
		func() error { return each(p.Alerts, func(r *Alert) error { return w.flag(ctx, patient, r) }) },
	} {
		if err := write(); err != nil {
			return err
		}
	}
	return nil
}

// precision is the concept that says how much of a date is known.
func (w *compass) precision(ctx context.Context, d clinical.DateTime) (any, error) {
	word, ok := map[clinical.Precision]string{clinical.PrecisionYear: "year", clinical.PrecisionMonth: "month",
		clinical.PrecisionDay: "day", clinical.PrecisionMinute: "day", clinical.PrecisionSecond: "day"}[d.Precision()]
	if !ok {
		return nil, nil
	}
	return w.word(ctx, word)
}

// coded are the columns that nearly all records share. The first concept is SNOMED CT's, the second the source's own.
func (w *compass) coded(ctx context.Context, patient *compassPatient, e *Entry) (row, error) {
	if e.Sealed || e.Deleted {
		return nil, fmt.Errorf("writing a person: %s has no place for a sealed or deleted record", Compass)
	}
	precision, err := w.precision(ctx, e.Date)
	if err != nil {
		return nil, err
	}
	own := e.Code
	for _, other := range e.Code.Also {
		own = other
	}
	core, err := w.concept(ctx, e.Code)
	if err != nil {
		return nil, err
	}
	local, err := w.concept(ctx, own)
	if err != nil {
		return nil, err
	}
	return patient.row(row{"id": w.next(), "practitioner_id": patient.staff, "clinical_effective_date": day(e.Date),
		"date_precision_concept_id": precision, "core_concept_id": core, "non_core_concept_id": local,
		"date_recorded": stamp(e.recorded())}), nil
}

// entry writes a coded record with columns of its own.
func (w *compass) entry(ctx context.Context, patient *compassPatient, table string, e *Entry, more row) error {
	values, err := w.coded(ctx, patient, e)
	if err != nil {
		return err
	}
	if e.Encounter != "" {
		id, ok := patient.encounters[e.Encounter]
		if !ok {
			return fmt.Errorf("writing a record: its encounter is not among the person's")
		}
		values["encounter_id"] = id
	}
	for name := range values {
		if _, has := w.tables[table].position[name]; !has {
			delete(values, name)
		}
	}
	for name, value := range more {
		values[name] = value
	}
	return w.add(ctx, table, values)
}

func (w *compass) encounter(ctx context.Context, patient *compassPatient, e *Encounter) error {
	values, err := w.coded(ctx, patient, &e.Entry)
	if err != nil {
		return err
	}
	words := map[clinical.EncounterClass]string{clinical.ClassConsultation: "Consultation", clinical.ClassEmergency: "Emergency",
		clinical.ClassInpatient: "Inpatient", clinical.ClassOutpatient: "Outpatient", clinical.ClassCommunity: "Community"}
	values["type"], values["sub_type"] = or(words[e.Class], "Other"), e.Reason
	values["admission_method"], values["end_date"] = e.AdmissionMethod, day(e.End)
	values["service_provider_organization_id"] = patient.organisation
	patient.encounters[or(e.Ref, e.ID)] = values["id"].(int)
	if appointment, ok := patient.appointments[or(e.Ref, e.ID)]; ok {
		values["appointment_id"] = appointment
	}
	return w.add(ctx, "encounter", values)
}

// problem writes a problem, and its repetition as a plain observation.
func (w *compass) problem(ctx context.Context, patient *compassPatient, c *Condition) error {
	if err := w.entry(ctx, patient, "observation", &c.Entry, row{"is_problem": true, "is_review": false,
		"problem_end_date": day(c.End)}); err != nil {
		return err
	}
	return w.entry(ctx, patient, "observation", &c.Entry, row{"is_problem": false, "is_review": false})
}

func (w *compass) result(ctx context.Context, patient *compassPatient, o *Observation) error {
	return w.entry(ctx, patient, "observation", &o.Entry, row{"is_problem": false, "is_review": false, "result_value": o.Value,
		"result_value_units": o.Unit, "result_text": o.ValueText})
}

func (w *compass) procedure(ctx context.Context, patient *compassPatient, p *Procedure) error {
	status, err := w.word(ctx, "completed")
	if err != nil {
		return err
	}
	return w.entry(ctx, patient, "procedure_request", &p.Entry, row{"status_concept_id": status})
}

// medication writes the statement and, where the course's length is known, one order under it.
func (w *compass) medication(ctx context.Context, patient *compassPatient, m *Medication) error {
	authorisation, err := w.word(ctx, map[bool]string{true: "Repeat", false: "Acute"}[m.Repeat])
	if err != nil {
		return err
	}
	statement := w.next()
	if err := w.entry(ctx, patient, "medication_statement", &m.Entry, row{"id": statement, "cancellation_date": day(m.End),
		"dose": m.Dosage, "quantity_value": m.Quantity, "quantity_unit": m.QuantityUnit,
		"authorisation_type_concept_id": authorisation}); err != nil || m.CourseDays == 0 {
		return err
	}
	return w.entry(ctx, patient, "medication_order", &m.Entry, row{"medication_statement_id": statement, "dose": m.Dosage,
		"quantity_value": m.Quantity, "quantity_unit": m.QuantityUnit, "duration_days": m.CourseDays})
}

func (w *compass) referral(ctx context.Context, patient *compassPatient, r *Referral) error {
	priority, err := w.word(ctx, or(r.Priority, "Routine"))
	if err != nil {
		return err
	}
	more := row{"requester_organization_id": patient.organisation, "referral_request_priority_concept_id": priority,
		"mode": "Written", "outgoing_referral": true, "is_review": false}
	if recipient, ok := w.organisations[r.Recipient]; ok {
		more["recipient_organization_id"] = recipient
	}
	return w.entry(ctx, patient, "referral_request", &r.Entry, more)
}

func (w *compass) booking(ctx context.Context, patient *compassPatient, a *Appointment) error {
	status, err := w.word(ctx, map[clinical.Status]string{clinical.StatusPlanned: "booked", clinical.StatusArrived: "arrived",
		clinical.StatusCompleted: "fulfilled", clinical.StatusCancelled: "cancelled", clinical.StatusMissed: "noshow"}[a.Status])
	if err != nil {
		return err
	}
	schedule := w.next()
	if err := w.add(ctx, "schedule", row{"id": schedule, "organization_id": patient.organisation, "practitioner_id": patient.staff,
		"start_date": day(a.Date), "type": "Timed Appointments", "location": a.Location, "name": a.Service}); err != nil {
		return err
	}
	id := w.next()
	if a.Encounter != "" {
		patient.appointments[a.Encounter] = id
	}
	return w.add(ctx, "appointment", patient.row(row{"id": id, "practitioner_id": patient.staff, "schedule_id": schedule,
		"start_date": stamp(a.Date), "planned_duration": a.Minutes, "appointment_status_concept_id": status}))
}

func (w *compass) flag(ctx context.Context, patient *compassPatient, a *Alert) error {
	precision, err := w.precision(ctx, a.Date)
	if err != nil {
		return err
	}
	return w.add(ctx, "flag", patient.row(row{"id": w.next(), "effective_date": day(a.Date), "date_precision_concept_id": precision,
		"is_active": a.Status == clinical.StatusActive, "flag_text": or(a.Note, a.Code.Display)}))
}

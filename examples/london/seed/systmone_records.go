package seed

import (
	"context"

	"onelondon/internal/clinical"
)

func (w *systmOne) records(ctx context.Context, patient *systmOnePatient) error {
	p := patient.person
	put := func(table string, e *Entry, more row) error {
		_, err := w.write(ctx, patient, table, e, more)
		return err
	}
	for _, write := range []func() error{
		func() error {
			return each(p.Bookings, func(r *Appointment) error { return w.appointment(ctx, patient, r) })
		},
		func() error { return each(p.Encounters, func(r *Encounter) error { return w.event(ctx, patient, r) }) },
		func() error {
			return each(p.Conditions, func(r *Condition) error { return w.problem(ctx, patient, r) })
		},
		func() error {
			return each(p.Medications, func(r *Medication) error { return w.medication(ctx, patient, r) })
		},
		func() error {
			return each(p.Observed, func(r *Observation) error { return put("SRCode", &r.Entry, resultOf(r)) })
		},
		func() error {
			return each(p.Procedures, func(r *Procedure) error { return put("SRCode", &r.Entry, coding(r.Code)) })
		},
		func() error {
			return each(p.Vaccines, func(r *Immunisation) error { return w.vaccine(ctx, patient, r) })
		},
		func() error {
			return each(p.Allergies, func(r *Allergy) error { return w.sensitivity(ctx, patient, r) })
		},
		func() error {
			return each(p.Referrals, func(r *Referral) error { return put("SRReferralOut", &r.Entry, referralOf(r)) })
		},
		func() error {
			return each(p.Documents, func(r *Document) error { return put("SRLetter", &r.Entry, letterOf(r)) })
		},
		func() error {
			return each(p.Alerts, func(r *Alert) error { return put("SRSpecialNotes", &r.Entry, specialNoteOf(r)) })
		},
		func() error {
			return each(p.Contacts, func(r *Contact) error { return put("SRPatientRelationship", &r.Entry, relationshipOf(r)) })
		},
		func() error {
			return each(p.CarePlans, func(r *CarePlan) error { return put("SRCarePlan", &r.Entry, carePlanOf(r)) })
		},
	} {
		if err := write(); err != nil {
			return err
		}
	}
	return nil
}

func (w *systmOne) event(ctx context.Context, patient *systmOnePatient, e *Encounter) error {
	method, err := w.option(ctx, "Contact method", or(e.Reason, "Face to face"))
	if err != nil {
		return err
	}
	place, err := w.option(ctx, "Contact location", or(e.Location, "Surgery"))
	if err != nil {
		return err
	}
	id, err := w.write(ctx, patient, "SREvent", &e.Entry, row{"ContactEventLocation": place, "ContactMethod": method,
		"EventIncomplete": "FALSE", "ClinicalEvent": "TRUE"})
	patient.encounters.put(e, id)
	return err
}

// option finds or makes a choice of one of SystmOne's configured lists.
func (w *systmOne) option(ctx context.Context, list, choice string) (string, error) {
	key := codeKey{table: list, display: choice}
	if id, ok := w.terms[key]; ok {
		return id, nil
	}
	id := w.id()
	w.terms[key] = id
	return id, w.add(ctx, "SRConfiguredListOption", row{"RowIdentifier": id, "ConfiguredList": list, "ConfiguredListOption": choice,
		"RemovedData": "0"})
}

// coding writes a code in both terminologies, as far as they are known.
func coding(c Code) row {
	values := row{"IsNumeric": "FALSE"}
	if code, ok := c.In(clinical.CTV3); ok {
		values["CTV3Code"], values["CTV3Text"] = code.Code, code.Display
	}
	if c.System != clinical.CTV3 {
		values["SNOMEDCode"], values["SNOMEDText"] = c.Code, c.Display
	}
	return values
}

func (w *systmOne) problem(ctx context.Context, patient *systmOnePatient, c *Condition) error {
	code := c.Entry
	code.ID = ""
	values := coding(c.Code)
	values["EpisodeType"] = "First"
	id, err := w.write(ctx, patient, "SRCode", &code, values)
	if err != nil {
		return err
	}
	_, err = w.write(ctx, patient, "SRProblem", &c.Entry, row{"CTV3Code": values["CTV3Code"], "DateEnd": stamp(c.End),
		"Severity": c.Severity, "IDCode": id})
	return err
}

func resultOf(o *Observation) row {
	values := coding(o.Code)
	if o.Value != "" {
		values["IsNumeric"], values["NumericValue"] = "TRUE", o.Value
		values["NumericUnit"], values["NumericComparator"] = o.Unit, o.Comparator
	}
	return values
}

// medication writes a course, and the repeat template it is issued from.
func (w *systmOne) medication(ctx context.Context, patient *systmOnePatient, m *Medication) error {
	values := row{"IDMultiLexDMD": m.Code.Code, "NameOfMedication": m.Code.Display, "DateMedicationStart": when(m.Date),
		"DateMedicationEnd": stamp(m.End), "MedicationDosage": m.Dosage, "MedicationQuantity": quantityOf(m), "IsRepeatMedication": flag(m.Repeat),
		"IsOtherMedication": "FALSE", "IsDentalMedication": "FALSE", "IsHospitalMedication": "FALSE"}
	if m.Repeat {
		template := m.Entry
		template.ID = ""
		more := row{"IDMultiLexDMD": m.Code.Code, "NameOfMedication": m.Code.Display, "DateMedicationTemplateStart": when(m.Date),
			"DateMedicationTemplateEnd": stamp(m.End), "MedicationDosage": m.Dosage, "MedicationQuantity": quantityOf(m)}
		if m.IssuesAuthorised > 0 {
			more["MaxIssues"] = m.IssuesAuthorised
		}
		if m.CourseDays > 0 {
			more["CourseLengthPerIssue"] = m.CourseDays
		}
		id, err := w.write(ctx, patient, "SRRepeatTemplate", &template, more)
		if err != nil {
			return err
		}
		values["IDRepeatTemplate"] = id
	}
	_, err := w.write(ctx, patient, "SRPrimaryCareMedication", &m.Entry, values)
	return err
}

// quantityOf writes amount and unit in one, "28 tablet".
func quantityOf(m *Medication) string {
	if m.Quantity == "" || m.QuantityUnit == "" {
		return m.Quantity
	}
	return m.Quantity + " " + m.QuantityUnit
}

func (w *systmOne) vaccine(ctx context.Context, patient *systmOnePatient, v *Immunisation) error {
	key := codeKey{table: "SRImmunisationContent", display: v.Code.Display}
	content, known := w.terms[key]
	if !known {
		content = w.id()
		w.terms[key] = content
		if err := w.add(ctx, "SRImmunisationContent", row{"RowIdentifier": content, "Name": v.Code.Display, "RemovedData": "0"}); err != nil {
			return err
		}
	}
	_, err := w.write(ctx, patient, "SRImmunisation", &v.Entry, row{"IDImmunisationContent": content, "ImmsSNOMEDCode": v.Code.Code,
		"Dose": v.Dose, "Location": v.Site, "VaccBatchNumber": v.Batch, "VaccinationStatus": "Given"})
	return err
}

// noneKnown is the SNOMED CT code of the statement that no allergy is known.
const noneKnown = "716186003"

// anyAllergy is the CTV3 code that the hierarchy gathers allergies under.
const anyAllergy = "SN53."

// sensitivity writes an allergy: a code that the hierarchy places under allergies. One without a CTV3 code of its own is
// given the general one.
func (w *systmOne) sensitivity(ctx context.Context, patient *systmOnePatient, a *Allergy) error {
	values := coding(a.Code)
	if none, ok := a.Code.In(clinical.SNOMED); ok && none.Code == noneKnown {
		values["CTV3Code"], values["CTV3Text"] = "1151.", a.Code.Display // stands elsewhere in the hierarchy
		_, err := w.write(ctx, patient, "SRCode", &a.Entry, values)
		return err
	}
	if values["CTV3Code"] == nil {
		values["CTV3Code"], values["CTV3Text"] = anyAllergy, "Allergy, unspecified"
	}
	key := codeKey{table: "SRCtv3Hierarchy", code: values["CTV3Code"].(string)}
	if _, known := w.terms[key]; !known {
		w.terms[key] = w.id()
		if err := w.add(ctx, "SRCtv3Hierarchy", row{"RowIdentifier": w.terms[key], "Ctv3CodeParent": anyAllergy,
			"Ctv3CodeChild": key.code, "ChildLevel": "1", "RemovedData": "0"}); err != nil {
			return err
		}
	}
	_, err := w.write(ctx, patient, "SRCode", &a.Entry, values)
	return err
}

// appointment writes an appointment. Which event was held at it stands with what was coded there.
func (w *systmOne) appointment(ctx context.Context, patient *systmOnePatient, a *Appointment) error {
	entry := a.Entry
	entry.Encounter = ""
	id, err := w.write(ctx, patient, "SRAppointment", &entry, appointmentOf(a))
	patient.slots.held(a, id)
	return err
}

func appointmentOf(a *Appointment) row {
	status := map[clinical.Status]string{clinical.StatusPlanned: "Booked", clinical.StatusArrived: "Arrived",
		clinical.StatusCompleted: "Finished", clinical.StatusMissed: "Did Not Attend", clinical.StatusCancelled: "Cancelled by Patient"}[a.Status]
	return row{"DateStart": stamp(a.Date), "DateEnd": stamp(a.End), "AppointmentStatus": status, "DateAppointmentBooked": stamp(a.Booked),
		"FollowUpAppointment": "FALSE", "TelephoneAppointment": "FALSE", "RotaName": a.Service, "RotaType": "GP surgery", "RotaLocation": a.Location}
}

func referralOf(r *Referral) row {
	return row{"TypeOfReferral": "Referral to hospital", "Reason": r.Code.Display, "ServiceOffered": r.Service, "Urgency": r.Priority,
		"SNOMEDPrimaryDiagnosis": r.Code.Code, "RecipientID": r.Recipient, "RecipientIDType": "ODS"}
}

func letterOf(d *Document) row {
	direction := "Outbound"
	if d.Incoming {
		direction = "Inbound"
	}
	return row{"Direction": direction, "CommunicationType": d.Title}
}

func specialNoteOf(a *Alert) row {
	return row{"DateStart": when(a.Date), "Type": or(a.Category, a.Code.Display), "Note": a.Note, "DateExpired": stamp(a.End)}
}

func relationshipOf(c *Contact) row {
	return row{"RelationshipType": c.Relationship, "NextOfKin": "TRUE", "RelationshipWithName": c.Name,
		"RelationshipWithTelephone": c.Telephone, "DateEnded": stamp(c.End)}
}

func carePlanOf(c *CarePlan) row {
	return row{"DateStart": stamp(c.Date), "DateEnd": stamp(c.End), "NameOfCarePlanUsed": c.Title, "Aim": c.Aim, "Outcome": c.Outcome}
}

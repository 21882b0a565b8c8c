package seed

import (
	"context"
	"fmt"

	"onelondon/internal/clinical"
)

// observation writes a row of Observation and returns its GUID.
func (w *emis) observation(ctx context.Context, patient *emisPatient, e *Entry, kind string, more row) (string, error) {
	values, id := w.common(patient, e), w.identity(e)
	encounter, err := patient.encounters.find(e)
	if err != nil {
		return "", err
	}
	category := "Clinical code"
	if kind == "Procedure" {
		kind, category = "Observation", "Procedure code"
	}
	code, err := w.clinicalCode(ctx, e.Code, category)
	if err != nil {
		return "", err
	}
	values["ObservationGuid"], values["ObservationType"], values["CodeId"] = id, kind, code
	values["ConsultationGuid"], values["ProblemGuid"] = encounter, patient.problems[e.Problem]
	for name, value := range more {
		values[name] = value
	}
	return id, w.add(ctx, "CareRecord_Observation", values)
}

func (w *emis) coded(ctx context.Context, patient *emisPatient, e *Entry, kind string) error {
	_, err := w.observation(ctx, patient, e, kind, nil)
	return err
}

// document writes a letter; its title is the term of its code, for want of a column.
func (w *emis) document(ctx context.Context, patient *emisPatient, d *Document) error {
	e := d.Entry
	e.Code.Display = or(d.Title, e.Code.Display)
	_, err := w.observation(ctx, patient, &e, "Document", row{"DocumentGuid": w.guid()})
	return err
}

func (w *emis) problem(ctx context.Context, patient *emisPatient, c *Condition) error {
	id, err := w.observation(ctx, patient, &c.Entry, "Observation", nil)
	if err != nil {
		return err
	}
	if c.Ref != "" {
		patient.problems[c.Ref] = id
	}
	status, significance := "Active Problem", "Significant Problem"
	if c.Status != clinical.StatusActive || !c.End.IsZero() {
		status = "Past Problem"
	}
	if c.Severity == "minor" {
		significance = "Minor Problem"
	}
	values := row{"ObservationGuid": id, "PatientGuid": patient.guid, "OrganisationGuid": patient.organisation,
		"Deleted": c.Deleted, "ProblemStatusDescription": status, "SignificanceDescription": significance, "ProcessingId": 1}
	if !c.End.IsZero() {
		values["EndDate"], values["EndDatePrecision"] = day(c.End), emisPrecision(c.End)
	}
	return w.add(ctx, "CareRecord_Problem", values)
}

func (w *emis) value(ctx context.Context, patient *emisPatient, o *Observation) error {
	kind := "Observation"
	if o.Value != "" {
		kind = "Value"
	}
	if o.ValueText != "" || o.Comparator != "" {
		return fmt.Errorf("writing a person: %s has no place for results in words or with comparators", EMIS)
	}
	_, err := w.observation(ctx, patient, &o.Entry, kind, row{"Value": o.Value, "NumericUnit": o.Unit,
		"NumericRangeLow": o.ReferenceLow, "NumericRangeHigh": o.ReferenceHigh})
	return err
}

func (w *emis) referral(ctx context.Context, patient *emisPatient, r *Referral) error {
	id, err := w.observation(ctx, patient, &r.Entry, "Referral", nil)
	if err != nil {
		return err
	}
	target, ok := w.organisations[r.Recipient]
	if !ok && r.Recipient != "" {
		return fmt.Errorf("writing a person: the organisation referred to has not been written")
	}
	return w.add(ctx, "CareRecord_ObservationReferral", row{"ObservationGuid": id, "PatientGuid": patient.guid,
		"OrganisationGuid": patient.organisation, "ReferralTargetOrganisationGuid": target, "ReferralUrgency": r.Priority,
		"ReferralServiceType": r.Service, "ReferralMode": "Written", "ProcessingId": 1})
}

// drug writes a course of a medicine and, where its length is known, the issue that says so.
func (w *emis) drug(ctx context.Context, patient *emisPatient, m *Medication) error {
	code, err := w.drugCode(ctx, m.Code)
	if err != nil {
		return err
	}
	encounter, err := patient.encounters.find(&m.Entry)
	if err != nil {
		return err
	}
	values, id := w.common(patient, &m.Entry), w.identity(&m.Entry)
	values["DrugRecordGuid"], values["CodeId"], values["Dosage"] = id, code, m.Dosage
	values["Quantity"], values["QuantityUnit"] = m.Quantity, m.QuantityUnit
	values["ProblemObservationGuid"] = patient.problems[m.Problem]
	values["PrescriptionType"], values["IsActive"] = "Acute", m.Status == clinical.StatusActive
	if m.Repeat {
		values["PrescriptionType"] = "Repeat"
	}
	if m.IssuesAuthorised > 0 {
		values["NumberOfIssuesAuthorised"], values["NumberOfIssues"] = m.IssuesAuthorised, 1
	}
	values["CancellationDate"] = day(m.End)
	if err := w.add(ctx, "Prescribing_DrugRecord", values); err != nil || m.CourseDays == 0 {
		return err
	}
	issue := w.common(patient, &m.Entry)
	issue["IssueRecordGuid"], issue["DrugRecordGuid"], issue["CodeId"], issue["Dosage"] = w.guid(), id, code, m.Dosage
	issue["Quantity"], issue["QuantityUnit"], issue["CourseDurationInDays"] = m.Quantity, m.QuantityUnit, m.CourseDays
	issue["ConsultationGuid"], issue["ProblemObservationGuid"] = encounter, patient.problems[m.Problem]
	return w.add(ctx, "Prescribing_IssueRecord", issue)
}

func (w *emis) slot(ctx context.Context, patient *emisPatient, a *Appointment) error {
	session := w.guid()
	if err := w.add(ctx, "Appointment_Session", row{"AppointmentSessionGuid": session, "Description": or(a.Service, "Surgery"),
		"SessionTypeDescription": "Timed Appointments", "SessionCategoryDisplayName": "General Practice",
		"StartDate": day(a.Date), "StartTime": "08:00:00", "EndDate": day(a.Date), "EndTime": "18:30:00", "Private": false,
		"OrganisationGuid": patient.organisation, "Deleted": false, "ProcessingId": 1}); err != nil {
		return err
	}
	status := map[clinical.Status]string{clinical.StatusPlanned: "Booked", clinical.StatusArrived: "Arrived",
		clinical.StatusCompleted: "Left", clinical.StatusMissed: "DNA", clinical.StatusCancelled: "Cancelled"}[a.Status]
	id := w.identity(&a.Entry)
	patient.slots.held(a, id)
	return w.add(ctx, "Appointment_Slot", row{"SlotGuid": id, "AppointmentDate": day(a.Date),
		"AppointmentStartTime": or(clockTime(a.Date), "00:00:00"), "PlannedDurationInMinutes": a.Minutes,
		"PatientGuid": patient.guid, "DidNotAttend": a.Status == clinical.StatusMissed,
		"OrganisationGuid": patient.organisation, "SessionGuid": session, "BookedDate": day(a.Booked),
		"BookedTime": clockTime(a.Booked), "SlotStatus": status, "ModeOfContact": "Face to face", "Deleted": a.Deleted,
		"ProcessingId": 1})
}

// clinicalCode finds or makes the CodeId of a code in one of EMIS's categories; 0 where there is no code.
func (w *emis) clinicalCode(ctx context.Context, c Code, category string) (int, error) {
	key := c.key()
	key.table = category
	if c.Code == "" && c.Display == "" {
		return 0, nil
	}
	if id, ok := w.codes[key]; ok {
		return id, nil
	}
	id := 1_000_000 + w.next()
	w.codes[key] = id
	values := row{"CodeId": id, "Term": c.Display, "EmisCodeCategoryDescription": category, "ProcessingId": 1}
	switch c.System {
	case clinical.SNOMED:
		values["SnomedCTConceptId"] = c.Code
	case clinical.Read2, clinical.CTV3:
		values["ReadTermId"] = c.Code
	default:
		values["NationalCode"], values["NationalCodeCategory"], values["NationalDescription"] = c.Code, string(c.System), c.Display
	}
	return id, w.add(ctx, "Coding_ClinicalCode", values)
}

// drugCode finds or makes the CodeId of a medicine.
func (w *emis) drugCode(ctx context.Context, c Code) (int, error) {
	key := c.key()
	key.table = "drug"
	if id, ok := w.codes[key]; ok {
		return id, nil
	}
	id := 2_000_000 + w.next()
	w.codes[key] = id
	return id, w.add(ctx, "Coding_DrugCode", row{"CodeId": id, "Term": c.Display, "DmdProductCodeId": c.Code, "ProcessingId": 1})
}

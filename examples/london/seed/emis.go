package seed

import (
	"context"
	"fmt"
	"strings"

	"onelondon/internal/clinical"
)

var _ native = (*emis)(nil)

// emis writes the EMIS Web bulk extract. Dates are days with a precision beside them (Y, YM, YMD, U). A problem is an
// observation with a row of Problem; ObservationType, and for procedures the category of the code, tell the other
// kinds apart. Codes stand in two code tables. A drug record is the plan, an issue record each prescription under it.
type emis struct {
	*store
	organisations map[string]string // ODS code to GUID
	codes         map[codeKey]int   // to CodeId
	staff         map[string]string // organisation to the GUID of its one clinician
}

func newEMIS(s *store) native {
	return &emis{store: s, organisations: map[string]string{}, codes: map[codeKey]int{}, staff: map[string]string{}}
}

func (w *emis) begin(context.Context) error { return nil }

// guid makes the next identifier. They count upwards, so that the same people are the same bytes.
func (w *emis) guid() string { return fmt.Sprintf("{0E315000-0000-4000-8000-%012X}", w.next()) }

func (w *emis) organisation(ctx context.Context, o Organisation) error {
	guid, user := w.guid(), w.guid()
	w.organisations[o.Code] = guid
	kind, opened := "General Practice", "1974-04-01"
	if o.Trust {
		kind, opened = "NHS Trust", "1991-04-01"
	}
	if err := w.add(ctx, "Admin_Organisation", row{"OrganisationGuid": guid, "CDB": 50000 + len(w.organisations),
		"OrganisationName": o.Name, "ODSCode": o.Code, "OrganisationType": kind, "OpenDate": opened, "ProcessingId": 1}); err != nil || o.Trust {
		return err
	}
	w.staff[o.Code] = user
	if err := w.add(ctx, "Agreements_SharingOrganisation", row{"OrganisationGuid": guid, "IsActivated": true,
		"LastModifiedDate": "2024-04-01 09:00:00", "Disabled": false, "Deleted": false}); err != nil {
		return err
	}
	return w.add(ctx, "Admin_UserInRole", row{"UserInRoleGuid": user, "OrganisationGuid": guid, "Title": "Dr",
		"GivenName": "A", "Surname": "Practitioner", "JobCategoryCode": "R0260", "JobCategoryName": "General Medical Practitioner",
		"ContractStartDate": "2010-01-01", "ProcessingId": 1})
}

// emisPatient is a registration, with what its records have in common.
type emisPatient struct {
	person       *Person
	guid         string
	organisation string
	clinician    string
	encounters   refs
	problems     refs
	slots        refs // by encounter
}

func (w *emis) person(ctx context.Context, p *Person) error {
	if err := refuse(EMIS, map[string]int{"alerts": len(p.Alerts), "care plans": len(p.CarePlans), "an urgent care plan": planned(p),
		"a second contact": max(0, len(p.Contacts)-1)}); err != nil {
		return err
	}
	organisation, ok := w.organisations[p.Holder]
	if !ok {
		return fmt.Errorf("writing a person: the practice that holds the record has not been written")
	}
	patient := &emisPatient{person: p, guid: or(p.LocalID, ""), organisation: organisation, clinician: w.staff[p.Holder],
		encounters: refs{}, problems: refs{}, slots: refs{}}
	if patient.guid == "" {
		patient.guid = w.guid()
	}
	if err := w.register(ctx, patient); err != nil {
		return err
	}
	return w.records(ctx, patient)
}

func (w *emis) register(ctx context.Context, patient *emisPatient) error {
	p := patient.person
	house, street, _ := strings.Cut(p.line(0), " ")
	values := row{"PatientGuid": patient.guid, "OrganisationGuid": patient.organisation, "UsualGpUserInRoleGuid": patient.clinician,
		"Sex": p.sex(), "DateOfBirth": day(p.Birth), "DateOfDeath": day(p.Death), "Title": p.Title, "GivenName": p.GivenName,
		"Surname": p.FamilyName, "DateOfRegistration": day(p.Registered), "NhsNumber": p.NHSNumber, "PatientNumber": w.next(),
		"PatientTypeDescription": "Regular", "DummyType": p.Test, "HouseNameFlatNumber": house, "NumberAndStreet": street, "Village": p.line(1),
		"Town": p.line(2), "County": p.line(3), "Postcode": p.Postcode, "NHSNumberStatus": "01", "PersonGuid": patient.guid,
		"DateofDeactivation": day(p.Deducted), "Deleted": p.Deleted, "SpineSensitive": p.Sensitive, "IsConfidential": false,
		"EmailAddress": p.Email, "MobilePhone": p.Telephone, "ProcessingId": 1}
	if len(p.Contacts) > 0 {
		values["CarerName"], values["CarerRelation"] = p.Contacts[0].Name, p.Contacts[0].Relationship
	}
	return w.add(ctx, "Admin_Patient", values)
}

func (w *emis) records(ctx context.Context, patient *emisPatient) error {
	p := patient.person
	for _, write := range []func() error{
		func() error { return each(p.Bookings, func(r *Appointment) error { return w.slot(ctx, patient, r) }) },
		func() error {
			return each(p.Encounters, func(r *Encounter) error { return w.consultation(ctx, patient, r) })
		},
		func() error {
			return each(p.Conditions, func(r *Condition) error { return w.problem(ctx, patient, r) })
		},
		func() error { return each(p.Medications, func(r *Medication) error { return w.drug(ctx, patient, r) }) },
		func() error { return each(p.Observed, func(r *Observation) error { return w.value(ctx, patient, r) }) },
		func() error {
			return each(p.Procedures, func(r *Procedure) error { return w.coded(ctx, patient, &r.Entry, "Procedure") })
		},
		func() error {
			return each(p.Vaccines, func(r *Immunisation) error { return w.coded(ctx, patient, &r.Entry, "Immunisation") })
		},
		func() error {
			return each(p.Allergies, func(r *Allergy) error { return w.coded(ctx, patient, &r.Entry, "Allergy") })
		},
		func() error {
			return each(p.Documents, func(r *Document) error { return w.document(ctx, patient, r) })
		},
		func() error { return each(p.Referrals, func(r *Referral) error { return w.referral(ctx, patient, r) }) },
	} {
		if err := write(); err != nil {
			return err
		}
	}
	return nil
}

// precision is EMIS's word for how much of a date is known.
func emisPrecision(d clinical.DateTime) string {
	switch d.Precision() {
	case clinical.PrecisionNone:
		return "U"
	case clinical.PrecisionYear:
		return "Y"
	case clinical.PrecisionMonth:
		return "YM"
	}
	return "YMD"
}

// common are the columns that all of a patient's records share.
func (w *emis) common(patient *emisPatient, e *Entry) row {
	return row{"PatientGuid": patient.guid, "OrganisationGuid": patient.organisation, "EffectiveDate": day(e.Date),
		"EffectiveDatePrecision": emisPrecision(e.Date), "EnteredDate": day(e.recorded()), "EnteredTime": or(clockTime(e.recorded()), "00:00:00"),
		"ClinicianUserInRoleGuid": patient.clinician, "EnteredByUserInRoleGuid": patient.clinician, "IsConfidential": e.Sealed,
		"Deleted": e.Deleted, "ProcessingId": 1}
}

func (w *emis) identity(e *Entry) string {
	if e.ID != "" {
		return e.ID
	}
	return w.guid()
}

func (w *emis) consultation(ctx context.Context, patient *emisPatient, e *Encounter) error {
	values, id := w.common(patient, &e.Entry), w.identity(&e.Entry)
	patient.encounters.put(e, id)
	code, err := w.clinicalCode(ctx, e.Code, "Consultation")
	if err != nil {
		return err
	}
	values["ConsultationGuid"], values["ConsultationSourceTerm"] = id, e.Location
	values["Complete"], values["ConsultationType"] = true, or(e.Reason, "Consultation")
	if code != 0 {
		values["ConsultationSourceCodeId"] = code
	}
	if slot := patient.slots.at(e); slot != "" {
		values["AppointmentSlotGuid"] = slot
	}
	return w.add(ctx, "CareRecord_Consultation", values)
}

package seed

import (
	"context"
	"fmt"
	"strconv"

	"onelondon/internal/clinical"
)

var _ native = (*systmOne)(nil)

// systmOne writes TPP SystmOne's extract. Every column is text. A row that was taken back stays, with RemovedData 1. Clinical dates
// are ISO as far as they are known, and one that nobody knows is 1900-01-01. IDOrganisation is the organisation
// that made a row, IDOrganisationVisibleTo the practice whose extract it is in; both are ODS codes. Findings, problems, allergies
// and procedures all stand in SRCode; SRProblem and the CTV3 hierarchy say which is a problem and which an allergy.
type systmOne struct {
	*store
	organisations map[string]bool
	terms         map[codeKey]string // words and options written, to their identifiers
}

func newSystmOne(s *store) native {
	return &systmOne{store: s, organisations: map[string]bool{}, terms: map[codeKey]string{}}
}

func (w *systmOne) begin(ctx context.Context) error {
	return w.add(ctx, "SRStaffMember", row{"RowIdentifier": systmOneStaff, "StaffName": "Dr A Practitioner", "Obsolete": "FALSE", "RemovedData": "0"})
}

// systmOneStaff is the one member of staff who makes every entry.
const systmOneStaff = "1"

func (w *systmOne) id() string { return strconv.Itoa(w.next()) }

func (w *systmOne) organisation(ctx context.Context, o Organisation) error {
	w.organisations[o.Code] = true
	return w.add(ctx, "SROrganisation", row{"RowIdentifier": w.id(), "Name": o.Name, "ID": o.Code, "FullPostCode": o.Postcode,
		"MadeObsolete": "FALSE", "RemovedData": "0"})
}

type systmOnePatient struct {
	person     *Person
	id         string
	encounters refs
	slots      refs // by encounter
}

// flag writes a truth value.
func flag(yes bool) string {
	if yes {
		return "TRUE"
	}
	return "FALSE"
}

// when writes a clinical date as far as it is known.
func when(d clinical.DateTime) string {
	switch d.Precision() {
	case clinical.PrecisionNone:
		return "1900-01-01"
	case clinical.PrecisionYear:
		return d.At().Format("2006")
	case clinical.PrecisionMonth:
		return d.At().Format("2006-01")
	case clinical.PrecisionDay:
		return day(d)
	}
	return stamp(d)
}

// removed writes RemovedData, the one flag that is a number.
func removed(yes bool) string {
	if yes {
		return "1"
	}
	return "0"
}

func (w *systmOne) person(ctx context.Context, p *Person) error {
	if !w.organisations[p.Holder] {
		return fmt.Errorf("writing a person: the practice that holds the record has not been written")
	}
	if p.Sensitive {
		return fmt.Errorf("writing a person: %s has no place for an S-flag", SystmOne)
	}
	patient := &systmOnePatient{person: p, id: or(p.LocalID, ""), encounters: refs{}, slots: refs{}}
	if patient.id == "" {
		patient.id = w.id()
	}
	if err := w.register(ctx, patient); err != nil {
		return err
	}
	return w.records(ctx, patient)
}

func (w *systmOne) register(ctx context.Context, patient *systmOnePatient) error {
	p := patient.person
	status := "GMS"
	if !p.Deducted.IsZero() {
		status = "Deducted"
	}
	tables := []struct {
		name   string
		values row
	}{
		{"SRPatient", row{"RowIdentifier": patient.id, "Title": p.Title, "FirstName": p.GivenName, "Surname": p.FamilyName,
			"NHSNumber": p.NHSNumber, "DateBirth": stamp(p.Birth), "DateDeath": stamp(p.Death), "Gender": p.sex(), "EmailAddress": p.Email,
			"TestPatient": flag(p.Test), "SpineMatched": "TRUE"}},
		{"SRPatientRegistration", row{"IDPatient": patient.id, "DateEventRecorded": stamp(p.Registered),
			"DateRegistration": stamp(p.Registered), "DateDeRegistration": stamp(p.Deducted), "RegistrationStatus": status,
			"IDOrganisation": p.Holder, "IDOrganisationRegisteredAt": p.Practice}},
		{"SRPatientAddressHistory", row{"IDPatient": patient.id, "DateEventRecorded": stamp(p.Registered), "DateEvent": stamp(p.Registered),
			"NameOfRoad": p.line(0), "NameOfLocality": p.line(1), "NameOfTown": p.line(2), "NameOfCounty": p.line(3), "FullPostCode": p.Postcode,
			"AddressType": "Home", "IDOrganisation": p.Holder, "IDOrganisationRegisteredAt": p.Practice}},
		{"SRPatientContactDetails", row{"IDPatient": patient.id, "DateEventRecorded": stamp(p.Registered), "ContactType": "Mobile",
			"ContactNumber": p.Telephone, "IDOrganisation": p.Holder, "IDOrganisationRegisteredAt": p.Practice}},
	}
	for _, table := range tables {
		if table.values["RowIdentifier"] == nil {
			table.values["RowIdentifier"] = w.id()
		}
		table.values["IDOrganisationVisibleTo"], table.values["RemovedData"] = p.Holder, removed(p.Deleted)
		if table.name == "SRPatientContactDetails" && p.Telephone == "" {
			continue
		}
		if err := w.add(ctx, table.name, table.values); err != nil {
			return err
		}
	}
	return nil
}

// common are the columns that records share.
func (w *systmOne) common(patient *systmOnePatient, e *Entry) (row, error) {
	if e.Sealed {
		return nil, fmt.Errorf("writing a person: %s has no place for a sealed record", SystmOne)
	}
	author := or(e.By, patient.person.Holder)
	return row{"RowIdentifier": or(e.ID, w.id()), "IDOrganisationVisibleTo": patient.person.Holder, "DateEventRecorded": stamp(e.recorded()),
		"DateEvent": when(e.Date), "IDProfileEnteredBy": systmOneStaff, "IDDoneBy": systmOneStaff, "IDOrganisationDoneAt": author, "IDPatient": patient.id,
		"IDOrganisation": author, "IDOrganisationRegisteredAt": patient.person.Practice, "RemovedData": removed(e.Deleted)}, nil
}

// write adds a record's own columns to the common ones, leaving out those that table does not have.
func (w *systmOne) write(ctx context.Context, patient *systmOnePatient, table string, e *Entry, more row) (string, error) {
	values, err := w.common(patient, e)
	if err != nil {
		return "", err
	}
	event, err := patient.encounters.find(e)
	if err != nil {
		return "", err
	}
	values["IDEvent"], values["IDAppointment"] = or(event, "-1"), or(patient.slots[e.Encounter], "-1")
	for name := range values {
		if _, has := w.tables[table].position[name]; !has {
			delete(values, name)
		}
	}
	for name, value := range more {
		values[name] = value
	}
	return values["RowIdentifier"].(string), w.add(ctx, table, values)
}

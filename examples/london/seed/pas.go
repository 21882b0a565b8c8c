package seed

import (
	"context"
	"fmt"
	"strconv"

	"onelondon/internal/clinical"
)

var _ native = (*pas)(nil)

// pas writes the PAS of Barking, Havering and Redbridge. Every column is text. Only PMI has the NHS number, in groups; the rest
// knows the person by PAS_ID. A spell's diagnoses and procedures stand side by side in its episodes, an attendance's diagnosis
// in words; a deleted row stays, marked in DataUpdateStatus.
type pas struct {
	*store
	organisations map[string]Organisation
}

func newPAS(s *store) native { return &pas{store: s, organisations: map[string]Organisation{}} }

func (w *pas) begin(context.Context) error { return nil }

func (w *pas) id() string { return strconv.Itoa(w.next()) }

func (w *pas) organisation(_ context.Context, o Organisation) error {
	w.organisations[o.Code] = o
	return nil
}

// visit is an encounter as the PAS keeps it: in which table, under which identifier, from when to when.
type visit struct {
	table    string
	id       string
	from, to clinical.DateTime
	deleted  bool
	values   row // the row itself, written once its diagnoses are in it
	codes    []Condition
	done     []Procedure
}

func (w *pas) person(ctx context.Context, p *Person) error {
	if err := refuse(PAS, map[string]int{"medications": len(p.Medications), "observations": len(p.Observed),
		"immunisations": len(p.Vaccines), "allergies": len(p.Allergies), "referrals": len(p.Referrals),
		"documents": len(p.Documents), "an urgent care plan": planned(p), "care plans": len(p.CarePlans), "a second contact": max(0, len(p.Contacts)-1)}); err != nil {
		return err
	}
	id := or(p.LocalID, "")
	if id == "" {
		id = "P" + w.id()
	}
	if err := w.index(ctx, p, id); err != nil {
		return err
	}
	visits, err := w.visits(p, id)
	if err != nil {
		return err
	}
	for _, visit := range visits {
		if err := w.visit(ctx, visit, id); err != nil {
			return err
		}
	}
	if err := each(p.Bookings, func(a *Appointment) error { return w.booking(ctx, id, a) }); err != nil {
		return err
	}
	return each(p.Alerts, func(a *Alert) error { return w.alert(ctx, id, a) })
}

// yes writes a flag.
func yes(set bool) string {
	if set {
		return "Y"
	}
	return "N"
}

// update writes what became of a row.
func update(deleted bool) string {
	if deleted {
		return "Deleted"
	}
	return "Added"
}

// index writes the person into the master index.
func (w *pas) index(ctx context.Context, p *Person, id string) error {
	if p.Test {
		return fmt.Errorf("writing a person: %s has no place for test patients", PAS)
	}
	sealed := false
	for i := range p.Encounters {
		sealed = sealed || p.Encounters[i].Sealed
	}
	values := row{"EXTERNAL_ID": id, "PAS_ID": id, "FORENAME": p.GivenName, "SURNAME": p.FamilyName, "NHS_NUMBER": spaced(p.NHSNumber),
		"GENDER_CODE": map[clinical.Gender]string{clinical.GenderMale: "1", clinical.GenderFemale: "2", clinical.GenderOther: "9"}[p.Gender],
		"BIRTH_DTTM":  stamp(p.Birth), "DEATH_DTTM": stamp(p.Death), "ADDRESS1": p.line(0), "ADDRESS2": p.line(1), "ADDRESS3": p.line(2),
		"ADDRESS4": p.line(3), "POSTCODE": p.Postcode, "SENSITIVE_PDS_FLAG": yes(p.Sensitive), "SENSITIVE_LOCAL_FLAG": yes(sealed),
		"MPHONE_NUMBER": p.Telephone, "REGISTERED_GP_PRACTICE_CODE": p.Practice,
		"REGISTERED_GP_PRACTICE": w.organisations[p.Practice].Name, "DataUpdateStatus": update(p.Deleted)}
	if len(p.Contacts) > 0 {
		values["NOK_NAME"], values["NOKREL_NHSCODE"] = p.Contacts[0].Name, p.Contacts[0].Relationship
	}
	return w.add(ctx, "PMI", values)
}

// visits gathers a person's encounters with what was found and done at each.
func (w *pas) visits(p *Person, id string) ([]*visit, error) {
	known := map[string]*visit{}
	var visits []*visit
	for i := range p.Encounters {
		e := &p.Encounters[i]
		v := &visit{id: or(e.ID, w.id()), from: e.Date, to: e.End, deleted: e.Deleted}
		v.table, v.values = w.encounter(p, e)
		v.values["EXTERNAL_ID"], v.values["PAS_ID"], v.values["DataUpdateStatus"] = v.id, id, update(e.Deleted)
		known[or(e.Ref, e.ID)] = v
		visits = append(visits, v)
	}
	for _, c := range p.Conditions {
		v, ok := known[c.Encounter]
		if !ok {
			return nil, fmt.Errorf("writing a person: %s keeps no diagnosis without an encounter", PAS)
		}
		v.codes = append(v.codes, c)
	}
	for _, procedure := range p.Procedures {
		v, ok := known[procedure.Encounter]
		if !ok || v.table == "AandeAttendances" {
			return nil, fmt.Errorf("writing a person: %s keeps no procedure outside a stay or an outpatient visit", PAS)
		}
		v.done = append(v.done, procedure)
	}
	return visits, nil
}

// encounter says which table an encounter belongs in, and how its row reads there.
func (w *pas) encounter(p *Person, e *Encounter) (string, row) {
	hospital, name := p.Holder, w.organisations[p.Holder].Name
	switch e.Class {
	case clinical.ClassEmergency:
		return "AandeAttendances", row{"HOSPITAL_CODE": hospital, "HOSPITAL_NAME": name, "ATTENDANCE_TYPE": or(e.Code.Display, "Type 1"),
			"ARRIVAL_MODE": or(e.AdmissionMethod, "Walk in"), "ARRIVAL_DTTM": stampOrUnknown(e.Date), "REGISTRATION_DTTM": stamp(e.recorded()),
			"COMPLAINT": e.Reason, "DISCHARGED_DTTM": stamp(e.End), "LEFT_DEPARTMENT_DTTM": stamp(e.End),
			"DISCHARGE_DESTINATION": e.Discharge, "FIRST_LOCATION": e.Location}
	case clinical.ClassInpatient:
		return "Spells", row{"ADMISSION_DTTM": stampOrUnknown(e.Date), "DISCHARGE_DTTM": stamp(e.End), "ADMISSION_HOSPITAL_CODE": hospital,
			"ADMISSION_HOSPITAL_NAME": name, "ADMISSION_METHOD": e.AdmissionMethod, "ADMISSION_SPECIALTY": e.Specialty,
			"ADMISSION_WARD": e.Location, "PATIENT_CLASS": or(e.Code.Display, "Ordinary admission"), "PRIMARY_DIAGNOSIS": e.Reason,
			"DISCHARGE_DESTINATION": e.Discharge, "SPELL_REGISTERED_GP_PRACTICE_CODE": p.Practice}
	}
	return "Outpatients", row{"APPOINTMENT_DTTM": stampOrUnknown(e.Date), "APPT_DEPARTURE_DTTM": stamp(e.End),
		"APPT_TYPE": or(e.Code.Display, "Follow-up"), "APPOINTMENT_STATUS_CODE": "5", "APPOINTMENT_STATUS": "Attended",
		"HOSPITAL_CODE": hospital, "HOSPITAL_NAME": name, "CLINIC_NAME": e.Location, "SPECIALTY": e.Specialty,
		"APPOINTMENT_OUTCOME": e.Discharge, "BOOKED_DTTM": stamp(e.recorded())}
}

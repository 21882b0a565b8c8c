package seed

import (
	"context"
	"fmt"

	"onelondon/internal/clinical"
)

var _ native = (*compass)(nil)

// compass writes a Discovery subscriber database. A person is one row of person and one of patient for each registration;
// everything coded is a concept. A problem stands in observation, and is repeated there without saying that it is one, as
// Discovery does; vaccines given are observations like any other.
type compass struct {
	*store
	organisations map[string]int
	practitioners map[string]int
	people        map[string]int // NHS number to person
	concepts      map[codeKey]int
	schemes       map[clinical.CodeSystem]int
}

func newCompass(s *store) native {
	return &compass{store: s, organisations: map[string]int{}, practitioners: map[string]int{}, people: map[string]int{},
		concepts: map[codeKey]int{}, schemes: map[clinical.CodeSystem]int{}}
}

// begin makes the concepts that name the terminologies.
func (w *compass) begin(ctx context.Context) error {
	for _, scheme := range []struct {
		system clinical.CodeSystem
		id     string
	}{{clinical.SNOMED, "SNOMED"}, {clinical.Read2, "READ2"}, {clinical.CTV3, "CTV3"}, {clinical.ICD10, "ICD10"},
		{clinical.OPCS4, "OPCS4"}, {clinical.DMD, "DMD"}, {clinical.LocalCode, "LOCAL"}} {
		w.schemes[scheme.system] = w.next()
		if err := w.add(ctx, "concept", row{"dbid": w.schemes[scheme.system], "document": 1, "id": scheme.id, "draft": false,
			"name": scheme.id, "use_count": 0, "updated": "2026-10-31 02:00:00"}); err != nil {
			return err
		}
	}
	return w.add(ctx, "event_log", row{"dt_change": "2026-10-31 02:00:00", "change_type": 0, "table_id": 2, "record_id": 1})
}

// concept finds or makes the concept of a code; nil where there is no code.
func (w *compass) concept(ctx context.Context, c Code) (any, error) {
	if c.Code == "" && c.Display == "" {
		return nil, nil
	}
	key := c.key()
	if id, ok := w.concepts[key]; ok {
		return id, nil
	}
	scheme, ok := w.schemes[c.System]
	if !ok {
		scheme = w.schemes[clinical.LocalCode]
	}
	id := w.next()
	w.concepts[key] = id
	return id, w.add(ctx, "concept", row{"dbid": id, "document": 1, "id": fmt.Sprintf("%s_%s_%d", c.System, c.Code, id), "draft": false,
		"name": c.Display, "scheme": scheme, "code": c.Code, "use_count": 1, "updated": "2026-10-31 02:00:00"})
}

// word is a concept of Discovery's own, such as a precision or a status.
func (w *compass) word(ctx context.Context, code string) (any, error) {
	return w.concept(ctx, Code{System: clinical.LocalCode, Code: code, Display: code})
}

func (w *compass) organisation(ctx context.Context, o Organisation) error {
	id, practitioner := w.next(), w.next()
	w.organisations[o.Code], w.practitioners[o.Code] = id, practitioner
	if o.Trust {
		return w.add(ctx, "organization", row{"id": id, "ods_code": o.Code, "name": o.Name, "type_code": "TR", "type_desc": "NHS Trust",
			"postcode": o.Postcode})
	}
	if err := w.add(ctx, "organization", row{"id": id, "ods_code": o.Code, "name": o.Name, "type_code": "PR",
		"type_desc": "GP Practice", "postcode": o.Postcode}); err != nil {
		return err
	}
	return w.add(ctx, "practitioner", row{"id": practitioner, "organization_id": id, "name": "PRACTITIONER, A (Dr)",
		"role_code": "R0260", "role_desc": "General Medical Practitioner"})
}

type compassPatient struct {
	person                         *Person
	organisation, id, human, staff int
	encounters                     map[string]int
	appointments                   map[string]int // by encounter
}

func (w *compass) person(ctx context.Context, p *Person) error {
	if err := refuse(Compass, map[string]int{"documents": len(p.Documents), "contacts": len(p.Contacts),
		"care plans": len(p.CarePlans), "an urgent care plan": planned(p)}); err != nil {
		return err
	}
	organisation, ok := w.organisations[p.Holder]
	if !ok {
		return fmt.Errorf("writing a person: the practice that holds the record has not been written")
	}
	if p.Sensitive || p.Test || p.Deleted {
		return fmt.Errorf("writing a person: %s has no place for an S-flag, a test patient or a deleted one", Compass)
	}
	patient := &compassPatient{person: p, organisation: organisation, id: w.next(), staff: w.practitioners[p.Holder],
		encounters: map[string]int{}, appointments: map[string]int{}}
	if err := w.register(ctx, patient); err != nil {
		return err
	}
	return w.records(ctx, patient)
}

func (w *compass) register(ctx context.Context, patient *compassPatient) error {
	p := patient.person
	gender, err := w.word(ctx, map[clinical.Gender]string{clinical.GenderFemale: "female", clinical.GenderMale: "male",
		clinical.GenderOther: "other", clinical.GenderUnknown: "unknown", "": "unknown"}[p.Gender])
	if err != nil {
		return err
	}
	address := w.next()
	demographics := func(id int) row {
		values := row{"id": id, "organization_id": patient.organisation, "title": p.Title, "first_names": p.GivenName,
			"last_name": p.FamilyName, "gender_concept_id": gender, "nhs_number": p.NHSNumber, "date_of_birth": day(p.Birth),
			"date_of_death": day(p.Death), "current_address_id": address}
		if practice, ok := w.organisations[p.Practice]; ok {
			values["registered_practice_organization_id"] = practice
		}
		return values
	}
	human, known := w.people[p.NHSNumber]
	if !known {
		human = w.next()
		w.people[p.NHSNumber] = human
		if err := w.add(ctx, "person", demographics(human)); err != nil {
			return err
		}
	}
	patient.human = human
	values := demographics(patient.id)
	values["person_id"] = human
	if err := w.add(ctx, "patient", values); err != nil {
		return err
	}
	return w.registered(ctx, patient, address)
}

// registered writes the address, the telephone and the episode of care.
func (w *compass) registered(ctx context.Context, patient *compassPatient, address int) error {
	p := patient.person
	home, err := w.word(ctx, "home")
	if err != nil {
		return err
	}
	if err := w.add(ctx, "patient_address", patient.row(row{"id": address, "address_line_1": p.line(0), "address_line_2": p.line(1),
		"city": p.line(2), "postcode": p.Postcode, "use_concept_id": home, "start_date": day(p.Registered)})); err != nil {
		return err
	}
	if p.Telephone != "" {
		mobile, err := w.word(ctx, "mobile")
		if err != nil {
			return err
		}
		if err := w.add(ctx, "patient_contact", patient.row(row{"id": w.next(), "use_concept_id": mobile, "type_concept_id": mobile,
			"start_date": day(p.Registered), "value": p.Telephone})); err != nil {
			return err
		}
	}
	regular, err := w.word(ctx, "R")
	if err != nil {
		return err
	}
	return w.add(ctx, "episode_of_care", patient.row(row{"id": w.next(), "registration_type_concept_id": regular,
		"date_registered": day(p.Registered), "date_registered_end": day(p.Deducted), "usual_gp_practitioner_id": patient.staff}))
}

// row adds whose row it is.
func (p *compassPatient) row(values row) row {
	values["organization_id"], values["patient_id"], values["person_id"] = p.organisation, p.id, p.human
	return values
}

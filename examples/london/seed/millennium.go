package seed

import (
	"context"
	"fmt"
	"strconv"

	"onelondon/internal/clinical"
)

// forever is Millennium's date for "until further notice".
const forever = "2100-12-31 00:00:00"

var _ native = (*millennium)(nil)

// millennium writes Cerner Millennium as Barts Health extracts it. Every column is text. What is coded is a number to look up in
// CVREF, diagnoses and procedures name their terms in NOMREF and know only their encounter, and what is deleted is inactive.
type millennium struct {
	*store
	trust  string
	values map[codeKey]string // code values written to CVREF, by set and display
	terms  map[codeKey]string // terms written to NOMREF
	orgs   map[string]string  // ODS code to ORG_ID
}

func newMillennium(s *store) native {
	return &millennium{store: s, values: map[codeKey]string{}, terms: map[codeKey]string{}, orgs: map[string]string{}}
}

// The identifiers that Cerner delivers everywhere.
const (
	currentName   = "766"
	homeAddress   = "756"
	homeTelephone = "170"
	clinicianID   = "1"
)

func (w *millennium) begin(ctx context.Context) error {
	return w.add(ctx, "PRSNLREF", row{"PERSONNEL_ID": clinicianID, "EXTRACT_DT_TM": extracted, "ACTIVE_IND": "1", "PHYSICIAN_IND": "1",
		"NAME_FIRST_TXT": "A", "NAME_LAST_TXT": "Clinician", "NAME_FULL_TXT": "Clinician, A"})
}

// extracted is when the extract was taken.
const extracted = "2026-11-01 04:00:00"

func (w *millennium) id() string { return strconv.Itoa(1_000_000 + w.next()) }

// active writes ACTIVE_IND.
func active(deleted bool) string {
	if deleted {
		return "0"
	}
	return "1"
}

// organisation makes a row of the organisations' table; the first is the trust itself.
func (w *millennium) organisation(ctx context.Context, o Organisation) error {
	if w.trust == "" {
		w.trust = o.Code
	}
	w.orgs[o.Code] = w.id()
	return w.add(ctx, "ORGREF", row{"ORG_ID": w.orgs[o.Code], "EXTRACT_DT_TM": extracted, "ACTIVE_IND": "1", "ORG_NAME_TXT": o.Name,
		"NHS_ORG_ALIAS": o.Code, "POSTCODE_TXT": o.Postcode})
}

// value finds or makes a code value of a code set; meaning is what programs read, display what people do. Without a display
// there is no value.
func (w *millennium) value(ctx context.Context, set int, display, meaning, alias string) (string, error) {
	if display == "" {
		return "", nil
	}
	key := codeKey{table: strconv.Itoa(set), code: alias, display: display}
	if id, ok := w.values[key]; ok {
		return id, nil
	}
	id := w.id()
	w.values[key] = id
	return id, w.add(ctx, "CVREF", row{"CODE_VALUE_CD": id, "EXTRACT_DT_TM": extracted, "ACTIVE_IND": "1", "CODE_DESC_TXT": display,
		"CODE_DISP_TXT": display, "CODE_MEANING_TXT": meaning, "CODE_SET_NBR": set, "ALIAS_NHS_CD_ALIAS": alias})
}

// The code sets that are written to, by their numbers in Millennium.
const (
	setRelation   = 40
	setUnits      = 54
	setClass      = 53
	setSex        = 57
	setEncounter  = 71
	setEvent      = 72
	setState      = 8
	setEncState   = 261
	setLocation   = 220
	setFunction   = 34
	setArrival    = 100
	setDisposal   = 19
	setCategory   = 16389
	setOrderState = 6004
	setVisit      = 14230
)

type millenniumPatient struct {
	person     *Person
	id         string
	encounters refs
}

func (w *millennium) person(ctx context.Context, p *Person) error {
	if err := refuse(Millennium, map[string]int{"allergies": len(p.Allergies), "referrals": len(p.Referrals), "alerts": len(p.Alerts),
		"care plans": len(p.CarePlans), "an urgent care plan": planned(p)}); err != nil {
		return err
	}
	if p.Sensitive || p.Test {
		return fmt.Errorf("writing a person: %s has no place for an S-flag or a test patient", Millennium)
	}
	patient := &millenniumPatient{person: p, id: or(p.LocalID, ""), encounters: refs{}}
	if patient.id == "" {
		patient.id = w.id()
	}
	if err := w.register(ctx, patient); err != nil {
		return err
	}
	return w.records(ctx, patient)
}

func (w *millennium) register(ctx context.Context, patient *millenniumPatient) error {
	p, since := patient.person, or(stamp(patient.person.Registered), extracted)
	sex, err := w.value(ctx, setSex, map[clinical.Gender]string{clinical.GenderFemale: "Female", clinical.GenderMale: "Male",
		clinical.GenderOther: "Other"}[p.Gender], string(p.Gender), "")
	if err != nil {
		return err
	}
	tables := []struct {
		name, id string
		values   row
	}{
		{"PPATI", "PERSON_ID", row{"PERSON_ID": patient.id, "LOCAL_PATIENT_IDENT": "MRN" + patient.id, "NHS_NBR_IDENT": p.NHSNumber,
			"BIRTH_DT_TM": stamp(p.Birth), "DECEASED_DT_TM": stamp(p.Death), "GENDER_CD": sex}},
		{"PPNAM", "PERSON_NAME_ID", row{"PERSON_NAME_TYPE_CD": currentName, "FIRST_NAME_TXT": p.GivenName, "LAST_NAME_TXT": p.FamilyName,
			"TITLE_TXT": p.Title}},
		{"PPADD", "ADDRESS_ID", row{"ADDRESS_TYPE_CD": homeAddress, "ADDR_LINE1_TXT": p.line(0), "ADDR_LINE2_TXT": p.line(1),
			"CITY_TXT": p.line(2), "POSTCODE_TXT": p.Postcode}},
		{"PPPHO", "PHONE_ID", row{"PHONE_TYPE_CD": homeTelephone, "PHONE_NBR_TXT": p.Telephone}},
		{"PPAGP", "PERSON_PRSNL_RELTN_ID", row{"GP_PRAC_ORG_ID": w.orgs[p.Practice]}},
	}
	for _, table := range tables {
		table.values["EXTRACT_DT_TM"], table.values["ACTIVE_IND"] = extracted, active(p.Deleted)
		if table.name != "PPATI" {
			table.values[table.id], table.values["PERSON_ID"] = w.id(), patient.id
			table.values["BEG_EFFECTIVE_DT_TM"], table.values["END_EFFECTIVE_DT_TM"] = since, forever
		}
		if err := w.add(ctx, table.name, table.values); err != nil {
			return err
		}
	}
	return nil
}

// term finds or makes the row of NOMREF for a code, and the identifier that carries terminology and code in one.
func (w *millennium) term(ctx context.Context, c Code) (nomenclature, concept string, err error) {
	prefix, ok := map[clinical.CodeSystem]string{clinical.SNOMED: "SNOMED!", clinical.DMD: "SNOMED!", clinical.ICD10: "ICD10WHO!",
		clinical.OPCS4: "OPCS4!"}[c.System]
	if !ok {
		prefix = string(c.System) + "!"
	}
	concept = prefix + c.Code
	key := c.key()
	if id, known := w.terms[key]; known {
		return id, concept, nil
	}
	id := w.id()
	w.terms[key] = id
	return id, concept, w.add(ctx, "NOMREF", row{"NOMENCLATURE_ID": id, "EXTRACT_DT_TM": extracted, "ACTIVE_IND": "1",
		"MNEMONIC_TXT": c.Display, "VALUE_TXT": c.Code, "DISPLAY_TXT": c.Display, "DESCRIPTION_TXT": c.Display,
		"CONCEPT_CKI_IDENT": concept, "BEG_EFFECTIVE_DT_TM": "2010-01-01 00:00:00", "END_EFFECTIVE_DT_TM": forever})
}

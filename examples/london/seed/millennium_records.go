package seed

import (
	"context"
	"fmt"

	"onelondon/internal/clinical"
)

func (w *millennium) records(ctx context.Context, patient *millenniumPatient) error {
	p := patient.person
	for _, write := range []func() error{
		func() error {
			return each(p.Encounters, func(r *Encounter) error { return w.encounter(ctx, patient, r) })
		},
		func() error {
			return each(p.Conditions, func(r *Condition) error { return w.condition(ctx, patient, r) })
		},
		func() error {
			return each(p.Medications, func(r *Medication) error { return w.order(ctx, patient, r) })
		},
		func() error { return each(p.Observed, func(r *Observation) error { return w.result(ctx, patient, r) }) },
		func() error {
			return each(p.Procedures, func(r *Procedure) error { return w.procedure(ctx, patient, r) })
		},
		func() error {
			return each(p.Vaccines, func(r *Immunisation) error {
				return w.event(ctx, patient, &r.Entry, "IMMUN", row{"EVENT_RESULT_TXT": r.Dose})
			})
		},
		func() error {
			return each(p.Documents, func(r *Document) error {
				return w.event(ctx, patient, &r.Entry, "DOC", row{"EVENT_TITLE_TXT": r.Title})
			})
		},
		func() error {
			return each(p.Bookings, func(r *Appointment) error { return w.booking(ctx, patient, r) })
		},
		func() error { return each(p.Contacts, func(r *Contact) error { return w.contact(ctx, patient, r) }) },
	} {
		if err := write(); err != nil {
			return err
		}
	}
	return nil
}

// put adds what every row has and refuses what no row can say.
func (w *millennium) put(ctx context.Context, table string, e *Entry, values row) error {
	if e.Sealed {
		return fmt.Errorf("writing a person: %s has no place for a sealed record", Millennium)
	}
	values["EXTRACT_DT_TM"], values["ACTIVE_IND"] = extracted, active(e.Deleted)
	return w.add(ctx, table, values)
}

// looked is a column to be filled with a code value.
type looked struct {
	column           string
	set              int
	display, meaning string
}

func (w *millennium) look(ctx context.Context, values row, columns ...looked) error {
	for _, c := range columns {
		id, err := w.value(ctx, c.set, c.display, c.meaning, "")
		if err != nil {
			return err
		}
		values[c.column] = id
	}
	return nil
}

// encounterType is Millennium's word for a class of encounter.
func encounterType(class clinical.EncounterClass) string {
	word, ok := map[clinical.EncounterClass]string{clinical.ClassEmergency: "Emergency", clinical.ClassInpatient: "Inpatient",
		clinical.ClassOutpatient: "Outpatient"}[class]
	if !ok {
		return "Ward Attender"
	}
	return word
}

func (w *millennium) encounter(ctx context.Context, patient *millenniumPatient, e *Encounter) error {
	id := or(e.ID, w.id())
	patient.encounters.put(e, id)
	state := map[clinical.Status][2]string{clinical.StatusPlanned: {"Preadmit", "PREADMIT"}, clinical.StatusOngoing: {"Active", "ACTIVE"},
		clinical.StatusCancelled: {"Cancelled", "CANCELLED"}}[e.Status]
	if state[0] == "" {
		state = [2]string{"Discharged", "DISCHARGED"}
	}
	values := row{"ENCNTR_ID": id, "PERSON_ID": patient.id, "FIN_NBR_ID": w.id(), "CREATE_DT_TM": stampOrUnknown(e.Date),
		"REASON_FOR_VISIT_TXT": e.Reason, "RESP_HCP_PRSNL_ID": clinicianID}
	if err := w.look(ctx, values, looked{"ENC_TYPE_CD", setEncounter, encounterType(e.Class), ""},
		looked{"ENC_STATUS_CD", setEncState, state[0], state[1]}, looked{"TREATMENT_FUNCTION_CD", setFunction, e.Specialty, ""},
		looked{"CURRENT_LOC_INSTITUTION_CD", setLocation, e.Location, ""}); err != nil {
		return err
	}
	if err := w.put(ctx, "ENCNT", &e.Entry, values); err != nil {
		return err
	}
	return w.commissioned(ctx, patient, e, id)
}

// commissioned writes the encounter once more, as it is sent to commissioners.
func (w *millennium) commissioned(ctx context.Context, patient *millenniumPatient, e *Encounter, id string) error {
	values := row{"CDS_BATCH_CONTENT_ID": w.id(), "ENCNTR_ID": id, "PERSON_ID": patient.id}
	switch e.Class {
	case clinical.ClassEmergency:
		values["ARRIVAL_DT_TM"], values["DEPARTURE_DT_TM"], values["PRESENTING_COMP_TXT"] = stamp(e.Date), stamp(e.End), e.Reason
		if err := w.look(ctx, values, looked{"ARRIVAL_MODE_CD", setArrival, e.AdmissionMethod, ""},
			looked{"ATTENDANCE_DISPOSAL_CD", setDisposal, e.Discharge, ""}); err != nil {
			return err
		}
		return w.put(ctx, "AEATT", &e.Entry, values)
	case clinical.ClassInpatient:
		values["EPISODE_SEQ_NBR"], values["LAST_EPISODE_NHS_CD_ALIAS"], values["HOSP_PRVDR_IDENT"] = "1", "1", w.trust
		values["EPISODE_START_DT_TM"], values["EPISODE_END_DT_TM"], values["ENCNTR_SLICE_ID"] = stamp(e.Date), stamp(e.End), w.id()
		return w.put(ctx, "IPEPI", &e.Entry, values)
	case clinical.ClassOutpatient:
		values["APPT_DT_TM"], values["ATTENDED_DNA_NHS_CD_ALIAS"], values["REASON_FOR_VISIT_TXT"] = stamp(e.Date), "5", e.Reason
		return w.put(ctx, "OPATT", &e.Entry, values)
	}
	return nil
}

// condition writes a diagnosis of an encounter, or a problem where there is none.
func (w *millennium) condition(ctx context.Context, patient *millenniumPatient, c *Condition) error {
	encounter, err := patient.encounters.find(&c.Entry)
	if err != nil {
		return err
	}
	if encounter == "" {
		return w.problem(ctx, patient, c)
	}
	nomenclature, concept, err := w.term(ctx, c.Code)
	if err != nil {
		return err
	}
	return w.put(ctx, "DIAGN", &c.Entry, row{"DIAGNOSIS_ID": or(c.ID, w.id()), "ENCNTR_ID": encounter, "NOMENCLATURE_ID": nomenclature,
		"DIAGNOSIS_DT_TM": stampOrUnknown(c.Date), "DIAG_HCP_PRSNL_ID": clinicianID, "CONCEPT_CKI_IDENT": concept, "DIAGNOSIS_TXT": c.Note})
}

func (w *millennium) problem(ctx context.Context, patient *millenniumPatient, c *Condition) error {
	vocabulary := map[clinical.CodeSystem]string{clinical.SNOMED: "SNOMED CT", clinical.ICD10: "ICD-10"}[c.Code.System]
	lifecycle := map[clinical.Status]string{clinical.StatusInactive: "Inactive", clinical.StatusResolved: "Resolved"}[c.Status]
	if c.Deleted {
		lifecycle = "Canceled"
	}
	return w.add(ctx, "Problem", row{"problem_id": or(c.ID, w.id()), "update_dt_tm": stamp(c.recorded()), "person_id": patient.id,
		"mrn": "MRN" + patient.id, "problem": c.Code.Display, "problem_code": c.Code.Code, "vocab": or(vocabulary, "Local"),
		"onset_date": stampOrUnknown(c.Date), "status_lifecycle": or(lifecycle, "Active"), "classification": c.Category,
		"severity": c.Severity})
}

func (w *millennium) procedure(ctx context.Context, patient *millenniumPatient, p *Procedure) error {
	encounter, err := patient.encounters.find(&p.Entry)
	if err == nil && encounter == "" {
		err = fmt.Errorf("writing a person: %s keeps no procedure without an encounter", Millennium)
	}
	if err != nil {
		return err
	}
	nomenclature, concept, err := w.term(ctx, p.Code)
	if err != nil {
		return err
	}
	return w.put(ctx, "PROCE", &p.Entry, row{"PROCEDURE_ID": or(p.ID, w.id()), "ENCNTR_ID": encounter, "NOMENCLATURE_ID": nomenclature,
		"PROCEDURE_DT_TM": stampOrUnknown(p.Date), "PROCEDURE_HCP_PRSNL_ID": clinicianID, "CONCEPT_CKI_IDENT": concept})
}

// event writes a clinical event of a class; its code is a code value of the event set, and no other terminology.
func (w *millennium) event(ctx context.Context, patient *millenniumPatient, e *Entry, class string, more row) error {
	encounter, err := patient.encounters.find(e)
	if err != nil {
		return err
	}
	code, err := w.value(ctx, setEvent, e.Code.Display, "", e.Code.Code)
	if err != nil {
		return err
	}
	values := row{"EVENT_ID": or(e.ID, w.id()), "PERSON_ID": patient.id, "ENCNTR_ID": encounter, "EVENT_CD": code,
		"CLIN_SIGNIFICANCE_DT_TM": stampOrUnknown(e.Date), "EVENT_END_DT_TM": stamp(e.Date), "EVENT_PERFORMED_DT_TM": stamp(e.recorded()),
		"EVENT_PERFORMED_PRSNL_ID": clinicianID, "EVENT_VERIFIED_DT_TM": stamp(e.recorded())}
	if err := w.look(ctx, values, looked{"EVENT_CLASS_CD", setClass, class, class},
		looked{"EVENT_RESULT_STATUS_CD", setState, "Auth (Verified)", "AUTH"}); err != nil {
		return err
	}
	for name, value := range more {
		values[name] = value
	}
	return w.put(ctx, "CLEVE", e, values)
}

func (w *millennium) result(ctx context.Context, patient *millenniumPatient, o *Observation) error {
	class := "TXT"
	if o.Value != "" {
		class = "NUM"
	}
	values := row{"EVENT_RESULT_NBR": o.Value, "EVENT_RESULT_TXT": o.ValueText, "NORMAL_VALUE_LOW_TXT": o.ReferenceLow,
		"NORMAL_VALUE_HIGH_TXT": o.ReferenceHigh}
	if err := w.look(ctx, values, looked{"EVENT_RESULT_UNITS_CD", setUnits, o.Unit, ""}); err != nil {
		return err
	}
	return w.event(ctx, patient, &o.Entry, class, values)
}

func (w *millennium) order(ctx context.Context, patient *millenniumPatient, m *Medication) error {
	encounter, err := patient.encounters.find(&m.Entry)
	if err != nil {
		return err
	}
	_, concept, err := w.term(ctx, m.Code)
	if err != nil {
		return err
	}
	state := map[clinical.Status][2]string{clinical.StatusActive: {"Ordered", "ORDERED"}, clinical.StatusCompleted: {"Completed", "COMPLETED"},
		clinical.StatusStopped: {"Discontinued", "DISCONTINUED"}, clinical.StatusCancelled: {"Canceled", "CANCELED"}}[m.Status]
	id := or(m.ID, w.id())
	values := row{"ORDER_KEY": id, "ORDER_ID": id, "ENCNTR_ID": encounter, "PERSON_ID": patient.id, "ORDER_DT_TM": stamp(m.recorded()),
		"REQUESTED_START_DT_TM": stampOrUnknown(m.Date), "ORDER_MNEM_TXT": m.Code.Display, "CONCEPT_CKI_IDENT": concept,
		"ORDER_COMMENTS_TXT": m.Dosage, "ORDER_DOC_TRAN_PRSNL_ID": clinicianID, "DISCONTINUE_DT_TM": stamp(m.End)}
	if err := w.look(ctx, values, looked{"CLINICAL_CATEGORY_CD", setCategory, "Medications", "MEDICATIONS"},
		looked{"LAST_ORDER_STATUS_CD", setOrderState, state[0], state[1]}); err != nil {
		return err
	}
	return w.put(ctx, "ORDER", &m.Entry, values)
}

func (w *millennium) booking(ctx context.Context, patient *millenniumPatient, a *Appointment) error {
	attended, ok := map[clinical.Status]string{clinical.StatusPlanned: "0", clinical.StatusMissed: "3", clinical.StatusCancelled: "2"}[a.Status]
	if !ok {
		return fmt.Errorf("writing a person: an attended appointment is an encounter at %s", Millennium)
	}
	encounter, err := patient.encounters.find(&a.Entry)
	if err != nil {
		return err
	}
	values := row{"CDS_BATCH_CONTENT_ID": or(a.ID, w.id()), "PERSON_ID": patient.id, "ENCNTR_ID": encounter, "APPT_DT_TM": stampOrUnknown(a.Date),
		"ATTENDED_DNA_NHS_CD_ALIAS": attended, "REASON_FOR_VISIT_TXT": a.Code.Display, "EXPECTED_DUR_OF_APPT_NBR": a.Minutes}
	if err := w.look(ctx, values, looked{"APPT_TYPE_CD", setVisit, a.Service, ""}, looked{"APPT_LOCATION_CD", setLocation, a.Location, ""}); err != nil {
		return err
	}
	return w.put(ctx, "OPATT", &a.Entry, values)
}

func (w *millennium) contact(ctx context.Context, patient *millenniumPatient, c *Contact) error {
	given, family := splitName(c.Name)
	values := row{"PERSON_PERSON_RELTN_ID": or(c.ID, w.id()), "PERSON_ID": patient.id, "FIRST_NAME_TXT": given, "LAST_NAME_TXT": family,
		"MOB_PHONE_NBR_TXT": c.Telephone, "BEG_EFFECTIVE_DT_TM": or(stamp(c.Date), extracted), "END_EFFECTIVE_DT_TM": or(stamp(c.End), forever)}
	if err := w.look(ctx, values, looked{"RELATION_CD", setRelation, c.Relationship, ""}); err != nil {
		return err
	}
	return w.put(ctx, "PPREL", &c.Entry, values)
}

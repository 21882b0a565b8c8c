package seed

import (
	"context"
	"fmt"

	"onelondon/internal/clinical"
)

// places is how many diagnoses or procedures stand beside the primary one in an episode.
const places = 12

// visit writes an encounter with its diagnoses and procedures where its table has them.
func (w *pas) visit(ctx context.Context, v *visit, pasID string) error {
	switch v.table {
	case "AandeAttendances":
		if len(v.codes) > 1 {
			return fmt.Errorf("writing a person: %s keeps one diagnosis of an attendance", PAS)
		}
		for _, c := range v.codes {
			v.values["DIAGNOSIS"], v.values["DIAGNOSIS_RECORD_DTTM"] = c.Code.Display, stamp(c.Date)
		}
	case "Outpatients":
		if err := v.outpatientCodes(); err != nil {
			return err
		}
	}
	if err := w.add(ctx, v.table, v.values); err != nil || v.table != "Spells" {
		return err
	}
	return w.episodes(ctx, v, pasID)
}

func (v *visit) outpatientCodes() error {
	if len(v.codes) > 4 || len(v.done) > 12 {
		return fmt.Errorf("writing a person: %s keeps four diagnoses and twelve procedures of an outpatient visit", PAS)
	}
	for i, c := range v.codes {
		name := "PRIMARY_DIAGNOSIS_CODE"
		if i > 0 {
			name = fmt.Sprintf("SECONDARY_DIAGNOSIS_CODE_%d", i)
		}
		v.values[name] = c.Code.Code
	}
	for i, procedure := range v.done {
		name := "PRIMARY_PROCEDURE_CODE"
		if i > 0 {
			name = fmt.Sprintf("SECONDARY_PROCEDURE_CODE_%d", i)
		}
		v.values[name] = procedure.Code.Code
	}
	return nil
}

// episodes writes as many consultant episodes as the spell's diagnoses and procedures need. Procedures beside the primary one
// have no date of their own but the episode's, so that an episode holds those of one date.
func (w *pas) episodes(ctx context.Context, v *visit, pasID string) error {
	codes, done := v.codes, v.done
	for number := 1; number == 1 || len(codes) > 0 || len(done) > 0; number++ {
		values := row{"EXTERNAL_ID": w.id(), "IP_SPELL_EXTERNAL_ID": v.id, "PAS_ID": pasID, "EPI_NUM": number,
			"EPISODE_START_DTTM": stamp(v.from), "EPISODE_END_DTTM": stamp(v.to), "DataUpdateStatus": update(v.deleted)}
		n := min(len(codes), places+1)
		for i, c := range codes[:n] {
			diagnosis(values, i, &c)
		}
		codes = codes[n:]
		n = sameDate(done)
		for i, procedure := range done[:n] {
			operationColumns(values, i, &procedure)
		}
		done = done[n:]
		if err := w.add(ctx, "Episodes", values); err != nil {
			return err
		}
	}
	return nil
}

// sameDate counts the procedures at the head of the list that one episode can hold.
func sameDate(done []Procedure) int {
	n := 0
	for n < len(done) && n <= places && done[n].Date == done[0].Date {
		n++
	}
	return n
}

// codingType is the PAS's word for a terminology.
func codingType(system clinical.CodeSystem) string {
	return map[clinical.CodeSystem]string{clinical.ICD10: "ICD10", clinical.SNOMED: "SNOMED", clinical.OPCS4: "OPCS4"}[system]
}

// diagnosis fills the i-th place for a diagnosis; the 0th is the primary.
func diagnosis(values row, i int, c *Condition) {
	code, date, kind := "PRIMARY_DIAGNOSIS_CODE", "PRIMDIAG_DTTM", "PRIMARY_DIAGNOSIS_CODING_TYPE"
	if i > 0 {
		code, date, kind = fmt.Sprintf("DIAG_%02d", i), fmt.Sprintf("DIAG%d_DTTM", i), fmt.Sprintf("DIAG%d_CODING_TYPE", i)
	}
	values[code], values[date], values[kind] = c.Code.Code, stampOrUnknown(c.Date), codingType(c.Code.System)
}

// operationColumns fills the i-th place for a procedure; the first of an episode gives the episode its start.
func operationColumns(values row, i int, p *Procedure) {
	if i == 0 {
		values["PRIMARY_PROCEDURE_CODE"], values["PRIMARY_PROCEDURE"] = p.Code.Code, p.Code.Display
		values["PRIMARY_PROCEDURE_DATE"], values["PRIMARY_PROCEDURE_CODING_TYPE"] = stampOrUnknown(p.Date), codingType(p.Code.System)
		values["EPISODE_START_DTTM"] = stampOrUnknown(p.Date)
		return
	}
	prefix := fmt.Sprintf("PROC_%02d", i)
	values[prefix], values[prefix+"_DESC"], values[prefix+"_CODING_TYPE"] = p.Code.Code, p.Code.Display, codingType(p.Code.System)
}

// booking writes an outpatient appointment that was not attended, or is to come.
func (w *pas) booking(ctx context.Context, pasID string, a *Appointment) error {
	code, words := "0", "Not applicable"
	switch a.Status {
	case clinical.StatusCancelled:
		code, words = "2", "Cancelled by patient"
	case clinical.StatusMissed:
		code, words = "3", "Did not attend"
	case clinical.StatusPlanned:
	default:
		return fmt.Errorf("writing a person: an attended appointment is an encounter at %s", PAS)
	}
	return w.add(ctx, "Outpatients", row{"EXTERNAL_ID": or(a.ID, w.id()), "PAS_ID": pasID, "APPOINTMENT_DTTM": stampOrUnknown(a.Date),
		"BOOKED_DTTM": stamp(a.Booked), "APPT_TYPE": or(a.Code.Display, "Follow-up"), "APPOINTMENT_STATUS_CODE": code,
		"APPOINTMENT_STATUS": words, "SPECIALTY": a.Service, "CLINIC_NAME": a.Location, "CANCEL_REASON": a.Note,
		"DataUpdateStatus": update(a.Deleted)})
}

func (w *pas) alert(ctx context.Context, pasID string, a *Alert) error {
	return w.add(ctx, "Alerts", row{"EXTERNAL_ID": or(a.ID, w.id()), "PAS_ID": pasID, "ALERT_TYPE_DESCRIPTION": a.Category,
		"APPLIED_DTTM": stamp(a.recorded()), "START_DTTM": stampOrUnknown(a.Date), "ALERT_DESCRIPTION": a.Code.Display,
		"ALERT_COMMENTS": a.Note, "RISK_LEVEL": a.Risk, "CLOSED_DTTM": stamp(a.End), "DataUpdateStatus": update(a.Deleted)})
}

package seed

import (
	"context"
	"fmt"

	"onelondon/internal/clinical"
)

var _ native = (*carePlans)(nil)

// carePlans writes Coordinate My Care: one urgent care plan a person, most of it in the columns of one wide row, consent and address
// beside it. Whose plan it is stands with the person.
type carePlans struct {
	*store
	organisations map[string]Organisation
}

func newCarePlans(s *store) native {
	return &carePlans{store: s, organisations: map[string]Organisation{}}
}

func (w *carePlans) begin(context.Context) error { return nil }

func (w *carePlans) organisation(_ context.Context, o Organisation) error {
	w.organisations[o.Code] = o
	return nil
}

func (w *carePlans) person(ctx context.Context, p *Person) error {
	if err := refuse(CoordinateMyCare, map[string]int{"encounters": len(p.Encounters), "conditions": len(p.Conditions),
		"medications outside the plan": len(p.Medications), "observations": len(p.Observed), "procedures": len(p.Procedures),
		"immunisations": len(p.Vaccines), "allergies": len(p.Allergies), "appointments": len(p.Bookings), "referrals": len(p.Referrals),
		"documents": len(p.Documents), "alerts": len(p.Alerts), "contacts outside the plan": len(p.Contacts), "care plans": len(p.CarePlans)}); err != nil {
		return err
	}
	if p.Plan == nil || p.Test || p.Deleted {
		return fmt.Errorf("writing a person: %s knows nobody without a plan", CoordinateMyCare)
	}
	id := w.next()
	if err := w.general(ctx, p, id); err != nil {
		return err
	}
	if err := w.plan(ctx, p, id); err != nil {
		return err
	}
	return w.parts(ctx, p.Plan, id)
}

// general writes the wide row of a person and what was decided.
func (w *carePlans) general(ctx context.Context, p *Person, id int) error {
	plan := p.Plan
	values := row{"PatientId": id, "NHSNumber": p.NHSNumber, "Surname": p.FamilyName, "Forename": p.GivenName, "DOB": day(p.Birth),
		"DOD": day(p.Death), "Sex": p.sex(), "OwnerCode": p.Holder, "OwnerName": w.organisations[p.Holder].Name,
		"CEILTREAT": plan.Ceiling, "CARDIO_YN": plan.CPR, "CPRDECDATE": day(plan.CPRDate), "CPRDECBY": plan.Responsible,
		"REVIEW_DATE": day(plan.Review), "RESUS_PATIENT": yes(plan.PersonInvolved), "RESUS_FAMILY": yes(plan.FamilyInvolved),
		"HAVECAP": yes(plan.HasCapacity), "PPC": plan.PlaceOfCare, "PPD1": plan.PlaceOfDeath, "PPD2": plan.SecondPlaceOfDeath,
		"ADRTExists": yes(plan.ADRT), "APPOINTWA": plan.Attorney, "DS1500": yes(false), "PROGNOSIS": plan.Prognosis,
		"P_AWARE": yes(plan.PersonAware), "C_AWARE": yes(true), "IMPORTANT": plan.Matters, "MEDS_AT": plan.MedicinesAt, "Restricted": yes(plan.Sealed)}
	return w.add(ctx, "AT_Patient_General", values)
}

func (w *carePlans) plan(ctx context.Context, p *Person, id int) error {
	plan := p.Plan
	status := map[clinical.Status]string{clinical.StatusActive: "Published", clinical.StatusInactive: "Ended",
		clinical.StatusCancelled: "Withdrawn", clinical.StatusInError: "Error", clinical.StatusPlanned: "Draft"}[plan.Status]
	if err := w.add(ctx, "CMC_CarePlan", row{"CarePlanId": w.next(), "PatientId": id, "PlanType": plan.Code.Display, "Status": status,
		"MadeOn": day(plan.Date), "EndsOn": day(plan.End), "LastSaved": stamp(plan.recorded()), "Author": plan.Responsible}); err != nil {
		return err
	}
	if plan.Consent != "" {
		if err := w.add(ctx, "CMC_Consent", row{"PatientId": id, "Type": plan.Consent, "DateObtained": day(plan.Date),
			"Clinician": plan.Responsible}); err != nil {
			return err
		}
	}
	return w.add(ctx, "CMC_Address", row{"PatientId": id, "Line1": p.line(0), "Line2": p.line(1), "Postcode": p.Postcode,
		"CCKeySafeDetails": plan.KeySafe})
}

// parts writes what belongs to a plan.
func (w *carePlans) parts(ctx context.Context, plan *UrgentPlan, id int) error {
	if err := each(plan.Contacts, func(c *Contact) error {
		return w.add(ctx, "CMC_Contact", row{"ContactId": w.next(), "PatientId": id, "Name": c.Name, "Role": c.Relationship, "Telephone": c.Telephone})
	}); err != nil {
		return err
	}
	if err := each(plan.Contingencies, func(c *Contingency) error {
		return w.add(ctx, "CMC_Contingency", row{"ContingencyId": w.next(), "PatientId": id, "Trigger": c.Trigger, "Action": c.Action,
			"CallWhom": c.CallWhom, "EnteredOn": day(plan.Date)})
	}); err != nil {
		return err
	}
	return each(plan.Medicines, func(m *Medication) error {
		return w.add(ctx, "CMC_Medicine", row{"MedicineId": w.next(), "PatientId": id, "DMDCode": m.Code.Code, "Drug": m.Code.Display,
			"Dose": m.Dosage, "PrescribedOn": day(m.Date)})
	})
}

// planned counts a person's urgent care plan, for systems that have no place for one.
func planned(p *Person) int {
	if p.Plan == nil {
		return 0
	}
	return 1
}

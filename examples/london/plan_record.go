package london

import (
	"time"

	"onelondon/examples/london/seed"
	"onelondon/internal/clinical"
)

// plansStream is where the dice of urgent care plans begin: they have dice of their own, so that who has one changes nothing else.
const plansStream = 5_000_000

// plan makes an urgent care plan for more than half of the residents of 75 and over, nil for everybody else.
func (r *resident) plan(d dice) *seed.UrgentPlan {
	if r.born.AddDate(75, 0, 0).After(today()) || !r.base.Death.IsZero() || !d.chance(700) {
		return nil
	}
	plan := urgentPlan(d, d.moment(today().AddDate(-3, 0, 0), today().AddDate(0, -1, 0)))
	switch d.IntN(10) {
	case 0:
		plan.Status, plan.End = clinical.StatusInactive, onDay(today().AddDate(0, 0, -20))
	case 1:
		plan.Status = clinical.StatusCancelled
	case 2:
		plan.Status = clinical.StatusInError
	}
	plan.Consent = pick(d, []string{"Given", "Given", "Given", "Best interests", "LPA", "Withdrawn", ""})
	plan.Sealed, plan.PersonAware = d.chance(60), d.chance(600)
	return plan
}

// urgentPlan is a plan made on a day, but for who may see it.
func urgentPlan(d dice, made time.Time) *seed.UrgentPlan {
	kinds := []seed.Code{snomed("1107891000000106", "ReSPECT"), snomed("735324008", "Treatment escalation plan"), snomed("714748000", "Advance care plan")}
	plan := &seed.UrgentPlan{Entry: seed.Entry{Code: pick(d, kinds), Date: onDay(made), Recorded: atMinute(made), Status: clinical.StatusActive},
		Review: onDay(made.AddDate(0, 3, 0)), CPR: pick(d, []string{"N", "N", "Y", ""}), CPRDate: onDay(made),
		Responsible: "Dr Amara Nwosu", PersonInvolved: d.chance(800), FamilyInvolved: d.chance(500), HasCapacity: d.chance(700),
		Ceiling:     pick(d, []string{"Full active treatment", "Treatment of reversible conditions, in hospital if needed", "Symptom control at home"}),
		PlaceOfCare: "Home", PlaceOfDeath: pick(d, []string{"Home", "Hospice"}), SecondPlaceOfDeath: "Hospice",
		Prognosis: pick(d, []string{"Weeks", "Months", "Years"}), Matters: pick(d, []string{"To hear my own music, and not to be alone.", "That my daughter is called first."}),
		MedicinesAt: "In the kitchen, in a labelled box", ADRT: d.chance(100)}
	if plan.CPR == "" {
		plan.CPRDate = clinical.DateTime{}
	}
	if d.chance(500) {
		plan.KeySafe = "Key safe left of the door, 4071"
	}
	plan.Contacts = []seed.Contact{{Name: "Maya Ellis", Relationship: "Daughter", Telephone: "07700 900456"},
		{Name: "Community palliative care team", Relationship: "Key worker", Telephone: "020 7946 0018"}}
	plan.Contingencies = []seed.Contingency{{Trigger: "Breathless and frightened", Action: "Sit her up, open the window, give the first dose from the box.",
		CallWhom: "Community palliative care team"}}
	plan.Medicines = []seed.Medication{{Entry: seed.Entry{Code: drugs()["morphine"].code, Date: onDay(made)}, Dosage: drugs()["morphine"].dosage}}
	return plan
}

// planned is what the store of plans holds of the resident.
func (r *resident) planned(plan *seed.UrgentPlan) *seed.Person {
	person := r.base
	person.Holder, person.Plan = communityTrust, plan
	return &person
}

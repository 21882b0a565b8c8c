package london

import (
	"time"

	"onelondon/examples/london/seed"
	"onelondon/internal/clinical"
)

func (p *Population) castSealed() {
	r, character := play(actor{7, "Fraser", "Jamie", clinical.GenderMale, date(1988, 8, 21), "F84012",
		"Has records that the GP marked confidential."})
	person := r.practiceRecord()
	at := date(2019, 10, 4)
	ref := r.nextRef()
	person.Encounters = append(person.Encounters, seed.Encounter{Ref: ref, Class: clinical.ClassConsultation, Location: "Surgery",
		Entry: seed.Entry{Code: snomed("308335008", "Patient encounter procedure"), Date: onDay(at), Recorded: atMinute(at),
			Status: clinical.StatusCompleted, Sealed: true}})
	person.Conditions = append(person.Conditions, seed.Condition{Entry: seed.Entry{Code: hivInfection(), Date: onDay(at),
		Recorded: atMinute(at), Status: clinical.StatusActive, Encounter: ref, Sealed: true}, Category: "problem"})
	p.hold(emisSite, person)
	p.Cast.Sealed = character
}

func (p *Population) castUndated() {
	r, character := play(actor{8, "Cheung", "Winifred", clinical.GenderFemale, date(1941, 4, 11), "F84018",
		"Has problems dated to the year, to the month, and not at all."})
	r.troubles = nil
	for i, precision := range []clinical.Precision{clinical.PrecisionYear, clinical.PrecisionMonth, clinical.PrecisionNone} {
		r.troubles = append(r.troubles, trouble{problem: problems()[i], onset: date(1998+i, 6, 1), precision: precision})
	}
	p.hold(emisSite, r.practiceRecord())
	atTrust := r.hospitalRecord(homertonSite)
	atTrust.Conditions = append(atTrust.Conditions, seed.Condition{Entry: seed.Entry{Code: problems()[4].icd10,
		Recorded: atMinute(date(2020, 1, 9)), Encounter: atTrust.Encounters[0].Ref, Status: clinical.StatusActive},
		Category: "diagnosis"})
	p.hold(homertonSite, atTrust)
	p.Cast.Undated = character
	p.castPlan(r, character)
}

// castPlan gives a character an urgent care plan: made with her two years ago, against resuscitation, to be reviewed last February.
func (p *Population) castPlan(r *resident, character Character) {
	plan := urgentPlan(r.dice, date(2024, 5, 14))
	plan.CPR, plan.CPRDate, plan.Review = "N", onDay(date(2025, 11, 3)), onDay(date(2026, 2, 3))
	plan.Status, plan.Consent, plan.Sealed, plan.PersonAware = clinical.StatusActive, "Given", false, true
	p.hold(plansSite, r.planned(plan))
	character.Shows = "Has an urgent care plan against resuscitation, made with her, whose review has passed."
	p.Cast.Planned = character
}

// castHeroine makes the person whose record the demo shows: four systems, and something of every kind.
func (p *Population) castHeroine() {
	r, character := play(actor{0, "Adeyemi", "Grace", clinical.GenderFemale, date(1957, 6, 23), heroinePractice,
		"Known to two practices, to Barts Health and to Barking, Havering and Redbridge."})
	r.base.Email = "grace.adeyemi@example.org"
	r.smoking = smokingStatuses()[1]
	r.usual = map[string]int{"systolic": 144, "diastolic": 84, "bmi": 292, "hba1c": 58, "egfr": 58, "cholesterol": 48}
	p.hold(emisSite, heroineAtGP(r))
	p.hold(systmOneSite, heroineBefore(r))
	p.hold(bartsSite, heroineAtBarts(r))
	p.hold(bhrutSite, heroineAtBHRUT(r))
	p.Cast.Heroine = character
}

func heroineAtGP(r *resident) *seed.Person {
	known := map[string]problem{}
	for _, problem := range problems() {
		known[problem.key] = problem
	}
	r.troubles = []trouble{
		{known["hypertension"], date(2004, 1, 1), clinical.PrecisionYear},
		{known["diabetes"], date(2011, 9, 1), clinical.PrecisionMonth},
		{known["atrial fibrillation"], date(2022, 2, 18), clinical.PrecisionDay},
	}
	person := r.practiceRecord()
	person.Medications = []seed.Medication{medicine("amlodipine", date(2014, 5, 6), true), medicine("metformin", date(2012, 6, 1), true),
		medicine("apixaban", date(2022, 3, 2), true), medicine("ramipril", date(2016, 1, 11), true)}
	stopped := &person.Medications[3]
	stopped.Status, stopped.End = clinical.StatusStopped, onDay(date(2019, 8, 30))
	person.Allergies = []seed.Allergy{allergy(allergies()[0], date(2013, 11, 4))}
	sealed := entry(known["depression"].code, date(2016, 10, 12))
	sealed.Sealed = true
	person.Conditions = append(person.Conditions, seed.Condition{Entry: sealed, Category: "problem"})
	r.heroineReadings(person)
	mistaken := entry(measures()["systolic"].code, date(2025, 5, 5))
	mistaken.Deleted = true
	person.Observed = append(person.Observed, seed.Observation{Entry: mistaken, Value: "820", Unit: "mm[Hg]"})
	person.Contacts = []seed.Contact{{Entry: seed.Entry{Status: clinical.StatusActive}, Name: "Tunde Adeyemi",
		Relationship: "Son", Telephone: "07700 900456"}}
	person.Referrals = append(person.Referrals, seed.Referral{Entry: entry(snomed("3457005", "Patient referral"), date(2026, 9, 8)),
		Priority: "Urgent", Service: "Cardiology", Recipient: bartsCode})
	person.Documents = append(person.Documents, seed.Document{Entry: entry(snomed("823651000000106", "Clinical letter"), date(2026, 8, 21)),
		Title: "Discharge summary, Queen's Hospital", Incoming: true})
	next := clock(2026, 11, 24, 10, 40)
	person.Bookings = append(person.Bookings, seed.Appointment{Entry: seed.Entry{Date: atMinute(next),
		End: atMinute(next.Add(20 * time.Minute)), Recorded: atMinute(date(2026, 10, 20)), Status: clinical.StatusPlanned},
		Location: "Surgery", Service: "Diabetes review", Minutes: 20, Booked: atMinute(date(2026, 10, 20))})
	return person
}

// heroineReadings are the latest values, which the demo shows first.
func (r *resident) heroineReadings(person *seed.Person) {
	at, ref := clock(2026, 10, 14, 9, 30), r.nextRef()
	person.Encounters = append(person.Encounters, seed.Encounter{Ref: ref, Class: clinical.ClassConsultation,
		Reason: "Long-term condition review", Location: "Surgery",
		Entry: entry(snomed("308335008", "Patient encounter procedure"), at)})
	r.reading(person, "systolic", at, ref, 148, 0)
	r.reading(person, "diastolic", at, ref, 86, 0)
	r.reading(person, "hba1c", at, ref, 61, 0)
	r.reading(person, "egfr", at, ref, 54, 0)
	r.reading(person, "bmi", at, ref, 294, 1)
	r.finding(person, r.smoking, at, ref)
	r.finding(person, frailty(false), at, ref)
}

// heroineBefore is what her practice until 2012 still holds. It has SystmOne, knew of no allergies, and made a care plan.
func heroineBefore(r *resident) *seed.Person {
	person := r.base
	person.Holder, person.Practice = "F86018", "F86018"
	person.Address, person.Postcode = []string{"3 Mill Lane", "Waltham Forest", "London"}, "E17 4AB"
	person.Registered, person.Deducted = onDay(date(1999, 10, 1)), onDay(r.since)
	person.Allergies = []seed.Allergy{allergy(noKnownAllergies(), date(2008, 3, 10))}
	r.recordProblem(&person, r.troubles[0])
	r.consultations(&person, date(2010, 1, 1), r.since)
	r.heroineLowMood(&person)
	person.Alerts = []seed.Alert{{Entry: seed.Entry{Date: onDay(date(2011, 2, 1)), End: onDay(date(2012, 4, 2)),
		Recorded: atMinute(date(2011, 2, 1)), Note: "Carer for her mother", Status: clinical.StatusInactive}, Category: "General"}}
	person.CarePlans = []seed.CarePlan{{Entry: seed.Entry{Date: onDay(date(2011, 10, 3)), End: onDay(date(2012, 4, 2)),
		Recorded: atMinute(date(2011, 10, 3)), Status: clinical.StatusCompleted}, Title: "Diabetes care plan",
		Aim: "HbA1c under 58 mmol/mol", Outcome: "Reached"}}
	return &person
}

// heroineLowMood is a consultation long ago, with the problem and the medicine that came of it: what she may want to close.
func (r *resident) heroineLowMood(person *seed.Person) {
	at, ref := clock(2009, 5, 12, 11, 20), r.nextRef()
	person.Encounters = append(person.Encounters, seed.Encounter{Ref: ref, Class: clinical.ClassConsultation, Location: "Surgery",
		Entry: entry(snomed("308335008", "Patient encounter procedure"), at)})
	problem := entry(snomed("35489007", "Depressive disorder"), at)
	problem.Encounter, problem.Status = ref, clinical.StatusResolved
	person.Conditions = append(person.Conditions, seed.Condition{Entry: problem, Category: "problem"})
	tablets := medicine("sertraline", date(2009, 5, 12), false)
	tablets.Encounter = ref
	person.Medications = append(person.Medications, tablets)
}

func heroineAtBarts(r *resident) *seed.Person {
	person := r.base
	person.Holder, person.Registered = bartsCode, onDay(date(2022, 2, 18))
	ref, admitted := r.nextRef(), clock(2022, 2, 18, 21, 5)
	person.Encounters = []seed.Encounter{{Ref: ref, Class: clinical.ClassInpatient, Specialty: "Cardiology", Location: "Ward 5B",
		AdmissionMethod: "Emergency via A&E", Discharge: "Discharged home", Entry: seed.Entry{Date: atMinute(admitted),
			End: atMinute(clock(2022, 2, 23, 14, 30)), Recorded: atMinute(admitted), Status: clinical.StatusCompleted}}}
	r.diagnose(&person, icd10("I48.9", "Atrial fibrillation and atrial flutter, unspecified"), admitted, ref)
	r.diagnose(&person, icd10("I10", "Essential (primary) hypertension"), admitted, ref)
	r.diagnose(&person, icd10("E11.9", "Type 2 diabetes mellitus without complications"), admitted, ref)
	discharge := medicine("apixaban", date(2022, 2, 23), false)
	discharge.Encounter, discharge.Date = ref, atMinute(clock(2022, 2, 23, 11, 0))
	person.Medications = []seed.Medication{discharge}
	echo := entry(opcs4("U20.1", "Transthoracic echocardiography"), date(2022, 2, 20))
	echo.Encounter = ref
	person.Procedures = []seed.Procedure{{Entry: echo}}
	r.reading(&person, "systolic", admitted, ref, 162, 0)
	r.reading(&person, "egfr", admitted, ref, 58, 0)
	r.clinic(&person, clock(2026, 3, 3, 14, 10))
	return &person
}

func heroineAtBHRUT(r *resident) *seed.Person {
	person := r.base
	person.Holder, person.Registered = bhrutCode, onDay(date(2026, 8, 16))
	fall, admitted := r.nextRef(), r.nextRef()
	person.Encounters = []seed.Encounter{
		{Ref: fall, Class: clinical.ClassEmergency, Reason: "Fall", Location: "Emergency department", Discharge: "Admitted",
			Entry: seed.Entry{Date: atMinute(clock(2026, 8, 16, 3, 12)), End: atMinute(clock(2026, 8, 16, 8, 40)),
				Recorded: atMinute(clock(2026, 8, 16, 3, 15)), Status: clinical.StatusCompleted}},
		{Ref: admitted, Class: clinical.ClassInpatient, Specialty: "Trauma and orthopaedics", Location: "Ward 3A",
			AdmissionMethod: "Emergency via A&E", Discharge: "Discharged home", Entry: seed.Entry{
				Date: atMinute(clock(2026, 8, 16, 8, 40)), End: atMinute(clock(2026, 8, 20, 12, 0)),
				Recorded: atMinute(clock(2026, 8, 16, 8, 45)), Status: clinical.StatusCompleted}}}
	r.diagnose(&person, icd10("S52.5", "Fracture of lower end of radius"), clock(2026, 8, 16, 5, 0), fall)
	for _, code := range []seed.Code{icd10("S52.5", "Fracture of lower end of radius"), icd10("I48.9", "Atrial fibrillation and atrial flutter, unspecified"),
		icd10("I10", "Essential (primary) hypertension"), icd10("E11.9", "Type 2 diabetes mellitus without complications")} {
		r.diagnose(&person, code, clock(2026, 8, 16, 8, 40), admitted)
	}
	fixed := entry(opcs4("W24.1", "Closed reduction of intracapsular fracture of bone and internal fixation"), date(2026, 8, 17))
	fixed.Encounter = admitted
	person.Procedures = []seed.Procedure{{Entry: fixed}}
	person.Alerts = []seed.Alert{{Entry: seed.Entry{Date: atMinute(clock(2026, 8, 16, 9, 0)),
		Recorded: atMinute(clock(2026, 8, 16, 9, 0)), Code: seed.Code{Display: "Risk of falls"}, Note: "Walks with a stick",
		Status: clinical.StatusActive}, Category: "Clinical", Risk: "High"}}
	person.Contacts = []seed.Contact{{Entry: seed.Entry{Status: clinical.StatusActive}, Name: "Tunde Adeyemi", Relationship: "Son"}}
	return &person
}

// entry is a finished record of a code on a day.
func entry(code seed.Code, at time.Time) seed.Entry {
	return seed.Entry{Code: code, Date: onDay(at), Recorded: atMinute(at), Status: clinical.StatusCompleted}
}

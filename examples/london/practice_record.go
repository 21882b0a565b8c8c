package london

import (
	"fmt"
	"time"

	"onelondon/examples/london/seed"
	"onelondon/internal/clinical"
)

// practiceRecord is what the resident's present practice holds: twelve years of general practice at most, and the problems
// that came over from before.
func (r *resident) practiceRecord() *seed.Person {
	person := r.base
	person.Holder = r.practice.Code
	person.Registered = onDay(r.since)
	for _, trouble := range r.troubles {
		r.recordProblem(&person, trouble)
		r.prescribe(&person, trouble)
	}
	r.consultations(&person, later(r.since, r.last().AddDate(-12, 0, 0)), r.last())
	r.vaccinations(&person)
	r.background(&person)
	return &person
}

// formerRecord is what an earlier practice still holds: a registration that has ended, and consultations up to then.
func (r *resident) formerRecord(former practice) *seed.Person {
	person := r.base
	person.Holder, person.Practice = former.Code, former.Code
	began := later(r.born, r.since.AddDate(-r.between(1, 8), 0, 0))
	person.Registered, person.Deducted = onDay(began), onDay(r.since)
	person.Address = []string{fmt.Sprintf("%d %s", r.between(1, 180), pick(r.dice, streets())), former.borough, "London"}
	person.Postcode = fmt.Sprintf("%s %d%s%s", former.district, r.between(1, 9), letter(r.dice), letter(r.dice))
	for _, trouble := range r.troubles {
		if trouble.onset.Before(r.since) {
			r.recordProblem(&person, trouble)
		}
	}
	r.consultations(&person, began, r.since)
	return &person
}

// nextRef names an encounter within the resident's records.
func (r *resident) nextRef() string {
	r.encounter++
	return fmt.Sprintf("e%d", r.encounter)
}

func (r *resident) recordProblem(person *seed.Person, t trouble) {
	person.Conditions = append(person.Conditions, seed.Condition{
		Entry: seed.Entry{Code: t.code, Date: clinical.NewDateTime(t.onset, t.precision), Recorded: atMinute(t.onset),
			Status: clinical.StatusActive}, Category: "problem", Severity: "significant"})
}

// prescribe gives the drugs of a problem, on repeat, from some weeks after it began.
func (r *resident) prescribe(person *seed.Person, t trouble) {
	for _, name := range t.drugs {
		if r.chance(250) {
			continue
		}
		begun := later(t.onset, r.since).AddDate(0, 0, r.between(3, 60))
		if begun.After(r.last()) {
			continue
		}
		medication := medicine(name, begun, true)
		if r.chance(150) {
			medication.Status, medication.End = clinical.StatusStopped, onDay(later(begun, r.last().AddDate(0, -r.between(1, 20), 0)))
		}
		person.Medications = append(person.Medications, medication)
	}
}

// medicine is a prescription of a drug by its short name.
func medicine(name string, begun time.Time, repeat bool) seed.Medication {
	drug := drugs()[name]
	medication := seed.Medication{Entry: seed.Entry{Code: drug.code, Date: onDay(begun), Recorded: atMinute(begun),
		Status: clinical.StatusActive}, Dosage: drug.dosage, Quantity: drug.quantity, QuantityUnit: drug.unit, Repeat: repeat,
		CourseDays: 28}
	if repeat {
		medication.IssuesAuthorised = 6
	} else {
		medication.CourseDays, medication.Status = 7, clinical.StatusCompleted
	}
	return medication
}

// consultations fills a stretch of time with visits to the practice, and with what was measured and given at them.
func (r *resident) consultations(person *seed.Person, from, to time.Time) {
	years := int(to.Sub(from).Hours()/24/365) + 1
	age := to.Year() - r.born.Year()
	for range r.between(years, years*(4+age/12+2*len(r.troubles))/3+1) {
		at := r.moment(from, to)
		ref := r.nextRef()
		reason := pick(r.dice, consultationReasons())
		person.Encounters = append(person.Encounters, seed.Encounter{Ref: ref, Class: clinical.ClassConsultation,
			Reason: reason, Location: "Surgery", Entry: seed.Entry{Code: snomed("185317003", "Telephone encounter"),
				Date: onDay(at), Recorded: atMinute(at), Status: clinical.StatusCompleted}})
		last := &person.Encounters[len(person.Encounters)-1]
		if !r.chance(300) {
			last.Code = snomed("308335008", "Patient encounter procedure")
			r.measure(person, at, ref, age)
		}
		if r.chance(180) {
			acute := medicine(pick(r.dice, []string{"amoxicillin", "ibuprofen", "paracetamol"}), at, false)
			acute.Encounter = ref
			person.Medications = append(person.Medications, acute)
		}
		if r.chance(60) {
			r.refer(person, at, ref)
		}
	}
}

func consultationReasons() []string {
	return []string{"Cough", "Back pain", "Review of medicines", "Tired", "Rash", "Headache", "Abdominal pain", "Joint pain",
		"Long-term condition review", "Low mood", "Blood test results", "Travel advice"}
}

// measure takes the readings that the resident's age and problems call for.
func (r *resident) measure(person *seed.Person, at time.Time, ref string, age int) {
	if age >= 18 && r.chance(650) {
		r.level(person, "systolic", at, ref)
		r.level(person, "diastolic", at, ref)
	}
	if age >= 16 && r.chance(250) {
		r.level(person, "bmi", at, ref)
	}
	for _, trouble := range r.troubles {
		for _, check := range trouble.checks {
			if check != "blood pressure" && r.chance(500) {
				r.level(person, check, at, ref)
			}
		}
	}
	if age >= 16 && r.chance(200) {
		r.finding(person, r.smoking, at, ref)
	}
	if age >= 75 && r.chance(120) {
		r.finding(person, frailty(age >= 88), at, ref)
	}
}

// level takes a reading near the resident's usual level.
func (r *resident) level(person *seed.Person, name string, at time.Time, ref string) {
	usual, digits := r.usual[name], 0
	if name == "bmi" || name == "cholesterol" {
		digits = 1
	}
	r.reading(person, name, at, ref, usual+r.between(-usual/20, usual/20), digits)
}

func smokingStatuses() []seed.Code {
	return []seed.Code{withCTV3(snomed("266919005", "Never smoked tobacco"), "XE0oh", "Never smoked tobacco"),
		withCTV3(snomed("8517006", "Ex-smoker"), "Ub1na", "Ex-smoker"), snomed("77176002", "Smoker")}
}

// reading records a measurement; digits of them stand behind the point.
func (r *resident) reading(person *seed.Person, name string, at time.Time, ref string, value, digits int) {
	measure := measures()[name]
	text := fmt.Sprint(value)
	if digits == 1 {
		text = fmt.Sprintf("%d.%d", value/10, value%10)
	}
	person.Observed = append(person.Observed, seed.Observation{Entry: seed.Entry{Code: measure.code, Date: onDay(at),
		Recorded: atMinute(at), Encounter: ref, Status: clinical.StatusCompleted}, Value: text, Unit: measure.unit,
		ReferenceLow: measure.low, ReferenceHigh: measure.high})
}

// finding records something seen or said, without a number.
func (r *resident) finding(person *seed.Person, code seed.Code, at time.Time, ref string) {
	person.Observed = append(person.Observed, seed.Observation{Entry: seed.Entry{Code: code, Date: onDay(at),
		Recorded: atMinute(at), Encounter: ref, Status: clinical.StatusCompleted}})
}

func (r *resident) refer(person *seed.Person, at time.Time, ref string) {
	services := []string{"Cardiology", "Dermatology", "Trauma and orthopaedics", "Gastroenterology", "Ophthalmology", "Physiotherapy"}
	person.Referrals = append(person.Referrals, seed.Referral{Entry: seed.Entry{
		Code: snomed("3457005", "Patient referral"), Date: onDay(at), Recorded: atMinute(at), Encounter: ref,
		Status: clinical.StatusActive}, Priority: pick(r.dice, []string{"Routine", "Urgent"}), Service: pick(r.dice, services),
		Recipient: trustOf(r.practice.hospital)})
}

// trustOf is the ODS code of the trust whose database has the id.
func trustOf(source string) string {
	return map[string]string{bartsSite: bartsCode, homertonSite: homertonCode, bhrutSite: bhrutCode}[source]
}

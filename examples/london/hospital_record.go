package london

import (
	"time"

	"onelondon/examples/london/seed"
	"onelondon/internal/clinical"
)

// hospitalRecord is what a trust holds of the resident: attendances, stays, outpatient visits of the last eight years.
func (r *resident) hospitalRecord(source string) *seed.Person {
	person := r.base
	person.Holder = trustOf(source)
	from, until := later(r.born, r.last().AddDate(-8, 0, 0)), r.last()
	person.Registered = onDay(from)
	age := today().Year() - r.born.Year()
	for range r.between(0, 2+age/30) {
		r.attend(&person, r.moment(from, until))
	}
	for range r.between(0, 1+len(r.troubles)) {
		r.stay(&person, r.moment(from, until))
	}
	for i := range r.between(1, 4) {
		if i > 0 && r.chance(150) {
			r.missClinic(&person, r.moment(from, until.AddDate(0, 1, 0)))
		} else {
			r.clinic(&person, r.moment(from, until))
		}
	}
	if source == bhrutSite {
		// A PAS administers: it has no place for results or medicines.
		person.Medications, person.Observed = nil, nil
		r.alert(&person, r.moment(from, until))
	}
	return &person
}

// alert is now and then put on a record.
func (r *resident) alert(person *seed.Person, at time.Time) {
	if !r.chance(120) {
		return
	}
	person.Alerts = append(person.Alerts, seed.Alert{Entry: seed.Entry{Date: atMinute(at), Recorded: atMinute(at),
		Note: "Two members of staff", Code: seed.Code{Display: "Risk of falls"}, Status: clinical.StatusActive},
		Category: "Clinical", Risk: "Medium"})
}

// complaint is why people come to A&E, and what it turns out to be.
type complaint struct {
	words     string
	diagnosis seed.Code
}

func complaints() []complaint {
	return []complaint{
		{"Chest pain", icd10("R07.4", "Chest pain, unspecified")},
		{"Shortness of breath", icd10("J18.9", "Pneumonia, unspecified")},
		{"Fall", icd10("S52.5", "Fracture of lower end of radius")},
		{"Abdominal pain", icd10("R10.4", "Other and unspecified abdominal pain")},
		{"Head injury", icd10("S09.9", "Unspecified injury of head")},
		{"Fever", icd10("N39.0", "Urinary tract infection, site not specified")},
	}
}

// attend is a visit to A&E.
func (r *resident) attend(person *seed.Person, at time.Time) {
	ref, complaint := r.nextRef(), pick(r.dice, complaints())
	person.Encounters = append(person.Encounters, seed.Encounter{Ref: ref, Class: clinical.ClassEmergency, Reason: complaint.words,
		Location: "Emergency department", Discharge: pick(r.dice, []string{"Discharged home", "Admitted", "Referred to GP"}),
		Entry: seed.Entry{Date: atMinute(at), End: atMinute(at.Add(time.Duration(r.between(90, 420)) * time.Minute)),
			Recorded: atMinute(at), Status: clinical.StatusCompleted}})
	r.diagnose(person, complaint.diagnosis, at, ref)
}

func (r *resident) diagnose(person *seed.Person, code seed.Code, at time.Time, ref string) {
	person.Conditions = append(person.Conditions, seed.Condition{Entry: seed.Entry{Code: code, Date: atMinute(at),
		Recorded: atMinute(at), Encounter: ref, Status: clinical.StatusActive}, Category: "diagnosis"})
}

// operation is a procedure that people are admitted for, with the diagnosis that leads to it and the age it begins at.
type operation struct {
	procedure seed.Code
	diagnosis seed.Code
	specialty string
	from      int
}

func operations() []operation {
	return []operation{
		{opcs4("F34.1", "Bilateral dissection tonsillectomy"), icd10("J35.0", "Chronic tonsillitis"), "Ear nose and throat", 3},
		{opcs4("H01.2", "Emergency excision of abnormal appendix"), icd10("K35.8", "Acute appendicitis, other and unspecified"),
			"General surgery", 5},
		{opcs4("G45.1", "Fibreoptic endoscopic examination of upper gastrointestinal tract"), icd10("K29.7", "Gastritis, unspecified"),
			"Gastroenterology", 18},
		{opcs4("H22.9", "Diagnostic fibreoptic endoscopic examination of colon"), icd10("K57.3", "Diverticular disease of large intestine"),
			"Gastroenterology", 40},
		{opcs4("K63.1", "Coronary arteriography"), icd10("I20.9", "Angina pectoris, unspecified"), "Cardiology", 45},
		{opcs4("U20.1", "Transthoracic echocardiography"), icd10("I50.9", "Heart failure, unspecified"), "Cardiology", 55},
		{opcs4("C71.2", "Phacoemulsification of lens"), icd10("H25.9", "Senile cataract, unspecified"), "Ophthalmology", 60},
		{opcs4("W37.1", "Primary total prosthetic replacement of hip joint using cement"), icd10("M16.1", "Other primary coxarthrosis"),
			"Trauma and orthopaedics", 55},
	}
}

// operate picks what somebody of the resident's age is admitted or seen for.
func (r *resident) operate(at time.Time) operation {
	fitting := operations()[:1]
	for _, operation := range operations()[1:] {
		if at.Year()-r.born.Year() >= operation.from {
			fitting = append(fitting, operation)
		}
	}
	return pick(r.dice, fitting)
}

// stay is an admission: a diagnosis, often a procedure, the resident's long-term conditions, results, and drugs at discharge.
func (r *resident) stay(person *seed.Person, at time.Time) {
	ref, operation := r.nextRef(), r.operate(at)
	planned := r.chance(500)
	admission := seed.Encounter{Ref: ref, Class: clinical.ClassInpatient, Specialty: operation.specialty,
		Location: pick(r.dice, []string{"Ward 3A", "Ward 5B", "Acute medical unit"}), AdmissionMethod: "Emergency via A&E",
		Discharge: "Discharged home", Entry: seed.Entry{Date: atMinute(at), Recorded: atMinute(at),
			End: atMinute(at.AddDate(0, 0, r.between(1, 9))), Status: clinical.StatusCompleted}}
	if planned {
		admission.AdmissionMethod = "Waiting list"
	}
	person.Encounters = append(person.Encounters, admission)
	r.diagnose(person, operation.diagnosis, at, ref)
	for _, trouble := range r.troubles {
		if trouble.onset.Before(at) && r.chance(600) {
			r.diagnose(person, trouble.icd10, at, ref)
		}
		for _, name := range trouble.drugs {
			if trouble.onset.Before(at) && r.chance(300) {
				medication := medicine(name, at.AddDate(0, 0, 1), false)
				medication.Encounter, medication.Date = ref, atMinute(at.AddDate(0, 0, 1))
				person.Medications = append(person.Medications, medication)
			}
		}
	}
	if planned {
		done := at.AddDate(0, 0, 1)
		person.Procedures = append(person.Procedures, seed.Procedure{Entry: seed.Entry{Code: operation.procedure,
			Date: onDay(done), Recorded: atMinute(done), Encounter: ref, Status: clinical.StatusCompleted}})
	}
	r.level(person, "systolic", at, ref)
	r.level(person, "egfr", at, ref)
}

// clinic is an outpatient visit.
func (r *resident) clinic(person *seed.Person, at time.Time) {
	person.Encounters = append(person.Encounters, seed.Encounter{Ref: r.nextRef(), Class: clinical.ClassOutpatient,
		Specialty: r.operate(at).specialty, Location: "Outpatients", Reason: "Follow-up",
		Entry: seed.Entry{Date: atMinute(at), Recorded: atMinute(at), Status: clinical.StatusCompleted}})
}

// missClinic is an outpatient visit that did not happen, or has not yet.
func (r *resident) missClinic(person *seed.Person, at time.Time) {
	status := pick(r.dice, []clinical.Status{clinical.StatusMissed, clinical.StatusCancelled})
	if at.After(today()) {
		status = clinical.StatusPlanned
	}
	booked := atMinute(at.AddDate(0, -2, 0))
	person.Bookings = append(person.Bookings, seed.Appointment{Entry: seed.Entry{Date: atMinute(at), Recorded: booked, Status: status,
		Code: seed.Code{Display: "Follow-up"}}, Location: "Outpatients", Service: r.operate(at).specialty, Minutes: 20,
		Booked: booked})
}

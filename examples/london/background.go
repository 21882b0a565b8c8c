package london

import (
	"fmt"
	"time"

	"onelondon/examples/london/seed"
	"onelondon/internal/clinical"
)

// vaccinations are those of the resident's age: childhood ones, and influenza each autumn from 65.
func (r *resident) vaccinations(person *seed.Person) {
	age := today().Year() - r.born.Year()
	if age < 12 {
		for month, name := range []string{"2", "3", "4", "12", "40"} {
			at := r.born.AddDate(0, []int{2, 3, 4, 12, 40}[month], r.between(0, 12))
			if at.Before(r.last()) {
				person.Vaccines = append(person.Vaccines, r.vaccine(snomed("871875004", "Diphtheria, tetanus, pertussis and polio vaccine"),
					at, name+" months"))
			}
		}
	}
	if age < 65 {
		return
	}
	for year := today().Year() - 6; year < today().Year(); year++ {
		if at := date(year, 10, r.between(1, 28)); r.chance(720) && at.After(r.since) && at.Before(r.last()) {
			person.Vaccines = append(person.Vaccines, r.vaccine(snomed("86198006", "Influenza vaccination"), at, ""))
		}
	}
}

func (r *resident) vaccine(code seed.Code, at time.Time, dose string) seed.Immunisation {
	return seed.Immunisation{Entry: seed.Entry{Code: code, Date: onDay(at), Recorded: atMinute(at), Status: clinical.StatusCompleted},
		Dose: dose, Batch: fmt.Sprintf("B%05d", r.IntN(100000)), Site: "Left upper arm"}
}

// background adds what is not tied to a consultation: allergies, appointments, letters, next of kin.
func (r *resident) background(person *seed.Person) {
	if r.chance(140) {
		at := r.moment(later(r.since, r.last().AddDate(-10, 0, 0)), r.last())
		person.Allergies = append(person.Allergies, seed.Allergy{Entry: seed.Entry{Code: pick(r.dice, allergies()), Date: onDay(at),
			Recorded: atMinute(at), Status: clinical.StatusActive}})
	}
	for range r.IntN(4) {
		r.book(person)
	}
	for range r.IntN(3) {
		at := r.moment(later(r.since, r.last().AddDate(-4, 0, 0)), r.last())
		person.Documents = append(person.Documents, seed.Document{Entry: seed.Entry{
			Code: snomed("823651000000106", "Clinical letter"), Date: onDay(at), Recorded: atMinute(at),
			Status: clinical.StatusCompleted}, Title: "Outpatient clinic letter", Incoming: true})
	}
	if r.chance(250) {
		person.Contacts = append(person.Contacts, seed.Contact{Entry: seed.Entry{Date: onDay(r.since), Status: clinical.StatusActive},
			Name: pick(r.dice, femaleNames()) + " " + r.base.FamilyName, Relationship: pick(r.dice, []string{"Daughter", "Sister", "Wife", "Mother"}),
			Telephone: fmt.Sprintf("07700 900%03d", r.IntN(1000))})
	}
}

func allergies() []seed.Code {
	return []seed.Code{snomed("91936005", "Allergy to penicillin"), snomed("91935009", "Allergy to peanut"),
		snomed("300916003", "Latex allergy"), snomed("293586001", "Allergy to aspirin")}
}

func (r *resident) book(person *seed.Person) {
	until := r.last()
	if r.base.Death.IsZero() {
		until = until.AddDate(0, 2, 0)
	}
	at := r.moment(later(r.since, r.last().AddDate(-2, 0, 0)), until)
	status := pick(r.dice, []clinical.Status{clinical.StatusCompleted, clinical.StatusCompleted, clinical.StatusMissed,
		clinical.StatusCancelled})
	if at.After(today()) {
		status = clinical.StatusPlanned
	}
	person.Bookings = append(person.Bookings, seed.Appointment{Entry: seed.Entry{Date: atMinute(at),
		End: atMinute(at.Add(10 * time.Minute)), Recorded: atMinute(at.AddDate(0, 0, -7)), Status: status},
		Location: "Surgery", Service: "General practice", Minutes: 10, Booked: atMinute(at.AddDate(0, 0, -7))})
}

// blemish adds what real stores are full of: entries taken back, entries marked confidential, entries that somebody else wrote.
func (r *resident) blemish(source string, person *seed.Person) {
	for i := range person.Observed {
		entry := &person.Observed[i].Entry
		switch {
		case source == compassSite:
		case r.chance(12):
			entry.Deleted = true
		case source == emisSite && r.chance(6):
			entry.Sealed = true
		case source == systmOneSite && r.chance(40):
			entry.By = communityTrust
		}
	}
}

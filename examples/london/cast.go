package london

import (
	"time"

	"onelondon/examples/london/seed"
	"onelondon/internal/clinical"
)

// Character is somebody whose records show something special.
type Character struct {
	Name      string
	NHSNumber clinical.NHSNumber
	Practice  clinical.Organisation
	Shows     string // what, in one sentence
}

// Cast names the people to ask about. Everybody else is made at random.
type Cast struct {
	Heroine  Character // known to two practices, to Barts and to Barking, Havering and Redbridge, with some of everything
	SFlagged Character // must not be found by anybody
	Objector Character // has said no to the shared record; the consent register must be told
	Conflict Character // allergic to penicillin at one practice, without known allergies at an earlier one
	Disputed Character // born on different days according to the GP and the trust
	Twofold  Character // one person with two local identifiers in one trust
	Moved    Character // registered at one practice, and formerly at another with another system
	Sealed   Character // with records marked confidential at source
	Undated  Character // with dates to the year, to the month, and not at all
	Retired  Character // under a new number at the GP, under the former one at the trust
	Test     Character // a test patient, in two systems, who must never appear
	Deleted  Character // registered by mistake: the registration is marked deleted

	// Planned is Undated as well: Coordinate My Care has an urgent care plan of hers against resuscitation, of 3 November 2025, whose
	// review has passed, written by the community trust.
	Planned Character

	// Former is the superseded NHS number that stands for Retired.
	Former clinical.NHSNumber
}

// Characters lists the cast in the order of Cast's fields.
func (c Cast) Characters() []Character {
	return []Character{c.Heroine, c.SFlagged, c.Objector, c.Conflict, c.Disputed, c.Twofold, c.Moved, c.Sealed, c.Undated,
		c.Retired, c.Test, c.Deleted}
}

// castSize is how many people castAll makes, and castBase where their NHS numbers begin.
const (
	castSize = 12
	castBase = 400_000
)

// actor is a member of the cast before the records are made.
type actor struct {
	index    int
	family   string
	given    string
	gender   clinical.Gender
	born     time.Time
	practice string
	shows    string
}

// castAll makes the people with something special about them.
func (p *Population) castAll() {
	p.castHeroine()
	p.castSFlagged()
	p.castObjector()
	p.castConflict()
	p.castDisputed()
	p.castTwofold()
	p.castMoved()
	p.castSealed()
	p.castUndated()
	p.castRetired()
	p.castTest()
	p.castDeleted()
}

// play makes an actor's demographics; the records follow by the usual dice.
func play(a actor) (*resident, Character) {
	var home practice
	for _, one := range practices() {
		if one.Code == a.practice {
			home = one
		}
	}
	title := "Mr"
	if a.gender == clinical.GenderFemale {
		title = "Ms"
	}
	text := number(castBase + a.index)
	r := &resident{dice: newDice(0, uint64(a.index)), born: a.born, practice: home, since: date(2012, 4, 2)}
	r.base = seed.Person{NHSNumber: text, FamilyName: a.family, GivenName: a.given, Title: title, Birth: onDay(a.born),
		Gender: a.gender, Address: []string{"12 Wharf Street", home.borough, "London"}, Postcode: home.district + " 4AB",
		Telephone: "07700 900123", Email: "", Practice: home.Code}
	r.settleLevels()
	nhsNumber, err := clinical.ParseNHSNumber(text)
	if err != nil {
		nhsNumber = clinical.NHSNumber{}
	}
	return r, Character{Name: a.given + " " + a.family, NHSNumber: nhsNumber, Shows: a.shows,
		Practice: clinical.Organisation{Code: clinical.Text(home.Code), Name: clinical.Text(home.Name)}}
}

func (p *Population) castSFlagged() {
	r, character := play(actor{1, "Marlowe", "Helen", clinical.GenderFemale, date(1984, 2, 19), "F84012",
		"Carries an S-flag: nobody may find her, and no answer shows that she exists."})
	r.troubles = r.fallIll()
	atGP, atTrust := r.practiceRecord(), r.hospitalRecord(bhrutSite)
	atGP.Sensitive, atTrust.Sensitive = true, true
	p.hold(emisSite, atGP)
	p.hold(bhrutSite, atTrust)
	p.Cast.SFlagged = character
}

func (p *Population) castObjector() {
	r, character := play(actor{2, "Okonjo", "David", clinical.GenderMale, date(1959, 11, 3), "F84017",
		"Objects to the shared record."})
	r.troubles = r.fallIll()
	p.hold(emisSite, r.practiceRecord())
	p.hold(bartsSite, r.hospitalRecord(bartsSite))
	p.Cast.Objector = character
}

func (p *Population) castConflict() {
	r, character := play(actor{3, "Petrov", "Elena", clinical.GenderFemale, date(1991, 7, 8), "F86025",
		"Allergic to penicillin according to her practice, without known allergies according to an earlier one."})
	former := r.formerRecord(practices()[0])
	former.Allergies = []seed.Allergy{allergy(noKnownAllergies(), date(2009, 6, 15))}
	present := r.practiceRecord()
	present.Allergies = []seed.Allergy{allergy(allergies()[0], date(2024, 3, 2))}
	p.hold(emisSite, former)
	p.hold(systmOneSite, present)
	p.hold(bartsSite, r.hospitalRecord(bartsSite))
	p.Cast.Conflict = character
}

func (p *Population) castDisputed() {
	r, character := play(actor{4, "Rahimi", "Farid", clinical.GenderMale, date(1972, 3, 14), "F86082",
		"Born on 14 March 1972 according to the GP, on 1 January 1972 according to the trust."})
	r.troubles = r.fallIll()
	p.hold(systmOneSite, r.practiceRecord())
	atTrust := r.hospitalRecord(bhrutSite)
	atTrust.Birth = onDay(date(1972, 1, 1))
	p.hold(bhrutSite, atTrust)
	p.Cast.Disputed = character
}

func (p *Population) castTwofold() {
	r, character := play(actor{5, "Santos", "Lucia", clinical.GenderFemale, date(1966, 9, 27), "F86030",
		"Has two local identifiers at Barts Health: one person all the same."})
	r.troubles = r.fallIll()
	p.hold(emisSite, r.practiceRecord())
	p.hold(bartsSite, r.hospitalRecord(bartsSite))
	p.hold(bartsSite, r.hospitalRecord(bartsSite))
	p.Cast.Twofold = character
}

func (p *Population) castMoved() {
	r, character := play(actor{6, "Nowak", "Tomasz", clinical.GenderMale, date(1979, 12, 1), "F86018",
		"Moved from a practice with EMIS to one with SystmOne, which leaves an ended registration behind."})
	r.since = date(2021, 5, 17)
	r.troubles = []trouble{{problem: problems()[0], onset: date(2018, 2, 6), precision: clinical.PrecisionDay}}
	p.hold(emisSite, r.formerRecord(practices()[0]))
	p.hold(systmOneSite, r.practiceRecord())
	p.Cast.Moved = character
}

func (p *Population) castRetired() {
	r, character := play(actor{9, "Bello", "Ngozi", clinical.GenderFemale, date(2001, 1, 30), "F82680",
		"Has a new NHS number at the GP; the trust still holds the former one."})
	p.hold(systmOneSite, r.practiceRecord())
	atTrust := r.hospitalRecord(bhrutSite)
	atTrust.NHSNumber = number(castBase + castSize)
	p.hold(bhrutSite, atTrust)
	if former, err := clinical.ParseNHSNumber(atTrust.NHSNumber); err == nil {
		p.Cast.Former = former
	}
	p.Cast.Retired = character
}

func (p *Population) castTest() {
	r, character := play(actor{10, "ZZZTest", "Patient", clinical.GenderFemale, date(1980, 1, 1), "F84012",
		"A made-up patient that organisations test with: never appears."})
	r.troubles = r.fallIll()
	for _, source := range []string{emisSite, systmOneSite} {
		person := r.practiceRecord()
		person.Test = true
		if source == systmOneSite {
			person.Holder, person.Practice = "F86004", "F86004"
		}
		p.hold(source, person)
	}
	p.Cast.Test = character
}

func (p *Population) castDeleted() {
	r, character := play(actor{11, "Whitlock", "Martin", clinical.GenderMale, date(1950, 5, 5), "F84021",
		"Registered by mistake: the registration is marked deleted, and nothing tied to it appears."})
	person := r.practiceRecord()
	person.Deleted = true
	p.hold(emisSite, person)
	p.Cast.Deleted = character
}

func noKnownAllergies() seed.Code { return snomed("716186003", "No known allergies") }

func allergy(code seed.Code, at time.Time) seed.Allergy {
	return seed.Allergy{Entry: seed.Entry{Code: code, Date: onDay(at), Recorded: atMinute(at), Status: clinical.StatusActive}}
}

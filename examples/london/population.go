package london

import (
	"fmt"
	"strconv"
	"time"

	"onelondon/examples/london/seed"
	"onelondon/internal/clinical"
)

// Population is everybody and everything that [Build] writes.
type Population struct {
	Held map[string][]*seed.Person // by source id, in the order written
	Cast Cast
}

// resident is one person while their records are made.
type resident struct {
	dice
	base      seed.Person // demographics alone
	born      time.Time
	practice  practice
	since     time.Time // registered with the practice
	troubles  []trouble
	encounter int
	usual     map[string]int // the level that each measurement moves around
	smoking   seed.Code
}

// last is the day after which nothing happens to the resident: today, or the day of death.
func (r *resident) last() time.Time {
	if r.base.Death.IsZero() {
		return today()
	}
	return r.base.Death.At()
}

// trouble is a problem that a resident has, since when.
type trouble struct {
	problem
	onset     time.Time
	precision clinical.Precision
}

// Imagine makes the population without writing it anywhere.
func Imagine(options Options) *Population {
	options = options.withDefaults()
	population := &Population{Held: map[string][]*seed.Person{}}
	population.castAll()
	for i := range max(0, options.People-castSize) {
		population.settle(newResident(options.Seed, i), newDice(options.Seed, uint64(i)+plansStream))
	}
	return population
}

// hold adds what one source holds of somebody.
func (p *Population) hold(source string, person *seed.Person) {
	if source == compassSite {
		// Discovery passes on neither letters nor next of kin, nor anything sealed or deleted.
		person.Documents, person.Contacts = nil, nil
	}
	p.Held[source] = append(p.Held[source], person)
}

// settle makes a resident's records in every system that knows them.
func (p *Population) settle(r *resident, forPlan dice) {
	r.troubles = r.fallIll()
	from := r.practice
	if r.chance(80) && r.since.Before(today().AddDate(-2, 0, 0)) {
		if former := pick(r.dice, practices()); former.Code != from.Code {
			p.hold(former.source, r.formerRecord(former))
		}
	}
	record := r.practiceRecord()
	r.blemish(from.source, record)
	p.hold(from.source, record)
	if r.chance(450) {
		p.hold(r.practice.hospital, r.hospitalRecord(r.practice.hospital))
	}
	if plan := r.plan(forPlan); plan != nil {
		p.hold(plansSite, r.planned(plan))
	}
	if second := pick(r.dice, []string{bartsSite, homertonSite, bhrutSite}); second != r.practice.hospital && r.chance(60) {
		p.hold(second, r.hospitalRecord(second))
	}
}

// number makes the i-th person's NHS number. Each has a pair of prefixes of its own, of which at least one has a check digit.
func number(i int) string {
	for prefix := 999_000_000 + 2*(i*331%450_000); ; prefix++ {
		digits := strconv.Itoa(prefix)
		sum := 0
		for position, digit := range digits {
			sum += int(digit-'0') * (10 - position)
		}
		if check := (11 - sum%11) % 11; check < 10 {
			return digits + strconv.Itoa(check)
		}
	}
}

func newResident(options uint64, i int) *resident {
	d := newDice(options, uint64(i)+1000)
	r := &resident{dice: d, practice: pick(d, practices())}
	age := r.age()
	r.born = today().AddDate(-age, 0, -d.between(1, 360))
	r.base = seed.Person{NHSNumber: number(i), Birth: onDay(r.born), FamilyName: pick(d, familyNames())}
	if d.chance(508) {
		r.base.Gender, r.base.GivenName, r.base.Title = clinical.GenderFemale, pick(d, femaleNames()), pick(d, []string{"Ms", "Mrs", "Miss"})
	} else {
		r.base.Gender, r.base.GivenName, r.base.Title = clinical.GenderMale, pick(d, maleNames()), "Mr"
	}
	r.base.Address = []string{fmt.Sprintf("%d %s", d.between(1, 180), pick(d, streets())), r.practice.borough, "London"}
	r.base.Postcode = fmt.Sprintf("%s %d%s%s", r.practice.district, d.between(1, 9), letter(d), letter(d))
	r.base.Telephone = fmt.Sprintf("07700 900%03d", d.IntN(1000)) // numbers that Ofcom keeps for drama
	r.base.Practice = r.practice.Code
	r.since = later(r.born, today().AddDate(-d.between(0, 18), -d.between(1, 11), -d.between(0, 27)))
	if died := today().AddDate(0, -d.between(1, 10), -d.between(0, 27)); age > 70 && d.chance(60) && died.After(r.since.AddDate(0, 2, 0)) {
		r.base.Death = onDay(died)
	}
	r.settleLevels()
	return r
}

// settleLevels decides where the resident's measurements usually lie, so that a series of them looks like one person's.
func (r *resident) settleLevels() {
	r.usual = map[string]int{"systolic": r.between(112, 150), "diastolic": r.between(68, 90), "bmi": r.between(205, 345),
		"hba1c": r.between(44, 78), "egfr": r.between(46, 88), "cholesterol": r.between(38, 62)}
	r.smoking = pick(r.dice, smokingStatuses())
}

// letter is one of those that end a postcode.
func letter(d dice) string { return string("ABDEFGHJLNPQRSTUWXYZ"[d.IntN(20)]) }

// age follows London, which is younger than England.
func (r *resident) age() int {
	switch throw := r.IntN(100); {
	case throw < 19:
		return r.between(0, 15)
	case throw < 60:
		return r.between(16, 44)
	case throw < 84:
		return r.between(45, 64)
	case throw < 96:
		return r.between(65, 79)
	}
	return r.between(80, 97)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// fallIll decides which problems the resident has, by age.
func (r *resident) fallIll() []trouble {
	var had []trouble
	age := today().Year() - r.born.Year()
	for _, problem := range problems() {
		likely := 0
		switch {
		case age < problem.from:
		case age <= 40:
			likely = problem.at40 * (age - problem.from + 5) / (45 - min(problem.from, 40))
		default:
			likely = problem.at40 + (problem.at75-problem.at40)*(min(age, 75)-40)/35
		}
		if !r.chance(min(likely, 900)) {
			continue
		}
		earliest, latest := later(r.born.AddDate(problem.from, 0, 0), today().AddDate(-20, 0, 0)), r.last().AddDate(0, -2, 0)
		if !earliest.Before(latest) {
			continue
		}
		one := trouble{problem: problem, onset: r.moment(earliest, latest), precision: clinical.PrecisionDay}
		switch {
		case r.chance(70):
			one.precision = clinical.PrecisionYear
		case r.chance(110):
			one.precision = clinical.PrecisionMonth
		}
		had = append(had, one)
	}
	return had
}

package engine

import (
	"cmp"
	"slices"

	"onelondon/internal/clinical"
	"onelondon/sources"
)

// registration is what one registration says, without its identifier.
type registration struct {
	person       clinical.Pseudonym
	from, until  clinical.Day
	birth, death clinical.Day
	practice     uint32 // number of the practice; 0 where none is named
	sex          uint8  // place among clinical.Genders, from 1; 0 where it is not known
	own          bool   // the practice's own patient
}

const registrationBytes = 32

// current reports whether the registration is with a practice, and in force on a day.
func (r *registration) current(day clinical.Day) bool {
	return r.own && (r.from == clinical.NoDay || r.from <= day) && (r.until == clinical.NoDay || r.until >= day)
}

// precedence orders registrations of one person: those that come first settle what they know.
func (r *registration) precedence(other *registration) int {
	return cmp.Or(cmp.Compare(boolean(other.own), boolean(r.own)), cmp.Compare(other.from, r.from))
}

// identified is a registration while its source is read.
type identified struct {
	registration
	id clinical.Text
}

func (n *names) registration(f *sources.Facts) identified {
	practice := f.Practice
	if practice == "" && f.Registered {
		practice = f.Organisation
	}
	r := registration{person: f.Person, from: f.From, until: f.Until, birth: f.Birth, death: f.Death, own: f.Registered}
	if practice != "" {
		r.practice = n.number(practice)
	}
	if f.Sex != clinical.GenderUnknown {
		r.sex = uint8(1 + slices.Index(clinical.Genders(), f.Sex))
	}
	return identified{r, f.ID}
}

// inOrder sorts one source's registrations by person, and one person's by precedence and identifier.
func inOrder(all []identified) []registration {
	slices.SortFunc(all, func(a, b identified) int {
		if a.person != b.person {
			return cmp.Compare(a.person, b.person)
		}
		return cmp.Or(a.precedence(&b.registration), cmp.Compare(a.id, b.id))
	})
	sorted := make([]registration, len(all))
	for i := range all {
		sorted[i] = all[i].registration
	}
	return sorted
}

// facts are what a person is, as their registrations settle it.
type facts struct {
	birth, death clinical.Day
	practice     uint32 // where they are registered on the day of the question; 0 for nowhere
	sex          uint8
}

// gender is UNKNOWN where nobody knows.
func (f *facts) gender() clinical.Gender {
	if f.sex == 0 {
		return clinical.GenderUnknown
	}
	return clinical.Genders()[f.sex-1]
}

// settle takes each fact from the first registration, in order of precedence, that knows it.
func settle(registrations []registration, asAt clinical.Day) facts {
	settled := facts{birth: clinical.NoDay, death: clinical.NoDay}
	for i := range registrations {
		r := &registrations[i]
		if settled.birth == clinical.NoDay {
			settled.birth = r.birth
		}
		if settled.death == clinical.NoDay {
			settled.death = r.death
		}
		if settled.sex == 0 {
			settled.sex = r.sex
		}
		if settled.practice == 0 && r.current(asAt) {
			settled.practice = r.practice
		}
	}
	return settled
}

// Disagreements are how many people of all that sources know have registrations that say different things.
type Disagreements struct{ Sex, Birth int }

func (d *Disagreements) count(registrations []registration, settled *facts) {
	d.Sex += boolean(slices.ContainsFunc(registrations, func(r registration) bool { return r.sex != 0 && r.sex != settled.sex }))
	d.Birth += boolean(slices.ContainsFunc(registrations, func(r registration) bool {
		return r.birth != clinical.NoDay && r.birth != settled.birth
	}))
}

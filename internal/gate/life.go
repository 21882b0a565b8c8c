package gate

import (
	"time"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/policy"
	"onelondon/sources"
)

// seekLife asks every source that may know the person for dates of birth and death. Only what citizens may see depends
// on these, so only their questions pay for the extra round.
func (q *inquiry) seekLife(b *batch) {
	for _, spec := range q.near() {
		if !q.holds[spec.ID].has(clinical.KindRegistration) {
			continue
		}
		for _, number := range q.under[spec.ID] {
			b.add(spec.ID, want{inquiry: q}, sources.Part{Kind: clinical.KindRegistration, Person: number, Condition: condition.Always(),
				Limit: 50, Fields: clinical.KindRegistration.Descriptor().Set("birthDate", "deathDate", "status", "date")})
		}
	}
}

// noteLife takes age and death from one registration. If sources disagree about the age band it stays unknown; one
// source that knows of a death is believed.
func (q *inquiry) noteLife(registration *clinical.Registration) {
	q.deceased = q.deceased || !registration.DeathDate.IsZero()
	if registration.BirthDate.IsZero() {
		return
	}
	age := ageOn(registration.BirthDate, q.started)
	if q.aged && age != q.age {
		age = policy.AgeUnknown
	}
	q.age, q.aged = age, true
}

// ageOn is the age band of somebody born on a date, or unknown if the date is too imprecise. The server's day equals
// London's, except for an hour on summer nights.
func ageOn(birth clinical.DateTime, now time.Time) policy.Age {
	if birth.IsZero() || birth.At().After(now) {
		return policy.AgeUnknown
	}
	oldest, youngest := ageBand(birth.At(), now), ageBand(birth.Until().Add(-time.Second), now)
	if oldest != youngest {
		return policy.AgeUnknown
	}
	return oldest
}

func ageBand(born, now time.Time) policy.Age {
	years := now.Year() - born.Year()
	if now.Month() < born.Month() || now.Month() == born.Month() && now.Day() < born.Day() {
		years--
	}
	switch {
	case years < 11:
		return policy.AgeUnder11
	case years < 13:
		return policy.Age11And12
	case years < 16:
		return policy.Age13To15
	}
	return policy.Age16AndUp
}

package careplans

import (
	"fmt"
	"time"

	"onelondon/sources/openehr/ehrstore"
)

// Namespace is that of the subjects of the EHRs, who are known by their NHS numbers.
const Namespace = "nhs-number"

// Kept is a server with the plans of some people. The first of them has two that contradict each other: one made in hospital by which she is not
// for resuscitation, and a later one, made at home when she was better, by which she is. The others have one plan each.
func Kept(now func() time.Time, changedHerMind string, others ...string) (*ehrstore.Store, error) {
	store := ehrstore.New("care-plans.example", now)
	keep := func(person string, plans ...Object) error {
		ehr, err := store.CreateEHR(ehrstore.Status(Namespace, person, true))
		if err != nil {
			return fmt.Errorf("keep care plans: %w", err)
		}
		for _, plan := range plans {
			if _, err := store.Commit(ehr, plan); err != nil {
				return fmt.Errorf("keep care plans: %w", err)
			}
		}
		return nil
	}
	care, death := Home()
	hospice, inHospice := Hospice()
	hospital := Plan{Made: "2025-11-02T09:00:00Z", Composer: "Dr Peter Lane", CPR: NotForCPR(), CPRDate: "2025-11", CPRReview: "2026-02-01", Discussed: true,
		FormLocation: "In the notes of ward 5", Recommendation: "Not for intensive care", Care: hospice, CareSecond: care, Death: inHospice, DeathSecond: death,
		Medicines: []Medicine{{"Morphine sulfate 10mg/1ml solution for injection ampoules", "Fridge"}, {"Midazolam 10mg/2ml solution for injection ampoules", "Fridge"}},
		Wishes:    []string{"Windows open"}, Consent: Shared(), ConsentDate: "2025-11-02T09:00:00Z"}
	home := hospital
	home.Made, home.Composer, home.CPR, home.CPRDate, home.CPRReview = "2026-06-01T16:30:00+01:00", "Sr Bea Last", ForCPR(), "2026-06-01", "2027-06-01"
	home.FormLocation, home.Recommendation, home.Care, home.Death = "By the front door", "Hospital for what can be put right", care, death
	home.CareSecond, home.DeathSecond, home.Medicines, home.ConsentDate = Coded{}, Coded{}, nil, "2026-06-01T16:30:00+01:00"
	if err := keep(changedHerMind, hospital.EndOfLife(), home.EndOfLife()); err != nil {
		return nil, err
	}
	for _, other := range others {
		plan := Plan{Made: "2026-03-01T10:00:00Z", Composer: "Dr Ann Other", CPR: NotForCPR(), CPRDate: "2026-03", Care: care, Death: death, Consent: Shared()}
		if err := keep(other, plan.EndOfLife()); err != nil {
			return nil, err
		}
	}
	return store, nil
}

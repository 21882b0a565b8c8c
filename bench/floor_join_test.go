package bench_test

import (
	"cmp"
	"slices"
	"strings"

	"onelondon/internal/clinical"
)

func (f *floor) join(person string, parts []*found) *patientJSON {
	p := &patientJSON{NHSNumber: person, Demographics: demographics(parts)}
	p.Allergies = joined(f, parts, clinical.KindAllergyIntolerance, func(f *found) []allergy { return f.Allergies.Nodes })
	p.Conditions = joined(f, parts, clinical.KindCondition, func(f *found) []condition { return f.Conditions.Nodes })
	p.Medications = joined(f, parts, clinical.KindMedication, func(f *found) []medication { return f.Medications.Nodes })
	p.Observations = joined(f, parts, clinical.KindObservation, func(f *found) []observation { return f.Observations.Nodes })
	p.Encounters = joined(f, parts, clinical.KindEncounter, func(f *found) []encounter { return f.Encounters.Nodes })
	p.Procedures = joined(f, parts, clinical.KindProcedure, func(f *found) []condition { return f.Procedures.Nodes })
	p.Immunisations = joined(f, parts, clinical.KindImmunisation, func(f *found) []vaccine { return f.Immunisations.Nodes })
	p.Referrals = joined(f, parts, clinical.KindReferral, func(f *found) []referral { return f.Referrals.Nodes })
	return p
}

// joined puts the records of all sources in order, newest first, and says how many each gave.
func joined[R any, P interface {
	*R
	dated
}](f *floor, parts []*found, kind clinical.Kind, of func(*found) []R) list[R] {
	var all list[R]
	for i, part := range parts {
		if !f.sources[i].holds[kind] {
			continue
		}
		records := of(part)
		line := lineJSON{Source: f.sources[i].id, Outcome: "NOTHING", Records: len(records)}
		if len(records) > 0 {
			line.Outcome = "ANSWERED"
		}
		all.Sources = append(all.Sources, line)
		all.Nodes = append(all.Nodes, records...)
	}
	slices.SortFunc(all.Nodes, func(a, b R) int {
		x, y := P(&a).about(), P(&b).about()
		return cmp.Or(-strings.Compare(*x.Date, *y.Date), strings.Compare(x.ID, y.ID))
	})
	return all
}

// demographics is the registration that is active.
func demographics(parts []*found) *demographicsJSON {
	for _, part := range parts {
		for i := range part.registrations {
			if r := &part.registrations[i]; r.Status != nil && *r.Status == "ACTIVE" {
				return &demographicsJSON{r.own[0], r.own[1], isoDate(r.own[2]), r.own[3]}
			}
		}
	}
	return nil
}

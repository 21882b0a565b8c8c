package equivalence_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"onelondon/internal/clinical"
	"onelondon/internal/testkit"
	"onelondon/policy"
)

// What the policy that ships promises whoever asks and whatever the person has said.

// Breaking the glass is for when too little is seen. Whoever does sees what they saw before, every field of it.
func TestBreakingTheGlassReleasesNoLessOfAnything(t *testing.T) {
	keepsPromise(t, func(t *rapid.T, p *promise) {
		whole := drawInput(t)
		if rapid.Bool().Draw(t, "may override consent") {
			whole.Citizen, whole.Role, whole.Purpose = false, rapid.SampledFrom([]string{"R0260", "R0620"}).Draw(t, "on duty"), policy.EmergencyTreatment
			whole.Activities = append(slices.Clone(whole.Activities), "B0082")
		}
		whole.Emergency = false
		broken := whole
		broken.Emergency = true
		p.noLess(t, whole, broken)
	})
}

// Not knowing of an allergy kills (Caldicott principle 7): nothing that a person denies, no category and no activity that shows
// medicines keeps one from a clinician who treats them. A seal of another organisation does, and an objection that is upheld.
func TestAnAllergyIsWithheldFromAClinicianForASealOrAnUpheldObjectionAlone(t *testing.T) {
	keepsPromise(t, func(t *rapid.T, p *promise) {
		input := drawInput(t)
		input.Citizen, input.Person.Flagged, input.Person.Authority = false, false, ""
		input.Role = rapid.SampledFrom([]string{"R0260", "R9102", "R0620", "R1290"}).Draw(t, "clinician")
		input.Activities = rapid.SampledFrom([][]string{nil, {"B0264"}, {"B0360"}, {"B0082", "B0370"}}).Draw(t, "shows medicines")
		input.Purpose = rapid.SampledFrom([]policy.Purpose{policy.Treatment, policy.EmergencyTreatment}).Draw(t, "treats")
		input.Relationship = rapid.SampledFrom([]policy.Relationship{policy.RelationshipRegistered, policy.RelationshipRecord,
			policy.RelationshipReferral, policy.RelationshipClaimed}).Draw(t, "in a relationship")
		input.Person.Objection = rapid.SampledFrom(policy.Objections()).Draw(t, "objects")
		released := p.released(t, input)
		for _, record := range p.records {
			meta := record.About()
			sealed, known := meta.Labels.Value(clinical.LabelSealed)
			own := meta.Organisation.Code != "" && string(meta.Organisation.Code) == input.Organisation
			open := own || known && !sealed && input.Person.Objection != "upheld"
			if record.Kind() == clinical.KindAllergyIntolerance && open && !released[record] {
				t.Fatalf("an allergy is withheld from %+v: %+v", input, meta)
			}
		}
	})
}

// To deny is to close, to allow is to open: neither ever does the opposite, whatever else was said.
func TestADenialNeverReleasesMoreAndAPermissionNeverLess(t *testing.T) {
	keepsPromise(t, func(t *rapid.T, p *promise) {
		silent := drawInput(t)
		said := drawPreference(t)
		spoken := silent
		spoken.Person.Preferences = append(slices.Clone(silent.Person.Preferences), said)
		if said.Effect == "deny" {
			silent, spoken = spoken, silent
		}
		p.noLess(t, silent, spoken)
	})
}

// Nobody finds a person with an S-flag, by no role, purpose, activity, claim or emergency, and not the person themself.
func TestAnSFlagAlwaysHides(t *testing.T) {
	keepsPromise(t, func(t *rapid.T, p *promise) {
		input := drawInput(t)
		input.Person.Flagged = true
		input.Activities = append(slices.Clone(input.Activities), "B1611", "B0082")
		decision := p.decide(t, input)
		if released := p.released(t, input); !decision.Hide || decision.Permitted || len(released) > 0 {
			t.Fatalf("%+v finds a person with an S-flag: %d records, hidden %v", input, len(released), decision.Hide)
		}
	})
}

// promise is the policy that ships, and records to hold it to.
type promise struct {
	engine         *policy.Engine
	records        []clinical.Record
	asked, counted int
}

// keepsPromise draws questions and holds the policy to what it promises of them.
func keepsPromise(t *testing.T, holds func(*rapid.T, *promise)) {
	t.Helper()
	seed := testkit.Seed(t)
	draws(t, seed, testkit.Size(400, 10_000))
	engine, err := policy.Open(t.Context(), policy.Embedded(), policy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p := &promise{engine: engine}
	rows := throw(seed, 2).rows(300, listed(t))
	for i := range rows {
		p.records = append(p.records, rows[i].record())
	}
	rapid.Check(t, func(t *rapid.T) { holds(t, p) })
	testkit.Counted(t, "%d questions about %d records, %d released; %s=%d", p.asked, len(p.records), p.counted, testkit.SeedVariable, seed)
}

func (p *promise) decide(t *rapid.T, input policy.Input) *policy.Decision {
	decision, err := p.engine.Decide(t.Context(), input)
	if err != nil {
		t.Fatal(err)
	}
	return decision
}

// released is the set of records that are released.
func (p *promise) released(t *rapid.T, input policy.Input) map[clinical.Record]bool {
	decision, all := p.decide(t, input), map[clinical.Record]bool{}
	for _, record := range p.records {
		if decision.Release(record.Kind()).Condition.Match(record) {
			all[record] = true
		}
	}
	p.asked, p.counted = p.asked+1, p.counted+len(all)
	return all
}

// noLess demands that what is released under one input, each field of it, is released under another.
func (p *promise) noLess(t *rapid.T, under, also policy.Input) {
	before, after := p.released(t, under), p.released(t, also)
	for record := range before {
		if !after[record] {
			t.Fatalf("%+v\nsees a record that %+v\ndoes not: %+v", under, also, record.About())
		}
	}
	one, other := p.decide(t, under), p.decide(t, also)
	for _, kind := range clinical.Kinds() {
		if masked := other.Release(kind).Masked &^ one.Release(kind).Masked; masked != 0 && !one.Release(kind).Condition.IsNever() {
			t.Fatalf("%+v\nsees fields of a %s that %+v\ndoes not", under, kind, also)
		}
	}
}

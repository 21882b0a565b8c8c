package adversary_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"onelondon/examples/london"
	"onelondon/examples/london/seed"
	"onelondon/examples/london/trial"
	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/internal/gate"
	"onelondon/policy"
)

// discovery is the Discovery store, in which the heroine is given a record for these tests.
const discovery = clinical.SourceID("discovery-nel")

// linkedWord stands in everything that would give the HIV test away; linkedAllergy is the allergy noted at the same visit.
const (
	linkedWord    = "Zqlinked"
	linkedAllergy = "Zqallergy"
	hivCode       = "86406008"
)

// visited gives the heroine, in each of five systems, a visit with an HIV test, a prescription, an appointment that led to
// it, and an allergy noted at it; at her practice also a problem with another prescription for it.
func visited(p *london.Population) {
	heroine := p.Cast.Heroine.NHSNumber.Reveal()
	for _, source := range []clinical.SourceID{emis, systmOne, barts, pas} {
		for _, person := range p.Held[string(source)] {
			if person.NHSNumber != heroine {
				continue
			}
			visit(source, person)
			if source == emis {
				known := *person
				known.LocalID, known.Holder = "", "F82009"
				known.Deducted = known.Registered
				bare(&known)
				visit(discovery, &known)
				p.Held[string(discovery)] = append(p.Held[string(discovery)], &known)
			}
		}
	}
}

// bare leaves of a person who they are.
func bare(person *seed.Person) {
	person.Encounters, person.Conditions, person.Medications, person.Observed, person.Procedures = nil, nil, nil, nil, nil
	person.Vaccines, person.Allergies, person.Bookings, person.Referrals = nil, nil, nil, nil
	person.Documents, person.Alerts, person.Contacts, person.CarePlans = nil, nil, nil, nil
}

func visit(source clinical.SourceID, person *seed.Person) {
	at := clinical.NewDateTime(time.Date(2025, 5, 6, 10, 0, 0, 0, time.UTC), clinical.PrecisionDay)
	about := func(code, words string) seed.Entry {
		return seed.Entry{Code: seed.Code{System: clinical.SNOMED, Code: code, Display: words}, Date: at, Encounter: "hiv-visit",
			Status: clinical.StatusCompleted}
	}
	held := about("185345009", linkedWord)
	held.Encounter = ""
	person.Encounters = append(person.Encounters, seed.Encounter{Entry: held, Ref: "hiv-visit", Class: clinical.ClassOutpatient,
		Reason: linkedWord, Location: linkedWord, Specialty: linkedWord})
	found := about(hivCode, linkedWord)
	found.Status = clinical.StatusActive
	if source == emis {
		found.Encounter = "" // only the problem ties it to the second prescription
	}
	if source == pas {
		found.Code = seed.Code{System: clinical.ICD10, Code: "B24", Display: linkedWord}
	}
	person.Conditions = append(person.Conditions, seed.Condition{Entry: found, Ref: "hiv"})
	if source == pas {
		return // it keeps no results, prescriptions or allergies
	}
	if source != barts {
		test := about(hivCode, linkedWord)
		person.Observed = append(person.Observed, seed.Observation{Entry: test})
		allergy := about("91936005", linkedAllergy)
		allergy.Status = clinical.StatusActive
		person.Allergies = append(person.Allergies, seed.Allergy{Entry: allergy})
	}
	person.Medications = append(person.Medications, seed.Medication{Entry: about("774656009", linkedWord), Dosage: linkedWord, CourseDays: 7})
	if source == emis || source == discovery {
		// The course, which no system ties to a visit, is tied by its problem where there is one.
		course := &person.Medications[len(person.Medications)-1]
		course.Problem = "hiv"
	}
	booked := about("", linkedWord)
	booked.Status = clinical.StatusMissed
	person.Bookings = append(person.Bookings, seed.Appointment{Entry: booked, Service: linkedWord, Location: linkedWord, Minutes: 10, Booked: at})
}

// discreet is the policy that ships, with one more demand on every record: that it is not about HIV.
type discreet struct{ gate.Policy }

func (d discreet) Decide(ctx context.Context, input policy.Input) (*policy.Decision, error) {
	decision, err := d.Policy.Decide(ctx, input)
	if err != nil {
		return nil, err
	}
	changed := *decision
	free := condition.Atom{Attribute: condition.LabelAttribute(clinical.LabelHIV), Op: condition.Equal,
		Values: []condition.Value{condition.Bool(false)},
		Codes:  condition.NewCodes([]clinical.Coding{{System: clinical.SNOMED, Code: hivCode}, {System: clinical.ICD10, Code: "B24"}}).Presuming(condition.PresumesSilence)}
	for _, kind := range clinical.Kinds()[1:] {
		release := decision.Release(kind)
		if release.Condition.IsNever() {
			continue
		}
		clauses := []condition.Clause{nil}
		if !release.Condition.IsAlways() {
			clauses = release.Condition.Clauses()
		}
		var all []condition.Clause
		for _, clause := range clauses {
			all = append(all, append(append(condition.Clause{}, clause...), free))
		}
		release.Condition = condition.Where(all...)
		changed.SetRelease(kind, release)
	}
	return &changed, nil
}

// linkedProbes ask for everything in which a word could stand, by every way.
func linkedProbes() map[string]string {
	const head, tail = `query($n: NHSNumber!, $after: Cursor) { patient(nhsNumber: $n) { `, ` } }`
	const item = `{ nodes { __typename id date encounterId problemId appointmentId code { code display text }
		... on Medication { dosage contributors { id code { text } } } ... on Encounter { reason location specialty }
		... on Appointment { service location } ... on Condition { contributors { id code { text } } } }
		pageInfo { hasNextPage endCursor } sources { source outcome records rejected } }`
	return map[string]string{
		"the chart":       chartQuery(100),
		"the timeline":    head + `timeline(first: 100, after: $after) ` + item + tail,
		"page after page": head + `timeline(first: 7, after: $after) ` + item + tail,
		"by the day":      head + `timeline(first: 50, after: $after, filter: {from: "2025-05-06", until: "2025-05-06"}) ` + item + tail,
		"by code": head + `timeline(first: 5, after: $after, filter: {codes: [{code: "86406008"}, {code: "774656009"}, {code: "B24"},
			{code: "185345009"}]}) ` + item + tail,
		"what it was for": strings.Replace(head, ", $after: Cursor", "", 1) + `receipt { reasons withheldKinds } medications(first: 100) { nodes { problemId encounterId dosage } }
			appointments(first: 100) { nodes { encounterId service location } } encounters(first: 100) { nodes { reason location specialty } }` + tail,
	}
}

// Of a visit with an HIV test, whoever may not know of the test sees neither the visit, nor what was prescribed at it or for
// it, nor the appointment; and still sees the allergy that was noted there.
func TestNothingThatHangsTogetherWithAnHIVTestGivesItAway(t *testing.T) {
	t.Parallel()
	c := build(t, people(visited))
	shipped, err := policy.Open(t.Context(), policy.Embedded(), policy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	open, closed := c.open(t), c.options(t)
	closed.Policy = discreet{shipped}
	hushed := trial.Open(t, closed)
	gp, number := trial.GP(heroinesPractice), c.cast.Heroine.NHSNumber
	whole, _ := chart(t, open, open.Token(t, gp), number)
	part, _ := chart(t, hushed, hushed.Token(t, gp), number)
	for source, lists := range map[clinical.SourceID][]string{
		emis:      {"encounters", "conditions", "observations", "medications", "appointments", "allergies"},
		systmOne:  {"encounters", "conditions", "observations", "medications", "appointments", "allergies"},
		discovery: {"encounters", "conditions", "medications", "appointments", "allergies"}, // the test is its problem's repetition
		barts:     {"encounters", "conditions", "medications", "appointments"},
		pas:       {"encounters", "conditions"},
	} {
		before, after := countByList(whole, source), countByList(part, source)
		for _, list := range lists {
			if fewer := after[list] < before[list]; fewer != (list != "allergies") {
				t.Errorf("%s, %s: %d of %d are shown", source, list, after[list], before[list])
			}
		}
		for _, outcome := range part.outcomes(source) {
			if outcome != "ANSWERED" && outcome != "NOTHING" {
				t.Errorf("%s says %s", source, outcome)
			}
		}
	}
	for what, query := range linkedProbes() {
		if told := walk(t, open, gp, query, number); !strings.Contains(told, linkedWord) {
			t.Errorf("%s: cannot find what must not be found", what)
		}
		told := walk(t, hushed, gp, query, number)
		if at := strings.Index(told, linkedWord); at >= 0 {
			t.Errorf("%s: …%s…", what, told[max(0, at-300):min(len(told), at+100)])
		}
	}
}

func countByList(a answer, source clinical.SourceID) map[string]int {
	counts := map[string]int{}
	for _, id := range a.held()[source] {
		list, _, _ := strings.Cut(id, " ")
		counts[list]++
	}
	return counts
}

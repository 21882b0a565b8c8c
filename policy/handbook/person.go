package handbook

import (
	"context"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/policy"
	"onelondon/policy/prose"
	"onelondon/policy/specimen"
)

// said tells what comes of what a person said, and of breaking the glass, for a doctor who treats them: which records of
// other organisations are released.
func (b *book) said(ctx context.Context) error {
	b.linef("\n### What the person said, and emergencies\n\nA doctor asks for records of other organisations, for emergency treatment. What of them is released once the person has said\nsomething, and what once the doctor has broken the glass?\n\n| | the glass is whole | the glass is broken |\n|---|---|---|")
	var doctor policy.Input
	for _, each := range b.callers() {
		if each.name == "doctor" {
			doctor = each.input
		}
	}
	doctor.Purpose, doctor.Activities = policy.EmergencyTreatment, policy.Activities(b.Tables())
	states := []policy.Person{doctor.Person}
	add := func(change func(*policy.Person)) {
		state := doctor.Person
		change(&state)
		states = append(states, state)
	}
	for _, objection := range policy.Objections()[1:] {
		add(func(p *policy.Person) { p.Objection = objection })
	}
	for _, category := range []string{"hiv", "all"} {
		add(func(p *policy.Person) {
			p.Preferences = []policy.Preference{{Effect: "deny", Category: category, Party: "anyone"}}
		})
	}
	add(func(p *policy.Person) { p.Flagged = true })
	for _, doctor.Person = range states {
		row := "| " + orNothing(specimen.Listed(b.teller.Person(doctor.Person)))
		for _, doctor.Emergency = range []bool{false, true} {
			decision, err := b.Decide(ctx, doctor)
			if err != nil {
				return err
			}
			row += " | " + b.elsewhere(decision)
		}
		b.linef("%s |", row)
	}
	return nil
}

func orNothing(words string) string {
	if words == "" {
		return "the person said nothing"
	}
	return words
}

// elsewhere says which records of other organisations a decision releases.
func (b *book) elsewhere(decision *policy.Decision) string {
	if decision.Hide {
		return "there is no such person"
	}
	var released, withheld, partly []specimen.Circumstance
	for _, circumstance := range b.set.Circumstances() {
		if circumstance.Own {
			continue
		}
		switch howMany(decision, b.set.Records(circumstance)) {
		case "yes":
			released = append(released, circumstance)
		case "no":
			withheld = append(withheld, circumstance)
		default:
			partly = append(partly, circumstance)
		}
	}
	words := "all records except " + specimen.Phrase(withheld)
	switch {
	case len(released)+len(partly) == 0:
		return "nothing"
	case len(withheld)+len(partly) == 0:
		return "all records"
	case len(released) < len(withheld):
		words = specimen.Phrase(released)
	}
	if len(withheld) == 0 {
		words = "all records"
	}
	if len(partly) > 0 {
		kinds := b.kindsOf(decision, partly[0])
		if !strings.HasPrefix(kinds, "every kind") {
			kinds = "only " + kinds
		}
		words += "; of " + specimen.Phrase(partly) + " " + kinds
	}
	return words
}

// kindsOf names the kinds of which a decision releases records of a circumstance.
func (b *book) kindsOf(decision *policy.Decision, circumstance specimen.Circumstance) string {
	var names []string
	for _, record := range b.set.Records(circumstance) {
		if decision.Release(record.Kind()).Condition.Match(record) {
			names = append(names, record.Kind().String())
		}
	}
	return kindsInWords(names)
}

// proxies tells for whom a proxy sees anything, by the person's age, what was found of their capacity, and the proxy's
// authority.
func (b *book) proxies(ctx context.Context) error {
	b.linef("\n### Proxies\n\nDoes a citizen on whom the register puts authority over somebody else's record see anything of it?\n\n| the person | parent | attorney or deputy |\n|---|---|---|")
	for _, age := range policy.Ages() {
		for _, capacity := range policy.Capacities() {
			row := "| " + about(age, capacity)
			for _, authority := range []policy.Authority{policy.AuthorityParent, policy.AuthorityAttorney} {
				decision, err := b.Decide(ctx, policy.Input{Citizen: true, Purpose: policy.PatientRequest, Relationship: policy.RelationshipProxy,
					Person: policy.Person{Objection: "none", Age: age, Capacity: capacity, Authority: authority}})
				if err != nil {
					return err
				}
				row += " | " + b.proxySees(decision)
			}
			b.linef("%s |", row)
		}
	}
	return nil
}

func about(age policy.Age, capacity policy.Capacity) string {
	return prose.Age(age) + "; " + prose.Capacity(capacity)
}

// proxySees says whether a proxy sees anything, and whether everything that the person would see.
func (b *book) proxySees(decision *policy.Decision) string {
	if !decision.Permitted || decision.Hide {
		return "no"
	}
	for _, kind := range clinical.Kinds() {
		if !decision.Release(kind).Condition.IsNever() {
			return "yes"
		}
	}
	return "no"
}

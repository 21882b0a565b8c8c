package impact

import (
	"onelondon/internal/clinical"
	"onelondon/policy"
	"onelondon/policy/prose"
)

// madeOrganisation is the organisation of every made question; it is not an ODS code.
const madeOrganisation = "EXAMPLE"

// States lists possible states of a person, the simplest first, each with one particular feature.
func States() []policy.Person {
	plain := policy.Person{Objection: "none", Age: policy.Age16AndUp, Capacity: policy.CapacityPresumed}
	all := []policy.Person{plain}
	add := func(change func(*policy.Person)) {
		state := plain
		change(&state)
		all = append(all, state)
	}
	for _, objection := range policy.Objections()[1:] {
		add(func(p *policy.Person) { p.Objection = objection })
	}
	for _, effect := range policy.Effects() {
		add(func(p *policy.Person) {
			p.Preferences = []policy.Preference{{Effect: effect, Category: "all", Party: "anyone"}}
		})
		for _, category := range clinical.Categories() {
			add(func(p *policy.Person) {
				p.Preferences = []policy.Preference{{Effect: effect, Category: string(category), Party: "anyone"}}
			})
		}
	}
	add(func(p *policy.Person) { p.Deceased = true })
	add(func(p *policy.Person) { p.Flagged = true })
	for _, authority := range policy.Authorities() {
		for _, age := range policy.Ages() {
			if authority != policy.AuthorityNone || age != plain.Age {
				add(func(p *policy.Person) { p.Authority, p.Age = authority, age })
			}
		}
		for _, age := range []policy.Age{policy.Age11And12, policy.Age13To15} {
			add(func(p *policy.Person) { p.Authority, p.Age, p.Capacity = authority, age, policy.CapacityCompetent })
		}
		add(func(p *policy.Person) { p.Authority, p.Capacity = authority, policy.CapacityLacking })
	}
	add(func(p *policy.Person) { p.Objection = "" })
	return all
}

// Questions makes questions from a policy's words: every group of roles for every purpose in every relationship, and
// for treatment also every state of a person, with and without a broken glass; and citizens for themselves and for
// others.
func Questions(teller *prose.Teller) []policy.Input {
	states := States()
	var all []policy.Input
	for _, group := range append(teller.Groups(), prose.RoleGroup{Roles: []string{"R9999"}}) {
		caller := policy.Input{Role: group.Roles[0], Organisation: madeOrganisation, Person: states[0]}
		for _, caller.Purpose = range append(policy.Purposes(), "") {
			for _, caller.Relationship = range policy.Relationships() {
				all = append(all, caller)
			}
		}
		caller.Purpose, caller.Relationship = policy.Treatment, policy.RelationshipRegistered
		all = append(all, inStates(caller, states)...)
		caller.Purpose, caller.Relationship, caller.Emergency = policy.EmergencyTreatment, policy.RelationshipClaimed, true
		all = append(all, inStates(caller, states)...)
	}
	for _, relationship := range []policy.Relationship{policy.RelationshipSelf, policy.RelationshipProxy} {
		all = append(all, inStates(policy.Input{Citizen: true, Purpose: policy.PatientRequest, Relationship: relationship}, states)...)
	}
	return all
}

func inStates(caller policy.Input, states []policy.Person) []policy.Input {
	all := make([]policy.Input, len(states))
	for i := range states {
		all[i] = caller
		all[i].Person = states[i]
	}
	return all
}

package main

import (
	"context"
	"errors"

	"onelondon/internal/clinical"
	"onelondon/internal/config"
	"onelondon/internal/consent"
	"onelondon/policy"
	"onelondon/policy/impact"
)

// saidIn counts the preferences in a site's register; nil if there is no register.
func saidIn(ctx context.Context, site *config.Config) (said []impact.Said, err error) {
	if site.Consent == (config.Register{}) {
		return nil, nil
	}
	current, err := currentNumbers(site)
	if err != nil {
		return nil, err
	}
	register, err := consent.OpenReader(ctx, registerOptions(site, discard()))
	if err != nil {
		return nil, explained(err)
	}
	tallied, err := register.Tally(ctx, current)
	for _, each := range tallied {
		said = append(said, impact.Said{Person: personOf(&each), People: each.People})
	}
	return said, errors.Join(err, register.Close())
}

// currentNumbers maps every retired number to the current one.
func currentNumbers(site *config.Config) (map[clinical.NHSNumber]clinical.NHSNumber, error) {
	located, err := newLocator(site, discard())
	if err != nil {
		return nil, err
	}
	current := make(map[clinical.NHSNumber]clinical.NHSNumber, len(site.Superseded))
	for _, each := range site.Superseded {
		current[each.Old], _ = located.Current(each.Old)
	}
	return current, nil
}

// personOf is a policy's view of an adult with these preferences. Any parties named are somebody other than the caller.
func personOf(said *consent.Tallied) policy.Person {
	person := policy.Person{Objection: said.Objection.String(), Capacity: policy.Capacity(said.Capacity), Age: policy.Age16AndUp}
	for _, each := range said.Preferences {
		preference := policy.Preference{Effect: string(each.Effect), Category: string(each.Category), Party: string(each.Party)}
		if each.Category == "" {
			preference.Category = "all"
		}
		if each.Party != consent.Anyone {
			preference.Code = someoneElse
		}
		person.Preferences = append(person.Preferences, preference)
	}
	return person
}

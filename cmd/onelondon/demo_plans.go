package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"onelondon/examples/london"
	"onelondon/examples/london/careplans"
)

// The folders of files that stand in for the demo's openEHR and FHIR servers.
const (
	plansFolder = "care-plans"
	unitsFolder = "community-fhir"
)

// plansOrganisation is the board that holds London's care plans, and unitsOrganisation the community trust whose FHIR
// server holds a plan of its own.
const (
	plansOrganisation = "QWE"
	unitsOrganisation = "RAT"
)

// writePlans writes exports of an openEHR and a FHIR server: care plans, those of one person contradicting each other.
// The two sources read them like any site's exports.
func (f *folder) writePlans() error {
	for _, name := range []string{plansFolder, unitsFolder} {
		if err := os.RemoveAll(f.path(name)); err != nil {
			return fmt.Errorf("make room for care plans: %w", err)
		}
	}
	cast := london.Imagine(london.Options{People: 1}).Cast
	plans, err := careplans.Kept(time.Now, cast.Undated.NHSNumber.Reveal(), cast.Twofold.NHSNumber.Reveal(), cast.Disputed.NHSNumber.Reveal())
	if err != nil {
		return err
	}
	units := careplans.Units(cast.Undated.NHSNumber.Reveal(), unitsOrganisation)
	return errors.Join(plans.Write(f.path(plansFolder)), units.Write(f.path(unitsFolder)))
}

// planSources are the two sources in the configuration.
func planSources() []configured {
	return []configured{
		{ID: "care-plans", Name: strconv.Quote("South West London, urgent care plans (openEHR)"), Driver: "openehr", Files: plansFolder,
			Mapping: "openehr-care-plans", Organisation: plansOrganisation, Parameters: map[string]string{"organisation": plansOrganisation,
				"organisation_name": strconv.Quote("NHS South West London ICB"), "namespace": careplans.Namespace}},
		{ID: "community-fhir", Name: strconv.Quote("North East London, community teams (FHIR)"), Driver: "fhir", Files: unitsFolder,
			Organisation: unitsOrganisation, Labelled: true},
	}
}

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

// The folders of files that are the demo's openEHR and FHIR servers.
const (
	plansFolder = "care-plans"
	unitsFolder = "community-fhir"
)

// plansOrganisation holds the care plans of London, as one of its boards does, and unitsOrganisation is the community trust whose
// FHIR server has a plan of its own making.
const (
	plansOrganisation = "QWE"
	unitsOrganisation = "RAT"
)

// writePlans writes what an openEHR and a FHIR server exported: care plans, of which those of one person contradict each other. The two
// sources read them, as anybody's exports may be read.
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

// planSources are the two as the configuration writes them.
func planSources() []configured {
	return []configured{
		{ID: "care-plans", Name: strconv.Quote("South West London, urgent care plans (openEHR)"), Driver: "openehr", Files: plansFolder,
			Mapping: "openehr-care-plans", Organisation: plansOrganisation, Parameters: map[string]string{"organisation": plansOrganisation,
				"organisation_name": strconv.Quote("NHS South West London ICB"), "namespace": careplans.Namespace}},
		{ID: "community-fhir", Name: strconv.Quote("North East London, community teams (FHIR)"), Driver: "fhir", Files: unitsFolder,
			Organisation: unitsOrganisation, Labelled: true},
	}
}

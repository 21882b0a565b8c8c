package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"onelondon/examples/london"
	"onelondon/examples/london/careplans"
	"onelondon/examples/london/mappings"
	"onelondon/internal/config"
	"onelondon/sources/fhir/fhirstore"
	"onelondon/sources/mapping"
)

// plansFile is the mapping of the demo's care plans.
const plansFile = "openehr-care-plans.yaml"

// plansOrganisation holds the care plans of London, as one of its boards does.
const plansOrganisation = "QWE"

// carePlans serves the demo's care plans from an openEHR server on loopback and adds it to the sources. It is in no file: it lives as long as
// the demo does, and onelondon serve does not start it.
func carePlans(ctx context.Context, loaded *config.Config) (stop func() error, err error) {
	cast := london.Imagine(london.Options{People: 1}).Cast
	store, err := careplans.Kept(time.Now, cast.Undated.NHSNumber.Reveal(), cast.Twofold.NHSNumber.Reveal(), cast.Disputed.NHSNumber.Reveal())
	if err != nil {
		return nil, err
	}
	text, err := mappings.Files.ReadFile(plansFile)
	if err != nil {
		return nil, fmt.Errorf("read the mapping of the care plans: %w", err)
	}
	read, err := mapping.LoadPaths(plansFile, text, map[string]string{"organisation": plansOrganisation, "organisation_name": "NHS South West London ICB",
		"namespace": careplans.Namespace})
	if err != nil {
		return nil, err
	}
	at, stop, err := onLoopback(ctx, store)
	if err != nil {
		return nil, err
	}
	source := config.Source{Driver: config.OpenEHRServer, DSN: at, Mapping: read, Refresh: 5 * time.Minute}
	source.ID, source.Name, source.System, source.Organisation = "care-plans", "South West London, urgent care plans (openEHR)", read.System, plansOrganisation
	loaded.Sources = append(loaded.Sources, source)
	return stop, nil
}

// unitsOrganisation is the community trust whose FHIR server has a plan of its own making.
const unitsOrganisation = "RAT"

// planUnits serves one more plan from a FHIR server, which contradicts the others: in the atomic units of NHS England's End of Life API.
func planUnits(ctx context.Context, loaded *config.Config) (stop func() error, err error) {
	cast := london.Imagine(london.Options{People: 1}).Cast
	at, stop, err := onLoopback(ctx, careplans.Units(cast.Undated.NHSNumber.Reveal(), unitsOrganisation))
	if err != nil {
		return nil, err
	}
	source := config.Source{Driver: config.FHIRServer, DSN: at + fhirstore.Base, FHIR: config.FHIR{Labelled: true}, Refresh: 5 * time.Minute}
	source.ID, source.Name, source.System, source.Organisation = "community-fhir", "North East London, community teams (FHIR)", "fhir-r4", unitsOrganisation
	loaded.Sources = append(loaded.Sources, source)
	return stop, nil
}

// onLoopback serves on a free port of 127.0.0.1 until stopped.
func onLoopback(ctx context.Context, handler http.Handler) (at string, stop func() error, err error) {
	var listening net.ListenConfig
	listener, err := listening.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, fmt.Errorf("serve care plans: %w", err)
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: time.Second}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	return "http://" + listener.Addr().String(), func() error {
		err := server.Close()
		if served := <-ended; !errors.Is(served, http.ErrServerClosed) {
			err = errors.Join(err, served)
		}
		return err
	}, nil
}

package main

import (
	"context"
	"crypto/tls"

	"onelondon/internal/clinical"
	"onelondon/internal/config"
	"onelondon/sources/fhir"
)

// openFHIR opens a FHIR server as a source.
func openFHIR(ctx context.Context, c *config.Source) (*fhir.Source, error) {
	options := fhir.Options{ID: c.ID, Base: c.DSN, NoBatch: c.FHIR.NoBatch, Labelled: c.FHIR.Labelled, Organisation: clinical.Text(c.Organisation), Limits: c.Limits,
		Credentials: fhir.Credentials{Token: c.FHIR.Token.Reveal(), TokenURL: c.FHIR.OAuth.URL, ClientID: c.FHIR.OAuth.Client,
			Secret: c.FHIR.OAuth.Secret.Reveal(), Scope: c.FHIR.OAuth.Scope, KeyFile: c.FHIR.OAuth.Key, KeyID: c.FHIR.OAuth.KeyID,
			Algorithm: c.FHIR.OAuth.Algorithm}}
	if c.FHIR.Authorities != nil {
		options.TLS = &tls.Config{RootCAs: c.FHIR.Authorities, MinVersion: tls.VersionTLS12}
	}
	return fhir.Open(ctx, options)
}

package main

import (
	"context"
	"crypto/tls"

	"onelondon/internal/clinical"
	"onelondon/internal/config"
	"onelondon/sources/fhir"
	"onelondon/sources/fhir/fhirstore"
	"onelondon/sources/web"
)

// openFHIR opens a FHIR server, or a folder of its files, as a source.
func openFHIR(ctx context.Context, c *config.Source) (*fhir.Source, error) {
	options := fhir.Options{ID: c.ID, Base: c.DSN, NoBatch: c.FHIR.NoBatch, Labelled: c.FHIR.Labelled, Provenance: c.FHIR.Provenance, Aliases: c.FHIR.Aliases, Organisation: clinical.Text(c.Organisation), Limits: c.Limits,
		Credentials: proof(c.FHIR.Token, &c.FHIR.OAuth)}
	var err error
	if options.Transport, err = fromFiles(c, fhirstore.Read); err != nil {
		return nil, err
	}
	if c.Files != "" {
		options.Base = filesBase + fhirstore.Base
	}
	if c.FHIR.Authorities != nil {
		options.TLS = &tls.Config{RootCAs: c.FHIR.Authorities, MinVersion: tls.VersionTLS12}
	}
	return fhir.Open(ctx, options)
}

// proof is how to authenticate to a server over HTTP: with a token, or by obtaining one.
func proof(token config.Token, oauth *config.OAuth) web.Credentials {
	return web.Credentials{Token: token.Reveal(), TokenURL: oauth.URL, ClientID: oauth.Client, Secret: oauth.Secret.Reveal(), Scope: oauth.Scope,
		KeyFile: oauth.Key, KeyID: oauth.KeyID, Algorithm: oauth.Algorithm}
}

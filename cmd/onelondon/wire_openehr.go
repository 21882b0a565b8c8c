package main

import (
	"context"
	"crypto/tls"

	"onelondon/internal/config"
	"onelondon/sources/openehr"
	"onelondon/sources/openehr/ehrstore"
)

// openOpenEHR opens an openEHR server, or a folder of its files, as a source.
func openOpenEHR(ctx context.Context, c *config.Source) (*openehr.Source, error) {
	options := openehr.Options{ID: c.ID, Base: c.DSN, Mapping: c.Mapping, Limits: c.Limits, Wide: c.OpenEHR.Wide, Credentials: proof(c.OpenEHR.Token, &c.OpenEHR.OAuth)}
	options.Credentials.User, options.Credentials.Password = c.OpenEHR.User, c.OpenEHR.Password.Reveal()
	var err error
	if options.Transport, err = fromFiles(c, ehrstore.Read); err != nil {
		return nil, err
	}
	if c.Files != "" {
		options.Base = filesBase
	}
	if c.OpenEHR.Authorities != nil {
		options.TLS = &tls.Config{RootCAs: c.OpenEHR.Authorities, MinVersion: tls.VersionTLS12}
	}
	return openehr.Open(ctx, options)
}

package main

import (
	"context"
	"crypto/tls"

	"onelondon/internal/config"
	"onelondon/sources/openehr"
)

// openOpenEHR opens an openEHR server as a source.
func openOpenEHR(ctx context.Context, c *config.Source) (*openehr.Source, error) {
	options := openehr.Options{ID: c.ID, Base: c.DSN, Mapping: c.Mapping, Limits: c.Limits, Credentials: openehr.Credentials{
		Token: c.OpenEHR.Token.Reveal(), User: c.OpenEHR.User, Password: c.OpenEHR.Password.Reveal()}}
	if c.OpenEHR.Authorities != nil {
		options.TLS = &tls.Config{RootCAs: c.OpenEHR.Authorities, MinVersion: tls.VersionTLS12}
	}
	return openehr.Open(ctx, options)
}

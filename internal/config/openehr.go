package config

import (
	"crypto/x509"

	"onelondon/sources/mapping"
	"onelondon/sources/openehr"
)

// OpenEHR says how an openEHR server is asked. The zero value asks without credentials, and trusts whom the system trusts.
type OpenEHR struct {
	Token       Token // a bearer token as it is; at most one of it, OAuth and User is set
	OAuth       OAuth
	User        string
	Password    Token
	Authorities *x509.CertPool // nil for the system's own
	Wide        bool           // the server is not told codes, statuses and dates
}

func (s section) openEHR() OpenEHR {
	if n, ok := s.keys["connections"]; ok {
		s.Fault(n, "is for a database; take it out")
	}
	o := s.in("openehr", "token", "oauth", "user", "password", "authorities", "narrow")
	read := OpenEHR{Token: o.token(), User: o.text("user"), Password: o.kept("password"), Authorities: o.authorities(), Wide: !o.truth("narrow", true)}
	if _, ok := o.keys["oauth"]; ok {
		read.OAuth = o.oauth()
	}
	_, hasUser := o.keys["user"]
	if _, hasPassword := o.keys["password"]; hasUser != hasPassword {
		s.Fault(o.at, "user and password belong together; give both, a token or oauth")
	}
	s.proofs(o, "token", "oauth", "user")
	return read
}

// loadPaths reads a mapping whose columns are node paths, and finds what of it an openEHR server cannot be asked.
func loadPaths(name string, data []byte, parameters map[string]string) (*mapping.Mapping, error) {
	read, err := mapping.LoadPaths(name, data, parameters)
	if err != nil {
		return nil, err
	}
	return read, openehr.CheckMapping(name, read)
}

package config

import (
	"crypto/x509"

	"onelondon/sources/mapping"
	"onelondon/sources/openehr"
)

// OpenEHR says how to ask an openEHR server. With the zero value no credentials are sent, and the system's certificate
// authorities are trusted.
type OpenEHR struct {
	Token       Token // a fixed bearer token; at most one of Token, OAuth and User is set
	OAuth       OAuth
	User        string
	Password    Token
	Authorities *x509.CertPool // nil for the system's
	Wide        bool           // codes, statuses and dates are not sent to the server
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

// loadPaths reads a mapping whose columns are node paths, and reports what an openEHR server cannot be asked.
func loadPaths(name string, data []byte, parameters map[string]string) (*mapping.Mapping, error) {
	read, err := mapping.LoadPaths(name, data, parameters)
	if err != nil {
		return nil, err
	}
	return read, openehr.CheckMapping(name, read)
}

package config

import (
	"crypto/x509"
	"net/url"
	"os"
	"regexp"
	"strings"
)

// FHIR says how to ask a FHIR server. With the zero value no credentials are sent, and the system's certificate
// authorities are trusted.
type FHIR struct {
	Token       Token // a fixed bearer token; at most one of Token and OAuth is set
	OAuth       OAuth
	Authorities *x509.CertPool // nil for the system's
	NoBatch     bool           // ask one search at a time even if the server supports batches
	Labelled    bool           // the server labels everything restricted
	Provenance  bool           // also read Provenance resources
	Aliases     []string       // other addresses of the same server
}

// OAuth obtains tokens by client credentials (RFC 6749, section 4.4); the zero value does not. Either Secret or Key is
// set.
type OAuth struct {
	URL       string // of the token endpoint
	Client    string
	Secret    Token
	Key       string // path of a private key that signs an assertion instead of a secret (RFC 7523)
	KeyID     string // the key's id at the authorisation server, unless the key's file has it
	Algorithm string // that signs the assertion; "" for the usual one of the key
	Scope     string
}

// aliasForm matches an address as it occurs in references. Nothing is sent there, so http is permitted.
var aliasForm = regexp.MustCompile(`^https?://[^\s/?#@]+(/[^\s?#]*)?$`)

func (s section) fhir() FHIR {
	for _, key := range []string{"mapping", "parameters", "connections"} {
		if n, ok := s.keys[key]; ok {
			s.Fault(n, "is for a database; a FHIR server's resources are known without, so take this out")
		}
	}
	f := s.in("fhir", "token", "oauth", "authorities", "batch", "labelled", "provenance", "aliases")
	read := FHIR{Token: f.token(), Authorities: f.authorities(), NoBatch: !f.truth("batch", true), Labelled: f.truth("labelled", false), Provenance: f.truth("provenance", false),
		Aliases: f.texts("aliases", aliasForm, "is no address of a server, such as http://fhir.internal:8080/fhir")}
	if _, ok := f.keys["oauth"]; ok {
		read.OAuth = f.oauth()
	}
	s.proofs(f, "token", "oauth")
	return read
}

// proofs requires that at most one of several ways to authenticate is given, and none if files are read.
func (s section) proofs(of section, ways ...string) {
	first := ""
	for _, way := range append(ways, "authorities") {
		n, given := of.keys[way]
		_, files := s.keys["files"]
		switch {
		case !given:
		case files:
			s.Fault(n, "is for a server, and files are read without; take it out")
		case first != "" && way != "authorities":
			s.Fault(n, "%s is given too; a server is asked with one of the two, so take the other out", first)
		default:
			first = way
		}
	}
}

func (s section) oauth() OAuth {
	o := s.in("oauth", "url", "client", "secret", "key", "key_id", "algorithm", "scope")
	read := OAuth{Client: o.required("client", "write the id that the authorisation server knows us by"), Scope: o.text("scope")}
	if text := o.required("url", "write the address of the authorisation server's token endpoint"); text != "" {
		read.URL = o.address("url", text)
	}
	if _, signs := o.keys["key"]; signs {
		read.Key, read.KeyID = o.file("key"), o.text("key_id")
		if _, chosen := o.keys["algorithm"]; chosen {
			read.Algorithm = o.oneOf("algorithm", "RS512", "RS384", "ES384")
		}
		if n, both := o.keys["secret"]; both {
			o.Fault(n, "key is given too; the authorisation server is asked with one of the two, so take the other out")
		}
		return read
	}
	if o.required("secret", "write file:PATH or ${NAME}, or key: the file of a private key that signs") != "" {
		read.Secret = o.kept("secret")
	}
	for _, name := range []string{"key_id", "algorithm"} {
		if n, ok := o.keys[name]; ok {
			o.Fault(n, "is of a private key; write key: its file, or take this out")
		}
	}
	return read
}

// serverBase reads the base address of a FHIR or openEHR server.
func (s section) serverBase() string { return s.address("dsn", s.expand(s.keys["dsn"], s.text("dsn"))) }

// oneLondonBase reads the address of another OneLondon: https, without a path.
func (s section) oneLondonBase() string {
	text := s.serverBase()
	place, err := url.Parse(text)
	if err == nil && (place.Scheme == "http" || strings.Trim(place.Path, "/") != "") {
		s.Fault(s.keys["dsn"], "write https://host:port alone; there is no other way to ask another OneLondon")
	}
	return text
}

// address reads an https address, or http on this machine, that contains no secret and nothing after its path.
func (s section) address(key, text string) string {
	place, err := url.Parse(text)
	switch n := s.keys[key]; {
	case err != nil || place.Host == "" || place.Scheme != "https" && place.Scheme != "http":
		s.Fault(n, "is not an https address, such as https://fhir.trust.example/R4")
	case place.Scheme == "http" && !isLoopback(place.Hostname()):
		s.Fault(n, "what is asked in clear can be read on the way; use https")
	case place.User != nil:
		s.Fault(n, "holds a name or password; put what proves who asks under fhir or openehr")
	case place.RawQuery != "" || place.Fragment != "":
		s.Fault(n, "ends in a query or fragment; write the address alone")
	}
	return text
}

// authorities reads a PEM file of the certificate authorities for the server.
func (s section) authorities() *x509.CertPool {
	before := len(s.Faults())
	path := s.file("authorities")
	if path == "" || len(s.Faults()) > before {
		return nil
	}
	content, err := os.ReadFile(path)
	pool := x509.NewCertPool()
	if err != nil || !pool.AppendCertsFromPEM(content) {
		s.Fault(s.keys["authorities"], "holds no certificate in PEM")
		return nil
	}
	return pool
}

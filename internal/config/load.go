package config

import (
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"

	"onelondon/internal/yamltree"
)

// Fault is one error in a configuration, with its place.
type Fault = yamltree.Fault

// Faults are all errors in a configuration; Load returns them as its error.
type Faults = yamltree.Faults

// Load reads the configuration at path. Bundled holds the mappings that a source may name without a path; NAME is
// NAME.yaml.
func Load(path string, bundled fs.FS) (*Config, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	reader, top, ok := yamltree.Read(path, data)
	l := &loader{Reader: reader, top: top, folder: filepath.Dir(absolute), bundled: bundled}
	loaded := &Config{Path: absolute}
	switch {
	case !ok:
	case top.IsMap():
		l.config(loaded)
	default:
		l.Expected(top, "keys with values")
	}
	if err := reader.Faults().Err(); err != nil {
		return nil, err
	}
	return loaded, nil
}

// loader turns the file into a Config and collects faults.
type loader struct {
	*yamltree.Reader
	top     yamltree.Node
	folder  string
	bundled fs.FS
	studied bool // the site takes questions about many people
}

// section is a map whose keys have been checked.
type section struct {
	*loader
	at     yamltree.Node
	absent string // the path of a missing section, such as "auth."
	keys   map[string]yamltree.Node
}

func (l *loader) section(n yamltree.Node, keys ...string) section {
	return section{l, n, "", l.Object(n, keys...)}
}

// in reads a subsection. A missing one reads as a section without keys, at the place of this one.
func (s section) in(key string, keys ...string) section {
	n, ok := s.keys[key]
	if !ok {
		return section{s.loader, s.at, key + ".", nil}
	}
	return s.section(n, keys...)
}

func (l *loader) config(into *Config) {
	top := l.section(l.top, "listen", "tls", "auth", "policy", "consent", "ledger", "secrets", "identity", "limits", "graphql",
		"log", "organisations", "studies", "peers", "sources")
	into.Listen = top.required("listen", "say where to listen, such as 127.0.0.1:8080")
	into.TLS = top.tls()
	top.listen(into)
	into.Auth = top.auth()
	into.Policy = top.policy()
	into.Consent = top.register()
	into.Ledger = top.in("ledger", "file", "create").store("ledger", "the ledger of accesses")
	into.Secrets = top.secrets()
	into.Superseded = top.in("identity", "superseded").superseded("superseded")
	into.Limits = top.limits()
	into.GraphQL = top.graphql()
	into.Log = top.log()
	into.Organisations = top.names()
	into.Studies = top.studies()
	_, l.studied = top.keys["studies"]
	into.Peers = top.peers()
	into.Sources = top.sources()
	top.known(into.Peers, into.Sources)
}

func (s section) tls() TLS {
	if _, ok := s.keys["tls"]; !ok {
		return TLS{}
	}
	tls := s.in("tls", "certificate", "key")
	read := TLS{Certificate: tls.file("certificate"), Key: tls.file("key")}
	for _, key := range []string{"certificate", "key"} {
		if _, ok := tls.keys[key]; !ok {
			s.Fault(tls.at, "%s is missing; tls needs a certificate and its key, both PEM files", key)
		}
	}
	return read
}

func (s section) listen(into *Config) {
	host, port, err := net.SplitHostPort(into.Listen)
	n := s.keys["listen"]
	switch {
	case into.Listen == "":
	case err != nil || port == "":
		s.Fault(n, "%s is not an address; write host:port", yamltree.Show(into.Listen))
	case into.TLS == TLS{} && !isLoopback(host):
		if _, ok := s.keys["tls"]; !ok {
			s.Fault(n, "%s is not a loopback address and there is no tls; add tls with certificate and key, or listen on 127.0.0.1 behind a proxy",
				yamltree.Show(into.Listen))
		}
	}
}

func isLoopback(host string) bool {
	address := net.ParseIP(host)
	return host == "localhost" || address != nil && address.IsLoopback()
}

func (s section) auth() Auth {
	auth := s.in("auth", "issuer", "audience", "keys")
	read := Auth{
		Issuer:   auth.required("issuer", "name whose tokens are believed, as in their iss claim"),
		Audience: auth.required("audience", "name this service, as in the tokens' aud claim"),
	}
	keys := auth.required("keys", "give the issuer's JSON Web Key set as a file or an https URL")
	if strings.HasPrefix(keys, "http:") {
		s.Fault(auth.keys["keys"], "keys fetched in clear can be forged; use https or a file")
	}
	if strings.Contains(keys, "://") || keys == "" {
		read.Keys = keys
		return read
	}
	read.Keys = auth.file("keys")
	return read
}

// register reads where the register is stored. A database is not examined here; whether it contains a register is found
// out when it is opened.
func (s section) register() Register {
	const what = "the register of people's preferences"
	r := s.in("consent", "file", "postgres", "create")
	n, database := r.keys["postgres"]
	if !database {
		return Register{File: r.store("consent", what), Create: r.truth("create", false)}
	}
	if _, file := r.keys["file"]; file {
		s.Fault(n, "%s is kept in one place; write file for one server, or postgres for several replicas", what)
	}
	return Register{PostgreSQL: r.secretDSN("postgres"), Create: r.truth("create", false)}
}

// secretDSN reads the DSN of a database, which must not contain a password in clear.
func (s section) secretDSN(key string) string {
	n, text := s.keys[key], s.text(key)
	if passwords.MatchString(text) {
		s.Fault(n, "a password stands in the file; write ${NAME} in its place, or file:PATH for the whole dsn")
		return ""
	}
	return s.expand(n, text)
}

// store reads the path of the register or the ledger. A missing file is a fault unless the configuration says that it
// may be created: with a mistyped path, a new and empty register would silently forget every objection.
func (s section) store(key, what string) string {
	path := s.required("file", "say in which file "+what+" is kept, such as "+key+".db")
	if path == "" {
		return ""
	}
	path = s.path(path)
	if _, err := os.Stat(filepath.Dir(path)); err != nil {
		s.Fault(s.keys["file"], "the folder of this file is not there; make it")
	} else if _, err := os.Stat(path); err != nil && !s.truth("create", false) {
		s.Fault(s.keys["file"], "the file is not there, and a new, empty one would forget what %s holds; "+
			"put the right path, or create: true beside it where the site is new", what)
	}
	return path
}

func (s section) limits() Limits {
	l := s.in("limits", "deadline", "bedside", "body", "tokens", "depth", "aliases", "complexity", "people")
	return Limits{Deadline: l.duration("deadline"), Bedside: l.duration("bedside"), Body: l.size("body"), Tokens: l.count("tokens"), Depth: l.count("depth"),
		Aliases: l.count("aliases"), Complexity: l.count("complexity"), People: l.count("people")}
}

func (s section) graphql() GraphQL {
	g := s.in("graphql", "console", "introspection")
	return GraphQL{Console: g.truth("console", true), Introspection: g.truth("introspection", true)}
}

func (s section) log() Log {
	l := s.in("log", "format", "level")
	read := Log{JSON: l.oneOf("format", "json", "text") != "text"}
	if level := l.oneOf("level", "info", "debug", "warn", "error"); level != "" {
		if err := read.Level.UnmarshalText([]byte(level)); err != nil {
			s.Fault(l.keys["level"], "not a level")
		}
	}
	return read
}

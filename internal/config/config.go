package config

import (
	"log/slog"
	"time"

	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/mapping"
)

// Config is a checked configuration with absolute paths and resolved references. A zero limit means the default of the
// package that applies it.
type Config struct {
	Path    string // of the file itself
	Listen  string // host:port
	TLS     TLS
	Auth    Auth
	Policy  Policy // where the rules come from
	Consent Register
	Ledger  string // file of the ledger
	Secrets Secrets
	// Superseded are retired NHS numbers, each with its replacement.
	Superseded []Superseded
	Limits     Limits
	GraphQL    GraphQL
	Log        Log
	// Organisations are the names of organisations, by ODS code.
	Organisations map[clinical.Text]clinical.Text
	Studies       Studies
	Peers         Peers
	Sources       []Source // in the order of the file
}

// Register says where the register of people's preferences is stored: in a file or in a database.
type Register struct {
	File       string
	PostgreSQL string // DSN; secret: it may hold a password
	Create     bool   // it may be created if it does not exist
}

// TLS is the server's own certificate. If both are empty the server listens without TLS, which is permitted only on a
// loopback address.
type TLS struct{ Certificate, Key string }

// Auth says whose tokens are accepted.
type Auth struct {
	Issuer, Audience string
	Keys             string // path of a JSON Web Key set, or its https URL
}

// Secrets are the keys of this site.
type Secrets struct {
	// Person is the key of pseudonyms of people outside the sources: in the register, the ledger and the locator.
	Person Secret
	// Cursor seals cursors. Without it, cursors end with the process and work on one replica only.
	Cursor Secret
}

// Secret is a key of 32 bytes. It masks itself wherever it is printed or logged.
type Secret [32]byte

// IsZero reports whether no key was given.
func (s Secret) IsZero() bool { return s == Secret{} }

// String masks the key.
func (s Secret) String() string { return "key (masked)" }

// GoString masks the key under %#v.
func (s Secret) GoString() string { return s.String() }

// LogValue masks the key in structured logs.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText masks the key: encoding a struct that holds one must not disclose it.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Superseded is a retired NHS number and the one in use.
type Superseded struct{ Old, Current clinical.NHSNumber }

// Limits bound what one request may cost.
type Limits struct {
	Deadline   time.Duration // of a whole question
	Bedside    time.Duration // how long a slow source may delay a question about urgent care plans
	Body       int           // bytes of a request
	Tokens     int           // lexical tokens of a document
	Depth      int           // levels of fields in a document
	Aliases    int           // aliased fields in a document
	Complexity int           // estimated cost of a document
	People     int           // people asked for in one document
}

// GraphQL says what is served besides answers.
type GraphQL struct {
	Console       bool // GraphiQL at /; default true
	Introspection bool // the schema, to verified callers; default true
}

// Log says how the program logs.
type Log struct {
	JSON  bool // one JSON object a line, else text
	Level slog.Level
}

// Source is one record system.
type Source struct {
	sources.Spec
	Driver      Driver
	DSN         string // secret: it may hold a password
	Files       string // a folder of files used instead of a FHIR or openEHR server; "" for a server
	Mapping     *mapping.Mapping
	MappingFile string // what the mapping was read from, for messages
	Connections int
	FHIR        FHIR      // for driver fhir, which has no mapping
	OpenEHR     OpenEHR   // for driver openehr
	OneLondon   OneLondon // for driver onelondon, which has no mapping either
	// Refresh is how often the locator lists the people known to the source; zero if the source is always asked.
	Refresh time.Duration
}

// Driver is a type of source.
type Driver string

// The drivers.
const (
	SQLite     Driver = "sqlite"
	PostgreSQL Driver = "postgres"
	MySQL      Driver = "mysql"     // and MariaDB
	SQLServer  Driver = "sqlserver" // Microsoft SQL Server
	FHIRServer Driver = "fhir"      // a FHIR R4 server, not a database

	OpenEHRServer    Driver = "openehr"   // an openEHR server, asked in AQL, not a database
	AnotherOneLondon Driver = "onelondon" // another OneLondon, not a database
)

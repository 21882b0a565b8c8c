package config

import (
	"log/slog"
	"time"

	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/mapping"
)

// Config is a checked configuration with every path absolute and every reference followed. A zero limit means the default of
// whoever keeps to it.
type Config struct {
	Path    string // of the file itself
	Listen  string // host:port
	TLS     TLS
	Auth    Auth
	Policy  Policy // where the rules come from
	Consent Register
	Ledger  string // file of the ledger
	Secrets Secrets
	// Superseded are NHS numbers that were retired, each with the one that took its place.
	Superseded []Superseded
	Limits     Limits
	GraphQL    GraphQL
	Log        Log
	// Organisations are what organisations are called, by ODS code.
	Organisations map[clinical.Text]clinical.Text
	Studies       Studies
	Peers         Peers
	Sources       []Source // in the order of the file
}

// Register says where the register of people's preferences is kept: in a file or in a database.
type Register struct {
	File       string
	PostgreSQL string // DSN; secret: it may hold a password
	Create     bool   // one that is not there may be made
}

// TLS is the server's own certificate. Both are empty where it listens in clear, which only a loopback address may.
type TLS struct{ Certificate, Key string }

// Auth says whose tokens are believed.
type Auth struct {
	Issuer, Audience string
	Keys             string // path of a JSON Web Key set, or its https URL
}

// Secrets are the keys of this site.
type Secrets struct {
	// Person keys whatever stands for a person outside the sources: in the register, the ledger and the locator.
	Person Secret
	// Cursor seals cursors. Where it is not given, cursors end with the process and hold on one replica only.
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
	Bedside    time.Duration // how long a source that usually is quicker is waited for where urgent care plans are asked for
	Body       int           // bytes of a request
	Tokens     int           // lexical tokens of a document
	Depth      int           // levels of fields in a document
	Aliases    int           // fields under another name in a document
	Complexity int           // estimated cost of a document
	People     int           // people asked for in one document
}

// GraphQL says what is served beside the answers.
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
	Files       string // a folder that is asked in the place of a FHIR or openEHR server; "" for a server
	Mapping     *mapping.Mapping
	MappingFile string // what the mapping was read from, for messages
	Connections int
	FHIR        FHIR      // of driver fhir, which has no mapping
	OpenEHR     OpenEHR   // of driver openehr
	OneLondon   OneLondon // of driver onelondon, likewise
	// Refresh is how often the locator lists whom the source knows; zero where it is always asked.
	Refresh time.Duration
}

// Driver is a kind of database.
type Driver string

// The drivers.
const (
	SQLite     Driver = "sqlite"
	PostgreSQL Driver = "postgres"
	MySQL      Driver = "mysql"     // and MariaDB
	SQLServer  Driver = "sqlserver" // Microsoft's
	FHIRServer Driver = "fhir"      // a FHIR R4 server; no database

	OpenEHRServer    Driver = "openehr"   // an openEHR server, asked in AQL; no database
	AnotherOneLondon Driver = "onelondon" // no database either
)

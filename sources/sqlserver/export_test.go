package sqlserver

import (
	"net/url"

	"github.com/microsoft/go-mssqldb/msdsn"
)

// Sendable, Classify, Scans and ConfigOf are what tests look at from outside.
var (
	Sendable = sendable
	Classify = classify
	Scans    = scans
)

// ConfigOf reads a DSN.
func ConfigOf(dsn string) (msdsn.Config, error) { return configOf(dsn) }

// First is what a session begins with.
var First = first

// InDatabase is a DSN with another database.
func InDatabase(dsn, name string) string {
	address, err := url.Parse(dsn)
	if err != nil {
		return dsn
	}
	query := address.Query()
	query.Set("database", name)
	address.RawQuery = query.Encode()
	return address.String()
}

// ErrWrites is what a statement ends in that is no question.
var ErrWrites = errWrites

package sqlserver

import "github.com/microsoft/go-mssqldb/msdsn"

// Sendable, Classify, Scans and ConfigOf are what tests look at from outside.
var (
	Sendable = sendable
	Classify = classify
	Scans    = scans
)

// ConfigOf reads a DSN.
func ConfigOf(dsn string) (msdsn.Config, error) { return configOf(dsn) }

// ErrWrites is what a statement ends in that is no question.
var ErrWrites = errWrites

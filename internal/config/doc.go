// Package config reads the one YAML file that says what a server is: where it listens, whose tokens it believes, where its
// policy, register and ledger are, and which sources it asks through which mappings.
//
//	loaded, err := config.Load("onelondon.yaml", mappings)
//
// It is strict. An unknown key, a value that cannot be, a file that is not there or does not read, a fault in a mapping that a
// source names: all of them are reported at once, each with its file, line, column and path and a way forward. Nothing is
// opened that listens or asks.
//
// Secrets are never written in the file but named: ${NAME} is an environment variable, file:PATH the content of a file.
// Relative paths are relative to the configuration file. A [Secret] masks itself wherever it is printed.
package config

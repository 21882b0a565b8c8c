// Package config reads the YAML file that defines a server: where it listens, whose tokens it accepts, where its
// policy, register and ledger are, and which sources it asks through which mappings.
//
//	loaded, err := config.Load("onelondon.yaml", mappings)
//
// It is strict. An unknown key, an impossible value, a missing or unreadable file, a fault in a source's mapping: all
// of these are reported at once, each with its file, line, column, path and a way forward. Loading a configuration
// opens no listener and asks no source.
//
// The file does not contain secrets but refers to them: ${NAME} is an environment variable, file:PATH the content of a
// file. Relative paths are relative to the configuration file. A [Secret] masks itself wherever it is printed.
//
// Start reading with config.go, the result, and load.go. Every section has a file of its own.
package config

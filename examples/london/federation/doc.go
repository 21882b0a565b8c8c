// Package federation is the product's main proof, as tests: two populations that others made are split over the tables of five
// record systems, each in a database of its own; every person is asked for through GraphQL; and the answers joined must be
// the original files, row for row: none lost, none invented, each from the system that holds it.
//
//	go test ./examples/london/federation
//
// It runs whole on SQLite, on PostgreSQL and on MariaDB. A third population, an OMOP CDM export, is loaded as it is.
package federation

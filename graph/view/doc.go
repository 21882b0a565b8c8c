// Package view holds the few types of the schema that are neither a record nor an answer of the gate: a person together
// with which list is which, and pages as GraphQL connections, written once for all kinds of record.
//
// It copies nothing. A connection is a pointer to the gate's page, typed by its records:
//
//	connection := view.ConditionConnection{Page: &person.Pages[0]}
//	for _, condition := range connection.Nodes() { ... }
package view

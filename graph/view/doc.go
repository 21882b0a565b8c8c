// Package view holds the few shapes of the schema that are neither a record nor an answer of the gate: a person with the
// places of their lists, and pages as GraphQL connections, written once for all kinds of record.
//
// It copies nothing. A connection is a pointer to the gate's page, read through the type of its records:
//
//	connection := view.ConditionConnection{Page: &person.Pages[0]}
//	for _, condition := range connection.Nodes() { ... }
package view

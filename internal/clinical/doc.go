// Package clinical holds the nouns of OneLondon: a person's NHS number, a coded concept, a date with its recorded
// precision, and one struct for each kind of record, named after UK Core FHIR R4.
//
// It imports only the standard library, so that every other package can import it. A record has one shape from the
// database to the answer: drivers fill these structs, policy conditions are evaluated on them, and GraphQL binds to
// them directly.
//
// The fields of a kind are defined once, as struct fields with a `record` tag. [Kind.Descriptor] reads the tags, and
// its result drives select lists, scanning, masks, conditions and look-ahead:
//
//	for _, field := range clinical.KindCondition.Descriptor().Fields {
//		fmt.Println(field.Name, field.Type)
//	}
//
// The package knows no database, no policy and no GraphQL. Start reading with record.go ([Meta] is common to all kinds)
// and kinds.go.
package clinical

// Package clinical holds the nouns that the whole of OneLondon speaks in: a person's NHS number, a coded concept, a date
// with the precision it was recorded at, and one struct for each kind of record, named after UK Core FHIR R4.
//
// It imports the standard library only, so that every other folder can import it. GraphQL binds straight to these structs,
// drivers fill them, policy conditions are evaluated on them: a record has one shape from the database to the answer.
//
// A kind's fields are written down once, as struct fields with a `record` tag. [Kind.Descriptor] reads them, and select
// lists, scanning, masks, conditions and look-ahead are all driven by that descriptor:
//
//	for _, field := range clinical.KindCondition.Descriptor().Fields {
//		fmt.Println(field.Name, field.Type)
//	}
//
// The package knows no database, no policy and no GraphQL.
package clinical

// Package circe proves that OHDSI's definitions, once imported, count whom they mean: the engine, asking an OMOP database through
// its mapping, finds the people that plain SQL finds in the same tables. The SQL in testdata is written by hand from each
// definition, knows nothing of the language, and looks for concepts by their identifiers where the engine looks for codes.
package circe

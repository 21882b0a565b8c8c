// Package circe makes definitions of package cohort out of OHDSI's cohort definitions in Circe's JSON, as far as their logic can be
// told in that language, and says of every part that cannot be where it stands and why.
//
//	vocabulary, err := circe.ReadTables(folder) // CONCEPT.csv, CONCEPT_ANCESTOR.csv, CONCEPT_RELATIONSHIP.csv, RELATIONSHIP.csv
//	imported, err := circe.Import(data, circe.Options{Name: "copd", Title: "COPD", AsAt: day, Vocabulary: vocabulary})
//	imported.Definition, imported.Unsupported
//
// An entry event of Circe's is an event of the last set of the definition; its people are those who have one. Each step of Circe is a
// set made of the one before: the primary events, those that meet the additional criteria, those that meet the inclusion rules,
// those that begin an era; a limit is a pick. A correlated criterion is a has in a where, its occurrence a count, its windows
// days around the event. A domain is a kind of record, a visit concept a class of encounter, a concept set a code list with the codes
// of its concepts and of all that map to them, so that records in a source's own terminology are found.
//
// What differs everywhere, and is not listed each time:
//
//   - There are no observation periods. Circe looks at events within one alone; here every record counts that a source has.
//   - An event without an end ends on its day; in Circe a day later, or when the supply of a medicine ends.
//   - Of two records that say the same on the same day one counts.
//   - Circe keeps one event of the first day, whichever; here it is the one that package cohort picks.
package circe

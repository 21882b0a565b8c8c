// Package aql is the part of openEHR's Archetype Query Language that this project speaks: what the driver sends, and what its own strict
// server understands. [Parse] refuses whatever it does not know instead of guessing.
//
//	query, err := aql.Parse(`SELECT c/uid/value FROM EHR e CONTAINS COMPOSITION c[openEHR-EHR-COMPOSITION.care_plan.v0]
//		WHERE e/ehr_status/subject/external_ref/id/value matches {$n0}`)
//	text := query.String()
//
// Values stand in a query as parameters or as literals; [Query.String] quotes literals. It is after the AQL specification of openEHR
// (specifications.openehr.org, QUERY, release 1.1), without functions, EXISTS, LIKE, TOP, DISTINCT and NOT CONTAINS.
package aql

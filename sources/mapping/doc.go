// Package mapping says how an existing record system's own tables become our kinds of record. A mapping is a YAML file, one
// for each type of system, with parameters filled in for each site. It is strict: an unknown key, an unknown field, a kind
// without an id are faults with a line and a way forward, all of them reported at once.
//
// The language is closed. Expressions are written as text and parsed by this package into [Expr]; they name columns of the
// declared tables, literals and a short list of functions, never raw SQL. That is why identifiers in generated SQL can be
// trusted: they come only from a checked mapping.
//
//	person:
//	  from: Admin_Patient as p
//	  nhs_number: p.NhsNumber
//	  where: p.Deleted is not true and p.DummyType is not true
//	records:
//	  Condition:
//	    - from: CareRecord_Problem as pr
//	      join: [CareRecord_Observation as o on o.ObservationGuid = pr.ObservationGuid]
//	      person: p.PatientGuid = pr.PatientGuid and p.OrganisationGuid = pr.OrganisationGuid
//	      id: pr.ObservationGuid
//	      labels: {sealed: o.IsConfidential}
//	      fields:
//	        date: {from: o.EffectiveDate, precision: o.EffectiveDatePrecision, precisions: {Y: year, YM: month, YMD: day, U: none}}
//
// Every set of records is tied to the person's tables and passes through the person's own `where`: a test patient or a
// deleted registration cannot reappear through a table that forgot to exclude it.
//
// The package knows no database: what SQL an expression becomes is the business of sqlsource.
package mapping

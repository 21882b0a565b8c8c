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
// An expression knows alias.Column and alias."Odd column", 'text' in which two quotes are one, whole numbers, true, false,
// null; = != < <= > >=, and, or, not, is [not] null, is [not] true, is [not] false, [not] in (...), and the functions of
// [Call]. A field may also be {from: expression, values: {theirs: ours}, else: ours}, where else may be another such
// translation, or {from: expression, after: prefix}, the rest of a text that begins with prefix. Status, class, gender and
// code system are words of ours, given outright or by values.
//
// Around them: parameters, filled in as ${name} for each site; missing_dates and precisions, which every date inherits; parts,
// a place for YAML anchors, which << merges into a set; and repeat: {n: [1, 2]}, which reads a set once for each value, for
// tables with the same thing in many columns side by side. The joins of a set see the set's own tables alone; its other
// expressions see the person's as well. A set without from reads the person's own row.
//
// A table that keeps every version of a row is named under versions: {table: Allergies, of: AllergyId, number: Version, text:
// Written}. Wherever the mapping reads it, in a person, a set or a join, only the latest version is seen: the greatest by number, a
// whole number in a column of any type, then by text. A set's where looks at the latest alone, so that a version which says
// "deleted" takes the record with it.
//
// Every set of records is tied to the person's tables and passes through the person's own `where`: a test patient or a
// deleted registration cannot reappear through a table that forgot to exclude it.
//
// A mapping of an openEHR server is read by [LoadPaths]: its tables are classes, with the archetype as the name
// (COMPOSITION."openEHR-EHR-COMPOSITION.care_plan.v0" as c), its columns paths behind an alias (c/context/start_time/value), and
// everything else is as above. What of it can be asked is the business of openehr.
//
// Discreet says of a system, such as a register of urgent care plans, that to be known to it tells what somebody is cared for: it is
// mentioned to nobody whom it gives nothing.
//
// Where joins find several rows for one record, the record is withheld if any of them is, shown or counted: rows that seal it and rows that do
// not, codes of which one is on a list. Which of them is shown otherwise is chance. A table of decisions, of which the last holds, is one with
// versions. The identifiers of two sets of one kind must differ, since each set is judged by itself.
//
// The package knows no database: what SQL an expression becomes is the business of sqlsource.
package mapping

// Package mapping says how an existing record system's own tables become our kinds of record. A mapping is a YAML file, one
// for each type of system, with parameters that each site fills in. It is read strictly: an unknown key, an unknown field or
// a kind without an id is a fault, reported with its line and a way forward, and all faults are reported at once.
//
// The language is closed. Expressions are written as text and parsed by this package into [Expr]; they contain columns of
// the declared tables, literals and calls of a few functions, never raw SQL. Identifiers in generated SQL can therefore be
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
// # Expressions
//
// An expression consists of alias.Column and alias."Odd column"; 'text', in which two quotes stand for one; whole numbers,
// true, false and null; the operators = != < <= > >=, and, or, not, is [not] null, is [not] true, is [not] false and
// [not] in (...); and the functions of [Call]. Instead of an expression a field may have a translation, {from: expression,
// values: {theirs: ours}, else: ours}, where else may be another translation; or {from: expression, after: prefix}, which is
// the rest of a text that begins with the prefix. Status, class, gender and code system must be words of our vocabularies,
// given directly or by values.
//
// # Record sets
//
// Every set of records is tied to the person's tables and restricted by the person's own `where`: a test patient or a deleted
// registration cannot reappear through a table that forgot to exclude it. The joins of a set see only the set's own tables;
// its other expressions see the person's as well. A set without from reads the person's own row.
//
// If joins find several rows for one record, the record is neither shown nor counted if any of its rows is withheld: rows that
// seal it and rows that do not, or codes of which one is on a list. Otherwise it is chance which of them is shown. A table of
// decisions of which the last applies needs versions. The identifiers of two sets of one kind must differ, because each set
// is judged by itself.
//
// # Around them
//
// Parameters are filled in as ${name} for each site. Every date inherits missing_dates and precisions. The key parts is a
// place for YAML anchors, which << merges into a set. repeat: {n: [1, 2]} reads a set once for each value, for tables with
// the same thing in several columns side by side.
//
// A table that keeps every version of a row is named under versions: {table: Allergies, of: AllergyId, number: Version, text:
// Written}. Wherever the mapping reads such a table, in a person, a set or a join, it sees only the latest version: the
// greatest by number, which is a whole number in a column of any type, and then by text. The condition of a set is applied to
// the latest version only, so that a version which says "deleted" removes the record.
//
// A system is discreet if its knowing a person is itself sensitive, as with a register of urgent care plans. It is then
// mentioned only to callers to whom it gives something.
//
// A mapping of an openEHR server is read by [LoadPaths]. Its tables are classes named by archetype
// (COMPOSITION."openEHR-EHR-COMPOSITION.care_plan.v0" as c), its columns are paths after an alias
// (c/context/start_time/value), and everything else is as above. The package openehr says which of these it can ask for.
//
// One_consent says of an openEHR server that a refusal to share an urgent care plan, in whichever composition, applies to all
// plans that the person has there, except those for which consent was given later.
//
// The package knows no database: package sqlsource turns expressions into SQL. Start reading with mapping.go, which holds the
// result, and load.go, which reads it; lex.go, parse.go and print.go are the language of expressions.
package mapping

// Package sqlsource asks an existing SQL database, in its own tables, what a [sources.Query] asks: it turns a mapping
// and a question into SQL, and rows into records. It knows dialects by their [Dialect] values and reaches a database
// only through a [Connection]; the folders sqlite, postgres, mysql and sqlserver beside it supply one of each.
//
// One statement answers each query: a UNION ALL with one branch for each set of records of each part, every column cast
// to text, each branch ordered and limited by the database. The text of the statement depends only on the shape of the
// query (kinds, fields, which filters, how many values) and never on a value: values are bind parameters, and names
// come only from a checked mapping. Statements can therefore be prepared once, and plans cached.
//
//	source, err := sqlite.Open(ctx, sqlsource.Options{ID: "barts", DSN: "barts.db", Mapping: barts})
//	answer, err := source.Fetch(ctx, query)
//
// The package does not decide what may be released and does not check conditions again in memory; the gate does both.
//
// Start reading at [Source.Fetch] in fetch.go. Planning is in plan.go (statements), branch.go (branches), layout.go
// (columns), condition.go and codes.go (what is released); how each database writes an expression is in expression.go,
// truth.go, dates.go and idiom.go; reading.go and decode.go turn rows into records. Counting, [Source.Events] in
// count.go, has a parallel set: counting.go, eventlayout.go, bounds.go, coded.go and narrow.go. [Source.Check] in
// check.go compares a mapping with the live database.
package sqlsource

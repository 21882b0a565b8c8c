// Package sqlsource asks an existing SQL database, in its own tables, what a [sources.Query] asks: mapping and question in,
// records out. It knows dialects by their [Dialect] values and reaches a database only through a [Connection]; the folders
// sqlite, postgres, mysql and sqlserver beside it supply one of each.
//
// Whatever a query asks, one statement answers it: a UNION ALL with one branch for each set of records of each part, every
// column cast to text, each branch ordered and cut to its limit by the database. The text of the statement depends only on
// the shape of the query (kinds, fields, which filters, how many values), never on a value: values are bind parameters and
// names come only from a checked mapping. So statements are prepared once and plans are kept.
//
//	source, err := sqlite.Open(ctx, sqlsource.Options{ID: "barts", DSN: "barts.db", Mapping: barts})
//	answer, err := source.Fetch(ctx, query)
//
// The package does not decide what may be released and does not check conditions again in memory; the gate does both.
package sqlsource

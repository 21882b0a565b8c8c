// Package report writes an answer for those who asked: as a table for a terminal, as CSV and Parquet for their tools, and as JSON.
//
//	err := report.Write(os.Stdout, answer, report.Table, report.Options{})
//
// Every form says the same. A figure that may not be shown is marked as such and is never a zero; an answer that lacks a source
// says so before anything else; and whatever is needed to cite the figures goes with them: the definition's digest, the revisions
// of policy and consent, and what each source did. CSV has a place for that only in comments, which are written when asked for.
//
// The package decides nothing about what may be shown. It prints what package disclosure let through.
package report

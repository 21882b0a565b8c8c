// Package scalars writes and reads the leaf values of the schema, for a clinical package that knows no GraphQL.
//
// A missing value (an empty Text, a DateTime without precision, the zero time) is written as null. What cannot be read is
// a refusal, which says what was expected and never what was given: an argument may hold an NHS number.
//
// Reading takes nil for a value that was left out and gives the zero value for it.
package scalars

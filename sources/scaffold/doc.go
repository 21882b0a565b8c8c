// Package scaffold drafts a mapping for a database that nobody has described. [Survey] reads the catalogue and a bounded sample
// of rows; [Guess] decides, from names, types and what the sample looks like, where people are, which tables hold which kinds of
// record and which columns fill their fields; [Draft.YAML] writes it as a mapping with a reason and a confidence on every line.
//
// Guess is a pure function of a [Catalogue]: it can be tested without a server, and the same catalogue always gives the same draft.
//
// Nothing of a patient leaves the package. A sample is looked at value by value and forgotten; what is kept of a column is how
// many values have which shape ([Stats]), which words of a short list of our own occur, and digests by which columns are compared.
//
// What could not be guessed is said in the draft (could not guess: ...), never left out in silence. Where the language demands
// an answer that only people can give, the draft gives the one that releases nothing: a record whose seal was not found is
// labelled sealed: unknown.
//
// It is not for: checking a mapping, which source check does, and for deciding anything. A draft is read by somebody before it is used.
package scaffold

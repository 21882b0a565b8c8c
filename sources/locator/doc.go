// Package locator knows which sources hold a person, so that a question goes to those few and not to all.
//
// Each source that can list whom it knows ([sources.Lister]) is listed now and then; the list is kept as keyed hashes of NHS
// numbers, with the organisation and the flags that came with each. Nothing else of a person is kept, and the key never
// leaves the process. A source that cannot list, or whose list could not be read, is uncertain: it must always be asked,
// since a person missed is worse than a question wasted.
//
//	located := l.Locate(person)
//	ask(append(located.Sources, located.Uncertain...))
//
// The index is exact, because what it says of an organisation also proves a care relationship; see
// docs/decisions/0003-exact-locator.md. What a caller may see of it is not decided here.
package locator

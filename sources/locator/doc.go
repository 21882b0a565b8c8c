// Package locator is an index of which sources know a person, so that a question goes to those few instead of all.
//
// Each source that can list the people it knows ([sources.Lister]) is listed periodically. The list is kept as keyed
// hashes of NHS numbers, with the organisation and the flags of each registration. Nothing else about a person is kept,
// and the key never leaves the process. A source that cannot list, or whose list could not be read, is uncertain and
// must always be asked, since missing a person is worse than asking in vain.
//
//	located := l.Locate(person)
//	ask(append(located.Sources, located.Uncertain...))
//
// The index is exact, because a registration in it also proves a care relationship; see
// docs/decisions/0003-exact-locator.md. It does not decide what a caller may see of it.
package locator

// Package cohort is the language in which analysts ask about many people: a definition names sets of events, says which people
// are meant by how those events lie in time, and what to count of them, by what. It is read from a GraphQL input or a file, and
// both have the same shape.
//
//	name: diabetes-emergencies
//	version: 1
//	title: People with diabetes who came to A&E in the last 90 days
//	asAt: 2026-11-26
//	codelists: [{name: diabetes}]                # a list that the site has registered
//	events:
//	  - {name: diabetes, kind: Condition, codes: [diabetes]}
//	  - {name: emergencies, kind: Encounter, classes: [EMERGENCY], from: -90 days}
//	people: {all: [{has: {events: diabetes}}, {has: {events: emergencies}}, {age: {from: 18}}]}
//	measures: [{kind: PEOPLE}, {kind: EVENTS, events: emergencies}]
//	by: [{kind: AGE_BAND, bands: [18, 40, 65, 80]}, {kind: BOROUGH}]
//
// One idea carries it. An event set is either recorded (a kind of record, codes, values) or made of others; a [Criterion] is told
// of a person on the day of the question or, in an event set's Where, of a person on the day of one event. So "asthma at least
// a year before diabetes" is a set of diabetes events whose Where has an asthma event from any time until 365 days before.
//
// "During a hospital stay" is a has of stays that began until 0 days after the day spoken of, and are ending from 0 days after it.
//
// What counts, wherever the question is asked:
//
//   - Nothing after the day of the question (AsAt) counts, and nothing without a date where a date matters. An event's day is
//     the first that its recorded precision covers. A date matters in a set with From, Until, Run, Where or a pick, in a has with
//     a window, and by year and month; elsewhere an event without one counts.
//   - Events of one set and one person that say the same on the same day are one event, whoever recorded them: see Event in
//     package sources. It ends where the last of them ends, and is each organisation's that recorded it.
//   - An event of a set that is not recorded itself is an event of the sets it is made of: one that is in two of them is one.
//   - A person is one, by the current NHS number, however many sources know them; facts that sources disagree on are settled
//     by one rule, see Facts in package sources.
//
// The package knows no source, no policy and no number of a result. Package engine answers definitions, package disclosure
// protects the answers.
package cohort

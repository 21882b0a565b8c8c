// Package memory is the reference source: records in a slice, filtered, sorted and cut by the plainest code there is. What it
// answers is what a question means; every other driver must answer the same ([onelondon/sources/sourcetest]).
//
//	source := memory.New("barts", memory.Person{NHSNumber: number, Organisation: "R1H", Records: records})
//
// It is for tests, goldens and small sites without a database, and for drivers whose servers filter less than is asked. It is not fast and
// not meant to be.
package memory

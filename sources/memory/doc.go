// Package memory is the reference source: records in a slice, filtered, sorted and cut by the simplest possible code.
// Its answers define what a question means; every other driver must give the same ([onelondon/sources/sourcetest]).
//
//	source := memory.New("barts", memory.Person{NHSNumber: number, Organisation: "R1H", Records: records})
//
// It is used in tests, for small sites without a database, and by drivers whose servers cannot filter exactly. It is
// not meant to be fast.
package memory

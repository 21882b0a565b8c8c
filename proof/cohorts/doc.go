// Package cohorts proves that a definition has one answer: random definitions over people whose records are full of dirt are
// answered by the engine, on every kind of database and split over sources in every way, exactly as by a reading of the language
// that looks at one record after another and shares no code with the engine.
package cohorts

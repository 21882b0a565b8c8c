// Package adl makes operational templates (OPT 1.4), which openEHR servers take, of archetypes in ADL 1.4 and of templates as the
// Archetype Designer keeps them. The tests load real archetypes into a real server with it.
//
//	id, opt, err := adl.Design("EA_-_End_of_life_Care.v0.t.json", "archetypes")
//
// It is for tests: what constrains single values beyond their codes, and what a template narrows within an archetype, is left open, so
// that what it makes lets through more than the real template would and never less.
package adl

// Package careplans writes urgent care plans as openEHR compositions, of the End of Life Care and ReSPECT-3 templates that East Suffolk and
// North East Essex published (DOMAIN.md 3.4), and keeps them in a server of [onelondon/sources/openehr/ehrstore]. The demo has its plans
// from here, and the tests of the mapping put the same compositions into a real server, under the real archetypes. [Units] is a plan as FHIR
// servers have it, in the atomic units of NHS England's End of Life API, in a server of [onelondon/sources/fhir/fhirstore].
//
//	uid, err := store.Commit(ehr, careplans.Plan{Made: "2026-03-01T10:00:00Z", CPR: careplans.NotForCPR}.EndOfLife())
package careplans

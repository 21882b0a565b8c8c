// Package openehr asks an openEHR server (EHRbase, Better and their like) as a source, in the Archetype Query Language over REST. It reads
// and never writes.
//
// A mapping is one of [onelondon/sources/mapping], whose tables are what an EHR contains and whose columns are node paths:
//
//	person:
//	  from: EHR as e
//	  nhs_number: e/ehr_status/subject/external_ref/id/value
//	records:
//	  Alert:
//	    - from: COMPOSITION."openEHR-EHR-COMPOSITION.care_plan.v0" as c
//	      join: [EVALUATION."openEHR-EHR-EVALUATION.cpr_decision_uk.v0" as d on true]
//	      person: true
//	      id: c/uid/value
//	      fields:
//	        date: {from: d/data[at0001]/items[at0002]/value/value, type: iso}
//
// Each set of records becomes one query, which selects what is asked for and nothing else; those of a question run at the same time.
// Values are parameters. What comes back is put before [onelondon/sources/memory] for the length of one question, so that an answer
// means here what it means there.
//
//	source, err := openehr.Open(ctx, openehr.Options{ID: "plans", Base: "https://ehr.example/ehrbase/rest/openehr", Mapping: m})
package openehr

// Package codelist reads the code lists that a site has registered, and puts their codes into definitions that name them. A folder
// holds CSV files as OpenCodelists exports them and an index.yaml that says which files make up which list:
//
//	lists:
//	  diabetes:
//	    title: Diabetes mellitus
//	    source: NHS Primary Care Domain refset DM_COD
//	    version: "20260901"
//	    files:
//	      - {file: diabetes-snomed.csv, system: SNOMED_CT}
//	      - {file: diabetes-icd10.csv, system: ICD_10}
//
// The column of codes is known by its name: code, snomedcode, dmd_id, CTV3ID, icd10 and the like. A file whose codes are of
// several terminologies has a column named system instead of one in the index.
//
// What a list means by a code:
//
//   - A code that a spreadsheet has shortened or rounded refuses the file: a list that was meant to hold it would find fewer
//     people. Identifiers of SNOMED CT and dm+d are proved by their check digit, and those of descriptions are told apart.
//   - ICD-10 and OPCS-4 are classifications, and a listed category covers what lies beneath it: N18 is N18 itself, the filler N18X,
//     and N18.0 to N18.9; in the chapters of ICD-10 that have fifth characters (M, S, T, V to Y), these too. Each code stands with its dot
//     and without, as sources write it either way. So a source still compares whole codes, and uses its index.
//   - Dagger and asterisk are marks of a coder and no part of a code: a source that keeps them in its codes cuts them off in its
//     mapping.
//   - Codes of all other terminologies mean themselves alone. A list is complete when it holds every descendant, as exported
//     ones do.
//
// The digest of a list is over the codes it lists, whatever their order, terms and title.
package codelist

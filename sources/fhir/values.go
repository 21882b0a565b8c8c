package fhir

import (
	"slices"
	"strings"
	"time"

	"onelondon/internal/clinical"
	"onelondon/sources/web"
)

// The values that FHIR shares with others are read as theirs are.
func moment(written string, london *time.Location) (clinical.DateTime, bool) {
	return web.Moment(written, london)
}

func decimal(written string) (clinical.Decimal, bool) { return web.Decimal(written) }

func clean(written string) clinical.Text { return web.Clean(written) }

// concept reads CodeableConcepts as one: the first coding with a code is the source's own, the others stand beside it.
func concept(values []any) clinical.Concept {
	var read clinical.Concept
	for _, value := range values {
		of, ok := value.(object)
		if !ok {
			continue
		}
		if read.Text == "" {
			read.Text = clean(text(of["text"]))
		}
		codings, _ := of["coding"].([]any)
		for _, each := range codings {
			coding, ok := each.(object)
			if !ok {
				continue
			}
			web.Coded(&read, clinical.Coding{System: systemOf(text(coding["system"])), Code: clean(text(coding["code"])), Display: clean(text(coding["display"]))})
		}
	}
	return read
}

// terminology is one that its URI names.
type terminology struct {
	system clinical.CodeSystem
	uris   []string
}

// terminologies lists the URIs of each, the usual one first. The dm+d has SNOMED CT's (DOMAIN.md 3.1); systems also write its own.
func terminologies() []terminology {
	return []terminology{
		{clinical.SNOMED, []string{"http://snomed.info/sct"}},
		{clinical.DMD, []string{"https://dmd.nhs.uk", "http://snomed.info/sct"}},
		{clinical.ICD10, []string{"http://hl7.org/fhir/sid/icd-10", "http://hl7.org/fhir/sid/icd-10-uk"}},
		{clinical.OPCS4, []string{"https://fhir.nhs.uk/Id/opcs-4", "https://fhir.hl7.org.uk/Id/opcs-4"}},
		{clinical.CTV3, []string{"http://read.info/ctv3"}},
		{clinical.Read2, []string{"http://read.info/readv2"}},
		{clinical.LOINC, []string{"http://loinc.org"}},
		{clinical.RxNorm, []string{"http://www.nlm.nih.gov/research/umls/rxnorm"}},
		{clinical.CVX, []string{"http://hl7.org/fhir/sid/cvx"}},
	}
}

// dictionary begins the URIs of value lists of the NHS Data Dictionary, as UK Core publishes them.
const dictionary = "https://fhir.hl7.org.uk/CodeSystem/"

func systemOf(uri string) clinical.CodeSystem {
	uri, _, _ = strings.Cut(uri, "|")
	for _, one := range terminologies() {
		if slices.Contains(one.uris, uri) {
			return one.system
		}
	}
	if strings.HasPrefix(uri, dictionary) || strings.HasPrefix(uri, "https://fhir.nhs.uk/CodeSystem/") {
		return clinical.NHSDD
	}
	return clinical.LocalCode
}

// urisOf are the URIs that a server may write for a terminology; none where they cannot be listed.
func urisOf(system clinical.CodeSystem) []string {
	for _, one := range terminologies() {
		if one.system == system {
			return one.uris
		}
	}
	return nil
}

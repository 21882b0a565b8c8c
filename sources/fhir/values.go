package fhir

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"onelondon/internal/clinical"
)

// moment reads a FHIR date, dateTime or instant at the precision written. A moment with an offset becomes what clocks in London
// showed; one without is taken as such.
func moment(written string, london *time.Location) (clinical.DateTime, bool) {
	for _, form := range []struct {
		layout    string
		precision clinical.Precision
	}{{time.RFC3339, clinical.PrecisionSecond}, {"2006-01-02T15:04Z07:00", clinical.PrecisionMinute}} {
		if at, err := time.Parse(form.layout, written); err == nil {
			return clinical.NewDateTime(at.In(london), form.precision), true
		}
	}
	read, err := clinical.ParseDateTime(written)
	return read, err == nil
}

// decimal reads a JSON number, keeping its digits where there is no exponent.
func decimal(written string) (clinical.Decimal, bool) {
	if strings.ContainsAny(written, "eE") {
		number, err := strconv.ParseFloat(written, 64)
		if err != nil {
			return "", false
		}
		written = strconv.FormatFloat(number, 'f', -1, 64)
	}
	return clinical.ParseDecimal(written)
}

// mostCodings is how many codings of a concept are kept beside the first.
const mostCodings = 16

// concept reads CodeableConcepts as one: the first coding with a code is the source's own, the others stand beside it.
func concept(values []any) clinical.Concept {
	var read clinical.Concept
	var shown clinical.Text
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
			add(&read, clinical.Coding{System: systemOf(text(coding["system"])), Code: clean(text(coding["code"])), Display: clean(text(coding["display"]))})
			if shown == "" {
				shown = clean(text(coding["display"]))
			}
		}
	}
	if read.Code == "" {
		read.Display = shown
	}
	return read
}

func add(read *clinical.Concept, coding clinical.Coding) {
	switch {
	case coding.Code == "":
	case read.Code == "":
		read.Coding = coding
	case len(read.Translations) < mostCodings:
		read.Translations = append(read.Translations, coding)
	}
}

// clean makes text safe to show: valid UTF-8 without NUL.
func clean(written string) clinical.Text {
	if !utf8.ValidString(written) {
		written = strings.ToValidUTF8(written, "\uFFFD")
	}
	return clinical.Text(strings.ReplaceAll(written, "\x00", ""))
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

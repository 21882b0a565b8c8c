package fhir

import (
	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/memory"
)

// nhsSystem identifies people by their NHS number (DOMAIN.md 3.1).
const nhsSystem = "https://fhir.nhs.uk/Id/nhs-number"

// person is a Patient: one registration.
type person struct {
	id         string
	numbers    []clinical.NHSNumber // the first is the one in use
	hold       clinical.Text        // ODS code of who manages the registration
	registered bool
	sensitive  bool
}

// personOf reads a Patient; ok is false for one that is not to be seen: a test patient, or one that another replaces.
func personOf(resource object) (person, bool) {
	read := person{id: text(resource["id"])}
	says := labelsOf(resource)
	if read.id == "" || text(resource["resourceType"]) != "Patient" || says.test || replaced(resource) {
		return person{}, false
	}
	flagged, _ := says.labels.Value(clinical.LabelSensitive)
	read.sensitive = flagged || says.restricted
	for _, identifier := range codings(resource["identifier"]) {
		if text(identifier["system"]) != nhsSystem {
			continue
		}
		number, err := clinical.ParseNHSNumber(text(identifier["value"]))
		if err != nil {
			continue
		}
		if text(identifier["use"]) == "old" {
			read.numbers = append(read.numbers, number)
		} else {
			read.numbers = append([]clinical.NHSNumber{number}, read.numbers...)
		}
	}
	read.hold = holder(resource)
	read.registered = registered(resource, string(read.hold))
	return read, true
}

// holder is who manages the registration, unless an extension of ours says who holds it.
func holder(resource object) clinical.Text {
	for _, extension := range codings(resource["extension"]) {
		if text(extension["url"]) == ownField+"holder" {
			return clean(text(extension["valueString"]))
		}
	}
	manager, _ := resource["managingOrganization"].(object)
	return clean(odsCode(manager))
}

// numbers reports whether text is an NHS number of the Patient, as logical ids are in the Personal Demographics Service.
func numbers(patient object, id string) bool {
	one, ok := personOf(patient)
	number, err := clinical.ParseNHSNumber(id)
	return ok && err == nil && one.is(number)
}

func replaced(resource object) bool {
	for _, link := range codings(resource["link"]) {
		if text(link["type"]) == "replaced-by" {
			return true
		}
	}
	return false
}

// registered reports whether the practice that manages the record is the one that the person is registered with, unless an extension
// of ours says it.
func registered(resource object, manager string) bool {
	for _, extension := range codings(resource["extension"]) {
		if text(extension["url"]) == ownField+"registered" {
			return text(extension["valueBoolean"]) == "true"
		}
	}
	practice := words(parsePaths("generalPractitioner@ods"), resource, ",")
	return manager != "" && practice == manager && text(resource["active"]) != "false"
}

// is reports whether the registration carries the number.
func (p *person) is(number clinical.NHSNumber) bool {
	for _, own := range p.numbers {
		if own == number {
			return true
		}
	}
	return false
}

// registration is the person as the reference source has it, under a number.
func (p *person) registration(number clinical.NHSNumber, records []clinical.Record) memory.Person {
	return memory.Person{NHSNumber: number, Organisation: p.hold, Registered: p.registered, Sensitive: p.sensitive, Records: records}
}

func (p *person) membership() (sources.Membership, bool) {
	if len(p.numbers) == 0 {
		return sources.Membership{}, false
	}
	return sources.Membership{Person: p.numbers[0], Organisation: p.hold, Registered: p.registered, Sensitive: p.sensitive}, true
}

package fhir

import (
	"slices"

	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/memory"
)

// nhsSystem identifies people by their NHS number (DOMAIN.md 3.1).
const nhsSystem = "https://fhir.nhs.uk/Id/nhs-number"

// person is a Patient: one registration.
type person struct {
	id         string
	number     clinical.NHSNumber   // zero where there is none, or where there are two
	several    bool                 // there are two: it is two people's record, and nobody is shown it
	former     []clinical.NHSNumber // that the server says were theirs
	hold       clinical.Text        // ODS code of who manages the registration
	registered bool
	sensitive  bool
	// replacedBy are the Patients in whose favour this one is not to be used any more, and linked whom else it points to as the same person.
	replacedBy, linked []string
}

// personOf reads a Patient; ok is false for one that is not to be seen: a test patient.
func personOf(resource object) (person, bool) {
	read := person{id: text(resource["id"])}
	says := labelsOf(resource)
	if read.id == "" || text(resource["resourceType"]) != "Patient" || says.test {
		return person{}, false
	}
	flagged, _ := says.labels.Value(clinical.LabelSensitive)
	read.sensitive = flagged || says.restricted
	read.identified(codings(resource["identifier"]))
	read.hold = holder(resource)
	read.registered = registered(resource, string(read.hold))
	read.links(codings(resource["link"]))
	return read, true
}

// links reads which other Patients are the same person.
func (p *person) links(links []object) {
	for _, link := range links {
		other, _ := link["other"].(object)
		typ, id := reference(other)
		switch {
		case text(link["type"]) == "replaced-by":
			p.replacedBy = append(p.replacedBy, id) // "" where nobody can tell by whom
		case id != "" && (typ == "Patient" || typ == ""):
			p.linked = append(p.linked, id)
		}
	}
}

// replaced reports whether another Patient is to be used in the place of this one.
func (p *person) replaced() bool { return len(p.replacedBy) > 0 }

// identified reads the valid NHS numbers among identifiers.
func (p *person) identified(identifiers []object) {
	for _, identifier := range identifiers {
		number, err := clinical.ParseNHSNumber(text(identifier["value"]))
		switch {
		case text(identifier["system"]) != nhsSystem || err != nil:
		case text(identifier["use"]) == "old":
			p.former = append(p.former, number)
		default:
			p.several = p.several || !p.number.IsZero() && p.number != number
			p.number = number
		}
	}
	if p.several {
		p.number = clinical.NHSNumber{}
	}
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

// had reports whether a number is the Patient's, or once was.
func (p *person) had(number clinical.NHSNumber) bool {
	return p.number == number || slices.Contains(p.former, number)
}

// numbers reports whether text is an NHS number of the Patient, as logical ids are in the Personal Demographics Service.
func numbers(patient object, id string) bool {
	one, ok := personOf(patient)
	number, err := clinical.ParseNHSNumber(id)
	return ok && err == nil && one.had(number)
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

// registration is the person as the reference source has it, under a number.
func (p *person) registration(number clinical.NHSNumber, records []clinical.Record) memory.Person {
	return memory.Person{NHSNumber: number, Organisation: p.hold, Registered: p.registered, Sensitive: p.sensitive, Records: records}
}

// membership is what the index is told of a registration. One that another replaces is none, but may hold records still: the server is asked.
func (p *person) membership() (sources.Membership, bool) {
	switch {
	case p.number.IsZero():
		return sources.Membership{}, false
	case p.replaced():
		return sources.Membership{Person: p.number}, true
	}
	return sources.Membership{Person: p.number, Organisation: p.hold, Registered: p.registered, Sensitive: p.sensitive}, true
}

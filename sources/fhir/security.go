package fhir

import (
	"strings"

	"onelondon/internal/clinical"
)

// marked is what meta.security and extensions of ours say of a resource.
type marked struct {
	labels     clinical.LabelSet
	open       bool // U, L, M or N: it is said that nothing is sealed
	restricted bool // R or V: of a patient an S-flag, of anything else a seal (DOMAIN.md 2.8)
	test       bool
}

// vocabulary is a code system of HL7 that security labels are taken from, by the last part of its name.
type vocabulary string

const (
	confidentiality vocabulary = "Confidentiality" // how far something is open
	actCode         vocabulary = "ActCode"         // what it is about that is sensitive, and what is to be done with it
	actReason       vocabulary = "ActReason"       // what data are for; one says for tests, and the others hide nothing
)

// vocabularyOf goes by the URI, as R4, older releases and object identifiers have it; "" where nobody here knows the system, or none is named.
func vocabularyOf(system string) vocabulary {
	for _, before := range []string{"http://terminology.hl7.org/CodeSystem/v3-", "http://hl7.org/fhir/v3/"} {
		system = strings.TrimPrefix(system, before)
	}
	switch system {
	case string(confidentiality), "urn:oid:2.16.840.1.113883.5.25":
		return confidentiality
	case string(actCode), "urn:oid:2.16.840.1.113883.5.4":
		return actCode
	case string(actReason), "urn:oid:2.16.840.1.113883.5.8":
		return actReason
	}
	return ""
}

// labelsOf reads the security labels of HL7 and UK Core. One that is not known here may ask for anything, so it seals; so does one whose
// system is not named, since M is moderate in one system and may be mental health in another.
func labelsOf(resource object) marked {
	var m marked
	meta, _ := resource["meta"].(object)
	for _, code := range codings(meta["security"]) {
		m.one(text(code["system"]), text(code["code"]))
	}
	for _, label := range codings(resource["securityLabel"]) { // a DocumentReference says of its document what meta.security says of itself
		for _, code := range codings(label["coding"]) {
			m.one(text(code["system"]), text(code["code"]))
		}
		m.restricted = m.restricted || len(codings(label["coding"])) == 0 // words alone, which may say anything
	}
	for _, code := range codings(meta["tag"]) {
		m.test = m.test || text(code["code"]) == "HTEST"
	}
	if m.open || m.restricted {
		m.labels.Put(clinical.LabelSealed, m.restricted)
	}
	m.extensions(resource)
	return m
}

func codings(list any) []object {
	all, _ := list.([]any)
	var read []object
	for _, each := range all {
		if coding, ok := each.(object); ok {
			read = append(read, coding)
		}
	}
	return read
}

func (m *marked) one(system, code string) {
	from := vocabularyOf(system)
	switch {
	case code == "HTEST":
		m.test = true
	case from == actReason:
	case from == confidentiality && (code == "U" || code == "L" || code == "M" || code == "N"):
		m.open = true
	case from == "" || sensitivities(code) == nil:
		m.restricted = true // R, V, what has no category of ours, and all that nobody here has heard of
	default:
		for _, label := range sensitivities(code) {
			m.labels.Put(label, true)
		}
	}
}

// sensitivities are our labels for a code of HL7's InformationSensitivityPolicy, each category that the code may be about; none for a code
// that has no category here, such as GDIS (genetic disease) or TBOO.
func sensitivities(code string) []clinical.Label {
	switch code {
	case "ETH", "SUD":
		return []clinical.Label{clinical.LabelAlcohol, clinical.LabelDrugs}
	case "ETHUD":
		return []clinical.Label{clinical.LabelAlcohol}
	case "OPIOIDUD":
		return []clinical.Label{clinical.LabelDrugs}
	case "HIV":
		return []clinical.Label{clinical.LabelHIV}
	case "PSY", "MH", "PSYTHPN", "EMOTDIS":
		return []clinical.Label{clinical.LabelMentalHealth}
	case "BH":
		return []clinical.Label{clinical.LabelMentalHealth, clinical.LabelAlcohol, clinical.LabelDrugs}
	case "SDV", "VIO", "MST":
		return []clinical.Label{clinical.LabelSafeguarding}
	case "SEX":
		return []clinical.Label{clinical.LabelSexualHealth, clinical.LabelFertility, clinical.LabelAbortion}
	case "STD":
		return []clinical.Label{clinical.LabelSexualHealth, clinical.LabelVenerealDisease}
	}
	return nil
}

// extensions reads labels that a server says in our own words. They add to what its security labels say and take nothing away.
func (m *marked) extensions(resource object) {
	for _, extension := range codings(resource["extension"]) {
		name, ours := strings.CutPrefix(text(extension["url"]), ownLabel)
		value, truth := extension["valueBoolean"].(bool)
		if !ours || !truth {
			continue
		}
		for _, label := range clinical.Labels() {
			if already, _ := m.labels.Value(label); string(label) == name && !already {
				m.labels.Put(label, value)
			}
		}
	}
}

package fhir

import (
	"strings"

	"onelondon/internal/clinical"
)

// marked is what meta.security and extensions of ours say of a resource.
type marked struct {
	labels     clinical.LabelSet
	restricted bool // R or V: of a patient an S-flag, of anything else a seal (DOMAIN.md 2.8)
	test       bool
}

// actReason is the system of purposes. One says that data are for tests; the others say what data are for, and hide nothing.
const actReason = "http://terminology.hl7.org/CodeSystem/v3-ActReason"

// labelsOf reads the security labels of HL7 and UK Core. One that is not known here may ask for anything, so it seals.
func labelsOf(resource object) marked {
	var m marked
	meta, _ := resource["meta"].(object)
	known := false
	for _, code := range codings(meta["security"]) {
		known = true
		m.one(text(code["system"]), text(code["code"]))
	}
	for _, code := range codings(meta["tag"]) {
		m.test = m.test || text(code["code"]) == "HTEST"
	}
	if known {
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
	switch code {
	case "U", "L", "M", "N":
		return
	case "HTEST":
		m.test = true
		return
	}
	if system == actReason {
		return
	}
	labels := sensitivities(code)
	if labels == nil {
		m.restricted = true // R, V, and all that nobody here has heard of
	}
	for _, label := range labels {
		m.labels.Put(label, true)
	}
}

// sensitivities are our labels for a code of HL7's InformationSensitivityPolicy.
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
	case "PSY", "MH", "PSYTHPN", "BH":
		return []clinical.Label{clinical.LabelMentalHealth}
	case "SDV", "VIO":
		return []clinical.Label{clinical.LabelSafeguarding}
	case "SEX":
		return []clinical.Label{clinical.LabelSexualHealth}
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

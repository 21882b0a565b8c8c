package fhir_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/sources/fhir"
)

const (
	confidential = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
	sensitivity  = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
)

// vocabularies are all codes of R4 that say how confidential or what is sensitive (v3-Confidentiality, and in v3-ActCode what is below
// _InformationSensitivityPolicy), with the labels that each becomes.
func vocabularies() map[string]map[string]string {
	return map[string]map[string]string{
		confidential: {"U": "sealed=false", "L": "sealed=false", "M": "sealed=false", "N": "sealed=false", "R": "sealed=true", "V": "sealed=true",
			"B": "sealed=true", "D": "sealed=true", "I": "sealed=true", "C": "sealed=true", "S": "sealed=true", "T": "sealed=true",
			"ETH": "alcohol=true drugs=true", "HIV": "hiv=true", "PSY": "mental_health=true", "SDV": "safeguarding=true"},
		sensitivity: {
			"ETH": "alcohol=true drugs=true", "SUD": "alcohol=true drugs=true", "ETHUD": "alcohol=true", "OPIOIDUD": "drugs=true", "HIV": "hiv=true",
			"PSY": "mental_health=true", "MH": "mental_health=true", "PSYTHPN": "mental_health=true", "EMOTDIS": "mental_health=true",
			"BH":  "alcohol=true drugs=true mental_health=true",
			"SDV": "safeguarding=true", "VIO": "safeguarding=true", "MST": "safeguarding=true",
			"SEX": "abortion=true fertility=true sexual_health=true", "STD": "sexual_health=true venereal_disease=true",
			"GDIS": "sealed=true", "SCA": "sealed=true", "SICKLE": "sealed=true", "SPI": "sealed=true", "COGN": "sealed=true", "DVD": "sealed=true",
			"TBOO": "sealed=true", "DEMO": "sealed=true", "DOB": "sealed=true", "GENDER": "sealed=true", "LIVARG": "sealed=true", "MARST": "sealed=true",
			"RACE": "sealed=true", "REL": "sealed=true", "B": "sealed=true", "EMPL": "sealed=true", "LOCIS": "sealed=true", "SSP": "sealed=true",
			"ADOL": "sealed=true", "CEL": "sealed=true", "DIA": "sealed=true", "DRGIS": "sealed=true", "EMP": "sealed=true", "PDS": "sealed=true",
			"PHY": "sealed=true", "PRS": "sealed=true",
			"NOPAT": "sealed=true", "N": "sealed=true", "": "sealed=true"}, // an obligation, another system's code, and no code
		"http://hl7.org/fhir/v3/Confidentiality": {"N": "sealed=false", "R": "sealed=true"},
		"urn:oid:2.16.840.1.113883.5.25":         {"N": "sealed=false", "V": "sealed=true"},
		"http://hl7.org/fhir/v3/ActCode":         {"HIV": "hiv=true", "NOBODYKNOWS": "sealed=true"},
		"":                                       {"N": "sealed=true", "R": "sealed=true", "HIV": "sealed=true"},
		"urn:of-the-trust":                       {"N": "sealed=true", "M": "sealed=true", "HIV": "sealed=true"},
		"http://terminology.hl7.org/CodeSystem/v3-ActReason": {"TREAT": "", "NOBODYKNOWS": ""}, // what it is for hides nothing
	}
}

func TestSecurityLabelsBecomeOurs(t *testing.T) {
	var resources []object
	want := map[string]string{}
	for system, codes := range vocabularies() {
		for code, labels := range codes {
			id := fmt.Sprint("c", len(want))
			resources = append(resources, object{"resourceType": "Condition", "id": id, "meta": object{"security": []any{object{"system": system, "code": code}}}})
			want[id] = labels
		}
	}
	for id, one := range map[string][2]string{"both": {"R N", "sealed=true"}, "open": {"N HIV", "sealed=false hiv=true"}, "shut": {"V HIV", "sealed=true hiv=true"},
		"none": {"", ""}} {
		list := []any{}
		for _, code := range strings.Fields(one[0]) {
			list = append(list, object{"system": confidential, "code": code})
		}
		resources = append(resources, object{"resourceType": "Condition", "id": id, "meta": object{"security": list}})
		want[id] = one[1]
	}
	for _, record := range records(t, clinical.KindCondition, fhir.Options{}, resources...) {
		if got := labelsShown(record); got != sorted(want[string(record.About().ID)]) {
			t.Errorf("%s: got %q, want %q", record.About().ID, got, want[string(record.About().ID)])
		}
		delete(want, string(record.About().ID))
	}
	if len(want) != 0 {
		t.Errorf("no record for %v", want)
	}
	for _, record := range records(t, clinical.KindCondition, fhir.Options{Labelled: true}, object{"resourceType": "Condition", "id": "c"}) {
		if sealed, known := record.About().Labels.Value(clinical.LabelSealed); sealed || !known {
			t.Error("a server that labels all that is restricted does not say what is not")
		}
	}
}

func sorted(words string) string {
	return strings.Join(slices.Sorted(slices.Values(strings.Fields(words))), " ")
}

func labelsShown(record clinical.Record) string {
	var got []string
	for _, label := range clinical.Labels() {
		if set, known := record.About().Labels.Value(label); known && label != clinical.LabelSensitive {
			got = append(got, fmt.Sprintf("%s=%v", label, set))
		}
	}
	slices.Sort(got)
	return strings.Join(got, " ")
}

// A narrative may say what the coded part does not, and may have been written by anybody: it is neither shown nor believed.
func TestNarrativeIsNeverTrusted(t *testing.T) {
	const canary = "CANARY says HIV positive"
	var all []object
	for name, place := range map[string]string{"Patient": "", "AllergyIntolerance": "patient", "Condition": "subject", "MedicationRequest": "subject",
		"MedicationStatement": "subject", "Observation": "subject", "DiagnosticReport": "subject", "Encounter": "subject", "Procedure": "subject",
		"Immunization": "patient", "Appointment": "", "ServiceRequest": "subject", "DocumentReference": "subject", "Flag": "subject", "RelatedPerson": "patient",
		"CarePlan": "subject"} {
		resource := object{"resourceType": name, "id": "n", "text": object{"status": "generated", "div": "<div>" + canary + "</div>"},
			"contained": []any{object{"resourceType": "Medication", "id": "m", "text": object{"div": canary}}}}
		switch {
		case name == "Patient":
			identify(resource, somebody)
			resource["name"] = []any{object{"family": "Test"}}
		case name == "Appointment":
			resource["participant"] = []any{object{"actor": object{"reference": "Patient/n"}}}
		default:
			resource[place] = object{"reference": "Patient/n"}
		}
		if strings.HasPrefix(name, "Medication") {
			resource["medicationReference"] = object{"reference": "#m"}
		}
		all = append(all, resource)
	}
	s := serve(t, all...)
	answer := fetchAll(t, open(t, s, fhir.Options{}), somebody)
	found := 0
	for _, part := range answer.Parts {
		for _, record := range part.Records {
			found++
			if shown := fmt.Sprintf("%+v", record); strings.Contains(shown, "CANARY") {
				t.Errorf("%s shows its narrative: %s", record.Kind(), shown)
			}
		}
	}
	if found < 15 {
		t.Errorf("%d records", found)
	}
	for _, request := range s.requests {
		if strings.Contains(request.body, "%2Ctext%2C") {
			t.Errorf("a narrative is asked for: %s", request.body)
		}
	}
}

// A prescription that says nothing may name a medicine that is marked: what is shown of it is the medicine.
func TestWhatIsMarkedOnAMedicineIsMarkedOnWhatNamesIt(t *testing.T) {
	medication := func(id, more string) string {
		return `{"resourceType": "Medication", "id": "` + id + `", ` + more + `, "code": {"coding": [{"system": "https://dmd.nhs.uk", "code": "322236009"}]}}`
	}
	marked := func(system, code string) string {
		return `"meta": {"security": [{"system": "` + system + `", "code": "` + code + `"}]}`
	}
	request := func(id, more string) object {
		return parsed(t, `{"resourceType": "MedicationRequest", "id": "`+id+`", "medicationReference": {"display": "In words", "reference": `+more+`}`)
	}
	normal, shut, hiv := marked(confidential, "N"), marked(confidential, "R"), marked(sensitivity, "HIV")
	want := map[string]string{"sent": "sealed=true 322236009", "within": "sealed=true 322236009", "about": "hiv=true sealed=false 322236009",
		"open": "sealed=false 322236009", "changed": "sealed=false "}
	for _, record := range records(t, clinical.KindMedication, fhir.Options{}, parsed(t, medication("shut", shut)), parsed(t, medication("hiv", hiv)),
		parsed(t, medication("open", normal)), parsed(t, medication("changed", `"modifierExtension": [{"url": "urn:not"}]`)),
		request("sent", `"Medication/shut"}, `+normal), request("about", `"Medication/hiv"}, `+normal), request("open", `"Medication/open"}, `+normal),
		request("changed", `"Medication/changed"}, `+normal),
		request("within", `"#m"}, "contained": [`+medication("m", shut)+`], `+normal)) {
		id := string(record.About().ID)
		if got := labelsShown(record) + " " + string(record.About().Code.Code); got != want[id] {
			t.Errorf("%s: got %q, want %q", id, got, want[id])
		}
		delete(want, id)
	}
	if len(want) != 0 {
		t.Errorf("no record for %v", want)
	}
}

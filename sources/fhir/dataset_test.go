package fhir_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/sources/sourcetest"
)

// placed says where the test's server keeps a kind's fields. What is not listed stands in an extension of ours. A step that ends in []
// is a list, one that ends in [+] a further element of it.
type placed struct {
	resource, subject string
	at                map[string]string
}

func placements() map[clinical.Kind]placed {
	coded := map[string]string{"code": "code", "status": "clinicalStatus.coding[].code", "note": "note[].text", "encounterId": "encounter=Encounter",
		"recorded": "recordedDate", "author": "recorder=who", "date": "onsetDateTime"}
	return map[clinical.Kind]placed{
		clinical.KindRegistration: {"Patient", "", map[string]string{"familyName": "name[].family", "givenName": "name[].given[]", "title": "name[].prefix[]",
			"birthDate": "birthDate", "deathDate": "deceasedDateTime", "gender": "gender", "address": "address[].text", "postcode": "address[].postalCode",
			"telephone": "telecom[+]phone", "email": "telecom[+]email", "practice": "generalPractitioner[]=ods"}},
		clinical.KindAllergyIntolerance: {"AllergyIntolerance", "patient", with(coded, "category", "category[]", "severity", "reaction[].severity",
			"reaction", "reaction[].manifestation[]=words")},
		clinical.KindCondition: {"Condition", "subject", with(coded, "end", "abatementDateTime", "category", "category[]=words", "severity", "severity=words")},
		clinical.KindMedication: {"MedicationRequest", "subject", map[string]string{"code": "medicationCodeableConcept", "date": "authoredOn",
			"end": "dispenseRequest.validityPeriod.end", "status": "status", "note": "note[].text", "encounterId": "encounter=Encounter",
			"author": "requester=who", "problemId": "reasonReference[]=Condition", "dosage": "dosageInstruction[].text",
			"quantity": "dispenseRequest.quantity.value", "quantityUnit": "dispenseRequest.quantity.unit", "intent": "intent"}},
		clinical.KindObservation: {"Observation", "subject", map[string]string{"code": "code", "date": "effectiveDateTime", "status": "status",
			"note": "note[].text", "encounterId": "encounter=Encounter", "recorded": "issued", "author": "performer[]=who", "value": "valueQuantity.value",
			"comparator": "valueQuantity.comparator", "unit": "valueQuantity.unit", "valueText": "valueString", "referenceLow": "referenceRange[].low.value",
			"referenceHigh": "referenceRange[].high.value", "interpretation": "interpretation[]=words"}},
		clinical.KindDiagnosticReport: {"DiagnosticReport", "subject", map[string]string{"code": "code", "date": "effectiveDateTime", "status": "status",
			"encounterId": "encounter=Encounter", "recorded": "issued", "author": "resultsInterpreter[]=who", "category": "category[]=words",
			"conclusion": "conclusion"}},
		clinical.KindEncounter: {"Encounter", "subject", map[string]string{"code": "type[]", "date": "period.start", "end": "period.end", "status": "status",
			"encounterId": "partOf=Encounter", "problemId": "diagnosis[].condition=Condition", "appointmentId": "appointment[]=Appointment",
			"class": "class.code", "reason": "reasonCode[]=words", "specialty": "serviceType=words", "discharge": "hospitalization.dischargeDisposition=words",
			"admissionMethod": "hospitalization.admitSource=words", "location": "location[].location=place", "organisation": "serviceProvider"}},
		clinical.KindProcedure: {"Procedure", "subject", map[string]string{"code": "code", "date": "performedDateTime", "status": "status",
			"note": "note[].text", "encounterId": "encounter=Encounter", "author": "performer[].actor=who", "problemId": "reasonReference[]=Condition",
			"category": "category=words"}},
		clinical.KindImmunisation: {"Immunization", "patient", map[string]string{"code": "vaccineCode", "date": "occurrenceDateTime", "status": "status",
			"note": "note[].text", "encounterId": "encounter=Encounter", "recorded": "recorded", "author": "performer[].actor=who",
			"dose": "protocolApplied[].doseNumberString", "batch": "lotNumber", "site": "site=words", "expiry": "expirationDate"}},
		clinical.KindAppointment: {"Appointment", "participant", map[string]string{"code": "appointmentType", "date": "start", "end": "end", "status": "status",
			"note": "comment", "problemId": "reasonReference[]=Condition", "location": "participant[+].actor=place", "author": "participant[+].actor=who",
			"service": "serviceType[]=words", "minutes": "minutesDuration", "booked": "created"}},
		clinical.KindReferral: {"ServiceRequest", "subject", map[string]string{"code": "code", "date": "authoredOn", "end": "occurrencePeriod.end",
			"status": "status", "note": "note[].text", "encounterId": "encounter=Encounter", "author": "requester=who",
			"problemId": "reasonReference[]=Condition", "priority": "priority", "service": "performerType=words", "recipient": "performer[]=who"}},
		clinical.KindDocument: {"DocumentReference", "subject", map[string]string{"code": "type", "date": "date", "end": "context.period.end", "status": "status",
			"note": "description", "encounterId": "context.encounter[]=Encounter", "author": "author[]=who", "title": "content[].attachment.title",
			"organisation": "custodian"}},
		clinical.KindAlert: {"Flag", "subject", map[string]string{"code": "code", "date": "period.start", "end": "period.end", "status": "status",
			"encounterId": "encounter=Encounter", "author": "author=who", "category": "category[]=words"}},
		clinical.KindContact: {"RelatedPerson", "patient", map[string]string{"date": "period.start", "end": "period.end", "name": "name[].text",
			"relationship": "relationship[]=words", "telephone": "telecom[+]phone"}},
		clinical.KindCarePlan: {"CarePlan", "subject", map[string]string{"code": "category[]", "date": "period.start", "end": "period.end", "status": "status",
			"note": "note[].text", "encounterId": "encounter=Encounter", "recorded": "created", "author": "author=who",
			"problemId": "addresses[]=Condition", "title": "title", "aim": "description", "outcome": "activity[].outcomeCodeableConcept[]=words"}},
		clinical.KindUrgentCarePlan: {"CarePlan", "subject", map[string]string{"code": "category[]", "date": "period.start", "end": "period.end",
			"status": "status", "note": "note[].text", "encounterId": "encounter=Encounter", "recorded": "created", "author": "author=who",
			"problemId": "addresses[]=Condition"}},
	}
}

func with(others map[string]string, pairs ...string) map[string]string {
	all := map[string]string{}
	for key, value := range others {
		all[key] = value
	}
	for i := 0; i < len(pairs); i += 2 {
		all[pairs[i]] = pairs[i+1]
	}
	return all
}

// resourcesOf writes a dataset as FHIR: everybody's Patient, and their records. Deleted people are gone, test patients marked as such. The fields named are kept elsewhere: in extensions of ours.
func resourcesOf(data sourcetest.Dataset, elsewhere ...string) []object {
	var all []object
	for i := range data.People {
		person := &data.People[i]
		if person.Deleted {
			continue
		}
		patient := object{"resourceType": "Patient", "id": string(person.LocalID)}
		var others []object
		for _, record := range person.Records {
			if record.Kind() == clinical.KindRegistration {
				patient = resourceOf(record, "", elsewhere)
			}
		}
		for _, record := range person.Records {
			if record.Kind() != clinical.KindRegistration {
				others = append(others, resourceOf(record, patient["id"].(string), elsewhere))
			}
		}
		mark(patient, person)
		all = append(append(all, patient), others...)
	}
	return all
}

func mark(patient object, person *sourcetest.Person) {
	if person.NHSNumber != "" {
		patient["identifier"] = []any{object{"system": "urn:local", "value": string(person.LocalID)},
			object{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": person.NHSNumber}}
	}
	extend(patient, "urn:onelondon:field:holder", "valueString", string(person.Organisation))
	extend(patient, "urn:onelondon:field:registered", "valueBoolean", person.Registered)
	if person.Sensitive {
		extend(patient, "urn:onelondon:label:sensitive", "valueBoolean", true)
	}
	if person.Test {
		put(patient, "meta.tag[].code", "HTEST")
	}
}

func extend(resource object, address, key string, value any) {
	list, _ := resource["extension"].([]any)
	resource["extension"] = append(list, object{"url": address, key: value})
}

func resourceOf(record clinical.Record, patient string, elsewhere []string) object {
	place := placements()[record.Kind()]
	meta := record.About()
	resource := object{"resourceType": place.resource, "id": string(meta.ID)}
	switch place.subject {
	case "":
	case "participant":
		resource["participant"] = []any{object{"actor": object{"reference": "Patient/" + patient}}}
	default:
		resource[place.subject] = object{"reference": "Patient/" + patient}
	}
	if !meta.Recorded.IsZero() {
		put(resource, "meta.lastUpdated", written(meta.Recorded))
	}
	if record.Kind() == clinical.KindUrgentCarePlan {
		extend(resource, "urn:onelondon:kind", "valueCode", "UrgentCarePlan")
	}
	label(resource, record)
	organise(resource, place.at["organisation"], meta.Organisation)
	descriptor := record.Kind().Descriptor()
	for i := range descriptor.Fields {
		field := &descriptor.Fields[i]
		if value := field.In(record); !value.IsZero() {
			at := place.at[field.Name]
			if slices.Contains(elsewhere, field.Name) {
				at = ""
			}
			fieldInto(resource, field, at, value.Interface())
		}
	}
	return resource
}

func label(resource object, record clinical.Record) {
	for _, one := range clinical.Labels() {
		set, known := record.About().Labels.Value(one)
		switch {
		case !known:
		case one == clinical.LabelSealed && record.Kind() != clinical.KindRegistration:
			put(resource, "meta.security[]", object{"system": confidential, "code": map[bool]string{true: "R", false: "N"}[set]})
		default:
			extend(resource, "urn:onelondon:label:"+string(one), "valueBoolean", set)
		}
	}
}

func organise(resource object, at string, organisation clinical.Organisation) {
	if organisation.Code == "" {
		return
	}
	reference := object{"identifier": object{"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": string(organisation.Code)}}
	if organisation.Name != "" {
		reference["display"] = string(organisation.Name)
	}
	if at == "" {
		extend(resource, "urn:onelondon:field:organisation", "valueReference", reference)
		return
	}
	resource[at] = reference
}

func written(date clinical.DateTime) string {
	if date.Precision() == clinical.PrecisionSecond {
		return date.String() + "+00:00"
	}
	return date.String()
}

func fieldInto(resource object, field *clinical.Field, at string, value any) {
	plain, key := any(fmt.Sprint(value)), "valueString"
	switch of := value.(type) {
	case clinical.DateTime:
		plain, key = written(of), "valueDateTime"
	case clinical.Decimal:
		plain, key = json.Number(of), "valueDecimal"
	case clinical.Concept:
		plain, key = conceptOf(of), "valueCodeableConcept"
	case clinical.Status:
		if key = "valueCode"; at != "" {
			plain = map[clinical.Status]string{clinical.StatusActive: "active", clinical.StatusResolved: "resolved",
				clinical.StatusCompleted: "completed", clinical.StatusInError: "entered-in-error"}[of]
		}
	case clinical.EncounterClass:
		plain = map[clinical.EncounterClass]string{clinical.ClassEmergency: "EMER", clinical.ClassInpatient: "IMP"}[of]
	case clinical.Gender:
		plain = strings.ToLower(string(of))
	}
	if at == "" {
		extend(resource, "urn:onelondon:field:"+field.Name, key, plain)
		return
	}
	put(resource, at, plain)
}

func conceptOf(of clinical.Concept) object {
	uris := map[clinical.CodeSystem]string{clinical.SNOMED: "http://snomed.info/sct", clinical.CTV3: "http://read.info/ctv3", clinical.LocalCode: "urn:local"}
	concept := object{}
	if of.Text != "" {
		concept["text"] = string(of.Text)
	}
	var list []any
	for _, coding := range append([]clinical.Coding{of.Coding}, of.Translations...) {
		if coding.Code == "" {
			continue
		}
		one := object{"system": uris[coding.System], "code": string(coding.Code)}
		if coding.Display != "" {
			one["display"] = string(coding.Display)
		}
		list = append(list, one)
	}
	if list != nil {
		concept["coding"] = list
	}
	return concept
}

// put sets what a path leads to, making what is on the way.
func put(resource object, path string, value any) {
	path, form, _ := strings.Cut(path, "=")
	switch form {
	case "":
	case "words":
		value = object{"text": value}
	case "who":
		value = object{"display": value}
	case "place":
		value = object{"type": "Location", "display": value}
	case "ods":
		value = object{"identifier": object{"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": value}}
	default:
		value = object{"reference": fmt.Sprint(form, "/", value)}
	}
	if before, system, ok := strings.Cut(path, "[+]"); ok && !strings.HasPrefix(system, ".") {
		list, _ := resource[before].([]any)
		resource[before] = append(list, object{"system": system, "value": value})
		return
	}
	into(resource, strings.Split(path, "."), value)
}

func into(at object, steps []string, value any) {
	name, isList := strings.CutSuffix(steps[0], "[]")
	name, further := strings.CutSuffix(name, "[+]")
	list, _ := at[name].([]any)
	if len(steps) == 1 {
		if isList {
			value = append(list, value)
		}
		at[name] = value
		return
	}
	var next object
	switch {
	case further || isList && len(list) == 0:
		next = object{}
		at[name] = append(list, next)
	case isList:
		next = list[0].(object)
	default:
		if next, _ = at[name].(object); next == nil {
			next = object{}
			at[name] = next
		}
	}
	into(next, steps[1:], value)
}

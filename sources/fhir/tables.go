package fhir

import "onelondon/internal/clinical"

// Where each kind's fields stand in a resource, by the element names of FHIR R4 (hl7.org/fhir/R4). What is in no table stands in an
// extension of ours or nowhere.

const (
	effective = "effectiveDateTime effectiveInstant effectivePeriod.start"
	unsound   = "verificationStatus.coding[code=entered-in-error].code verificationStatus.coding[code=refuted].code "
)

func patient() written {
	return written{kind: clinical.KindRegistration, resource: "Patient", holds: "managingOrganization", fields: map[string]string{
		"date":       "generalPractitioner.identifier.period.start",
		"end":        "generalPractitioner.identifier.period.end",
		"status":     "active",
		"familyName": "name[use=usual].family name[use=official].family name.family",
		"givenName":  "name[use=usual].given name[use=official].given name.given",
		"title":      "name[use=usual].prefix name[use=official].prefix name.prefix",
		"birthDate":  "birthDate",
		"deathDate":  "deceasedDateTime",
		"gender":     "gender",
		"address":    "address[use=home]@address address@address",
		"postcode":   "address[use=home].postalCode address.postalCode",
		"telephone":  "telecom[system=phone].value",
		"email":      "telecom[system=email].value",
		"practice":   "generalPractitioner@ods",
	}}
}

// The search parameter onset of an allergy is of its reactions, so no question about allergies is narrowed by date.
func allergy() written {
	return written{kind: clinical.KindAllergyIntolerance, resource: "AllergyIntolerance", code: "code", fields: map[string]string{
		"code": "code", "date": "onsetDateTime onsetPeriod.start", "end": "onsetPeriod.end",
		"status":      unsound + "clinicalStatus.coding.code clinicalStatus.text",
		"note":        "note.text",
		"encounterId": "encounter@id", "recorded": "recordedDate", "author": "recorder@who asserter@who",
		"category": "category", "severity": "reaction.severity criticality", "reaction": "reaction.manifestation@words reaction.description",
	}}
}

func condition() written {
	return written{kind: clinical.KindCondition, resource: "Condition", code: "code", date: "onset-date", fields: map[string]string{
		"code": "code", "date": "onsetDateTime onsetPeriod.start", "end": "abatementDateTime abatementPeriod.end onsetPeriod.end",
		"status":      unsound + "clinicalStatus.coding.code clinicalStatus.text",
		"note":        "note.text",
		"encounterId": "encounter@id", "recorded": "recordedDate", "author": "recorder@who asserter@who",
		"category": "category@words", "severity": "severity@words",
	}}
}

func request() written {
	return written{kind: clinical.KindMedication, resource: "MedicationRequest", include: "MedicationRequest:medication", fields: map[string]string{
		"code": "medicationCodeableConcept", "date": "authoredOn", "end": "dispenseRequest.validityPeriod.end", "status": "status", "note": "note.text",
		"encounterId": "encounter@id", "author": "requester@who recorder@who", "publisher": "requester@ods", "problemId": "reasonReference@id",
		"dosage": "dosageInstruction.text", "quantity": "dispenseRequest.quantity.value", "quantityUnit": "dispenseRequest.quantity.unit",
		"intent": "intent", "courseDays": "dispenseRequest.expectedSupplyDuration[code=d].value",
	}}
}

func statement() written {
	return written{kind: clinical.KindMedication, resource: "MedicationStatement", prefix: "MedicationStatement/",
		include: "MedicationStatement:medication", fields: map[string]string{
			"code": "medicationCodeableConcept", "date": "effectiveDateTime effectivePeriod.start", "end": "effectivePeriod.end", "status": "status",
			"note": "note.text", "encounterId": "context@id", "recorded": "dateAsserted", "author": "informationSource@who",
			"problemId": "reasonReference@id", "dosage": "dosage.text",
		}}
}

func observation() written {
	return written{kind: clinical.KindObservation, resource: "Observation", code: "combo-code", date: "date", fields: map[string]string{
		"code": "code", "date": effective, "end": "effectivePeriod.end", "status": "status", "note": "note.text", "encounterId": "encounter@id",
		"recorded": "issued", "author": "performer@who", "publisher": "performer@ods",
		"value": "valueQuantity.value valueInteger", "comparator": "valueQuantity.comparator", "unit": "valueQuantity.unit valueQuantity.code",
		"valueText":    "valueString valueCodeableConcept@words valueBoolean valueDateTime valueTime valueRange@range valueRatio@ratio valuePeriod@period",
		"referenceLow": "referenceRange.low.value", "referenceHigh": "referenceRange.high.value", "interpretation": "interpretation@words",
	}}
}

func report() written {
	return written{kind: clinical.KindDiagnosticReport, resource: "DiagnosticReport", code: "code", date: "date", fields: map[string]string{
		"code": "code", "date": effective, "end": "effectivePeriod.end", "status": "status", "encounterId": "encounter@id",
		"recorded": "issued", "author": "resultsInterpreter@who performer@who", "publisher": "performer@ods",
		"category": "category@words", "conclusion": "conclusion conclusionCode@words",
	}}
}

func encounter() written {
	return written{kind: clinical.KindEncounter, resource: "Encounter", date: "date", spans: true, holds: "serviceProvider", fields: map[string]string{
		"code": "type", "date": "period.start", "end": "period.end", "status": "status", "encounterId": "partOf@id",
		"author": "participant.individual@who", "problemId": "diagnosis.condition@id", "appointmentId": "appointment@id", "class": "class.code",
		"reason": "reasonCode@words", "specialty": "serviceType@words", "location": "location.location@place",
		"admissionMethod": "hospitalization.admitSource@words", "discharge": "hospitalization.dischargeDisposition@words",
	}}
}

func procedure() written {
	return written{kind: clinical.KindProcedure, resource: "Procedure", code: "code", date: "date", fields: map[string]string{
		"code": "code", "date": "performedDateTime performedPeriod.start", "end": "performedPeriod.end", "status": "status", "note": "note.text",
		"encounterId": "encounter@id", "author": "performer.actor@who recorder@who", "publisher": "performer.actor@ods",
		"problemId": "reasonReference@id", "category": "category@words",
	}}
}

func immunisation() written {
	return written{kind: clinical.KindImmunisation, resource: "Immunization", code: "vaccine-code", date: "date", fields: map[string]string{
		"code": "vaccineCode", "date": "occurrenceDateTime", "status": "status", "note": "note.text", "encounterId": "encounter@id",
		"recorded": "recorded", "author": "performer.actor@who", "publisher": "performer.actor@ods", "problemId": "reasonReference@id",
		"dose":  "protocolApplied.doseNumberString protocolApplied.doseNumberPositiveInt",
		"batch": "lotNumber", "site": "site@words", "expiry": "expirationDate",
	}}
}

func appointment() written {
	return written{kind: clinical.KindAppointment, resource: "Appointment", date: "date", fields: map[string]string{
		"code": "appointmentType", "date": "start", "end": "end", "status": "status", "note": "comment description",
		"author": "participant.actor@who", "problemId": "reasonReference@id", "location": "participant.actor@place",
		"service": "serviceType@words", "minutes": "minutesDuration", "booked": "created",
	}}
}

func referral() written {
	return written{kind: clinical.KindReferral, resource: "ServiceRequest", code: "code", date: "authored", fields: map[string]string{
		"code": "code", "date": "authoredOn", "end": "occurrencePeriod.end", "status": "status", "note": "note.text", "encounterId": "encounter@id",
		"author": "requester@who", "publisher": "requester@ods", "problemId": "reasonReference@id", "priority": "priority",
		"service": "performerType@words", "recipient": "performer@any",
	}}
}

func document() written {
	return written{kind: clinical.KindDocument, resource: "DocumentReference", code: "type", date: "date", holds: "custodian", fields: map[string]string{
		"code": "type", "date": "date", "end": "context.period.end", "status": "status", "note": "description", "encounterId": "context.encounter@id",
		"author": "author@who", "publisher": "author@ods", "title": "content.attachment.title",
	}}
}

func flag() written {
	return written{kind: clinical.KindAlert, resource: "Flag", date: "date", spans: true, fields: map[string]string{
		"code": "code", "date": "period.start", "end": "period.end", "status": "status", "encounterId": "encounter@id",
		"author": "author@who", "publisher": "author@ods", "category": "category@words",
	}}
}

func relative() written {
	return written{kind: clinical.KindContact, resource: "RelatedPerson", fields: map[string]string{
		"date": "period.start", "end": "period.end", "status": "active", "name": "name@name", "relationship": "relationship@words",
		"telephone": "telecom[system=phone].value",
	}}
}

func plan() written {
	return written{kind: clinical.KindCarePlan, resource: "CarePlan", date: "date", spans: true, is: func(resource object) bool { return !isUrgent(resource) },
		fields: map[string]string{
			"code": "category", "date": "period.start", "end": "period.end", "status": "status", "note": "note.text", "encounterId": "encounter@id",
			"recorded": "created", "author": "author@who", "publisher": "author@ods", "problemId": "addresses@id",
			"title": "title", "aim": "description", "outcome": "activity.outcomeCodeableConcept@words",
		}}
}

// urgentPlan is a CarePlan that says it is one for an emergency: the head of a plan. Its decisions are in units of their own (urgent.go), or in
// extensions of ours. Nothing narrows the search, since units without their head would be taken for another plan.
func urgentPlan() written {
	return written{kind: clinical.KindUrgentCarePlan, resource: "CarePlan", is: isUrgent, fields: map[string]string{
		"code": "category", "date": "period.start", "end": "period.end", "status": "status", "note": "note.text", "encounterId": "encounter@id",
		"recorded": "created", "author": "author@who", "publisher": "author@ods", "problemId": "addresses@id",
	}}
}

// urgentKinds are the codes of urgent care plans: findings and documents of the PRSB standard, and the pointer types of the National Record
// Locator for plans of that kind (DOMAIN.md 3.3, 4.1). A contingency plan is a part of one, and a crisis plan of mental health a care plan.
var urgentKinds = []clinical.Text{"714748000", "713600001", "735324008", "887701000000100", "1107891000000106", "861421000000109", "1382601000000107",
	"736373009", "736366004"}

// isUrgent reports whether a CarePlan is an urgent care plan: by an extension of ours, or by its category.
func isUrgent(resource object) bool {
	if text(first(parsePaths("extension[url="+ownKind+"].valueCode"), resource)) == clinical.KindUrgentCarePlan.String() {
		return true
	}
	return hasAny(concept(parsePaths("category")[0].values(resource)), urgentKinds)
}

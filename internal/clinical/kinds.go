package clinical

// Kind is a kind of record, named after UK Core FHIR R4.
type Kind uint8

// The kinds of record. KindRegistration is one organisation's demographics of a person: UK Core's Patient.
const (
	KindRegistration Kind = iota
	KindAllergyIntolerance
	KindCondition
	KindMedication
	KindObservation
	KindDiagnosticReport
	KindEncounter
	KindProcedure
	KindImmunisation
	KindAppointment
	KindReferral
	KindDocument
	KindAlert
	KindContact
	KindCarePlan
	KindUrgentCarePlan
	kindCount
)

// Kinds lists every kind, in a fixed order.
func Kinds() []Kind {
	kinds := make([]Kind, kindCount)
	for i := range kinds {
		kinds[i] = Kind(i)
	}
	return kinds
}

// Registration is what one source holds about a person's identity: demographics and the registration itself. Its Date
// and End are the dates of registration; its ID is the source's local identifier (PatientGuid, PERSON_ID, PAS_ID ...).
type Registration struct {
	Meta
	NHSNumber  NHSNumber
	FamilyName Text     `record:"familyName"`
	GivenName  Text     `record:"givenName"`
	Title      Text     `record:"title"`
	BirthDate  DateTime `record:"birthDate"`
	DeathDate  DateTime `record:"deathDate"`
	Gender     Gender   `record:"gender"`
	Address    Text     `record:"address"`
	Postcode   Text     `record:"postcode"`
	Telephone  Text     `record:"telephone"`
	Email      Text     `record:"email"`
	Practice   Text     `record:"practice"` // ODS code of the GP practice the source believes the person is registered with
}

// AllergyIntolerance is a propensity to react, or the statement that none is known.
type AllergyIntolerance struct {
	Meta
	Category Text `record:"category"`
	Severity Text `record:"severity"`
	Reaction Text `record:"reaction"`
}

// Condition is a problem or a diagnosis. Its Code says what, Date the onset, End the abatement.
type Condition struct {
	Meta
	Category Text `record:"category"`
	Severity Text `record:"severity"`
}

// Medication is a statement or an order that a person takes, took or was given a medicine.
type Medication struct {
	Meta
	Dosage           Text    `record:"dosage"`
	Quantity         Decimal `record:"quantity"`
	QuantityUnit     Text    `record:"quantityUnit"`
	Intent           Text    `record:"intent"`
	CourseDays       Decimal `record:"courseDays"`
	IssuesAuthorised Decimal `record:"issuesAuthorised"`
}

// Observation is a measurement, a laboratory result or a coded finding.
type Observation struct {
	Meta
	Value          Decimal `record:"value"`
	Comparator     Text    `record:"comparator"`
	Unit           Text    `record:"unit"`
	ValueText      Text    `record:"valueText"`
	ReferenceLow   Decimal `record:"referenceLow"`
	ReferenceHigh  Decimal `record:"referenceHigh"`
	Interpretation Text    `record:"interpretation"`
}

// DiagnosticReport is a set of findings with a conclusion.
type DiagnosticReport struct {
	Meta
	Category   Text `record:"category"`
	Conclusion Text `record:"conclusion"`
}

// Encounter is a contact with a service: a GP consultation, an A&E attendance, an inpatient spell, an outpatient visit.
type Encounter struct {
	Meta
	Class           EncounterClass `record:"class"`
	Reason          Text           `record:"reason"`
	Specialty       Text           `record:"specialty"`
	Location        Text           `record:"location"`
	AdmissionMethod Text           `record:"admissionMethod"`
	Discharge       Text           `record:"discharge"`
}

// Procedure is something done to or for the person.
type Procedure struct {
	Meta
	Category Text `record:"category"`
}

// Immunisation is a vaccine given.
type Immunisation struct {
	Meta
	Dose   Text     `record:"dose"`
	Batch  Text     `record:"batch"`
	Site   Text     `record:"site"`
	Expiry DateTime `record:"expiry"`
}

// Appointment is a booked contact, past or to come. Date is when it starts.
type Appointment struct {
	Meta
	Location Text     `record:"location"`
	Service  Text     `record:"service"`
	Minutes  Decimal  `record:"minutes"`
	Booked   DateTime `record:"booked"`
}

// Referral is a request that another service see the person.
type Referral struct {
	Meta
	Priority  Text `record:"priority"`
	Service   Text `record:"service"`
	Recipient Text `record:"recipient"`
}

// Document is a letter or file that the source holds. OneLondon lists it; it does not carry the content.
type Document struct {
	Meta
	Title     Text `record:"title"`
	Direction Text `record:"direction"`
}

// Alert warns anybody who opens the record (UK Core Flag).
type Alert struct {
	Meta
	Category Text `record:"category"`
	Risk     Text `record:"risk"`
}

// Contact is somebody to contact about the person: next of kin, carer, key worker.
type Contact struct {
	Meta
	Name         Text `record:"name"`
	Relationship Text `record:"relationship"`
	Telephone    Text `record:"telephone"`
}

// CarePlan is an agreed plan of care. A part of an urgent care plan is a contingency plan: the trigger, and what should
// then happen.
type CarePlan struct {
	Meta
	Title            Text `record:"title"`
	Aim              Text `record:"aim"`
	Outcome          Text `record:"outcome"`
	TriggerFactors   Text `record:"triggerFactors"`
	WhatShouldHappen Text `record:"whatShouldHappen"`
	WhoToContact     Text `record:"whoToContact"`
}

// Kind reports KindRegistration.
func (*Registration) Kind() Kind { return KindRegistration }

// Kind reports KindAllergyIntolerance.
func (*AllergyIntolerance) Kind() Kind { return KindAllergyIntolerance }

// Kind reports KindCondition.
func (*Condition) Kind() Kind { return KindCondition }

// Kind reports KindMedication.
func (*Medication) Kind() Kind { return KindMedication }

// Kind reports KindObservation.
func (*Observation) Kind() Kind { return KindObservation }

// Kind reports KindDiagnosticReport.
func (*DiagnosticReport) Kind() Kind { return KindDiagnosticReport }

// Kind reports KindEncounter.
func (*Encounter) Kind() Kind { return KindEncounter }

// Kind reports KindProcedure.
func (*Procedure) Kind() Kind { return KindProcedure }

// Kind reports KindImmunisation.
func (*Immunisation) Kind() Kind { return KindImmunisation }

// Kind reports KindAppointment.
func (*Appointment) Kind() Kind { return KindAppointment }

// Kind reports KindReferral.
func (*Referral) Kind() Kind { return KindReferral }

// Kind reports KindDocument.
func (*Document) Kind() Kind { return KindDocument }

// Kind reports KindAlert.
func (*Alert) Kind() Kind { return KindAlert }

// Kind reports KindContact.
func (*Contact) Kind() Kind { return KindContact }

// Kind reports KindCarePlan.
func (*CarePlan) Kind() Kind { return KindCarePlan }

// Kind reports KindUrgentCarePlan.
func (*UrgentCarePlan) Kind() Kind { return KindUrgentCarePlan }

package seed

import "onelondon/internal/clinical"

// Organisation is a care organisation by its ODS code.
type Organisation struct {
	Code     string
	Name     string
	Postcode string
	Trust    bool // not a practice
}

// Person is what one organisation's system holds of one person: the registration there, and the records made there.
type Person struct {
	NHSNumber   string
	LocalID     string // the system's own identifier; made up when empty
	FamilyName  string
	GivenName   string
	Title       string
	Birth       clinical.DateTime
	Death       clinical.DateTime
	Gender      clinical.Gender
	Address     []string // lines above the postcode
	Postcode    string
	Telephone   string
	Email       string
	Practice    string            // ODS code of the GP practice the organisation believes the person is registered with
	Holder      string            // ODS code of the organisation whose record this is
	Registered  clinical.DateTime // when the registration there began
	Deducted    clinical.DateTime // when it ended, if it has
	Sensitive   bool              // carries an S-flag: must not be found
	Test        bool              // a made-up patient that the organisation tests with
	Deleted     bool              // the registration is marked deleted
	Encounters  []Encounter
	Conditions  []Condition
	Medications []Medication
	Observed    []Observation
	Procedures  []Procedure
	Vaccines    []Immunisation
	Allergies   []Allergy
	Bookings    []Appointment
	Referrals   []Referral
	Documents   []Document
	Alerts      []Alert
	Contacts    []Contact
	CarePlans   []CarePlan
	Plan        *UrgentPlan // an urgent care plan; only Coordinate My Care keeps one
}

// Code is one code with the words for it, and the same thing in other terminologies.
type Code struct {
	System  clinical.CodeSystem
	Code    string
	Display string
	Also    []Code
}

// In returns the coding in system, its own or one of Also.
func (c Code) In(system clinical.CodeSystem) (Code, bool) {
	if c.System == system && c.Code != "" {
		return c, true
	}
	for _, other := range c.Also {
		if other.System == system && other.Code != "" {
			return other, true
		}
	}
	return Code{}, false
}

// codeKey tells codes apart in a system's code table.
type codeKey struct{ table, system, code, display string }

func (c Code) key() codeKey { return codeKey{"", string(c.System), c.Code, c.Display} }

// Entry is what records of every kind have in common.
type Entry struct {
	ID       string // the system's own identifier where it keeps text; made up when empty
	Code     Code
	Date     clinical.DateTime
	End      clinical.DateTime
	Recorded clinical.DateTime // when it was typed in; Date when missing
	Status   clinical.Status
	// Encounter is the Ref of an encounter of the same Person, or its ID where it has no Ref: the one at which the record was
	// made, or that was held at an appointment.
	Encounter string
	Problem   string // the Ref of a condition of the same Person that the record is about; only EMIS keeps it
	Note      string
	By        string // ODS code of the organisation that made the entry, where it is not the holder
	Sealed    bool   // marked confidential at source
	Deleted   bool   // marked deleted at source
}

// Encounter is a contact with a service.
type Encounter struct {
	Entry
	Ref             string // what other records of the Person call it
	Class           clinical.EncounterClass
	Reason          string
	Specialty       string
	Location        string
	AdmissionMethod string
	Discharge       string
}

// Condition is a problem or a diagnosis.
type Condition struct {
	Entry
	Ref      string // what other records of the Person call it
	Category string
	Severity string
}

// Medication is a medicine prescribed or given. GP systems keep the course (a plan) and each prescription under it (an order)
// apart: EMIS and Discovery write the plan, and one order where CourseDays says how long it lasts; SystmOne writes the order, and a
// plan where it is on Repeat; Millennium writes an order.
type Medication struct {
	Entry
	Dosage           string
	Quantity         string
	QuantityUnit     string
	Repeat           bool
	CourseDays       int
	IssuesAuthorised int
}

// Observation is a measurement or a coded finding.
type Observation struct {
	Entry
	Value         string
	Comparator    string
	Unit          string
	ValueText     string
	ReferenceLow  string
	ReferenceHigh string
}

// Procedure is something done.
type Procedure struct{ Entry }

// Immunisation is a vaccine given.
type Immunisation struct {
	Entry
	Dose  string
	Batch string
	Site  string
}

// Allergy is a propensity to react, or the statement that none is known.
type Allergy struct {
	Entry
	Severity string
	Reaction string
}

// Appointment is a booked contact.
type Appointment struct {
	Entry
	Location string
	Service  string
	Minutes  int
	Booked   clinical.DateTime
}

// Referral is a request that another service see the person.
type Referral struct {
	Entry
	Priority  string
	Service   string
	Recipient string
}

// Document is a letter or a file.
type Document struct {
	Entry
	Title    string
	Incoming bool
}

// Alert warns whoever opens the record.
type Alert struct {
	Entry
	Category string
	Risk     string
}

// Contact is somebody to turn to.
type Contact struct {
	Entry
	Name         string
	Relationship string
	Telephone    string
}

// CarePlan is an agreed plan of care.
type CarePlan struct {
	Entry
	Title   string
	Aim     string
	Outcome string
}

// UrgentPlan is what was agreed with a person for an emergency, in the words of Coordinate My Care. Its Code is the kind of plan, its
// Date when it was made.
type UrgentPlan struct {
	Entry
	Review                           clinical.DateTime
	CPR                              string // Y for resuscitation, N against it; empty for no decision
	CPRDate                          clinical.DateTime
	Responsible                      string // the clinician
	PersonInvolved, FamilyInvolved   bool
	Ceiling                          string
	HasCapacity, ADRT                bool
	Attorney                         string // for health and welfare
	PlaceOfCare                      string
	PlaceOfDeath, SecondPlaceOfDeath string
	Prognosis                        string
	PersonAware                      bool // of the prognosis
	Matters                          string
	KeySafe                          string
	Consent                          string // Given, Withdrawn, Best interests, LPA; empty where nobody asked
	MedicinesAt                      string
	Contacts                         []Contact
	Contingencies                    []Contingency
	Medicines                        []Medication // prescribed ahead of need
}

// Contingency is what is to be done if something happens.
type Contingency struct{ Trigger, Action, CallWhom string }

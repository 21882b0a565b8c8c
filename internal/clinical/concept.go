package clinical

import "slices"

// CodeSystem names a terminology. The values are those of the GraphQL enum CodeSystem.
type CodeSystem string

// The terminologies that London's record systems use.
const (
	SNOMED    CodeSystem = "SNOMED_CT" // SNOMED CT UK, concept identifiers
	DMD       CodeSystem = "DMD"       // NHS dictionary of medicines and devices
	ICD10     CodeSystem = "ICD_10"    // International Classification of Diseases, 10th revision
	OPCS4     CodeSystem = "OPCS_4"    // OPCS Classification of Interventions and Procedures, version 4
	CTV3      CodeSystem = "CTV3"      // Clinical Terms Version 3, which SystmOne keeps beside SNOMED CT
	Read2     CodeSystem = "READ_2"    // Read Codes version 2
	LOINC     CodeSystem = "LOINC"     // Logical Observation Identifiers Names and Codes
	RxNorm    CodeSystem = "RXNORM"    // US drug names, in OMOP stores and synthetic data
	CVX       CodeSystem = "CVX"       // US vaccine codes, in OMOP stores and synthetic data
	NHSDD     CodeSystem = "NHS_DATA_DICTIONARY"
	LocalCode CodeSystem = "LOCAL" // the source's own code, meaningful there only
)

// CodeSystems lists every terminology, in the order of the GraphQL enum.
func CodeSystems() []CodeSystem {
	return []CodeSystem{SNOMED, DMD, ICD10, OPCS4, CTV3, Read2, LOINC, RxNorm, CVX, NHSDD, LocalCode}
}

// Coding is one code in one terminology, with the source's display text for it.
type Coding struct {
	System  CodeSystem
	Code    Text
	Display Text
}

// Concept is what a record is about: the source's preferred coding, equivalent codings in other terminologies, and the
// words that a clinician typed. Any part may be missing.
type Concept struct {
	Coding
	Text         Text
	Translations []Coding
}

// IsZero reports whether nothing is known of the concept.
func (c *Concept) IsZero() bool {
	return c.Code == "" && c.Display == "" && c.Text == "" && len(c.Translations) == 0
}

// Has reports whether the concept carries code in system; an empty system matches any.
func (c *Concept) Has(system CodeSystem, code Text) bool {
	if c.Code == code && code != "" && (system == "" || system == c.System) {
		return true
	}
	for _, other := range c.Translations {
		if other.Code == code && (system == "" || system == other.System) {
			return true
		}
	}
	return false
}

// Text is a string from a record; the empty string is a missing value and is shown as null.
type Text string

// Decimal is a number exactly as the source wrote it, such as "5.10"; the empty string is a missing value. Only values
// accepted by [ParseDecimal] occur, so it is always a valid JSON number.
type Decimal string

// Status is the status of a record. One vocabulary serves all kinds; its values are those of the GraphQL enum
// RecordStatus, and each mapping says which of its source's words become which.
type Status string

// The statuses, after the status value sets of FHIR R4.
const (
	StatusActive    Status = "ACTIVE"
	StatusInactive  Status = "INACTIVE"
	StatusResolved  Status = "RESOLVED"
	StatusPlanned   Status = "PLANNED"
	StatusArrived   Status = "ARRIVED"
	StatusOngoing   Status = "IN_PROGRESS"
	StatusCompleted Status = "COMPLETED"
	StatusStopped   Status = "STOPPED"
	StatusCancelled Status = "CANCELLED"
	StatusMissed    Status = "DID_NOT_ATTEND"
	StatusNotDone   Status = "NOT_DONE"
	StatusInError   Status = "ENTERED_IN_ERROR"
)

// Statuses lists every status, in the order of the GraphQL enum.
func Statuses() []Status {
	return []Status{StatusActive, StatusInactive, StatusResolved, StatusPlanned, StatusArrived, StatusOngoing,
		StatusCompleted, StatusStopped, StatusCancelled, StatusMissed, StatusNotDone, StatusInError}
}

// Known reports whether s is one of the statuses.
func (s Status) Known() bool { return slices.Contains(Statuses(), s) }

// EncounterClass is the setting of a contact with a service.
type EncounterClass string

// The classes of encounter, the values of the GraphQL enum EncounterClass.
const (
	ClassConsultation EncounterClass = "CONSULTATION"
	ClassEmergency    EncounterClass = "EMERGENCY"
	ClassInpatient    EncounterClass = "INPATIENT"
	ClassOutpatient   EncounterClass = "OUTPATIENT"
	ClassCommunity    EncounterClass = "COMMUNITY"
	ClassOther        EncounterClass = "OTHER"
)

// EncounterClasses lists every class, in the order of the GraphQL enum.
func EncounterClasses() []EncounterClass {
	return []EncounterClass{ClassConsultation, ClassEmergency, ClassInpatient, ClassOutpatient, ClassCommunity, ClassOther}
}

// Known reports whether c is one of the classes.
func (c EncounterClass) Known() bool { return slices.Contains(EncounterClasses(), c) }

// Gender is administrative gender (FHIR R4 administrative-gender).
type Gender string

// The administrative genders, the values of the GraphQL enum AdministrativeGender.
const (
	GenderFemale  Gender = "FEMALE"
	GenderMale    Gender = "MALE"
	GenderOther   Gender = "OTHER"
	GenderUnknown Gender = "UNKNOWN"
)

// Genders lists every administrative gender, in the order of the GraphQL enum.
func Genders() []Gender { return []Gender{GenderFemale, GenderMale, GenderOther, GenderUnknown} }

// Known reports whether g is one of the genders.
func (g Gender) Known() bool { return slices.Contains(Genders(), g) }

// ParseDecimal accepts text that is a JSON number, keeping its digits. It corrects a leading + or a missing zero before
// the point, which some databases write.
func ParseDecimal(text string) (Decimal, bool) {
	sign := ""
	if text != "" && (text[0] == '+' || text[0] == '-') {
		if text[0] == '-' {
			sign = "-"
		}
		text = text[1:]
	}
	whole, i := scanDigits(text, 0)
	fraction := ""
	if i < len(text) && text[i] == '.' {
		fraction, i = scanDigits(text, i+1)
		if fraction == "" && whole == "" {
			return "", false
		}
	}
	if i != len(text) || whole == "" && fraction == "" || len(text) > 40 {
		return "", false
	}
	for len(whole) > 1 && whole[0] == '0' {
		whole = whole[1:]
	}
	if whole == "" {
		whole = "0"
	}
	if fraction != "" {
		whole += "." + fraction
	}
	return Decimal(sign + whole), true
}

func scanDigits(text string, from int) (string, int) {
	i := from
	for i < len(text) && text[i] >= '0' && text[i] <= '9' {
		i++
	}
	return text[from:i], i
}

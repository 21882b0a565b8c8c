package scaffold

import (
	"slices"
	"strings"

	"onelondon/internal/clinical"
)

// The words that record systems hold in columns of few values, in the spelling of small letters. Only words of these lists
// ever get from a sample into a draft.
func genderWords() map[string]clinical.Gender {
	return map[string]clinical.Gender{"m": "MALE", "male": "MALE", "1": "MALE", "f": "FEMALE", "female": "FEMALE", "2": "FEMALE",
		"i": "OTHER", "o": "OTHER", "other": "OTHER", "indeterminate": "OTHER", "9": "OTHER"}
}

func statusWords() map[string]clinical.Status {
	return map[string]clinical.Status{
		"active": "ACTIVE", "current": "ACTIVE", "active problem": "ACTIVE", "inactive": "INACTIVE", "past": "RESOLVED", "past problem": "RESOLVED",
		"resolved": "RESOLVED", "booked": "PLANNED", "planned": "PLANNED", "pending": "PLANNED", "proposed": "PLANNED", "scheduled": "PLANNED",
		"arrived": "ARRIVED", "in progress": "IN_PROGRESS", "inprogress": "IN_PROGRESS", "sent in": "IN_PROGRESS", "inprocess": "ACTIVE", "ordered": "ACTIVE", "preadmit": "PLANNED",
		"completed": "COMPLETED", "complete": "COMPLETED", "finished": "COMPLETED", "left": "COMPLETED", "fulfilled": "COMPLETED",
		"discharged": "COMPLETED", "auth": "COMPLETED", "modified": "COMPLETED", "stopped": "STOPPED", "discontinued": "STOPPED", "cancelled": "CANCELLED", "canceled": "CANCELLED",
		"cancelled by patient": "CANCELLED", "cancelled by unit": "CANCELLED", "cancelled by other service": "CANCELLED", "dna": "DID_NOT_ATTEND", "did not attend": "DID_NOT_ATTEND", "noshow": "DID_NOT_ATTEND",
		"inerror": "ENTERED_IN_ERROR", "entered in error": "ENTERED_IN_ERROR",
	}
}

func classWords() map[string]clinical.EncounterClass {
	return map[string]clinical.EncounterClass{"consultation": "CONSULTATION", "inpatient": "INPATIENT", "day case": "INPATIENT", "regular day admission": "INPATIENT",
		"emergency": "EMERGENCY", "outpatient": "OUTPATIENT", "community": "COMMUNITY"}
}

func terminologies() map[string]clinical.CodeSystem {
	return map[string]clinical.CodeSystem{"snomed": clinical.SNOMED, "snomed ct": clinical.SNOMED, "snomedct": clinical.SNOMED, "icd10": clinical.ICD10, "icd-10": clinical.ICD10,
		"icd10who": clinical.ICD10, "opcs4": clinical.OPCS4, "opcs-4": clinical.OPCS4, "read": clinical.Read2, "read2": clinical.Read2, "ctv3": clinical.CTV3, "dm+d": clinical.DMD, "dmd": clinical.DMD,
		"loinc": clinical.LOINC, "rxnorm": clinical.RxNorm, "cvx": clinical.CVX}
}

// kindWords are what a column that tells kinds of row apart says of them.
func kindWords() map[string]clinical.Kind {
	return map[string]clinical.Kind{"allergy": clinical.KindAllergyIntolerance, "allergies": clinical.KindAllergyIntolerance, "immunisation": clinical.KindImmunisation,
		"immunisations": clinical.KindImmunisation, "vaccination": clinical.KindImmunisation, "immun": clinical.KindImmunisation, "referral": clinical.KindReferral,
		"document": clinical.KindDocument, "doc": clinical.KindDocument, "mdoc": clinical.KindDocument, "procedure": clinical.KindProcedure, "operation": clinical.KindProcedure, "problem": clinical.KindCondition, "diagnosis": clinical.KindCondition,
		"medication": clinical.KindMedication, "medications": clinical.KindMedication, "rad": clinical.KindDiagnosticReport}
}

// removedWords are what a column of changes says of a row that counts no longer.
func removedWords() []string { return []string{"deleted", "delete", "removed", "d"} }

func vocabulary() map[string]bool {
	all := map[string]bool{}
	gather(all, genderWords())
	gather(all, statusWords())
	gather(all, classWords())
	gather(all, terminologies())
	gather(all, kindWords())
	for _, word := range removedWords() {
		all[word] = true
	}
	return all
}

func gather[V any](into map[string]bool, words map[string]V) {
	for word := range words {
		into[word] = true
	}
}

// heard lists the words of a column that a vocabulary knows, as the column spells them, in order, and how many values they were.
func heard[V any](s *Stats, known map[string]V) (spelled []string, values int) {
	for word, times := range s.Words {
		if _, ok := known[strings.ToLower(word)]; ok {
			spelled, values = append(spelled, word), values+times
		}
	}
	slices.Sort(spelled)
	return spelled, values
}

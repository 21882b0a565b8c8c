package gate

import (
	"time"

	"onelondon/internal/clinical"
)

// sameness says when records of a kind, held by different organisations, are shown as one item. Merging is cautious: a
// wrong merge hides something, a missed one only repeats it. Every merged record stays reachable as a contributor.
//
// Records of one organisation are not merged: what a clinician there entered twice is shown twice. The exception is GP
// medication: a course and each of its issues are separate records, and an issue is shown with the course it belongs
// to.
type sameness struct {
	// key is equal for records that say the same; "" for a record that is never merged.
	key func(record clinical.Record) string
	// within is how far apart the dates may be; sameDay means on the same calendar day, anyTime means any dates.
	within time.Duration
}

const (
	sameDay = time.Duration(0)
	anyTime = time.Duration(1<<63 - 1)
)

// never is the sameness of kinds whose records are never merged:
//   - Registration: two registrations are two facts; the merged view is Demographics.
//   - Encounter, Appointment, Referral, Document, CarePlan: each organisation's own act, even on the same day.
//   - Alert, Contact: free text whose wording matters; a reader must see each organisation's own.
func never(clinical.Record) string { return "" }

// samenessOf is the complete rule: a line and a reason for each kind.
func samenessOf(kind clinical.Kind) sameness {
	switch kind {
	case clinical.KindAllergyIntolerance:
		// The same substance is the same allergy whenever it was written down.
		return sameness{byCode, anyTime}
	case clinical.KindCondition:
		// A diagnosis is repeated at many encounters; only the same code on the same day is the same statement.
		return sameness{byCode, sameDay}
	case clinical.KindMedication:
		// A practice copies a discharge prescription within the month; the same product started further apart is a new course.
		return sameness{byCode, 28 * 24 * time.Hour}
	case clinical.KindObservation:
		// A result sent to the practice arrives with the same code, value and unit on the same day.
		return sameness{byResult, sameDay}
	case clinical.KindDiagnosticReport, clinical.KindProcedure, clinical.KindImmunisation:
		// The organisation that did it reports it to the practice: same code, same day.
		return sameness{byCode, sameDay}
	}
	return sameness{never, sameDay}
}

// byCode identifies a record by its most widely shared coding. dm+d codes are SNOMED CT identifiers, so the two are
// comparable. Text without a code is never taken to mean the same as other text.
func byCode(record clinical.Record) string {
	concept := &record.About().Code
	if shared(concept.System) && concept.Code != "" {
		return string(concept.Code)
	}
	for _, other := range concept.Translations {
		if shared(other.System) && other.Code != "" {
			return string(other.Code)
		}
	}
	if concept.Code == "" || concept.System == clinical.LocalCode {
		return ""
	}
	return string(concept.System) + "|" + string(concept.Code)
}

func shared(system clinical.CodeSystem) bool {
	return system == clinical.SNOMED || system == clinical.DMD
}

func byResult(record clinical.Record) string {
	key := byCode(record)
	observation, ok := record.(*clinical.Observation)
	if key == "" || !ok {
		return ""
	}
	return key + "|" + string(observation.Comparator) + string(observation.Value) + "|" + string(observation.Unit) + "|" +
		string(observation.ValueText)
}

// keyFields are the fields needed to compare two records.
func keyFields(descriptor *clinical.Descriptor) clinical.FieldSet {
	switch descriptor.Kind {
	case clinical.KindObservation:
		return descriptor.Set("code", "date", "value", "comparator", "unit", "valueText")
	case clinical.KindAllergyIntolerance:
		return descriptor.Set("code", "date", "status")
	case clinical.KindMedication:
		return descriptor.Set("code", "date", "intent")
	case clinical.KindCondition, clinical.KindDiagnosticReport, clinical.KindProcedure, clinical.KindImmunisation:
		return descriptor.Set("code", "date")
	}
	return descriptor.Set("date")
}

// reaches reports whether a record dated leader may absorb one dated follower, which is never later.
func (s sameness) reaches(leader, follower clinical.DateTime) bool {
	if s.within == anyTime {
		return true
	}
	if leader.IsZero() || follower.IsZero() {
		return false
	}
	return !day(follower).Before(day(leader).Add(-s.within))
}

func day(d clinical.DateTime) time.Time { return d.Cut(clinical.PrecisionDay).At() }

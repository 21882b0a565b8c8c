package fhir_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"onelondon/internal/clinical"
	"onelondon/internal/testkit"
	"onelondon/sources"
	"onelondon/sources/fhir"
)

// What the driver relies on, of a server that nobody here wrote: pages, medicines sent along, how fresh it is, and that what is deleted is gone.
func TestHAPIPagesIncludesAndForgets(t *testing.T) {
	base := testkit.HAPI(t)
	resources := patient(object{"resourceType": "Condition", "id": "gone", "code": object{"text": "written by mistake"}},
		object{"resourceType": "MedicationRequest", "id": "m1", "status": "active", "intent": "order", "medicationReference": object{"reference": "Medication/m"}},
		object{"resourceType": "Medication", "id": "m", "code": object{"coding": []any{object{"system": "http://snomed.info/sct", "code": "322236009"}}}})
	for i := range 123 {
		resources = append(resources, object{"resourceType": "Observation", "id": fmt.Sprint("o", i), "status": "final", "code": object{"text": "pulse"},
			"subject": object{"reference": "Patient/p1"}, "effectiveDateTime": fmt.Sprintf("2020-01-%02d", 1+i%28)})
	}
	delete(resources[3], "subject") // a medicine is nobody's
	load(t, base, resources...)
	before := time.Now()
	for _, options := range []fhir.Options{{}, {NoBatch: true}, {Page: 7}} {
		answer := fetchAll(t, openAt(t, base, options), somebody)
		if found := answer.Parts[clinical.KindObservation].Records; len(found) != 123 {
			t.Errorf("%+v: %d observations", options, len(found))
		}
		medicines := answer.Parts[clinical.KindMedication].Records
		if len(medicines) != 1 || !medicines[0].About().Code.Has(clinical.SNOMED, "322236009") {
			t.Errorf("medicines %+v", medicines)
		}
		if options.Page == 0 && !options.NoBatch && answer.RoundTrips != 1 {
			t.Errorf("%d round trips", answer.RoundTrips)
		}
	}
	source := openAt(t, base, fhir.Options{})
	fresh, err := source.Watermark(t.Context())
	if err != nil || fresh.IsZero() || london(t, before).Sub(fresh.At()).Abs() > 5*time.Minute {
		t.Errorf("as fresh as %s, %v", fresh, err)
	}
	send(t, http.MethodDelete, base+"/Condition/gone", object{})
	if left := fetchAll(t, source, somebody).Parts[clinical.KindCondition].Records; len(left) != 0 {
		t.Errorf("a deleted problem: %+v", left)
	}
}

// london is a moment as clocks in London show it, without a zone, as records have it.
func london(t *testing.T, moment time.Time) time.Time {
	t.Helper()
	place, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	there := moment.In(place)
	return time.Date(there.Year(), there.Month(), there.Day(), there.Hour(), there.Minute(), there.Second(), 0, time.UTC)
}

// HAPI says what is wrong with an OperationOutcome, in words that may quote anything. The source's answer is its status and nothing of it.
func TestHAPIsRefusalsAreAnswersWithoutItsWords(t *testing.T) {
	base := testkit.HAPI(t)
	// The capabilities are the same for every partition, and one that is not there refuses every question.
	for _, options := range []fhir.Options{{}, {NoBatch: true}} {
		_, err := fetch(t, openAt(t, base+"-nowhere", options))
		if !errors.Is(err, sources.ErrSchema) || !strings.Contains(err.Error(), "HTTP 4") || strings.Contains(err.Error(), "HAPI") {
			t.Errorf("%+v: %v", options, err)
		}
	}
}

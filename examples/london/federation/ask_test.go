package federation_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"onelondon/examples/london/trial"
	"onelondon/internal/clinical"
)

// lists are the connections asked for, and the kind of record each gives.
var lists = map[string]clinical.Kind{"encounters": clinical.KindEncounter, "conditions": clinical.KindCondition,
	"medications": clinical.KindMedication, "procedures": clinical.KindProcedure, "observations": clinical.KindObservation,
	"immunisations": clinical.KindImmunisation, "allergies": clinical.KindAllergyIntolerance, "appointments": clinical.KindAppointment,
	"referrals": clinical.KindReferral, "documents": clinical.KindDocument, "alerts": clinical.KindAlert,
	"diagnosticReports": clinical.KindDiagnosticReport, "carePlans": clinical.KindCarePlan}

// document asks for a page of every list that is still going on.
func document(first int) string {
	var head, body strings.Builder
	for name, kind := range lists {
		value := ""
		if kind == clinical.KindObservation {
			value = " value"
		}
		fmt.Fprintf(&head, ", $%s: Cursor, $want_%s: Boolean!", name, name)
		fmt.Fprintf(&body, `%[1]s(first: %[2]d, after: $%[1]s) @include(if: $want_%[1]s) {
			nodes { contributors { provenance { source localId } code { code display text } date%[3]s } }
			pageInfo { hasNextPage endCursor } sources { source outcome rejected } } `, name, first, value)
	}
	return "query Chart($number: NHSNumber!" + head.String() + ") { patient(nhsNumber: $number) { " + body.String() + "} }"
}

type reply struct {
	Data struct {
		Patient map[string]connection
	}
	Errors []struct{ Message string }
}

type connection struct {
	Nodes    []struct{ Contributors []item }
	PageInfo struct {
		HasNextPage bool
		EndCursor   *string
	}
	Sources []struct {
		Source, Outcome string
		Rejected        int
	}
}

type item struct {
	Provenance struct{ Source, LocalID string }
	Code       *struct{ Code, Display, Text string }
	Date       string
	Value      json.Number
}

// doctor is a GP at a practice, with a token.
func (h *house) doctor(t *testing.T, practice string) string {
	t.Helper()
	return h.Token(t, trial.GP(practice))
}

// post asks one question over HTTP.
func (h *house) post(t *testing.T, token, query string, variables map[string]any) reply {
	t.Helper()
	given := h.Ask(t, token, query, variables)
	var r reply
	if err := json.Unmarshal([]byte(given.Body), &r); err != nil {
		t.Fatalf("status %d, %v", given.Status, err)
	}
	if given.Status != http.StatusOK || len(r.Errors) > 0 {
		t.Fatalf("status %d: %.600s", given.Status, given.Body)
	}
	return r
}

// chart asks for everything about a person and returns it as facts.
func (h *house) chart(t *testing.T, token, query, number string) map[fact]int {
	t.Helper()
	found := map[fact]int{}
	h.pages(t, token, query, number, func(kind clinical.Kind, page connection) { collect(kind, page, found) })
	return found
}

// pages walks every list of a person, page by page. Each source must have answered.
func (h *house) pages(t *testing.T, token, query, number string, take func(kind clinical.Kind, page connection)) {
	t.Helper()
	variables := map[string]any{"number": number}
	for name := range lists {
		variables["want_"+name] = true
	}
	for range 200 {
		answer := h.post(t, token, query, variables)
		if answer.Data.Patient == nil {
			t.Fatal("the person is not shown")
		}
		more := false
		for name, kind := range lists {
			page, asked := answer.Data.Patient[name]
			if !asked {
				continue
			}
			for _, line := range page.Sources {
				if line.Outcome != "ANSWERED" && line.Outcome != "NOTHING" || line.Rejected > 0 {
					t.Fatalf("%s: %+v", kind, line)
				}
			}
			take(kind, page)
			variables["want_"+name] = page.PageInfo.HasNextPage
			variables[name] = page.PageInfo.EndCursor
			more = more || page.PageInfo.HasNextPage
		}
		if !more {
			return
		}
	}
	t.Fatal("the lists do not end")
}

func collect(kind clinical.Kind, page connection, found map[fact]int) {
	for _, node := range page.Nodes {
		for _, record := range node.Contributors {
			day, _, _ := strings.Cut(record.Date, "T")
			found[fact{record.Provenance.Source, kind, shown(kind, &record), day, plain(record.Value.String())}]++
		}
	}
}

// shown is what the answer says a record is about, in the form of told.
func shown(kind clinical.Kind, record *item) string {
	system := record.Provenance.Source
	if record.Code == nil {
		return ""
	}
	switch kind {
	case clinical.KindEncounter:
		if system != emis && system != compass {
			return ""
		}
	case clinical.KindObservation, clinical.KindImmunisation:
		return words(firstOf(record.Code.Display, record.Code.Text))
	case clinical.KindCondition:
		if system == bhrut && record.Code.Code == "" {
			return words(firstOf(record.Code.Display, record.Code.Text))
		}
	}
	return record.Code.Code
}

func firstOf(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

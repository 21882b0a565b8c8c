package gate_test

import (
	"context"
	"fmt"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/internal/gate"
)

// BenchmarkChart is one chart through the gate alone: 4 sources, 8 kinds, 96 records, sources in memory.
func BenchmarkChart(b *testing.B) {
	kinds := []clinical.Kind{clinical.KindAllergyIntolerance, clinical.KindCondition, clinical.KindMedication,
		clinical.KindObservation, clinical.KindEncounter, clinical.KindProcedure, clinical.KindImmunisation, clinical.KindAlert}
	s := newStage()
	for i, organisation := range []clinical.Text{"F84003", "R1H", "RF4", "RQX"} {
		var records []clinical.Record
		for _, kind := range kinds {
			for j := range 3 {
				record := kind.Descriptor().New()
				meta := record.About()
				meta.ID, meta.Code = identifier(kind.String(), j), snomed(fmt.Sprint(1000*i+j))
				meta.Date = date(fmt.Sprintf("2024-%02d-11", 1+i+3*j))
				records = append(records, record)
			}
		}
		s.holds(clinical.SourceID("source-"+organisation), organisation, number(b, "9990000018"), records...)
	}
	s.open(b)
	question := gate.Question{Person: number(b, "9990000018")}
	for _, kind := range kinds {
		list := listOf(kind, 20)
		list.Fields[kind] = kind.Descriptor().Set("code", "date", "end", "status", "note", "recorded", "author", "encounterId")
		question.Lists = append(question.Lists, list)
	}
	b.ReportAllocs()
	for b.Loop() {
		answers, err := s.gate.Ask(context.Background(), gpCaller, []gate.Question{question})
		if err != nil || answers[0].Person == nil {
			b.Fatal(err)
		}
	}
}

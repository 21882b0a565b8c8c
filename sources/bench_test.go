package sources_test

import (
	"fmt"
	"testing"
	"time"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
)

// BenchmarkAsk asks 4 sources for 8 kinds each, 25 records a source, made beforehand: what is left is the fan-out's own work.
func BenchmarkAsk(b *testing.B) {
	var fakes []*fake
	var all []sources.Ask
	kinds := []clinical.Kind{clinical.KindAllergyIntolerance, clinical.KindCondition, clinical.KindMedication, clinical.KindObservation,
		clinical.KindEncounter, clinical.KindProcedure, clinical.KindImmunisation, clinical.KindAlert}
	query := sources.Query{}
	for _, kind := range kinds {
		query.Parts = append(query.Parts, sources.Part{Kind: kind, Person: person(b, "9990000018"), Condition: condition.Always(),
			Fields: kind.Descriptor().All(), Limit: 21})
	}
	for i := range 4 {
		id := clinical.SourceID(fmt.Sprintf("source-%d", i))
		fakes = append(fakes, standing(id, query))
		all = append(all, sources.Ask{Source: id, Query: query})
	}
	c, _ := catalogue(b, nil, fakes...)
	b.ReportAllocs()
	for b.Loop() {
		for _, reply := range c.Ask(b.Context(), all) {
			if reply.Outcome != sources.OutcomeAnswered || len(reply.Answer.Parts[0].Records) != 4 {
				b.Fatal("not answered whole")
			}
		}
	}
}

// standing is a source with the same answer to everything.
func standing(id clinical.SourceID, query sources.Query) *fake {
	answer := sources.Answer{Parts: make([]sources.PartAnswer, len(query.Parts))}
	for i, part := range query.Parts {
		descriptor := part.Kind.Descriptor()
		for j := range 4 - i%2*2 + i/7*3 {
			record := descriptor.New()
			for f := range descriptor.Fields {
				fill(&descriptor.Fields[f], record)
			}
			meta := record.About()
			meta.Source, meta.ID = id, clinical.Text(fmt.Sprintf("2f6d4f2e-%04d", j))
			meta.Date = clinical.NewDateTime(time.Date(2020-j, 1, 1, 0, 0, 0, 0, time.UTC), clinical.PrecisionDay)
			answer.Parts[i].Records = append(answer.Parts[i].Records, record)
		}
	}
	return &fake{id: id, fetch: fixed(answer)}
}

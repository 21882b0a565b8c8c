package sourcetest

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
)

// ties asks for the ties of labelled records of all kinds together, and compares only those with the reference, since a
// source may answer with substitutes.
func (s *suite) ties(t *testing.T) {
	found := 0
	for _, person := range s.data.Numbers() {
		for i, codes := range codeLists() {
			labels := []condition.Clause{carrying(clinical.LabelHIV, codes), carrying(clinical.LabelSealed, codeLists()[len(codeLists())-1-i]),
				carrying(clinical.LabelThirdParty, nil)}
			carrying := condition.Where(labels[i%3:]...)
			var parts []sources.Part
			for _, kind := range clinical.Kinds() {
				part := everything(person, kind)
				part.Condition, part.Ties = carrying, true
				part.Fields = kind.Descriptor().Set("encounterId", "problemId", "appointmentId", "code")
				parts = append(parts, part)
			}
			query := sources.Query{Parts: parts}
			got, err := s.source.Fetch(t.Context(), query)
			if err != nil {
				t.Fatal(err)
			}
			want, _ := s.reference.Fetch(t.Context(), query)
			if diff := cmp.Diff(tiesOf(want, carrying), tiesOf(got, carrying)); diff != "" {
				t.Fatalf("(-want +got) %s", diff)
			}
			found += len(tiesOf(want, carrying))
		}
	}
	if found < 50 {
		t.Errorf("only %d encounters, problems and appointments: the sample has too few", found)
	}
}

func carrying(label clinical.Label, codes *condition.Codes) condition.Clause {
	return condition.Clause{{Attribute: condition.LabelAttribute(label), Op: condition.Equal,
		Values: []condition.Value{condition.Bool(true)}, Codes: codes}}
}

// tiesOf says which labels each tie carries.
func tiesOf(answer sources.Answer, carrying condition.Condition) map[string]bool {
	found := map[string]bool{}
	for _, part := range answer.Parts {
		for _, record := range part.Records {
			meta := record.About()
			names := map[string]clinical.Text{"encounter": meta.Encounter, "problem": meta.Problem, "appointment": meta.Appointment}
			own := map[clinical.Kind]string{clinical.KindEncounter: "encounter", clinical.KindCondition: "problem",
				clinical.KindAppointment: "appointment"}[record.Kind()]
			for _, clause := range carrying.Clauses() {
				if !condition.Where(clause).Match(record) {
					continue
				}
				for name, id := range names {
					if id != "" {
						found[fmt.Sprint(name, " ", id, " ", clause[0].Attribute)] = true
					}
				}
				if own != "" {
					found[fmt.Sprint(own, " ", meta.ID, " ", clause[0].Attribute)] = true
				}
			}
		}
	}
	return found
}

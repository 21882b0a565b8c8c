package gate_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/internal/gate"
	"onelondon/sources"
)

// standingIn is a source that answers probes with stand-ins, as one of SQL does: which labels, and no codes.
type standingIn struct{ sources.Source }

func (s standingIn) Fetch(ctx context.Context, query sources.Query) (sources.Answer, error) {
	answer, err := s.Source.Fetch(ctx, query)
	for i := range answer.Parts {
		if !query.Parts[i].Ties {
			continue
		}
		for _, record := range answer.Parts[i].Records {
			var carried []clinical.Label
			for _, clause := range query.Parts[i].Condition.Clauses() {
				if label, _ := clause[0].Attribute.Label(); condition.Where(clause).Match(record) {
					carried = append(carried, label)
				}
			}
			record.About().Code = clinical.Concept{}
			for _, label := range carried {
				record.About().Labels.Put(label, true)
			}
		}
	}
	return answer, err
}

// Where many lists are looked up as one, a stand-in says that a code is on some of them and not on which.
func TestWhatIsOnOneOfManyListsTakesWithItWhatHangsTogether(t *testing.T) {
	s := newStage()
	labels := []clinical.Label{clinical.LabelSelfHarm, clinical.LabelAlcohol, clinical.LabelDrugs, clinical.LabelHIV}
	clause := condition.Clause{}
	for i, label := range labels {
		codes := []clinical.Coding{{System: clinical.SNOMED, Code: identifier("other", i)}}
		if label == clinical.LabelHIV {
			codes[0].Code = hivCode
		}
		clause = append(clause, condition.Atom{Attribute: condition.LabelAttribute(label), Op: condition.Equal,
			Values: []condition.Value{condition.Bool(false)}, Codes: condition.NewCodes(codes, clinical.LocalCode)})
	}
	released := condition.Where(clause)
	s.policy.condition, s.policy.spread, s.policy.spreadTo = &released, labels, linkable()
	s.holds("barts", "R1H", number(t, amina), consultation()...)
	s.wrap = func(source sources.Source) sources.Source { return standingIn{source} }
	s.open(t)
	doctor := stranger
	doctor.Organisation = "R1H"
	person := s.ask(t, doctor, gate.Question{Person: number(t, amina), Lists: everyList(20)})
	want := []string{"allergy", "at-other", "later", "loose", "other", "pressure", "worry"}
	if diff := cmp.Diff(want, shown(person)); diff != "" {
		t.Error(diff)
	}
}

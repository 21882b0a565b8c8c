package gate_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/internal/gate"
	"onelondon/sources"
)

// A source that was listed once and can no longer be listed is asked about everybody. Where it does not answer either, it has a
// line in every answer: in that about somebody who must not be found as in that about nobody.
func TestWhoMustNotBeFoundIsAsNobodyWhereASourceIsLost(t *testing.T) {
	s := smallTown(t)
	s.wrap = func(source sources.Source) sources.Source { return failing{source, sources.ErrUnavailable} }
	s.open(t)
	s.locator.Always("emis")
	ask := func(text string) []gate.Outcome {
		question := conditionsOf(t, text)
		question.ClaimedRelationship = "in front of me"
		person := s.ask(t, stranger, question)
		if person == nil {
			return nil
		}
		var said []gate.Outcome
		for _, line := range append(person.Sources, person.Pages[0].Sources...) {
			if line.Source != clinical.SourceID("emis") {
				t.Errorf("%s has a line", line.Source)
			}
			said = append(said, line.Outcome)
		}
		return said
	}
	if diff := cmp.Diff([]gate.Outcome{gate.Failed, gate.Failed}, ask(nobody)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(ask(nobody), ask(hidden)); diff != "" {
		t.Error(diff)
	}
}

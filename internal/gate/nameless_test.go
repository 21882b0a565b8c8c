package gate_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
)

// A record that the policy releases must not go missing because nothing of the person's name may be shown.
func TestSomebodyWhoseRegistrationsAreWithheldIsShownWithWhatIsReleased(t *testing.T) {
	s := smallTown(t)
	s.policy.withheld = []clinical.Kind{clinical.KindRegistration}
	s.open(t)
	person := s.ask(t, gpCaller, conditionsOf(t, amina))
	if person == nil {
		t.Fatal("the person is not shown")
	}
	if diff := cmp.Diff([]string{"barts/d1", "emis/c2", "emis/c1"}, references(person.Pages[0])); diff != "" {
		t.Error(diff)
	}
	if person.Demographics() != nil || len(person.Registrations) > 0 {
		t.Errorf("registrations that are withheld are shown: %+v", person.Registrations)
	}
}

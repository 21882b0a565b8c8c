package gate_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/internal/gate"
	"onelondon/sources"
)

// To be known to a register of urgent care plans is to have one: neither a line, a registration nor a count may tell it to whoever is
// shown none.
func TestADiscreetSourceIsMentionedOnlyToWhomItGivesSomething(t *testing.T) {
	shared := condition.Where(condition.Clause{{Attribute: condition.LabelAttribute(clinical.LabelPlanShared), Op: condition.Equal,
		Values: []condition.Value{condition.Bool(true)}}},
		condition.Clause{{Attribute: condition.Organisation, Op: condition.Equal, Values: []condition.Value{condition.Text("F84003")}}})
	plan, contact := clinical.KindUrgentCarePlan, clinical.KindContact
	for name, test := range map[string]struct {
		withheld []clinical.Kind
		consent  bool
		broken   bool
		want     string
	}{
		"a clinician, and a plan that is shared":    {nil, true, false, "identity [care ANSWERED 1] plans [care ANSWERED 1] contacts []"},
		"a clinician, and one that is not":          {nil, false, false, "identity [] plans [] contacts []"},
		"a clinician, when it does not answer":      {nil, false, true, "identity [care FAILED 0] plans [care FAILED 0] contacts [care FAILED 0]"},
		"a receptionist, and a plan that is shared": {[]clinical.Kind{plan}, true, false, "identity [] plans [] contacts []"},
		"a receptionist, when it does not answer":   {[]clinical.Kind{plan}, true, true, "identity [] plans [] contacts []"},
	} {
		for _, discreet := range []bool{true, false} {
			s := newStage()
			s.holds("emis", "F84003", number(t, amina))
			s.holds("care", "RAT", number(t, amina), &clinical.UrgentCarePlan{Meta: clinical.Meta{ID: "p1"}})
			for _, record := range s.people["care"][0].Records {
				record.About().Labels.Put(clinical.LabelPlanShared, test.consent)
			}
			spec := s.specs["care"]
			spec.Discreet, spec.Kinds = discreet, []clinical.Kind{clinical.KindRegistration, plan, contact}
			s.specs["care"] = spec
			s.policy.withheld, s.policy.condition = test.withheld, &shared
			if test.broken {
				s.wrapByID = map[clinical.SourceID]func(sources.Source) sources.Source{"care": func(source sources.Source) sources.Source {
					return failing{source, sources.ErrUnavailable}
				}}
			}
			person := s.open(t).ask(t, gpCaller, gate.Question{Person: number(t, amina), Identity: clinical.KindRegistration.Descriptor().All(),
				Lists: []gate.List{listOf(plan, 5), listOf(contact, 5)}})
			got := fmt.Sprint("identity ", of("care", person.Sources), " plans ", of("care", person.Pages[0].Sources), " contacts ", of("care", person.Pages[1].Sources))
			if discreet && got != test.want {
				t.Errorf("%s: %s", name, cmp.Diff(test.want, got))
			}
			registered := 0
			for _, registration := range person.Registrations {
				if registration.Source == "care" {
					registered++
				}
			}
			if lines := of("care", person.Sources); discreet && (registered > 0) != (len(lines) > 0 && !test.broken) {
				t.Errorf("%s: %d registrations beside lines %v", name, registered, lines)
			}
			if lines := of("care", person.Pages[1].Sources); !discreet && len(lines) != 1 {
				t.Errorf("%s: a source that is not discreet has lines %v", name, lines)
			}
		}
	}
}

// of lists the lines of a source.
func of(source clinical.SourceID, lines []gate.SourceAnswer) []string {
	all := []string{}
	for _, line := range lines {
		if line.Source == source {
			all = append(all, fmt.Sprint(line.Source, " ", line.Outcome, " ", line.Records))
		}
	}
	return all
}

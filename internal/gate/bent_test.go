package gate_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/internal/gate"
	"onelondon/sources"
)

// Whatever a driver makes of the condition that it was given, the second look of the gate releases what the rule releases.
func TestABentDriverReleasesNothingMore(t *testing.T) {
	for name, bend := range map[string]func(sources.Source) sources.Source{
		"one that ignores the condition":            func(s sources.Source) sources.Source { return careless{s} },
		"one that loses a part of each alternative": func(s sources.Source) sources.Source { return losing{s} },
	} {
		rapid.Check(t, func(rt *rapid.T) {
			s := newStage()
			s.spreading("F84003", linkable()...)
			s.wrap = bend
			var want []string
			for source, records := range town(rt) {
				for _, record := range records {
					if model(record, records, linkable()) {
						want = append(want, fmt.Sprint(record.Kind(), " ", source, "/", record.About().ID))
					}
				}
				s.mixed(source, number(t, amina), records...)
			}
			slices.Sort(want)
			s.open(t)
			got := s.whole(t, gate.List{Kinds: clinical.Kinds()[1:], First: 7})
			if diff := cmp.Diff(want, got); diff != "" {
				rt.Fatalf("%s: %s", name, diff)
			}
		})
	}
}

// losing is a driver whose translation drops the last comparison of every alternative.
type losing struct{ sources.Source }

func (l losing) Fetch(ctx context.Context, query sources.Query) (sources.Answer, error) {
	query.Parts = slices.Clone(query.Parts)
	for i := range query.Parts {
		var bent []condition.Clause
		for _, clause := range query.Parts[i].Condition.Clauses() {
			if len(clause) > 1 {
				clause = clause[:len(clause)-1]
			}
			bent = append(bent, clause)
		}
		if len(bent) > 0 {
			query.Parts[i].Condition = condition.Where(bent...)
		}
	}
	return l.Source.Fetch(ctx, query)
}

// mistaken is a driver that puts another person's registration beside the one that was asked for.
type mistaken struct {
	sources.Source
	other clinical.NHSNumber
}

func (m mistaken) Fetch(ctx context.Context, query sources.Query) (sources.Answer, error) {
	answer, err := m.Source.Fetch(ctx, query)
	for i := range answer.Parts {
		if query.Parts[i].Kind == clinical.KindRegistration && len(answer.Parts[i].Records) > 0 {
			theirs := *answer.Parts[i].Records[0].(*clinical.Registration)
			theirs.ID, theirs.NHSNumber, theirs.FamilyName = "zz-other", m.other, "Else"
			answer.Parts[i].Records = append(answer.Parts[i].Records, &theirs)
		}
	}
	return answer, err
}

// A source that mixes up people loses its line, not only the registration of somebody else: what else it says may be theirs too.
func TestASourceThatMixesUpPeopleFailsWhole(t *testing.T) {
	s := smallTown(t)
	s.wrap = func(source sources.Source) sources.Source {
		if answer, _ := source.Fetch(context.Background(), registrationsOf(t, amina)); answer.Parts[0].Records[0].About().Source == "barts" {
			return mistaken{source, number(t, another)}
		}
		return source
	}
	person := s.open(t).ask(t, gpCaller, conditionsOf(t, amina))
	if diff := cmp.Diff([]string{"emis/c2", "emis/c1"}, references(person.Pages[0])); diff != "" {
		t.Error(diff)
	}
	if len(person.Registrations) != 1 || person.Registrations[0].Source != "emis" {
		t.Errorf("registrations %+v", person.Registrations)
	}
	for _, lines := range [][]gate.SourceAnswer{person.Sources, person.Pages[0].Sources} {
		if len(lines) != 2 || lines[0].Outcome != gate.Failed || lines[1].Outcome != gate.Answered {
			t.Errorf("lines %+v", lines)
		}
	}
}

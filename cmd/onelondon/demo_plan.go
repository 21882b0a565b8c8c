package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"onelondon/examples/london"
)

// urgent is what whoever comes at night asks first.
const urgent = `query($nhsNumber: NHSNumber!, $why: String!) {
  patient(nhsNumber: $nhsNumber, claimedRelationship: $why) {
    urgentCarePlan {
      complete
      plans { standing reviewOverdue plan { date author provenance { source } cpr { decision { display } } } }
      conflicts { message }
      sources { name outcome }
    }
  }
}`

// plan shows what an ambulance crew is told of somebody with plans in an openEHR server that contradict each other.
func (d *demo) plan(ctx context.Context, built *folder, url string) error {
	crew := built.callers["ae_doctor"]
	who := london.Imagine(london.Options{People: 1}).Cast.Undated
	var told urgentAnswer
	err := send(ctx, url, crew, urgent, map[string]any{"nhsNumber": who.NHSNumber.Reveal(), "why": "Brought in by ambulance, unconscious"}, &told)
	if err != nil {
		return fmt.Errorf("ask for an urgent care plan: %w", err)
	}
	if told.Patient == nil {
		return errors.New("ask for an urgent care plan: nobody is shown")
	}
	_, err = io.WriteString(d.out, told.text(who.Name, crew.Name))
	return err
}

type urgentAnswer struct {
	Patient *struct {
		UrgentCarePlan struct {
			Complete bool
			Plans    []struct {
				Standing      string
				ReviewOverdue bool
				Plan          struct {
					Date       string
					Author     string
					Provenance struct{ Source string }
					CPR        struct {
						Decision struct{ Display string }
					}
				}
			}
			Conflicts []struct{ Message string }
			Sources   []struct{ Name, Outcome string }
		}
	}
}

func (a *urgentAnswer) text(person, doctor string) string {
	var text strings.Builder
	care := &a.Patient.UrgentCarePlan
	fmt.Fprintf(&text, "\n%s is brought in unconscious. %s asks for the urgent care plan:\n", person, doctor)
	for i := range care.Plans {
		plan := &care.Plans[i].Plan
		overdue := ""
		if care.Plans[i].ReviewOverdue {
			overdue = ", review overdue"
		}
		day, _, _ := strings.Cut(plan.Date, "T")
		fmt.Fprintf(&text, "  %s  %s\n              %s, %s%s\n", day, plan.CPR.Decision.Display, plan.Author, plan.Provenance.Source, overdue)
	}
	for _, conflict := range care.Conflicts {
		text.WriteString(wrapped(" !", conflict.Message, 2*half) + "\n")
	}
	for _, source := range care.Sources {
		text.WriteString(wrapped(" ", source.Name+": "+strings.ToLower(source.Outcome), 2*half) + "\n")
	}
	return text.String()
}

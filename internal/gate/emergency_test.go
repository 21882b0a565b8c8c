package gate_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"onelondon/internal/gate"
	"onelondon/policy"
)

func TestAQuestionWithAGrantIsDecidedAsAnEmergencyAndKeptAsOne(t *testing.T) {
	o := newOffice(t)
	question := conditionsOf(t, amina)
	question.EmergencyGrant = breakGlass(t, o, stranger, amina, 5).Text
	answers, err := o.gate.Ask(context.Background(), stranger, []gate.Question{question})
	if err != nil || answers[0].Person == nil {
		t.Fatal(answers, err)
	}
	input := o.policy.inputs[len(o.policy.inputs)-1]
	if !input.Emergency || input.Relationship != policy.RelationshipClaimed {
		t.Errorf("decided on %+v", input)
	}
	if entry := o.newest(t, 1)[0]; !entry.Emergency || !entry.Alert {
		t.Errorf("entry %+v", entry)
	}
}

func TestAGrantThatDoesNotHoldAnswersNothing(t *testing.T) {
	o := newOffice(t)
	text := breakGlass(t, o, stranger, amina, 5).Text
	ask := func(person, grant string) error {
		question := conditionsOf(t, person)
		question.EmergencyGrant = grant
		answers, err := o.gate.Ask(context.Background(), stranger, []gate.Question{question})
		if answers != nil {
			t.Error("something was answered")
		}
		return err
	}
	for name, err := range map[string]error{
		"another person's": ask(another, text),
		"a made-up one":    ask(amina, "grant"),
		"nobody's":         ask(nobody, text),
	} {
		if !errors.Is(err, gate.ErrGrant) {
			t.Errorf("%s: %v", name, err)
		}
	}
	o.now = o.now.Add(5 * time.Minute)
	if err := ask(amina, text); !errors.Is(err, gate.ErrGrant) {
		t.Errorf("one that ran out: %v", err)
	}
}

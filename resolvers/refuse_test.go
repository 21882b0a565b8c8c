package resolvers_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"onelondon/graph/refusal"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/gate"
	"onelondon/resolvers"
)

func TestAWrongArgumentIsRefusedAndNotAsked(t *testing.T) {
	for arguments, want := range map[string]refusal.Code{
		`first: 0`:                               refusal.BadRequest,
		`first: 201`:                             refusal.BadRequest,
		`after: 5`:                               refusal.InvalidCursor,
		`filter: {from: "yesterday"}`:            refusal.BadRequest,
		`filter: {until: "2019-02-30"}`:          refusal.BadRequest,
		`filter: {codes: []}`:                    refusal.BadRequest,
		`filter: {codes: [{code: ""}]}`:          refusal.BadRequest,
		`filter: {status: []}`:                   refusal.BadRequest,
		`filter: {from: {year: 2019}}`:           refusal.BadRequest,
		`first: 1, filter: {codes: {code: "1"}}`: "",
	} {
		g := &fakeGate{}
		got := ask(t, g, `{ patient(nhsNumber: "`+jane+`") { conditions(`+arguments+`) { nodes { id } } } }`, nil)
		if want == "" {
			if len(got.Errors) > 0 || len(g.asked) != 1 {
				t.Errorf("%s: errors %v, asked %d times", arguments, got.Errors, len(g.asked))
			}
			continue
		}
		if len(got.Errors) != 1 || refusedWith(got.Errors[0]) != want {
			t.Errorf("%s: errors are %v, want %s", arguments, got.Errors, want)
			continue
		}
		if len(g.asked) > 0 {
			t.Errorf("%s: the gate was asked", arguments)
		}
	}
}

// refusedWith is the code of a refusal, empty where err is none.
func refusedWith(err error) refusal.Code {
	var refused *refusal.Error
	if !errors.As(err, &refused) {
		return ""
	}
	return refused.Code
}

func TestAWrongArgumentKeepsNobodyElseWaiting(t *testing.T) {
	g := &fakeGate{}
	got := ask(t, g, `{
		wrong: patient(nhsNumber: "9434765918") { nhsNumber }
		long: patient(nhsNumber: "`+john+`") { conditions(first: 999) { nodes { id } } }
		right: patient(nhsNumber: "`+jane+`") { nhsNumber }
	}`, nil)
	if want := `{"wrong":null,"long":null,"right":{"nhsNumber":"` + jane + `"}}`; string(got.Data) != want {
		t.Errorf("got %s, want %s", got.Data, want)
	}
	if len(got.Errors) != 2 || len(g.asked) != 1 || len(g.asked[0]) != 1 {
		t.Errorf("errors %v, asked %v", got.Errors, g.asked)
	}
}

func TestTheSamePersonTwiceKeepsTwoSelectionsApart(t *testing.T) {
	g := &fakeGate{}
	got := ask(t, g, `{ a: patient(nhsNumber: "`+jane+`") { conditions { nodes { id } } }
		b: patient(nhsNumber: "`+jane+`") { alerts { nodes { id } } conditions { nodes { id } } } }`, nil)
	want := `{"a":{"conditions":{"nodes":[{"id":"test/A"}]}},"b":{"alerts":{"nodes":[{"id":"test/A"}]},"conditions":{"nodes":[{"id":"test/B"}]}}}`
	if string(got.Data) != want {
		t.Errorf("got  %s\nwant %s", got.Data, want)
	}
}

func TestAListUnderTwoNamesIsTwoLists(t *testing.T) {
	g := &fakeGate{}
	ask(t, g, `{ patient(nhsNumber: "`+jane+`") { a: conditions(first: 1) { nodes { date } } b: conditions(first: 2) { nodes { note } }
		a: conditions(first: 1) { nodes { end } } } }`, nil)
	lists := g.asked[0][0].Lists
	if len(lists) != 2 || lists[0].First != 1 || lists[1].First != 2 {
		t.Fatalf("asked for %d lists", len(lists))
	}
	if got := wanted(clinical.KindCondition, lists[0].Fields[clinical.KindCondition]); len(got) != 2 {
		t.Errorf("the merged list wants %v", got)
	}
}

func TestNobodyIsShownTheSameWayWhateverTheReason(t *testing.T) {
	g := &fakeGate{hidden: map[string]bool{jane: true, john: true}}
	one := ask(t, g, `{ patient(nhsNumber: "`+jane+`") { nhsNumber conditions { nodes { id } } } }`, nil)
	two := ask(t, g, `{ a: patient(nhsNumber: "`+jane+`") { nhsNumber } b: patient(nhsNumber: "`+john+`") { nhsNumber } }`, nil)
	if string(one.Data) != `{"patient":null}` || string(two.Data) != `{"a":null,"b":null}` || len(one.Errors)+len(two.Errors) > 0 {
		t.Errorf("got %s and %s with errors %v %v", one.Data, two.Data, one.Errors, two.Errors)
	}
	for _, got := range []reply{one, two} {
		notices, _ := got.Extensions["notices"].([]resolvers.Notice)
		if len(notices) != 1 || notices[0].Code != "PERSON_NOT_SHOWN" || !strings.Contains(notices[0].Message, "claimedRelationship") {
			t.Errorf("notices are %v", got.Extensions)
		}
	}
	if shown := ask(t, &fakeGate{}, `{ patient(nhsNumber: "`+jane+`") { nhsNumber } }`, nil); len(shown.Extensions) > 0 {
		t.Errorf("somebody who is shown comes with %v", shown.Extensions)
	}
}

func TestAnErrorOfTheGateReachesEveryFieldThatAskedIt(t *testing.T) {
	got := ask(t, &fakeGate{err: gate.ErrLedger}, `{ a: patient(nhsNumber: "`+jane+`") { nhsNumber } b: patient(nhsNumber: "`+john+`") { nhsNumber } }`, nil)
	if string(got.Data) != `{"a":null,"b":null}` || len(got.Errors) != 2 || !errors.Is(got.Errors[0], gate.ErrLedger) {
		t.Errorf("got %s, errors %v", got.Data, got.Errors)
	}
}

// crookedGate breaks its contract.
type crookedGate struct {
	fakeGate
	spoil func([]gate.Answer) []gate.Answer
}

func (g *crookedGate) Ask(ctx context.Context, caller auth.Caller, questions []gate.Question) ([]gate.Answer, error) {
	answers, err := g.fakeGate.Ask(ctx, caller, questions)
	return g.spoil(answers), err
}

func TestAGateThatBreaksItsContractIsAFault(t *testing.T) {
	for name, spoil := range map[string]func([]gate.Answer) []gate.Answer{
		"fewer answers than questions": func([]gate.Answer) []gate.Answer { return nil },
		"fewer pages than lists": func(answers []gate.Answer) []gate.Answer {
			answers[0].Person.Pages = nil
			return answers
		},
		"a record of another kind": func(answers []gate.Answer) []gate.Answer {
			answers[0].Person.Pages[0].Records[0] = &clinical.Alert{}
			return answers
		},
	} {
		g := &crookedGate{spoil: spoil}
		got := ask(t, g, `{ patient(nhsNumber: "`+jane+`") { conditions { nodes { id } } } }`, nil)
		if string(got.Data) != `{"patient":null}` || len(got.Errors) == 0 {
			t.Errorf("%s: got %s, errors %v", name, got.Data, got.Errors)
		}
	}
}

package peer_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"onelondon/examples/london/trial"
	"onelondon/internal/audit"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/gate"
	"onelondon/internal/peer"
	"onelondon/internal/testkit"
	"onelondon/policy"
	"onelondon/sources"
	"onelondon/sources/memory"
	"onelondon/sources/onelondon"
)

// tower is London over a region over a trust. The person is registered at a practice that the region asks, and known to the trust.
type tower struct {
	london, nel, barts *trial.House
	person             clinical.NHSNumber
}

func newTower(t *testing.T, trusts sources.Entry) *tower {
	t.Helper()
	authority := testkit.NewAuthority(t)
	w := &tower{person: number(t, "9990000018")}
	quick := func(entries ...sources.Entry) trial.Options {
		return trial.Options{Entries: entries, Pace: time.Millisecond}
	}
	ofLondon, ofNEL := authority.Issue("london"), authority.Issue("nel")
	w.barts = trial.Open(t, quick(trusts))
	w.nel = trial.Open(t, quick(holding(t, "practice", "F84003", w.person, problem("F84003", "p1", "38341003", "2020-01-01")),
		under(t, w.barts, authority, "barts", "nel", ofNEL, func(p *peer.Peer) { p.For = []string{"london"} })))
	w.london = trial.Open(t, quick(under(t, w.nel, authority, "nel", "london", ofLondon, nil)))
	return w
}

func TestThreeLevelsAnswerAsOne(t *testing.T) {
	person := number(t, "9990000018")
	w := newTower(t, holding(t, "millennium", "R1H", person, problem("R1H", "b1", "22298006", "2021-03-03")))
	shown := ask(t, w.london, gp, gate.Question{Person: person, Lists: lists(clinical.KindCondition)})
	if shown == nil {
		t.Fatal("the person is not shown")
	}
	equal(t, "records", references(&shown.Pages[0]), "nel/barts!millennium!b1", "nel/practice!p1")
	equal(t, "sources", said(shown.Pages[0].Sources), "nel/barts/millennium ANSWERED 1", "nel/practice ANSWERED 1")
	equal(t, "identity", said(shown.Sources), "nel/barts/millennium ANSWERED 1", "nel/practice ANSWERED 1")
	if origin := shown.Pages[0].Records[0].About().Origin(); origin != "nel/barts/millennium" {
		t.Errorf("the first record is of %s", origin)
	}
	if name := shown.Pages[0].Sources[0].Name; name != "nel: barts: Source millennium" {
		t.Errorf("its source is called %q", name)
	}
	if shown.Receipt.Relationship != string(policy.RelationshipRegistered) {
		t.Errorf("relationship %q", shown.Receipt.Relationship)
	}
	for _, level := range []struct {
		house *trial.House
		via   string
	}{{w.london, ""}, {w.nel, "london"}, {w.barts, "london/nel"}} {
		entry := entries(t, level.house)[0].Entry
		if entry.Caller != (audit.Caller{ID: "u1", Name: "Dr Ada Okoye", Role: "R0260", Organisation: "F84003", Via: level.via}) ||
			entry.RequestID != "request-1" || entry.Purpose != "TREAT" || entry.Outcome != audit.OutcomeReleased ||
			entry.Relationship != "registered" {
			t.Errorf("through %q the ledger says %+v", level.via, entry)
		}
	}
}

// A person who reads at the trust who looked finds the clinician, and the way the question came.
func TestAPersonReadsBelowWhoLookedAbove(t *testing.T) {
	person := number(t, "9990000018")
	w := newTower(t, holding(t, "millennium", "R1H", person, problem("R1H", "b1", "22298006", "2021-03-03")))
	ask(t, w.london, gp, gate.Question{Person: person, Lists: lists(clinical.KindCondition)})
	page, err := w.barts.Gate.OwnAccesses(t.Context(), auth.Caller{ID: "c1", Name: "Ama", Citizen: true, Person: person, Purpose: "PATRQT",
		RequestID: "request-2"}, clinical.NHSNumber{}, gate.Paging{First: 5})
	if err != nil || len(page.Accesses) == 0 {
		t.Fatalf("%+v, %v", page, err)
	}
	if said := page.Accesses[0].Summary; !strings.HasPrefix(said, "Dr Ada Okoye") || !strings.Contains(said, "through london/nel, was shown your") {
		t.Errorf("it says %q", said)
	}
}

func TestWhatIsMissingBelowIsNamedAbove(t *testing.T) {
	person := number(t, "9990000018")
	failing := bent(holding(t, "millennium", "R1H", person), func(context.Context, sources.Query) (sources.Answer, error) {
		return sources.Answer{}, sources.ErrUnavailable
	})
	w := newTower(t, failing)
	shown := ask(t, w.london, gp, gate.Question{Person: person, Lists: lists(clinical.KindCondition)})
	equal(t, "records", references(&shown.Pages[0]), "nel/practice!p1")
	equal(t, "sources", said(shown.Pages[0].Sources), "nel/barts/millennium FAILED 0", "nel/practice ANSWERED 1")
	equal(t, "identity", said(shown.Sources), "nel/barts/millennium FAILED 0", "nel/practice ANSWERED 1")
	kept := entries(t, w.london)[0].Entry.Sources
	if !slices.Contains(kept, audit.SourceOutcome{Source: "nel/barts/millennium", Outcome: "FAILED"}) {
		t.Errorf("the ledger has %+v", kept)
	}
}

// Somebody whom only a source below knows that does not answer is not nobody.
func TestWhoeverCannotBeAskedForBelowIsNotNobody(t *testing.T) {
	person := number(t, "9990000018")
	lower := trial.Open(t, trial.Options{Pace: time.Millisecond, Entries: []sources.Entry{bent(holding(t, "practice", "F84003", person),
		func(context.Context, sources.Query) (sources.Answer, error) {
			return sources.Answer{}, sources.ErrUnavailable
		})}})
	shown := ask(t, upperOf(t, lower, trial.Options{}, nil), gp, gate.Question{Person: person, Lists: lists(clinical.KindCondition)})
	if shown == nil {
		t.Fatal("looks like nobody")
	}
	equal(t, "sources", said(shown.Pages[0].Sources), "nel/practice FAILED 0")
}

func TestASlowSourceBelowCostsItsOwnLineAndNotTheOthers(t *testing.T) {
	person := number(t, "9990000018")
	slow := bent(holding(t, "slow", "R1H", person), func(ctx context.Context, _ sources.Query) (sources.Answer, error) {
		<-ctx.Done()
		return sources.Answer{}, ctx.Err()
	})
	slow.Deadline = 20 * time.Second // of its own; the question's is nearer
	lower := trial.Open(t, trial.Options{Entries: []sources.Entry{slow, holding(t, "practice", "F84003", person, problem("F84003", "p1", "38341003", "2020"))}})
	upper := upperOf(t, lower, trial.Options{Deadline: 800 * time.Millisecond}, nil)
	begun := time.Now()
	shown := ask(t, upper, gp, gate.Question{Person: person, Lists: lists(clinical.KindCondition)})
	if elapsed := time.Since(begun); elapsed > 2*time.Second {
		t.Errorf("it took %v", elapsed)
	}
	equal(t, "sources", said(shown.Pages[0].Sources), "nel/practice ANSWERED 1", "nel/slow TIMED_OUT 0")
}

func TestWhoeverGoesAwayIsNotWaitedForBelow(t *testing.T) {
	person := number(t, "9990000018")
	asked, gone := make(chan struct{}, 1), make(chan struct{}, 1)
	waiting := bent(holding(t, "practice", "F84003", person), func(ctx context.Context, _ sources.Query) (sources.Answer, error) {
		asked <- struct{}{}
		<-ctx.Done()
		gone <- struct{}{}
		return sources.Answer{}, ctx.Err()
	})
	waiting.Deadline = time.Minute
	upper := upperOf(t, trial.Open(t, trial.Options{Entries: []sources.Entry{waiting}, Deadline: time.Minute}), trial.Options{Deadline: time.Minute}, nil)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-asked
		cancel()
	}()
	if _, err := upper.Gate.Ask(ctx, gp, []gate.Question{{Person: person, Lists: lists(clinical.KindCondition)}}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	select {
	case <-gone:
	case <-time.After(10 * time.Second):
		t.Error("the source below is still being asked")
	}
}

func TestAOneLondonThatIsDownIsOneLine(t *testing.T) {
	person := number(t, "9990000018")
	down := &late{}
	upper := trial.Open(t, trial.Options{Pace: time.Millisecond, Always: []clinical.SourceID{"nel"}, Entries: []sources.Entry{
		holding(t, "practice", "F84003", person, problem("F84003", "p1", "38341003", "2020")),
		{Source: down, Spec: sources.Spec{ID: "nel", Name: "NEL"}}}})
	shown := ask(t, upper, gp, gate.Question{Person: person, Lists: lists(clinical.KindCondition)})
	equal(t, "sources", said(shown.Pages[0].Sources), "nel FAILED 0", "practice ANSWERED 1")
}

func TestAQuestionNeverComesBackToWhereItBegan(t *testing.T) {
	person := number(t, "9990000018")
	for name, names := range map[string][]string{"two that ask each other": {"a", "b"}, "three in a ring": {"a", "b", "c"}} {
		t.Run(name, func(t *testing.T) {
			authority := testkit.NewAuthority(t)
			next := make([]*late, len(names))
			houses := make([]*trial.House, len(names))
			for i, own := range names {
				next[i] = &late{}
				after := clinical.SourceID(names[(i+1)%len(names)])
				houses[i] = trial.Open(t, trial.Options{Pace: time.Millisecond, Always: []clinical.SourceID{after}, Entries: []sources.Entry{
					holding(t, clinical.SourceID("own-"+own), "F84003", person, problem("F84003", "p-"+own, "38341003", "2020")),
					{Source: next[i], Spec: sources.Spec{ID: after, Name: string(after)}}}})
			}
			for i, own := range names {
				certificate := authority.Issue(own)
				at := (i + 1) % len(names)
				next[i].put(under(t, houses[at], authority, names[at], own, certificate, func(p *peer.Peer) {
					p.For = names
				}).Source)
			}
			shown := ask(t, houses[0], gp, gate.Question{Person: person, Lists: lists(clinical.KindCondition)})
			want := map[int][]string{
				2: {"b/a FAILED 0", "b/own-b ANSWERED 1", "own-a ANSWERED 1"},
				3: {"b/c/a FAILED 0", "b/c/own-c ANSWERED 1", "b/own-b ANSWERED 1", "own-a ANSWERED 1"},
			}[len(names)]
			equal(t, "sources", said(shown.Pages[0].Sources), want...)
			for i, house := range houses {
				if count := len(entries(t, house)); count != 1 {
					t.Errorf("%s was asked %d times", names[i], count)
				}
			}
		})
	}
}

// A loop is also found by the one that is asked: the one that asks may not know, or not care.
func TestALoopIsRefusedByTheOneThatIsAsked(t *testing.T) {
	lower, _ := lowerOf(t, nil)
	for name, test := range map[string]struct {
		hops []string
		code string
	}{
		"it has been here":           {[]string{"nel"}, "loop"},
		"it has been with the asker": {[]string{"london"}, "loop"},
		"it has passed too many":     {[]string{"a", "b", "c", "d"}, "too deep"},
		"the asker may not":          {[]string{"wales"}, "not allowed"},
	} {
		question := lower.question(t)
		question.Path = append(test.hops, "london")
		if got := lower.post(t, question); got != test.code {
			t.Errorf("%s: %q, want %q", name, got, test.code)
		}
	}
}

// counting counts how often a source is asked, and how many round trips that takes.
type counting struct {
	*onelondon.Source
	asked, trips int
}

// Fetch asks.
func (c *counting) Fetch(ctx context.Context, query sources.Query) (sources.Answer, error) {
	answer, err := c.Source.Fetch(ctx, query)
	c.asked, c.trips = c.asked+1, c.trips+answer.RoundTrips
	return answer, err
}

func TestAllPeopleAndKindsTravelTogether(t *testing.T) {
	people := []clinical.NHSNumber{number(t, "9990000018"), number(t, "9990000026"), number(t, "9990000034")}
	var registered []memory.Person
	for i, person := range people {
		registration := &clinical.Registration{Meta: clinical.Meta{ID: clinical.Text(rune('a' + i)), Status: clinical.StatusActive,
			Organisation: clinical.Organisation{Code: "F84003"}}}
		registered = append(registered, memory.Person{NHSNumber: person, Organisation: "F84003", Registered: true,
			Records: []clinical.Record{registration, problem("F84003", "p"+string(rune('a'+i)), "38341003", "2020")}})
	}
	lower := trial.Open(t, trial.Options{Pace: time.Millisecond, Entries: []sources.Entry{
		{Source: memory.New("practice", registered...), Spec: sources.Spec{ID: "practice", Name: "Practice"}}}})
	authority := testkit.NewAuthority(t)
	entry := under(t, lower, authority, "nel", "london", authority.Issue("london"), nil)
	counted := &counting{Source: entry.Source.(*onelondon.Source)}
	entry.Source = counted
	upper := trial.Open(t, trial.Options{Pace: time.Millisecond, Entries: []sources.Entry{entry}})
	var questions []gate.Question
	for _, person := range people {
		questions = append(questions, gate.Question{Person: person, Lists: lists(clinical.Kinds()...)})
	}
	answers, err := upper.Gate.Ask(t.Context(), gp, questions)
	if err != nil {
		t.Fatal(err)
	}
	for i := range answers {
		if got := len(answers[i].Person.Pages[clinical.KindCondition].Records); got != 1 {
			t.Errorf("person %d has %d problems", i+1, got)
		}
	}
	if counted.asked != 1 || counted.trips != 1 {
		t.Errorf("asked %d times in %d round trips", counted.asked, counted.trips)
	}
	if all := entries(t, lower); len(all) != 4 { // that it was listed, and one a person
		t.Errorf("the ledger below has %d entries", len(all))
	}
}

// An urgent care plan, and what hangs on it, is found at night wherever it was written.
func TestAnUrgentCarePlanComesFromBelowWithWhatHangsOnIt(t *testing.T) {
	person := number(t, "9990000018")
	plan := &clinical.UrgentCarePlan{Meta: clinical.Meta{ID: "plan", Organisation: clinical.Organisation{Code: "R1H"}, Date: date("2026-05-01"),
		Status: clinical.StatusActive}}
	part := &clinical.CarePlan{Meta: clinical.Meta{ID: "part", Organisation: clinical.Organisation{Code: "R1H"}, Date: date("2026-05-01"), Plan: "plan"},
		WhatShouldHappen: "Morphine from the box on the shelf"}
	for _, record := range []clinical.Record{plan, part} {
		for _, label := range clinical.Labels() {
			record.About().Labels.Put(label, label == clinical.LabelPlanShared)
		}
	}
	w := newTower(t, holding(t, "millennium", "R1H", person, plan, part))
	shown := ask(t, w.london, gp, gate.Question{Person: person, Lists: lists(clinical.KindUrgentCarePlan, clinical.KindCarePlan)})
	equal(t, "plans", references(&shown.Pages[0]), "nel/barts!millennium!plan")
	equal(t, "what hangs on them", references(&shown.Pages[1]), "nel/barts!millennium!part")
	if of := shown.Pages[1].Records[0].About().Plan; of != "barts!millennium!plan" {
		t.Errorf("it hangs on %q", of)
	}
}

package peer_test

import (
	"crypto/tls"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"onelondon/examples/london/trial"
	"onelondon/internal/clinical"
	"onelondon/internal/gate"
	"onelondon/internal/peer"
	"onelondon/internal/testkit"
	"onelondon/sources"
	"onelondon/sources/memory"
	"onelondon/sources/onelondon"
)

// growing is a source that comes to hold urgent care plans while it runs.
type growing struct {
	*memory.Source
	grown atomic.Uint64
}

func (g *growing) Changes() uint64 { return g.grown.Load() }

func (g *growing) Holds() []clinical.Kind {
	kinds := []clinical.Kind{clinical.KindRegistration, clinical.KindCondition}
	if g.grown.Load() > 0 {
		kinds = append(kinds, clinical.KindCarePlan, clinical.KindUrgentCarePlan)
	}
	return kinds
}

// What is not asked for because nobody above knew of it is not missing without a word, and is there with the next question.
func TestWhatBeginsToBeHeldTwoLevelsBelowIsAskedForWithoutARestart(t *testing.T) {
	person := number(t, "9990000018")
	plan := &clinical.UrgentCarePlan{Meta: clinical.Meta{ID: "plan", Organisation: clinical.Organisation{Code: "R1H"}, Date: date("2026-05-01"), Status: clinical.StatusActive}}
	part := &clinical.CarePlan{Meta: clinical.Meta{ID: "part", Organisation: clinical.Organisation{Code: "R1H"}, Date: date("2026-05-01"), Plan: "plan"}}
	for _, record := range []clinical.Record{plan, part} {
		for _, label := range clinical.Labels() {
			record.About().Labels.Put(label, label == clinical.LabelPlanShared)
		}
	}
	entry := holding(t, "millennium", "R1H", person, plan, part, problem("R1H", "b1", "22298006", "2021-03-03"))
	source := &growing{Source: entry.Source.(*memory.Source)}
	entry.Source = source
	practice := holding(t, "practice", "F84003", person, problem("F84003", "p1", "38341003", "2020-01-01"))
	practice.Source = &growing{Source: practice.Source.(*memory.Source)}
	authority := testkit.NewAuthority(t)
	ofLondon, ofNEL := authority.Issue("london"), authority.Issue("nel")
	quick := func(entries ...sources.Entry) *trial.House {
		return trial.Open(t, trial.Options{Entries: entries, Pace: time.Millisecond})
	}
	nel := quick(practice, under(t, quick(entry), authority, "barts", "nel", ofNEL, func(p *peer.Peer) { p.For = []string{"london"} }))
	london := quick(under(t, nel, authority, "nel", "london", ofLondon, nil))
	question := gate.Question{Person: person, Lists: lists(clinical.KindUrgentCarePlan, clinical.KindCarePlan, clinical.KindCondition)}
	shown := ask(t, london, gp, question)
	equal(t, "plans, before", references(&shown.Pages[0]))
	equal(t, "conditions, before", references(&shown.Pages[2]), "nel/barts!millennium!b1", "nel/practice!p1")
	if slices.Contains(london.Gate.Holds(), clinical.KindUrgentCarePlan) {
		t.Fatal("London knows of plans already")
	}
	source.grown.Add(1)
	for questions := 1; ; questions++ {
		shown = ask(t, london, gp, question)
		if len(shown.Pages[0].Records) > 0 {
			equal(t, "plans", references(&shown.Pages[0]), "nel/barts!millennium!plan")
			equal(t, "what hangs on them", references(&shown.Pages[1]), "nel/barts!millennium!part")
			break
		}
		if told := said(shown.Pages[2].Sources); !slices.ContainsFunc(shown.Pages[2].Sources, func(line gate.SourceAnswer) bool {
			return line.Outcome != gate.Answered && line.Outcome != gate.Nothing
		}) {
			t.Errorf("no plans in question %d, and no line says that anything is missing: %v", questions, told)
		}
		if questions == 4 {
			t.Fatal("the plans are not asked for")
		}
	}
}

// A OneLondon that nobody asks is heard all the same: of the kinds that it held before, no question may want any.
func TestWhatAOneLondonHoldsIsHeardFromTimeToTime(t *testing.T) {
	entry := holding(t, "millennium", "R1H", number(t, "9990000018"))
	source := &growing{Source: entry.Source.(*memory.Source)}
	entry.Source = source
	authority := testkit.NewAuthority(t)
	ours := authority.Issue("london")
	lower := trial.Open(t, trial.Options{Entries: []sources.Entry{entry}}).Answers(t, authority, "nel", trial.Trusted("london", ours))
	above, err := onelondon.Open(t.Context(), onelondon.Options{ID: "nel", Instance: "london", Base: lower.Base, Anew: time.Millisecond,
		TLS: &tls.Config{Certificates: []tls.Certificate{ours}, RootCAs: authority.Pool()}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = above.Close() }()
	if above.Changes() > 0 || slices.Contains(above.Holds(), clinical.KindUrgentCarePlan) {
		t.Fatal("it holds plans already")
	}
	source.grown.Add(1)
	for waited := time.Now(); above.Changes() == 0; time.Sleep(time.Millisecond) {
		if time.Since(waited) > 20*time.Second {
			t.Fatal("nothing is heard")
		}
	}
	if !slices.Contains(above.Holds(), clinical.KindUrgentCarePlan) {
		t.Error("it is heard, and not told")
	}
}

package peer_test

import (
	"testing"
	"time"

	"onelondon/examples/london/trial"
	"onelondon/internal/clinical"
	"onelondon/internal/consent"
	"onelondon/internal/gate"
	"onelondon/internal/peer"
	"onelondon/internal/testkit"
	"onelondon/sources"
)

// A lower one that shares the register and has yet to hear of what the upper one decided by has a word of its own on its line, at whatever level.
func TestALevelThatIsBehindSaysSo(t *testing.T) {
	person := number(t, "9990000018")
	quick := func(entries ...sources.Entry) trial.Options {
		return trial.Options{Entries: entries, Pace: time.Millisecond}
	}
	shared := func(p *peer.Peer) { p.OwnRegister = false }
	for name, test := range map[string]struct {
		london, nel bool // have the register's change
		want        []string
	}{
		"the next":       {true, false, []string{"nel BEHIND 0"}},
		"the one below":  {true, true, []string{"nel/barts BEHIND 0", "nel/practice ANSWERED 1"}},
		"nobody has any": {false, false, []string{"nel/barts/millennium ANSWERED 1", "nel/practice ANSWERED 1"}},
	} {
		authority := testkit.NewAuthority(t)
		ofLondon, ofNEL := authority.Issue("london"), authority.Issue("nel")
		barts := trial.Open(t, quick(holding(t, "millennium", "R1H", person, problem("R1H", "b1", "22298006", "2021-03-03"))))
		nel := trial.Open(t, quick(holding(t, "practice", "F84003", person, problem("F84003", "p1", "38341003", "2020-01-01")),
			under(t, barts, authority, "barts", "nel", ofNEL, func(p *peer.Peer) { p.For = []string{"london"}; shared(p) })))
		london := trial.Open(t, quick(under(t, nel, authority, "nel", "london", ofLondon, shared)))
		for house, has := range map[*trial.House]bool{london: test.london, nel: test.nel} {
			if has {
				changeOf(t, house.Register, number(t, "9990000026"))
			}
		}
		shown := ask(t, london, gp, gate.Question{Person: person, Lists: lists(clinical.KindCondition)})
		if shown == nil {
			t.Fatalf("%s: the person is not shown", name)
		}
		equal(t, name, said(shown.Pages[0].Sources), test.want...)
	}
}

// changeOf makes a change of somebody's preferences.
func changeOf(t *testing.T, register *consent.Register, somebody clinical.NHSNumber) {
	t.Helper()
	if _, err := register.Record(t.Context(), consent.Directive{Person: somebody, Authority: consent.Self, RecordedBy: "they", At: time.Now(),
		About: consent.Choice{Preference: consent.Preference{Effect: consent.Deny, Category: clinical.LabelMentalHealth, Party: consent.Anyone}}}); err != nil {
		t.Fatal(err)
	}
}

package consent_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/internal/consent"
	"onelondon/internal/testkit"
)

// takenBack is something said and what takes it back.
type takenBack struct {
	said, back consent.About
	whole      func(consent.State) any // what a state has of the subject
}

// subjects is every subject there is, but for what lists say.
func subjects(t testing.TB) map[string]takenBack {
	t.Helper()
	hiv := choice(consent.Allow, clinical.LabelHIV, consent.Organisation, "R1H")
	back := consent.Choice{Preference: choice("", clinical.LabelHIV, consent.Organisation, "R1H").Preference, Withdrawn: true}
	return map[string]takenBack{
		"the objection": {consent.SharedRecord{Step: consent.Upheld}, consent.SharedRecord{Step: consent.Withdrawn},
			func(s consent.State) any { return s.Objection }},
		"a preference": {hiv, back, func(s consent.State) any { return s.Preferences }},
		"being told":   {consent.Notify{On: true}, consent.Notify{}, func(s consent.State) any { return s.Notify }},
		"capacity": {consent.CapacityFinding{Finding: consent.CapacityLacking}, consent.CapacityFinding{Finding: consent.CapacityPresumed},
			func(s consent.State) any { return s.Capacity }},
		"a proxy": {consent.ProxyChoice{Proxy: person(t, 901), As: consent.Parent}, consent.ProxyChoice{Proxy: person(t, 901), Withdrawn: true},
			func(s consent.State) any { return authorities(s) }},
	}
}

// authorities are those that proxies have.
func authorities(s consent.State) (all []consent.Authority) {
	for _, proxy := range s.Proxies {
		if proxy.Authority != "" {
			all = append(all, proxy.Authority)
		}
	}
	return all
}

// registers opens an empty register of each kind, with what opens the same once more.
func registers(t *testing.T, test func(t *testing.T, register *consent.Register, again func() *consent.Register)) {
	t.Run("SQLite", func(t *testing.T) {
		file := path(t)
		register := open(t, file)
		test(t, register, func() *consent.Register {
			closeNow(t, register)
			return open(t, file)
		})
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		dsn := testkit.PostgreSQL(t).Database(t)
		test(t, replica(t, dsn, nil), func() *consent.Register { return replica(t, dsn, nil) })
	})
}

func TestWhatIsTakenBackUnderOneNumberNoLongerHoldsUnderAnother(t *testing.T) {
	registers(t, func(t *testing.T, register *consent.Register, again func() *consent.Register) {
		type expected struct {
			numbers []clinical.NHSNumber
			holds   bool
			takenBack
		}
		var all []expected
		n := 0
		for _, subject := range subjects(t) {
			for _, order := range [][2]consent.About{{subject.said, subject.back}, {subject.back, subject.said}} {
				one, two := person(t, n), person(t, n+1)
				n += 2
				record(t, register, about(one, order[0]))
				record(t, register, about(two, order[1]))
				all = append(all, expected{[]clinical.NHSNumber{one, two}, order[1] == subject.said, subject})
			}
		}
		check := func(register *consent.Register) {
			for _, each := range all {
				want := each.whole(consent.State{Capacity: consent.CapacityPresumed})
				for range 2 {
					state, _, err := register.State(each.numbers...)
					if got := each.whole(state); err != nil || cmp.Equal(got, want) == each.holds {
						t.Errorf("%T: got %v (%v), holds %v", each.said, got, err, each.holds)
					}
					slices.Reverse(each.numbers)
				}
			}
		}
		check(register)
		check(again())
	})
}

// What is said for a time under one number covers what was said under the other for that time only.
func TestWhatIsTakenBackForATimeUnderOneNumberHoldsAgainUnderAnother(t *testing.T) {
	for name, subject := range subjects(t) {
		clock := testkit.NewClock(noon)
		register, err := consent.New(t.Context(), consent.Options{Path: path(t), Key: key, Log: nobodySay, Clock: clock.Now})
		if err != nil {
			t.Fatal(err)
		}
		former, current := person(t, 1), person(t, 2)
		said, back := about(former, subject.said), about(current, subject.back)
		said.At, back.At = noon, noon
		back.From, back.Until = noon.Add(time.Hour), noon.Add(2*time.Hour)
		record(t, register, said)
		record(t, register, back)
		nothing := subject.whole(consent.State{Capacity: consent.CapacityPresumed})
		for hour, want := range []bool{true, false, true} {
			state, _, err := register.State(former, current)
			if got := !cmp.Equal(subject.whole(state), nothing); err != nil || got != want {
				t.Errorf("%s after %d hours: holds %v (%v), want %v", name, hour, got, err, want)
			}
			clock.Advance(time.Hour)
		}
		closeNow(t, register)
	}
}

func TestWhoIsOnAListUnderOneNumberIsOnItUntilItSaysOtherwiseOfThatNumber(t *testing.T) {
	registers(t, func(t *testing.T, register *consent.Register, again func() *consent.Register) {
		former, current := person(t, 1), person(t, 2)
		on := func(who clinical.NHSNumber, standing consent.OptOut) consent.Directive {
			return about(who, consent.OptOutChoice{List: consent.ListNational, Standing: standing, Withdrawn: standing == consent.OptOutUnknown})
		}
		for i, step := range []struct {
			said consent.Directive
			want consent.OptOut
		}{
			{on(former, consent.OptedOut), consent.OptedOut},
			{on(current, consent.NotOptedOut), consent.OptedOut},
			{on(current, consent.OptOutUnknown), consent.OptedOut},
			{on(former, consent.NotOptedOut), consent.NotOptedOut},
			{on(current, consent.OptedOut), consent.OptedOut},
			{on(current, consent.NotOptedOut), consent.NotOptedOut},
			{on(former, consent.OptOutUnknown), consent.NotOptedOut},
		} {
			record(t, register, step.said)
			for _, numbers := range [][]clinical.NHSNumber{{former, current}, {current, former}} {
				if state, _, err := register.State(numbers...); err != nil || state.OptOuts != (consent.OptOuts{National: step.want}) {
					t.Errorf("step %d: got %+v (%v), want %v", i, state.OptOuts, err, step.want)
				}
			}
		}
		if state, _, err := again().State(former, current); err != nil || state.OptOuts.National != consent.NotOptedOut {
			t.Errorf("opened again: got %+v (%v)", state.OptOuts, err)
		}
	})
}

// A proxy may have had several numbers as well.
func TestWhatWasSaidLastOfAnyNumberOfAProxyHolds(t *testing.T) {
	register, child, former, current := open(t, path(t)), person(t, 1), person(t, 2), person(t, 3)
	keys := []string{"", register.Key(current), register.Key(former)}
	for i, step := range []struct {
		said consent.ProxyChoice
		want consent.Authority
	}{
		{consent.ProxyChoice{Proxy: person(t, 4), As: consent.Attorney}, ""},
		{consent.ProxyChoice{Proxy: former, As: consent.Parent}, consent.Parent},
		{consent.ProxyChoice{Proxy: current, Withdrawn: true}, ""},
		{consent.ProxyChoice{Proxy: current, As: consent.Attorney}, consent.Attorney},
		{consent.ProxyChoice{Proxy: former, Withdrawn: true}, ""},
	} {
		record(t, register, about(child, step.said))
		if state, _, err := register.State(child); err != nil || state.Authority(keys...) != step.want || state.Authority("") != "" {
			t.Errorf("step %d: got %q (%v), want %q", i, state.Authority(keys...), err, step.want)
		}
	}
}

func TestNobodyIsLookedUpWithoutANumber(t *testing.T) {
	register := open(t, path(t))
	for _, numbers := range [][]clinical.NHSNumber{nil, {{}}, {person(t, 1), {}}} {
		if _, _, err := register.State(numbers...); !errors.Is(err, consent.ErrDirective) {
			t.Errorf("%d numbers: %v", len(numbers), err)
		}
	}
}

package consent_test

import (
	"cmp"
	"context"
	"path/filepath"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"onelondon/internal/clinical"
	"onelondon/internal/consent"
	"onelondon/internal/testkit"
)

// model is the plainest reading of what the register promises: of what was said on one subject, under any of a person's numbers,
// and is valid at the moment, what was recorded last holds; and who is on a list under any of them is on it.
type model struct {
	said []consent.Directive
	key  func(clinical.NHSNumber) string
}

func (m *model) state(at time.Time, numbers ...clinical.NHSNumber) consent.State {
	state := m.last(at, numbers)
	state.OptOuts = consent.OptOuts{}
	for _, number := range numbers {
		one := m.last(at, []clinical.NHSNumber{number}).OptOuts
		for list, standing := range map[*consent.OptOut]consent.OptOut{&state.OptOuts.National: one.National,
			&state.OptOuts.TypeOne: one.TypeOne, &state.OptOuts.London: one.London} {
			if standing == consent.OptedOut || *list == consent.OptOutUnknown {
				*list = standing
			}
		}
	}
	return state
}

// last is what was said last on each subject under any of some numbers.
func (m *model) last(at time.Time, numbers []clinical.NHSNumber) consent.State {
	state, seen := consent.State{Capacity: consent.CapacityPresumed}, map[any]bool{}
	for i, d := range slices.Backward(m.said) {
		valid := (d.From.IsZero() || !at.Before(d.From)) && (d.Until.IsZero() || at.Before(d.Until))
		if !slices.Contains(numbers, d.Person) || !valid || seen[subject(d)] {
			continue
		}
		seen[subject(d)] = true
		m.take(&state, d, consent.Revision(i+1))
	}
	slices.SortFunc(state.Preferences, func(a, b consent.Preference) int {
		return cmp.Or(cmp.Compare(a.Category, b.Category), cmp.Compare(a.Party, b.Party), cmp.Compare(a.Code, b.Code))
	})
	slices.SortFunc(state.Proxies, func(a, b consent.Proxy) int { return cmp.Compare(a.Who, b.Who) })
	return state
}

func subject(d consent.Directive) any {
	switch about := d.About.(type) {
	case consent.Choice:
		about.Effect, about.Withdrawn = "", false
		return about
	case consent.OptOutChoice:
		return about.List
	case consent.ProxyChoice:
		return about.Proxy
	case consent.SharedRecord:
		return "shared record"
	case consent.Notify:
		return "notify"
	}
	return "capacity"
}

func (m *model) take(state *consent.State, d consent.Directive, revision consent.Revision) {
	switch about := d.About.(type) {
	case consent.SharedRecord:
		state.Objection = map[consent.Step]consent.Objection{consent.Requested: consent.ObjectionRequested,
			consent.Upheld: consent.ObjectionUpheld, consent.NotUpheld: consent.ObjectionNotUpheld}[about.Step]
	case consent.Choice:
		if !about.Withdrawn {
			state.Preferences = append(state.Preferences, about.Preference)
		}
	case consent.OptOutChoice:
		*map[consent.List]*consent.OptOut{consent.ListNational: &state.OptOuts.National, consent.ListTypeOne: &state.OptOuts.TypeOne,
			consent.ListLondon: &state.OptOuts.London}[about.List] = about.Standing
	case consent.Notify:
		state.Notify = about.On
	case consent.CapacityFinding:
		state.Capacity = about.Finding
	case consent.ProxyChoice:
		state.Proxies = append(state.Proxies, consent.Proxy{Who: m.key(about.Proxy), Authority: about.As, Said: revision})
	}
}

// drawAbout draws what a directive is about, of few subjects, so that they meet often.
func drawAbout(t *rapid.T, proxies []clinical.NHSNumber) consent.About {
	switch rapid.IntRange(0, 5).Draw(t, "about") {
	case 0:
		return consent.SharedRecord{Step: rapid.SampledFrom([]consent.Step{consent.Requested, consent.Upheld, consent.NotUpheld,
			consent.Withdrawn}).Draw(t, "step")}
	case 1:
		c := rapid.SampledFrom([]consent.Choice{choice("", "", consent.Anyone, ""), choice("", clinical.LabelHIV, consent.Anyone, ""),
			choice("", clinical.LabelHIV, consent.Organisation, "R1H"), choice("", clinical.LabelHIV, consent.Organisation, "F84001"),
			choice("", clinical.LabelDrugs, consent.Role, "R8003")}).Draw(t, "choice")
		if c.Withdrawn = rapid.IntRange(0, 2).Draw(t, "withdrawn") == 0; !c.Withdrawn {
			c.Effect = rapid.SampledFrom([]consent.Effect{consent.Allow, consent.Deny}).Draw(t, "effect")
		}
		return c
	case 2:
		standing := rapid.SampledFrom([]consent.OptOut{consent.OptOutUnknown, consent.OptedOut, consent.NotOptedOut}).Draw(t, "standing")
		return consent.OptOutChoice{Standing: standing, Withdrawn: standing == consent.OptOutUnknown,
			List: rapid.SampledFrom([]consent.List{consent.ListNational, consent.ListTypeOne, consent.ListLondon}).Draw(t, "list")}
	case 3:
		return consent.Notify{On: rapid.Bool().Draw(t, "on")}
	case 4:
		return consent.CapacityFinding{Finding: rapid.SampledFrom([]consent.Capacity{consent.CapacityPresumed,
			consent.CapacityCompetent, consent.CapacityLacking}).Draw(t, "finding")}
	}
	right := rapid.SampledFrom([]consent.Authority{"", consent.Parent, consent.Attorney}).Draw(t, "right")
	return consent.ProxyChoice{Proxy: rapid.SampledFrom(proxies).Draw(t, "proxy"), As: right, Withdrawn: right == ""}
}

var noon = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

// drawDirective draws a directive whose time, if it has one, is a few hours about noon.
func drawDirective(t *rapid.T, people, proxies []clinical.NHSNumber) consent.Directive {
	d := about(rapid.SampledFrom(people).Draw(t, "person"), drawAbout(t, proxies))
	d.At = noon
	from, until := rapid.IntRange(-3, 3).Draw(t, "from"), rapid.IntRange(-2, 6).Draw(t, "until")
	if from > -3 {
		d.From = noon.Add(time.Duration(from) * time.Hour)
	}
	if until > from && until < 4 {
		d.Until = noon.Add(time.Duration(until) * time.Hour)
	}
	return d
}

func TestWhateverIsSaidTheProjectionIsThatOfThePlainReading(t *testing.T) {
	folder, files := t.TempDir(), 0
	people := []clinical.NHSNumber{person(t, 1), person(t, 2), person(t, 5)}
	proxies := []clinical.NHSNumber{person(t, 3), person(t, 4)}
	rapid.Check(t, func(t *rapid.T) {
		files++
		clock := testkit.NewClock(noon)
		options := consent.Options{Path: filepath.Join(folder, time.Duration(files).String()), Key: key, Log: nobodySay, Clock: clock.Now}
		register, err := consent.New(context.Background(), options)
		if err != nil {
			t.Fatal(err)
		}
		m := &model{key: register.Key}
		check := func(when string) {
			for hours := range 8 {
				at := noon.Add(time.Duration(hours-4)*time.Hour - time.Second)
				clock.Advance(at.Sub(clock.Now()))
				for _, numbers := range [][]clinical.NHSNumber{people[:1], people[1:2], people[:2], {people[1], people[0]}, people} {
					got, revision, err := register.State(numbers...)
					if diff := gocmp.Diff(m.state(at, numbers...), got); diff != "" || err != nil || int(revision) != len(m.said) {
						t.Fatalf("%s, at %v, revision %d (%v), %d numbers (-plain +got):\n%s", when, at, revision, err, len(numbers), diff)
					}
				}
			}
		}
		for range rapid.IntRange(1, 25).Draw(t, "directives") {
			d := drawDirective(t, people, proxies)
			if _, err := register.Record(context.Background(), d); err != nil {
				t.Fatal(err)
			}
			m.said = append(m.said, d)
		}
		check("as it was recorded")
		if err := register.Close(); err != nil {
			t.Fatal(err)
		}
		if register, err = consent.New(context.Background(), options); err != nil {
			t.Fatal(err)
		}
		check("read again")
		if err := register.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

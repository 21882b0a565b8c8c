package consent_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/internal/consent"
	"onelondon/internal/embedded"
)

// about is a directive about something, by the person and at the time of says.
func about(who clinical.NHSNumber, what consent.About) consent.Directive {
	directive := says(who, consent.Upheld)
	directive.About = what
	switch what.(type) {
	case consent.CapacityFinding, consent.Proposed:
		directive.Authority = consent.Clinician
	case consent.ListRefreshed, consent.Adoption:
		directive.Person, directive.Authority = clinical.NHSNumber{}, ""
	}
	return directive
}

func choice(effect consent.Effect, category clinical.Label, party consent.PartyKind, code clinical.Text) consent.Choice {
	return consent.Choice{Preference: consent.Preference{Effect: effect, Category: category, Party: party, Code: code}}
}

// everything is one directive about each thing there is.
func everything(t testing.TB, who clinical.NHSNumber) []consent.Directive {
	t.Helper()
	day := func(n int) time.Time { return time.Date(2026, 11, n, 0, 0, 0, 0, time.UTC) }
	all := []consent.Directive{
		about(who, consent.SharedRecord{Step: consent.Upheld}),
		about(who, choice(consent.Deny, clinical.LabelHIV, consent.Role, "R8003")),
		about(who, choice(consent.Allow, "", consent.Organisation, "R1H")),
		about(who, consent.Choice{Preference: consent.Preference{Category: clinical.LabelDrugs, Party: consent.Anyone}, Withdrawn: true}),
		about(who, consent.OptOutChoice{List: consent.ListNational, Standing: consent.OptedOut}),
		about(who, consent.OptOutChoice{List: consent.ListTypeOne, Standing: consent.NotOptedOut}),
		about(who, consent.OptOutChoice{List: consent.ListLondon, Withdrawn: true}),
		about(who, consent.Notify{On: true}),
		about(who, consent.CapacityFinding{Finding: consent.CapacityLacking}),
		about(who, consent.ProxyChoice{Proxy: person(t, 901), Name: "Ada Lee, daughter", As: consent.Attorney}),
		about(who, consent.ProxyChoice{Proxy: person(t, 902), Withdrawn: true}),
		about(who, consent.Proposed{About: consent.ProxyChoice{Proxy: person(t, 903), As: consent.Parent}}),
		about(who, consent.Proposed{About: consent.CapacityFinding{Finding: consent.CapacityCompetent}}),
		about(who, consent.ListRefreshed{List: consent.ListNational, AsAt: day(19)}),
		about(who, consent.Adoption{Consumer: "London Data Service", Revision: 1}),
	}
	all[1].From, all[1].Until, all[1].Evidence = day(1), day(30), "letter-17"
	all[2].Staff = consent.Staff{Name: "Joan Ellis", Role: "R1730", Organisation: "F84010"}
	return all
}

func TestEveryDirectiveIsReadBackAsItWasRecorded(t *testing.T) {
	file, who := path(t), person(t, 1)
	register := open(t, file)
	said := everything(t, who)
	var want []consent.Directive
	for i, directive := range said {
		if got := record(t, register, directive); got != consent.Revision(i+1) {
			t.Errorf("revision %d, want %d", got, i+1)
		}
		if !directive.Person.IsZero() {
			want = append(want, directive)
		}
	}
	record(t, register, about(person(t, 2), consent.Notify{On: true}))
	closeNow(t, register)
	history, err := open(t, file).History(t.Context(), who)
	if err != nil {
		t.Fatal(err)
	}
	got := make([]consent.Directive, len(history))
	for i, recorded := range history {
		got[i] = recorded.Directive
		if recorded.Taken.IsZero() || recorded.Revision() != consent.Revision(i+1) {
			t.Errorf("directive %d: taken %v as revision %d", i, recorded.Taken, recorded.Revision())
		}
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b clinical.NHSNumber) bool { return a == b })); diff != "" {
		t.Errorf("directives (-recorded +read):\n%s", diff)
	}
}

func TestWhatIsAboutNobodyIsKnownOfListsAndConsumers(t *testing.T) {
	file := path(t)
	register := open(t, file)
	if _, known := register.Freshness(consent.ListNational); known {
		t.Error("a list is known that was never refreshed")
	}
	for _, directive := range everything(t, person(t, 1)) {
		record(t, register, directive)
	}
	for range 2 {
		asAt, known := register.Freshness(consent.ListNational)
		if _, other := register.Freshness(consent.ListLondon); !known || other || asAt.Day() != 19 {
			t.Errorf("as at %v, known %v, London's known %v", asAt, known, other)
		}
		adopted, err := register.Adoptions(t.Context())
		if err != nil || len(adopted) != 1 || adopted[0].Consumer != "London Data Service" || adopted[0].Revision != 1 ||
			adopted[0].Recorded != 15 || adopted[0].RecordedBy != "555021935107" {
			t.Errorf("adoptions %+v (%v)", adopted, err)
		}
		closeNow(t, register)
		if _, known := register.Freshness(consent.ListNational); known {
			t.Error("a closed register vouches for a list")
		}
		register = open(t, file)
	}
}

// faulty are directives that say too little or too much, by what is wrong with them.
func faulty(t *testing.T, who clinical.NHSNumber) map[string]consent.Directive {
	t.Helper()
	with := func(what consent.About, spoil func(*consent.Directive)) consent.Directive {
		directive := about(who, what)
		if spoil != nil {
			spoil(&directive)
		}
		return directive
	}
	objection := consent.SharedRecord{Step: consent.Upheld}
	return map[string]consent.Directive{
		"nobody":                           with(objection, func(d *consent.Directive) { d.Person = clinical.NHSNumber{} }),
		"nothing":                          with(nil, nil),
		"no step":                          with(consent.SharedRecord{}, nil),
		"a step nobody knows":              with(consent.SharedRecord{Step: "none"}, nil),
		"no authority":                     with(objection, func(d *consent.Directive) { d.Authority = "" }),
		"recorded by nobody":               with(objection, func(d *consent.Directive) { d.RecordedBy = " " }),
		"no date":                          with(objection, func(d *consent.Directive) { d.At = time.Time{} }),
		"a date to come":                   with(objection, func(d *consent.Directive) { d.At = time.Now().Add(72 * time.Hour) }),
		"a date that cannot be written":    with(objection, func(d *consent.Directive) { d.Until = time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC) }),
		"an end before its beginning":      with(objection, func(d *consent.Directive) { d.From, d.Until = d.At, d.At }),
		"not upheld for no reason":         with(consent.SharedRecord{Step: consent.NotUpheld}, func(d *consent.Directive) { d.Reason = "" }),
		"a reason without end":             with(objection, func(d *consent.Directive) { d.Reason = strings.Repeat("x", 2001) }),
		"evidence that is not text":        with(objection, func(d *consent.Directive) { d.Evidence = "\xff" }),
		"a preference without an effect":   with(choice("", "", consent.Anyone, ""), nil),
		"a category nobody knows":          with(choice(consent.Deny, "gossip", consent.Anyone, ""), nil),
		"sealing, which is the source's":   with(choice(consent.Deny, clinical.LabelSealed, consent.Anyone, ""), nil),
		"a party without a kind":           with(choice(consent.Deny, "", "", "R1H"), nil),
		"anyone by name":                   with(choice(consent.Deny, "", consent.Anyone, "R1H"), nil),
		"an organisation without a code":   with(choice(consent.Deny, "", consent.Organisation, ""), nil),
		"a role that is none":              with(choice(consent.Deny, "", consent.Role, "doctor"), nil),
		"a withdrawal with an effect":      with(consent.Choice{Preference: choice(consent.Deny, "", consent.Anyone, "").Preference, Withdrawn: true}, nil),
		"a list nobody keeps":              with(consent.OptOutChoice{List: "type_two", Standing: consent.OptedOut}, nil),
		"an opt-out without a standing":    with(consent.OptOutChoice{List: consent.ListLondon}, nil),
		"a withdrawn opt-out with one":     with(consent.OptOutChoice{List: consent.ListLondon, Standing: consent.OptedOut, Withdrawn: true}, nil),
		"capacity on one's own word":       with(consent.CapacityFinding{Finding: consent.CapacityCompetent}, func(d *consent.Directive) { d.Authority = consent.Self }),
		"capacity for no reason":           with(consent.CapacityFinding{Finding: consent.CapacityCompetent}, func(d *consent.Directive) { d.Reason = "" }),
		"capacity that is no finding":      with(consent.CapacityFinding{}, nil),
		"a proxy who is nobody":            with(consent.ProxyChoice{As: consent.Parent}, nil),
		"one's own proxy":                  with(consent.ProxyChoice{Proxy: who, As: consent.Parent}, nil),
		"a clinician as a proxy":           with(consent.ProxyChoice{Proxy: person(t, 2), As: consent.Clinician}, nil),
		"a withdrawn proxy with a right":   with(consent.ProxyChoice{Proxy: person(t, 2), As: consent.Parent, Withdrawn: true}, nil),
		"a list about somebody":            with(consent.ListRefreshed{List: consent.ListLondon, AsAt: time.Now()}, func(d *consent.Directive) { d.Person = who }),
		"a list on somebody's word":        with(consent.ListRefreshed{List: consent.ListLondon, AsAt: time.Now()}, func(d *consent.Directive) { d.Authority = consent.Self }),
		"a list at no moment":              with(consent.ListRefreshed{List: consent.ListLondon}, nil),
		"a list of tomorrow":               with(consent.ListRefreshed{List: consent.ListLondon, AsAt: time.Now().Add(72 * time.Hour)}, nil),
		"an adoption with an end":          with(consent.Adoption{Consumer: "LDS", Revision: 1}, func(d *consent.Directive) { d.Until = time.Now() }),
		"an adoption by nobody":            with(consent.Adoption{Revision: 1}, nil),
		"an adoption of nothing":           with(consent.Adoption{Consumer: "LDS"}, nil),
		"an adoption of what is not there": with(consent.Adoption{Consumer: "LDS", Revision: 1}, nil),
	}
}

func TestADirectiveThatSaysTooLittleOrTooMuchIsRefused(t *testing.T) {
	register, who := open(t, path(t)), person(t, 1)
	for name, directive := range faulty(t, who) {
		t.Run(name, func(t *testing.T) {
			_, err := register.Record(t.Context(), directive)
			if !errors.Is(err, consent.ErrDirective) {
				t.Fatalf("recording it gave %v", err)
			}
			for _, mark := range []string{who.Reveal(), "R1H", "doctor", "gossip"} {
				if strings.Contains(err.Error(), mark) {
					t.Errorf("the error quotes it: %v", err)
				}
			}
		})
	}
	expect(t, register, who, consent.ObjectionNone, 0)
	if _, _, err := register.State(clinical.NHSNumber{}); err == nil {
		t.Error("the state of nobody was given")
	}
	if _, err := register.History(t.Context(), clinical.NHSNumber{}); err == nil {
		t.Error("the history of nobody was given")
	}
}

// write puts bodies into a register's file as another version of this program would.
func write(t *testing.T, file string, who clinical.NHSNumber, bodies ...string) {
	t.Helper()
	log, err := embedded.Open(t.Context(), embedded.Options{Path: file, Purpose: "consent", Key: key, Log: nobodySay})
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range bodies {
		if _, err := log.Append(t.Context(), embedded.Item{Person: log.Person(who), Body: []byte(body)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestWhatTheFirstVersionRecordedStillHolds(t *testing.T) {
	file, who := path(t), person(t, 1)
	write(t, file, who,
		`{"form":1,"about":"shared_record","step":"requested","authority":"self","recordedBy":"clerk","at":"2026-01-02T00:00:00Z"}`,
		`{"form":1,"about":"shared_record","step":"not_upheld","authority":"parent","recordedBy":"clerk","at":"2026-01-03T00:00:00Z","reason":"dialysis"}`)
	register := open(t, file)
	expect(t, register, who, consent.ObjectionNotUpheld, 2)
	history, err := register.History(t.Context(), who)
	if err != nil || len(history) != 2 || history[1].Reason != "dialysis" || history[0].Person != who || !history[0].Taken.IsZero() {
		t.Errorf("history %v (%v)", history, err)
	}
}

func TestWhatThisVersionDoesNotUnderstandIsNotPassedOver(t *testing.T) {
	rest := `"person":"9434765919","authority":"self","recordedBy":"clerk","at":"2026-01-02T00:00:00Z"}`
	for _, body := range []string{
		`{"form":3,"about":"shared_record","step":"upheld",` + rest,
		`{"form":1,"about":"notify",` + rest,
		`{"form":2,"about":"weather",` + rest,
		`{"form":2,"about":"shared_record","step":"pondered",` + rest,
		`{"form":2,"about":"category","effect":"whisper","party":"anyone",` + rest,
		`{"form":2,"about":"opt_out","list":"national","standing":"perhaps",` + rest,
		`{"form":2,"about":"proxy","proxy":"9434765918","as":"parent",` + rest,
		`{"form":2,`,
	} {
		file := path(t)
		write(t, file, person(t, 1), body)
		register, err := consent.Open(t.Context(), file, key, nobodySay)
		if err == nil {
			_ = register.Close()
			t.Errorf("a register that holds %s opened", body)
		} else if strings.Contains(err.Error(), "94347659") {
			t.Errorf("the error quotes it: %v", err)
		}
	}
}

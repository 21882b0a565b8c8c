package peer_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"onelondon/examples/london/trial"
	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/internal/consent"
	"onelondon/internal/gate"
	"onelondon/policy"
	"onelondon/sources"
	"onelondon/sources/memory"
	"onelondon/sources/onelondon/wire"
)

// only is the shipped policy in which a GP sees the records of which a rule holds.
func only(t testing.TB, rule string) *policy.Engine {
	return engineWith(t, map[string]string{"rego/rows/rows.rego": "package onelondon.rows\n\nreleased if " + rule + "\n"})
}

func TestBothPoliciesApply(t *testing.T) {
	person := number(t, "9990000018")
	var records []clinical.Record
	for _, status := range []clinical.Status{clinical.StatusActive, clinical.StatusResolved} {
		for _, on := range []string{"2010-01-01", "2020-01-01"} {
			record := problem("R1H", strings.ToLower(string(status))+"-"+on[:4], "38341003", on)
			record.About().Status = status
			records = append(records, record)
		}
	}
	lower := trial.Open(t, trial.Options{Pace: time.Millisecond, Policy: only(t, `input.record.status == "ACTIVE"`), Entries: []sources.Entry{
		holding(t, "millennium", "R1H", person, records...), holding(t, "practice", "F84003", person)}})
	for rule, want := range map[string][]string{
		`input.record.date >= "2015-01-01T00:00:00"`: {"nel/millennium!active-2020"},
		`input.record.status == "RESOLVED"`:          {},
		`input.record.source == "nel"`:               {"nel/millennium!active-2020", "nel/millennium!active-2010"}, // as it is called above
		`input.record.source == "millennium"`:        nil,
	} {
		upper := upperOf(t, lower, trial.Options{Policy: only(t, rule)}, nil)
		shown := ask(t, upper, gp, gate.Question{Person: person, Lists: lists(clinical.KindCondition)})
		if want == nil {
			if shown != nil {
				t.Errorf("%s: shown though nothing of the source can be released", rule)
			}
			continue
		}
		equal(t, rule, references(&shown.Pages[0]), want...)
		for _, line := range shown.Pages[0].Sources {
			if line.Source == "nel/millennium" && (line.Outcome == gate.Answered) != (len(want) > 0) {
				t.Errorf("%s: the line says %s", rule, line.Outcome)
			}
		}
	}
}

func TestWhatAPersonSaidBelowHoldsAbove(t *testing.T) {
	person := number(t, "9990000018")
	depression := problem("R1H", "b1", "35489007", "2021-01-01")
	lower := trial.Open(t, trial.Options{Pace: time.Millisecond, Entries: []sources.Entry{
		holding(t, "millennium", "R1H", person, depression, problem("R1H", "b2", "22298006", "2020-01-01")), holding(t, "practice", "F84003", person)}})
	upper := upperOf(t, lower, trial.Options{}, nil)
	question := gate.Question{Person: person, Lists: lists(clinical.KindCondition)}
	equal(t, "before", references(&ask(t, upper, gp, question).Pages[0]), "nel/millennium!b1", "nel/millennium!b2")
	if _, err := lower.Register.Record(t.Context(), consent.Directive{Person: person, Authority: consent.Self, RecordedBy: "herself", At: time.Now(),
		About: consent.Choice{Preference: consent.Preference{Effect: consent.Deny, Category: clinical.LabelMentalHealth, Party: consent.Anyone}}}); err != nil {
		t.Fatal(err)
	}
	shown := ask(t, upper, gp, question)
	equal(t, "after", references(&shown.Pages[0]), "nel/millennium!b2")
	equal(t, "sources after", said(shown.Pages[0].Sources), "nel/millennium ANSWERED 1", "nel/practice NOTHING 0")
}

func TestSomebodyWithAnSFlagBelowIsNotFoundAbove(t *testing.T) {
	person := number(t, "9990000018")
	flagged := sources.Entry{Spec: sources.Spec{ID: "practice", Name: "Practice"}, Source: memory.New("practice", memory.Person{NHSNumber: person,
		Organisation: "F84003", Registered: true, Sensitive: true, Records: []clinical.Record{
			&clinical.Registration{Meta: clinical.Meta{ID: "r", Status: clinical.StatusActive, Organisation: clinical.Organisation{Code: "F84003"}}},
			problem("F84003", "p1", "38341003", "2020")}})}
	lower := trial.Open(t, trial.Options{Pace: time.Millisecond, Entries: []sources.Entry{flagged}})
	upper := upperOf(t, lower, trial.Options{}, nil)
	if shown := ask(t, upper, gp, gate.Question{Person: person, Lists: lists(clinical.KindCondition)}); shown != nil {
		t.Errorf("shown with %d records", len(shown.Pages[0].Records))
	}
	if asked := len(entries(t, lower)); asked != 1 {
		t.Errorf("the one below has %d entries, want that it was listed alone", asked)
	}
	// Nor where the one above had no list that says so.
	always := upperOf(t, lower, trial.Options{Always: []clinical.SourceID{"nel"}}, nil)
	if shown := ask(t, always, gp, gate.Question{Person: person, Lists: lists(clinical.KindCondition)}); shown != nil {
		t.Errorf("asked without a list: shown with %d records", len(shown.Pages[0].Records))
	}
}

// Hostile questions about what is withheld get one answer, whatever they ask about it.
func TestAConditionCannotFindOutAboutWhatIsWithheld(t *testing.T) {
	sealed := problem("R1H", "sealed", "86406008", "2021-06-06")
	sealed.About().Labels.Put(clinical.LabelSealed, true)
	sealed.About().Encounter = "e1"
	l, _ := lowerOf(t, nil, sealed)
	hiv := condition.NewCodes([]clinical.Coding{{System: clinical.SNOMED, Code: "86406008"}})
	for name, asked := range map[string]condition.Condition{
		"a label by a code": condition.Where(condition.Clause{{Attribute: condition.LabelAttribute(clinical.LabelHIV), Op: condition.Equal,
			Values: []condition.Value{condition.Bool(true)}, Codes: hiv}}),
		"the label": condition.Where(condition.Clause{{Attribute: condition.LabelAttribute(clinical.LabelSealed), Op: condition.Equal,
			Values: []condition.Value{condition.Bool(true)}}}),
		"the date": condition.Where(condition.Clause{{Attribute: condition.Date, Op: condition.Greater, Values: []condition.Value{condition.Moment(date("2021"))}}}),
	} {
		for _, ties := range []bool{false, true} {
			question := l.question(t)
			question.Query.Parts[0].Condition, question.Query.Parts[0].Ties = asked, ties
			if got := l.post(t, question); got != "" {
				t.Errorf("%s, ties %v: %q", name, ties, got)
			}
		}
	}
}

// A receptionist sees appointments and not what they are about: no label may say it to whoever asks for her.
func TestLabelsDoNotTellWhatAMaskDoes(t *testing.T) {
	clinic := &clinical.Appointment{Meta: clinical.Meta{ID: "a1", Date: date("2026-01-01"), Status: clinical.StatusActive,
		Organisation: clinical.Organisation{Code: "F84003"}, Code: clinical.Concept{Coding: clinical.Coding{System: clinical.SNOMED, Code: "24165007"}}}}
	for _, label := range clinical.Labels() {
		clinic.Labels.Put(label, false)
	}
	clinic.Labels.Put(clinical.LabelAlcohol, true)
	// Here receptionists see whatever is about, and the mask still stands.
	l, _ := lowerOf(t, nil, clinic)
	house := trial.Open(t, trial.Options{Pace: time.Millisecond, Policy: permitsAll(t), Entries: []sources.Entry{holding(t, "practice", "F84003", l.person, clinic)}})
	kind := clinical.KindAppointment
	reception := gp
	reception.Role, reception.Via = "R1730", []string{"london"}
	answers, err := house.Gate.Ask(t.Context(), reception, []gate.Question{{Person: l.person, Handed: &gate.Handed{}, Lists: []gate.List{{
		Kinds: []clinical.Kind{kind}, First: 5, Fields: map[clinical.Kind]clinical.FieldSet{kind: kind.Descriptor().All()},
		Apart: &gate.Apart{Condition: condition.Always()}}}}})
	if err != nil {
		t.Fatal(err)
	}
	meta := answers[0].Person.Pages[0].Records[0].About()
	if !meta.Code.IsZero() {
		t.Error("the code is told")
	}
	for _, label := range clinical.Categories() {
		if _, known := meta.Labels.Value(label); known {
			t.Errorf("the label %s is told", label)
		}
	}
	if sealed, known := meta.Labels.Value(clinical.LabelSealed); sealed || !known {
		t.Error("that it is not sealed is not told")
	}
	// The shipped policy withholds such an appointment altogether, and of one that it shows tells that it is about nothing of the kind.
	question := l.question(t)
	question.Query.Caller.Role, question.Query.Parts[0].Kind = "R1730", kind
	question.Query.Parts[0].Fields = kind.Descriptor().All()
	if got := l.post(t, question); got != "" {
		t.Errorf("the shipped policy: %q", got)
	}
}

func TestAPersonOfSeveralNumbersComesOnce(t *testing.T) {
	current, former := number(t, "9990000018"), number(t, "9990000026")
	both := sources.Entry{Spec: sources.Spec{ID: "practice", Name: "Practice"}, Source: memory.New("practice",
		memory.Person{NHSNumber: current, Organisation: "F84003", Registered: true, Records: []clinical.Record{
			&clinical.Registration{Meta: clinical.Meta{ID: "new", Status: clinical.StatusActive, Organisation: clinical.Organisation{Code: "F84003"}}},
			problem("F84003", "under-new", "38341003", "2020")}},
		memory.Person{NHSNumber: former, Organisation: "F84003", Records: []clinical.Record{
			&clinical.Registration{Meta: clinical.Meta{ID: "old", Status: clinical.StatusInactive, Organisation: clinical.Organisation{Code: "F84003"}}},
			problem("F84003", "under-old", "22298006", "2010")}})}
	superseded := map[clinical.NHSNumber]clinical.NHSNumber{former: current}
	for name, knows := range map[string]struct {
		lower, upper map[clinical.NHSNumber]clinical.NHSNumber
	}{
		"both know":                {superseded, superseded},
		"only the one below knows": {superseded, nil},
		"only the one above knows": {nil, superseded},
	} {
		lower := trial.Open(t, trial.Options{Pace: time.Millisecond, Superseded: knows.lower, Entries: []sources.Entry{both}})
		upper := upperOf(t, lower, trial.Options{Superseded: knows.upper}, nil)
		shown := ask(t, upper, gp, gate.Question{Person: current, Lists: lists(clinical.KindCondition)})
		if shown == nil {
			t.Fatalf("%s: not shown", name)
		}
		equal(t, name, references(&shown.Pages[0]), "nel/practice!under-new", "nel/practice!under-old")
		equal(t, name+", sources", said(shown.Pages[0].Sources), "nel/practice ANSWERED 2")
	}
}

func TestPagesOfAnySizeAreTheSameList(t *testing.T) {
	person := number(t, "9990000018")
	entry := func(id, organisation string, count int) sources.Entry {
		var records []clinical.Record
		for i := range count {
			on := []string{"2020-01-01", "2020-01-01", "2019-05-05", ""}[i%4]
			records = append(records, problem(organisation, string(rune('a'+i)), "3834100"+string(rune('1'+i%7)), on))
		}
		return holding(t, clinical.SourceID(id), organisation, person, records...)
	}
	lower := trial.Open(t, trial.Options{Pace: time.Millisecond, Entries: []sources.Entry{entry("b", "R1H", 9), entry("b-2", "RYJ", 8), entry("practice", "F84003", 7)}})
	upper := upperOf(t, lower, trial.Options{Entries: []sources.Entry{entry("m", "RJ1", 6), entry("z", "RAL", 5)}}, nil)
	whole := ask(t, upper, gp, gate.Question{Person: person, Lists: lists(clinical.KindCondition)})
	want := references(&whole.Pages[0])
	if len(want) < 10 {
		t.Fatalf("only %d records", len(want))
	}
	for _, size := range []int{1, 2, 3, 7} {
		var got []string
		list := lists(clinical.KindCondition)[0]
		list.First = size
		for {
			page := &ask(t, upper, gp, gate.Question{Person: person, Lists: []gate.List{list}}).Pages[0]
			got = append(got, references(page)...)
			if !page.HasNext {
				break
			}
			list.After = page.Cursor(len(page.Records) - 1)
		}
		equal(t, "pages of "+string(rune('0'+size)), got, want...)
	}
}

// A list of codes travels once, and again where the other has forgotten it, as after a restart.
func TestAListOfCodesThatWasForgottenIsSentAgain(t *testing.T) {
	l, _ := lowerOf(t, nil)
	entry := l.Asks(t, "london", l.client.Transport.(*http.Transport).TLSClientConfig.Certificates[0], "nel")
	codes := condition.NewCodes([]clinical.Coding{{System: clinical.SNOMED, Code: "38341003"}})
	query := l.question(t).Query
	query.Parts[0].Condition = condition.Where(condition.Clause{{Attribute: condition.LabelAttribute(clinical.LabelHIV), Op: condition.Equal,
		Values: []condition.Value{condition.Bool(true)}, Codes: codes}})
	trips := func() int {
		answer, err := entry.Source.Fetch(t.Context(), query)
		if err != nil || len(answer.Parts[0].Records) != 1 {
			t.Fatalf("%d records, %v", len(answer.Parts[0].Records), err)
		}
		return answer.RoundTrips
	}
	if first, second := trips(), trips(); first != 1 || second != 1 {
		t.Errorf("%d and %d round trips", first, second)
	}
	// One that never heard of it, as after a restart.
	question := l.question(t)
	question.Query.Parts[0].Condition = condition.Where(condition.Clause{{Attribute: condition.LabelAttribute(clinical.LabelHIV),
		Op: condition.Equal, Values: []condition.Value{condition.Bool(true)}, Codes: condition.NewCodes(nil)}})
	if refusal, _ := l.send(t, wire.AppendQuestion(nil, question, func(wire.Digest) bool { return true })); refusal != "lists needed" {
		t.Errorf("a list that is not known: %q", refusal)
	}
}

// A OneLondon that has forgotten every list is sent them again, in the same question.
func TestAListThatIsAskedForIsSent(t *testing.T) {
	needs := 0
	source := answering(t, func(w http.ResponseWriter, body []byte, lists shelf) {
		question, err := wire.ReadQuestion(body, lists)
		if errors.Is(err, wire.ErrLists) {
			needs++
			w.Header().Set(wire.RefusalHeader, string(wire.RefusedLists))
			w.WriteHeader(http.StatusConflict)
			return
		}
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = w.Write(wire.AppendAnswer(nil, &question.Query, &sources.Answer{Parts: make([]sources.PartAnswer, len(question.Query.Parts))}))
		clear(lists) // restarted
	})
	query := sources.Query{Parts: []sources.Part{{Kind: clinical.KindCondition, Person: number(t, "9990000018"), Limit: 1, Condition: condition.Where(
		condition.Clause{{Attribute: condition.LabelAttribute(clinical.LabelHIV), Op: condition.Equal, Values: []condition.Value{condition.Bool(true)},
			Codes: condition.NewCodes(nil)}})}}}
	for want := range 3 {
		answer, err := source.Fetch(t.Context(), query)
		if err != nil || answer.RoundTrips != min(want, 1)+1 || needs != want {
			t.Fatalf("question %d: %d round trips, asked for the list %d times, %v", want+1, answer.RoundTrips, needs, err)
		}
	}
}

// shelf keeps lists of codes.
type shelf map[wire.Digest]*condition.Codes

func (s shelf) Codes(digest wire.Digest) *condition.Codes { return s[digest] }
func (s shelf) Keep(codes *condition.Codes)               { s[codes.Digest()] = codes }

// Who asks for one person twice, once with the glass broken, opens only what was asked for so.
func TestTwoQuestionsAboutOnePersonStandForThemselves(t *testing.T) {
	person := number(t, "9990000018")
	lower := trial.Open(t, trial.Options{Pace: time.Millisecond, Entries: []sources.Entry{
		holding(t, "millennium", "R1H", person, problem("R1H", "b1", "35489007", "2021-01-01")), holding(t, "practice", "F84003", person)}})
	if _, err := lower.Register.Record(t.Context(), consent.Directive{Person: person, Authority: consent.Self, RecordedBy: "herself", At: time.Now(),
		About: consent.Choice{Preference: consent.Preference{Effect: consent.Deny, Category: clinical.LabelMentalHealth, Party: consent.Anyone}}}); err != nil {
		t.Fatal(err)
	}
	upper := upperOf(t, lower, trial.Options{}, nil)
	doctor := gp
	doctor.Purpose, doctor.Activities = "ETREAT", []string{"B0082"}
	grant, err := upper.Gate.BreakGlass(t.Context(), doctor, person, "Found unconscious at home", 10)
	if err != nil {
		t.Fatal(err)
	}
	closed := gate.Question{Person: person, Lists: lists(clinical.KindCondition)}
	opened := closed
	opened.EmergencyGrant = grant.Text
	for _, questions := range [][]gate.Question{{opened, closed}, {closed, opened}} {
		answers, err := upper.Gate.Ask(t.Context(), doctor, questions)
		if err != nil {
			t.Fatal(err)
		}
		for i, question := range questions {
			want := map[bool]int{true: 1, false: 0}[question.EmergencyGrant != ""]
			if got := len(answers[i].Person.Pages[0].Records); got != want {
				t.Errorf("question %d of two: %d records, want %d", i+1, got, want)
			}
		}
	}
}

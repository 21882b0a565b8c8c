package wire_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
	"onelondon/sources/onelondon/wire"
	"onelondon/sources/sourcetest"
)

// shelf keeps lists of codes.
type shelf map[wire.Digest]*condition.Codes

func (s shelf) Codes(digest wire.Digest) *condition.Codes { return s[digest] }
func (s shelf) Keep(codes *condition.Codes)               { s[codes.Digest()] = codes }

func none(wire.Digest) bool { return false }

var compared = cmp.Options{cmpopts.EquateComparable(clinical.NHSNumber{}, clinical.DateTime{}, clinical.LabelSet{}), cmpopts.EquateEmpty(),
	cmp.Exporter(func(of reflect.Type) bool {
		return of == reflect.TypeFor[condition.Condition]() || of == reflect.TypeFor[condition.Value]()
	}),
	cmp.Comparer(func(a, b *condition.Codes) bool {
		return (a == nil) == (b == nil) && (a == nil || a.Digest() == b.Digest())
	}),
	cmpopts.IgnoreUnexported(clinical.Meta{})}

func number(t testing.TB, text string) clinical.NHSNumber {
	t.Helper()
	n, err := clinical.ParseNHSNumber(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func date(text string) clinical.DateTime {
	d, err := clinical.ParseDateTime(text)
	if err != nil {
		return clinical.DateTime{}
	}
	return d
}

// question is one with everything in it.
func question(t testing.TB) *wire.Question {
	person, other := number(t, "9990000018"), number(t, "9990000026")
	list := condition.NewCodes([]clinical.Coding{{System: clinical.SNOMED, Code: "86406008"}}, clinical.CTV3).Presuming(condition.PresumesSilence)
	where := condition.Where(condition.Clause{
		{Attribute: condition.LabelAttribute(clinical.LabelHIV), Op: condition.Equal, Values: []condition.Value{condition.Bool(false)}, Codes: list},
		{Attribute: condition.Date, Op: condition.Less, Values: []condition.Value{condition.Moment(date("1931-11-05T10:30"))}}},
		condition.Clause{{Attribute: condition.Organisation, Op: condition.In, Values: []condition.Value{condition.Text("R1H"), condition.Text("")}}})
	q := &wire.Question{Path: []string{"london", "nel"}, To: "barts", As: "theirs", Nonce: [16]byte{1, 2}, At: time.UnixMilli(1_800_000_000_123),
		Within: 1900 * time.Millisecond, Query: sources.Query{
			Caller: sources.Caller{ID: "u1", Name: "Dr Ada Okoye", Organisation: "F84003", Role: "R0260", Activities: []string{"B0360", "B0380"},
				Citizen: true, Person: other, Purpose: "TREAT", Automated: true, RequestID: "r-1"},
			Limits: sources.Limits{Rows: 5000, Bytes: 8 << 20}, Consent: 77,
			People: []sources.Standing{{Numbers: []clinical.NHSNumber{person, other}, Relationship: "registered", Claimed: "asked by “her”", Emergency: true}}}}
	for _, kind := range clinical.Kinds() {
		q.Query.Parts = append(q.Query.Parts, sources.Part{Kind: kind, Person: person, Fields: kind.Descriptor().All(), Condition: where, Limit: 21,
			Filter: sources.Filter{Codes: []sources.Code{{System: clinical.SNOMED, Code: "73211009"}}, From: date("2019"), Until: date("2020-02-29"),
				Statuses: []clinical.Status{clinical.StatusActive}, OfPlan: true},
			After: sources.Position{Date: date("2019-01"), Source: "barts", ID: "x"}, Ties: kind == clinical.KindCondition},
			sources.Part{Kind: kind, Person: other, Fields: kind.Descriptor().Set("date", "code"), Condition: condition.Always(), Limit: 1})
	}
	return q
}

func TestAQuestionArrivesAsItWasSent(t *testing.T) {
	sent := question(t)
	known := shelf{}
	got, err := wire.ReadQuestion(wire.AppendQuestion(nil, sent, none), known)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(sent, got, compared); diff != "" {
		t.Error(diff)
	}
	again, err := wire.ReadQuestion(wire.AppendQuestion(nil, sent, func(wire.Digest) bool { return true }), known)
	if err != nil || cmp.Diff(sent, again, compared) != "" {
		t.Errorf("with a list that is known: %v", err)
	}
	if _, err := wire.ReadQuestion(wire.AppendQuestion(nil, sent, func(wire.Digest) bool { return true }), shelf{}); !errors.Is(err, wire.ErrLists) {
		t.Errorf("with a list that is not known: %v", err)
	}
}

// A member that is new to a query and does not travel would be lost without a word.
func TestTheQuestionOfTheTestsHasEveryMember(t *testing.T) {
	q := question(t)
	ties := slices.IndexFunc(q.Query.Parts, func(p sources.Part) bool { return p.Ties })
	for name, value := range map[string]any{"question": *q, "query": q.Query, "caller": q.Query.Caller, "standing": q.Query.People[0],
		"part": q.Query.Parts[ties], "filter": q.Query.Parts[ties].Filter, "limits": q.Query.Limits} {
		of := reflect.ValueOf(value)
		for i := range of.NumField() {
			if of.Field(i).IsZero() && of.Type().Field(i).Name != "Kind" {
				t.Errorf("%s: %s is not set; let it travel, and set it", name, of.Type().Field(i).Name)
			}
		}
	}
}

// sample is a query for everything in the suite's sample, and the answer to it.
func sample(t testing.TB) (*sources.Query, *sources.Answer) {
	t.Helper()
	data := sourcetest.Sample()
	query := &sources.Query{}
	for _, person := range data.Numbers() {
		for _, kind := range clinical.Kinds() {
			query.Parts = append(query.Parts, sources.Part{Kind: kind, Person: person, Fields: kind.Descriptor().All(),
				Condition: condition.Always(), Limit: 100})
		}
	}
	answer, err := data.Memory().Fetch(t.Context(), *query)
	if err != nil {
		t.Fatal(err)
	}
	for i := range answer.Parts {
		answer.Parts[i].Truncated, answer.Parts[i].Rejected = i%3 == 0, i
		answer.Parts[i].Below = []sources.Below{{Source: "barts", Name: "Barts", Outcome: sources.OutcomeAnswered},
			{Source: "nel/rlh", Name: "The Royal", Outcome: sources.OutcomeTimedOut, Rejected: 2, Elapsed: 1500 * time.Microsecond}}
		for _, record := range answer.Parts[i].Records {
			record.About().Below = "barts"
		}
	}
	return query, &answer
}

func TestAnAnswerArrivesAsItWasSent(t *testing.T) {
	query, sent := sample(t)
	body := wire.AppendAnswer(nil, query, sent)
	got, err := wire.ReadAnswer(body, query, sourcetest.SampleSource)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(sent.Parts, got.Parts, compared); diff != "" {
		t.Error(diff)
	}
	if got.Bytes != len(body) {
		t.Errorf("%d bytes, want %d", got.Bytes, len(body))
	}
}

func TestAnAnswerToAnotherQuestionIsMalformed(t *testing.T) {
	query, answer := sample(t)
	body := wire.AppendAnswer(nil, query, answer)
	for name, change := range map[string]func(*sources.Query){
		"a part less":        func(q *sources.Query) { q.Parts = q.Parts[1:] },
		"another kind":       func(q *sources.Query) { q.Parts[0].Kind = clinical.KindContact },
		"a field less asked": func(q *sources.Query) { q.Parts[0].Fields &^= clinical.KindRegistration.Descriptor().Set("postcode") },
	} {
		other := *query
		other.Parts = slices.Clone(query.Parts)
		change(&other)
		if _, err := wire.ReadAnswer(body, &other, "x"); !errors.Is(err, wire.ErrMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Seven bytes are a record that takes thousands in memory: an answer of the bytes that may come would take many gigabytes.
func TestAnAnswerWithMoreThanWasAskedForIsMalformedBeforeItIsMade(t *testing.T) {
	plan := clinical.KindUrgentCarePlan
	query := &sources.Query{Limits: sources.Limits{Rows: 30}, Parts: []sources.Part{
		{Kind: plan, Condition: condition.Always(), Limit: 20}, {Kind: plan, Condition: condition.Always(), Limit: 20}}}
	records := func(count int) (all []clinical.Record) {
		for range count {
			all = append(all, &clinical.UrgentCarePlan{Meta: clinical.Meta{ID: "a!1"}})
		}
		return all
	}
	lines := func(count int) []sources.Below {
		return slices.Repeat([]sources.Below{{Source: "a", Name: "A", Outcome: sources.OutcomeNothing}}, count)
	}
	for name, answer := range map[string][2]sources.PartAnswer{
		"as many as asked":             {{Records: records(20)}, {Records: records(10)}},
		"more than of one part":        {{Records: records(21)}, {}},
		"more than of all parts":       {{Records: records(20)}, {Records: records(11)}},
		"as many lines as are sources": {{Below: lines(1000)}, {}},
		"more lines than sources":      {{Below: lines(1001)}, {}},
		"very many":                    {{Records: records(200_000)}, {}},
	} {
		body := wire.AppendAnswer(nil, query, &sources.Answer{Parts: answer[:]})
		var err error
		allocated := testing.AllocsPerRun(1, func() { _, err = wire.ReadAnswer(body, query, "x") })
		if fair := strings.HasPrefix(name, "as many"); fair != (err == nil) || !fair && !errors.Is(err, wire.ErrMalformed) {
			t.Errorf("%s: %v", name, err)
		}
		if allocated > 5000 {
			t.Errorf("%s: %g allocations", name, allocated)
		}
	}
}

func TestAQuestionOfVeryManyThingsIsMalformedBeforeItIsMade(t *testing.T) {
	for name, grow := range map[string]func(*wire.Question){
		"very many OneLondons": func(q *wire.Question) { q.Path = slices.Repeat(q.Path, 600_000) },
		"very many people":     func(q *wire.Question) { q.Query.People[0].Numbers = slices.Repeat(q.Query.People[0].Numbers, 600_000) },
		"very many parts":      func(q *wire.Question) { q.Query.Parts = slices.Repeat(q.Query.Parts[1:2], 10_001) },
	} {
		q := question(t)
		grow(q)
		if _, err := wire.ReadQuestion(wire.AppendQuestion(nil, q, none), shelf{}); !errors.Is(err, wire.ErrMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhatIsCutOrLongerOrOfAnotherFormIsRefused(t *testing.T) {
	query, answer := sample(t)
	asked, answered := wire.AppendQuestion(nil, question(t), none), wire.AppendAnswer(nil, query, answer)
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		at := random.IntN(len(asked))
		if _, err := wire.ReadQuestion(asked[:at], shelf{}); err == nil {
			t.Fatalf("the first %d bytes of %d of a question were read as one", at, len(asked))
		}
		at = random.IntN(len(answered))
		if _, err := wire.ReadAnswer(answered[:at], query, "x"); err == nil {
			t.Fatalf("the first %d bytes of %d of an answer were read as one", at, len(answered))
		}
	}
	if _, err := wire.ReadQuestion(append(slices.Clone(asked), 0), shelf{}); !errors.Is(err, wire.ErrMalformed) {
		t.Errorf("a byte more of a question: %v", err)
	}
	if _, err := wire.ReadAnswer(append(slices.Clone(answered), 0), query, "x"); !errors.Is(err, wire.ErrMalformed) {
		t.Errorf("a byte more of an answer: %v", err)
	}
	asked[0], answered[0] = 2, 2
	if _, err := wire.ReadQuestion(asked, shelf{}); !errors.Is(err, wire.ErrMalformed) {
		t.Errorf("a question of the form to come: %v", err)
	}
	if _, err := wire.ReadAnswer(answered, query, "x"); !errors.Is(err, wire.ErrMalformed) {
		t.Errorf("an answer of the form to come: %v", err)
	}
}

func TestAListOfPeopleIsNoneUntilItEnds(t *testing.T) {
	var sent bytes.Buffer
	members := wire.WriteMembers(&sent)
	want := []sources.Membership{{Person: number(t, "9990000018"), Organisation: "R1H", Registered: true},
		{Person: number(t, "9990000026"), Organisation: "R1H", Sensitive: true}, {Person: number(t, "9990000034")}}
	for range 4000 { // more than one piece
		for _, one := range want {
			if err := members.Write(one); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := members.Close(); err != nil {
		t.Fatal(err)
	}
	var got []sources.Membership
	if err := wire.ReadMembers(bytes.NewReader(sent.Bytes()), func(m sources.Membership) error { got = append(got, m); return nil }); err != nil {
		t.Fatal(err)
	}
	if len(got) != 12000 || cmp.Diff(want, got[11997:], compared) != "" {
		t.Errorf("%d people, last %+v", len(got), got[len(got)-1])
	}
	all := sent.Bytes()
	for _, cut := range []int{0, 1, 5, 11, 200, len(all) - 3, len(all) - 1} {
		if err := wire.ReadMembers(bytes.NewReader(all[:cut]), func(sources.Membership) error { return nil }); !errors.Is(err, wire.ErrMalformed) {
			t.Errorf("cut after %d: %v", cut, err)
		}
	}
	if err := wire.ReadMembers(bytes.NewReader(append(all, 0)), func(sources.Membership) error { return nil }); !errors.Is(err, wire.ErrMalformed) {
		t.Errorf("a byte more: %v", err)
	}
}

func FuzzReadQuestion(f *testing.F) {
	f.Add(wire.AppendQuestion(nil, question(f), none))
	f.Fuzz(func(t *testing.T, body []byte) {
		q, err := wire.ReadQuestion(body, shelf{})
		if err != nil {
			return
		}
		again, err := wire.ReadQuestion(wire.AppendQuestion(nil, q, none), shelf{})
		if err != nil || cmp.Diff(q, again, compared) != "" {
			t.Errorf("what was read does not read the same again: %v", err)
		}
	})
}

func FuzzReadAnswer(f *testing.F) {
	query, answer := sample(f)
	query.Parts, answer.Parts = query.Parts[:15], answer.Parts[:15]
	f.Add(wire.AppendAnswer(nil, query, answer))
	f.Fuzz(func(t *testing.T, body []byte) {
		answer, err := wire.ReadAnswer(body, query, "x")
		if err != nil {
			return
		}
		records := 0
		for _, part := range answer.Parts {
			records += len(part.Records)
		}
		if records > len(body)/7 {
			t.Errorf("%d records out of %d bytes", records, len(body))
		}
	})
}

func FuzzReadMembers(f *testing.F) {
	f.Add([]byte{1, 0, 0})
	f.Fuzz(func(t *testing.T, body []byte) {
		_ = wire.ReadMembers(bytes.NewReader(body), func(m sources.Membership) error {
			if m.Person.IsZero() {
				t.Error("nobody is on the list")
			}
			return nil
		})
	})
}

func FuzzReadAbout(f *testing.F) {
	f.Add([]byte(`{"instance":"nel","kinds":{"Condition":["code"]}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if about, err := wire.ReadAbout(body); err == nil && (!wire.IsInstance(about.Instance) || about.Fields() == nil) {
			t.Errorf("%+v", about)
		}
	})
}

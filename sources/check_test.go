package sources_test

import (
	"context"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
)

// believed asks a source that answers with records and returns the ids that were believed, and how many were not.
func believed(t *testing.T, part sources.Part, records ...clinical.Record) ([]clinical.Text, sources.PartAnswer) {
	t.Helper()
	c, _ := catalogue(t, nil, &fake{id: "barts", fetch: func(context.Context, sources.Query) (sources.Answer, error) {
		return sources.Answer{Parts: []sources.PartAnswer{{Records: records}}}, nil
	}})
	reply := c.Ask(t.Context(), []sources.Ask{{Source: "barts", Query: sources.Query{Parts: []sources.Part{part}}}})[0]
	if reply.Outcome != sources.OutcomeAnswered {
		t.Fatalf("outcome %s %s", reply.Outcome, reply.Class)
	}
	var ids []clinical.Text
	for _, record := range reply.Answer.Parts[0].Records {
		ids = append(ids, record.About().ID)
	}
	return ids, reply.Answer.Parts[0]
}

func TestRecordsThatCannotBeTrueAreLeftOut(t *testing.T) {
	good := func() *clinical.Condition { return problem("barts", "good", "2019-01-01") }
	spoilt := func(spoil func(*clinical.Condition)) *clinical.Condition {
		record := problem("barts", "spoilt", "2020-01-01")
		spoil(record)
		return record
	}
	far := time.Date(20000, 1, 1, 0, 0, 0, 0, time.UTC)
	for name, record := range map[string]clinical.Record{
		"nil":                      nil,
		"a nil struct":             (*clinical.Condition)(nil),
		"another kind":             &clinical.Alert{Meta: clinical.Meta{Source: "barts", ID: "x"}},
		"another source's":         problem("homerton", "x", "2020-01-01"),
		"no id":                    problem("barts", "", "2020-01-01"),
		"an endless id":            problem("barts", clinical.Text(strings.Repeat("x", 2000)), "2020-01-01"),
		"broken text":              spoilt(func(c *clinical.Condition) { c.Note = "\xff" }),
		"broken text of the kind":  spoilt(func(c *clinical.Condition) { c.Severity = "\xff" }),
		"broken organisation":      spoilt(func(c *clinical.Condition) { c.Organisation.Name = "\xff" }),
		"broken code":              spoilt(func(c *clinical.Condition) { c.Code.Code = "\xff" }),
		"broken translation":       spoilt(func(c *clinical.Condition) { c.Code.Translations = []clinical.Coding{{Code: "\xff"}} }),
		"many translations":        spoilt(func(c *clinical.Condition) { c.Code.Translations = make([]clinical.Coding, 100) }),
		"a text that is a file":    spoilt(func(c *clinical.Condition) { c.Note = clinical.Text(strings.Repeat("x", 1<<20)) }),
		"an unknown status":        spoilt(func(c *clinical.Condition) { c.Status = "active" }),
		"an unknown terminology":   spoilt(func(c *clinical.Condition) { c.Code.System = "snomed" }),
		"a date beyond the years":  spoilt(func(c *clinical.Condition) { c.End = clinical.NewDateTime(far, clinical.PrecisionDay) }),
		"a record merged with one": spoilt(func(c *clinical.Condition) { c.Absorb(good()) }),
	} {
		ids, answer := believed(t, problems(t).Parts[0], record, good())
		if diff := cmp.Diff([]clinical.Text{"good"}, ids); diff != "" || answer.Rejected != 1 {
			t.Errorf("%s: rejected %d %s", name, answer.Rejected, diff)
		}
	}
}

func TestNumbersMustBeNumbers(t *testing.T) {
	part := sources.Part{Kind: clinical.KindObservation, Person: person(t, "9990000018"), Condition: condition.Always(), Limit: 10,
		Fields: clinical.KindObservation.Descriptor().All()}
	for value, want := range map[clinical.Decimal]int{"": 0, "0": 0, "5.10": 0, "-0.5": 0, "NaN": 1, "1e9": 1, "5.": 1, ".5": 1, "05": 1, "-": 1, "1}": 1,
		clinical.Decimal(strings.Repeat("9", 41)): 1} {
		record := &clinical.Observation{Meta: clinical.Meta{Source: "barts", ID: "o"}, Value: value}
		if _, answer := believed(t, part, record); answer.Rejected != want {
			t.Errorf("%q: rejected %d, want %d", value, answer.Rejected, want)
		}
	}
}

func TestOrderDuplicatesAndLimitAreChecked(t *testing.T) {
	part := problems(t).Parts[0]
	part.Limit = 3
	part.After = sources.PositionOf(problem("aaa", "z", "2021-01-01"))
	ids, answer := believed(t, part,
		problem("barts", "before", "2022-01-01"), problem("barts", "a", "2021-01-01"), problem("barts", "b", "2020-01-01"),
		problem("barts", "late", "2020-06-01"), problem("barts", "a", "2019-01-01"), problem("barts", "c", "2019-01-01"),
		problem("barts", "d", "2018-01-01"))
	if diff := cmp.Diff([]clinical.Text{"a", "b", "c"}, ids); diff != "" || answer.Rejected != 4 {
		t.Errorf("rejected %d %s", answer.Rejected, diff)
	}
}

func TestADuplicateIsFoundInALongAnswer(t *testing.T) {
	part := problems(t).Parts[0]
	part.Limit = 200
	var records []clinical.Record
	for i := range 100 {
		day := clinical.NewDateTime(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -i), clinical.PrecisionDay).String()
		id := clinical.Text(string(rune('A' + i)))
		if i == 5 || i == 90 {
			id = "twice"
		}
		records = append(records, problem("barts", id, day))
	}
	if ids, answer := believed(t, part, records...); len(ids) != 99 || answer.Rejected != 1 {
		t.Errorf("%d believed, %d rejected", len(ids), answer.Rejected)
	}
}

// What mixed up one person cannot be trusted with any: the records that say nothing of whose they are may be anybody's too.
func TestAnAnswerWithARegistrationOfSomebodyElseFailsWhole(t *testing.T) {
	asked, other := person(t, "9990000018"), person(t, "9990000026")
	part := func(kind clinical.Kind, person clinical.NHSNumber) sources.Part {
		return sources.Part{Kind: kind, Person: person, Condition: condition.Always(), Limit: 2, Fields: kind.Descriptor().All()}
	}
	query := sources.Query{Parts: []sources.Part{part(clinical.KindRegistration, asked), part(clinical.KindRegistration, other),
		part(clinical.KindCondition, asked)}}
	registration := func(id clinical.Text, of clinical.NHSNumber) clinical.Record {
		return &clinical.Registration{Meta: clinical.Meta{Source: "barts", ID: id}, NHSNumber: of}
	}
	for name, test := range map[string]struct {
		parts [3][]clinical.Record
		want  sources.Outcome
	}{
		"each their own":                 {[3][]clinical.Record{{registration("1", asked)}, {registration("2", other)}}, sources.OutcomeAnswered},
		"one that does not say":          {[3][]clinical.Record{{registration("1", clinical.NHSNumber{})}}, sources.OutcomeAnswered},
		"two people swapped":             {[3][]clinical.Record{{registration("2", other)}, {registration("1", asked)}}, sources.OutcomeFailed},
		"one beside their own":           {[3][]clinical.Record{{registration("1", asked), registration("2", other)}}, sources.OutcomeFailed},
		"one beyond the limit":           {[3][]clinical.Record{{registration("1", asked), registration("2", asked), registration("3", other)}}, sources.OutcomeFailed},
		"one among records of a kind":    {[3][]clinical.Record{2: {registration("2", other)}}, sources.OutcomeFailed},
		"a registration that is nothing": {[3][]clinical.Record{{(*clinical.Registration)(nil)}}, sources.OutcomeAnswered},
	} {
		c, _ := catalogue(t, nil, &fake{id: "barts", fetch: func(context.Context, sources.Query) (sources.Answer, error) {
			answer := sources.Answer{Parts: make([]sources.PartAnswer, 3)}
			for i := range answer.Parts {
				answer.Parts[i].Records = test.parts[i]
			}
			return answer, nil
		}})
		reply := c.Ask(t.Context(), []sources.Ask{{Source: "barts", Query: query}})[0]
		if reply.Outcome != test.want || test.want == sources.OutcomeFailed && (reply.Class != sources.ClassMalformed || len(reply.Answer.Parts) > 0) {
			t.Errorf("%s: outcome %s %s with %d parts", name, reply.Outcome, reply.Class, len(reply.Answer.Parts))
		}
	}
}

func TestCapsOnRowsAndBytesTruncate(t *testing.T) {
	c, _ := catalogue(t, func(spec *sources.Spec) { spec.Limits = sources.Limits{Rows: 3, Bytes: 1000} },
		&fake{id: "barts", fetch: func(_ context.Context, query sources.Query) (sources.Answer, error) {
			answer := sources.Answer{Parts: make([]sources.PartAnswer, len(query.Parts))}
			for i := range answer.Parts {
				big := problem("barts", "a", "2020-01-01")
				big.Note = clinical.Text(strings.Repeat("x", int(query.Parts[i].Limit)))
				answer.Parts[i].Records = []clinical.Record{big, problem("barts", "b", "2019-01-01")}
			}
			return answer, nil
		}})
	query := problems(t)
	query.Parts = append(query.Parts, query.Parts[0], query.Parts[0])
	count := func() (records []int, truncated []bool) {
		for _, part := range c.Ask(t.Context(), []sources.Ask{{Source: "barts", Query: query}})[0].Answer.Parts {
			records, truncated = append(records, len(part.Records)), append(truncated, part.Truncated)
		}
		return records, truncated
	}
	records, truncated := count()
	if diff := cmp.Diff([]int{2, 1, 0}, records) + cmp.Diff([]bool{false, true, true}, truncated); diff != "" {
		t.Error(diff)
	}
	query.Parts[0].Limit = 2000 // the fake writes as many bytes
	records, truncated = count()
	if diff := cmp.Diff([]int{0, 0, 0}, records) + cmp.Diff([]bool{true, true, true}, truncated); diff != "" {
		t.Error(diff)
	}
}

func TestFieldsNotAskedForAreClearedInEveryKind(t *testing.T) {
	for _, kind := range clinical.Kinds() {
		descriptor := kind.Descriptor()
		for i := range descriptor.Fields {
			field := &descriptor.Fields[i]
			part := sources.Part{Kind: kind, Person: person(t, "9990000018"), Fields: field.Bit, Condition: condition.Always(), Limit: 10}
			record := descriptor.New()
			for j := range descriptor.Fields {
				fill(&descriptor.Fields[j], record)
			}
			record.About().Source, record.About().ID = "barts", "1"
			_, answer := believed(t, part, record)
			for j := range descriptor.Fields {
				other := &descriptor.Fields[j]
				if cleared := other.In(answer.Records[0]).IsZero(); cleared != (other.Bit != field.Bit) {
					t.Errorf("%s: asked for %s alone, %s cleared: %v", kind, field.Name, other.Name, cleared)
				}
			}
		}
	}
}

// fill gives a field some value that is fit to be shown.
func fill(field *clinical.Field, record clinical.Record) {
	value := map[clinical.FieldType]any{
		clinical.TypeText:     clinical.Text("words"),
		clinical.TypeConcept:  clinical.Concept{Coding: clinical.Coding{System: clinical.SNOMED, Code: "73211009"}},
		clinical.TypeDateTime: clinical.NewDateTime(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), clinical.PrecisionDay),
		clinical.TypeDecimal:  clinical.Decimal("5.10"),
		clinical.TypeStatus:   clinical.StatusActive,
		clinical.TypeClass:    clinical.ClassEmergency,
		clinical.TypeGender:   clinical.GenderFemale,
	}[field.Type]
	field.In(record).Set(reflect.ValueOf(value))
}

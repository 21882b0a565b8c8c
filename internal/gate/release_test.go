package gate_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/internal/gate"
	"onelondon/sources"
)

func TestASourceThatFailsCostsItsLineAndNothingElse(t *testing.T) {
	for name, test := range map[string]struct {
		err  error
		want gate.Outcome
	}{
		"down":   {sources.ErrUnavailable, gate.Failed},
		"slow":   {context.DeadlineExceeded, gate.TimedOut},
		"broken": {errors.New("9990000018 in a message"), gate.Failed},
	} {
		s := smallTown(t)
		s.wrap = func(source sources.Source) sources.Source {
			if answer, _ := source.Fetch(context.Background(), registrationsOf(t, amina)); answer.Parts[0].Records[0].About().Source == "barts" {
				return failing{source, test.err}
			}
			return source
		}
		s.open(t)
		page := s.ask(t, gpCaller, conditionsOf(t, amina)).Pages[0]
		if diff := cmp.Diff([]string{"emis/c2", "emis/c1"}, references(page)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if len(page.Sources) != 2 || page.Sources[0].Outcome != test.want || page.Sources[1].Outcome != gate.Answered ||
			page.Sources[1].Records != 2 {
			t.Errorf("%s: lines %+v", name, page.Sources)
		}
	}
}

func registrationsOf(t testing.TB, text string) sources.Query {
	return sources.Query{Parts: []sources.Part{{Kind: clinical.KindRegistration, Person: number(t, text),
		Condition: condition.Always(), Limit: 1}}}
}

func TestARecordThatADriverShouldNotHaveGivenIsNotReleased(t *testing.T) {
	onlyOwn := condition.Where(condition.Clause{{Attribute: condition.LabelAttribute(clinical.LabelSealed), Op: condition.Equal,
		Values: []condition.Value{condition.Bool(false)}}})
	s := smallTown(t)
	s.policy.condition = &onlyOwn
	s.wrap = func(source sources.Source) sources.Source { return careless{source} }
	s.open(t)
	person := s.ask(t, gpCaller, conditionsOf(t, amina))
	if diff := cmp.Diff([]string{"barts/d1", "emis/c1"}, references(person.Pages[0])); diff != "" {
		t.Error(diff)
	}
}

// careless is a driver that ignores conditions.
type careless struct{ sources.Source }

func (c careless) Fetch(ctx context.Context, query sources.Query) (sources.Answer, error) {
	query.Parts = slices.Clone(query.Parts)
	for i := range query.Parts {
		query.Parts[i].Condition = condition.Always()
		query.Parts[i].Fields = query.Parts[i].Kind.Descriptor().All()
	}
	return c.Source.Fetch(ctx, query)
}

func TestMaskedFieldsAndWithheldKindsDoNotLeave(t *testing.T) {
	s := smallTown(t)
	s.policy.masked = map[clinical.Kind]clinical.FieldSet{
		clinical.KindCondition: clinical.KindCondition.Descriptor().Set("note", "code", "date")}
	s.policy.withheld = []clinical.Kind{clinical.KindMedication}
	s.wrap = func(source sources.Source) sources.Source { return careless{source} }
	s.open(t)
	question := conditionsOf(t, amina)
	question.Lists = append(question.Lists, listOf(clinical.KindMedication, 20))
	person := s.ask(t, gpCaller, question)
	for _, record := range person.Pages[0].Records {
		if meta := record.About(); meta.Note != "" || !meta.Code.IsZero() || !meta.Date.IsZero() {
			t.Errorf("%s shows a masked field", meta.Reference())
		}
	}
	for _, line := range person.Pages[1].Sources {
		if line.Outcome != gate.Withheld {
			t.Errorf("line %+v", line)
		}
	}
	if len(person.Pages[1].Sources) != 2 || !slices.Contains(person.Receipt.WithheldKinds, clinical.KindMedication) {
		t.Errorf("page %+v, receipt %+v", person.Pages[1], person.Receipt)
	}
}

func TestASourceOfAnotherOrganisationIsNotAskedWhereOnlyOwnRecordsAreReleased(t *testing.T) {
	own := condition.Where(condition.Clause{{Attribute: condition.Organisation, Op: condition.Equal,
		Values: []condition.Value{condition.Text("F84003")}}})
	s := smallTown(t)
	s.policy.condition = &own
	asked := map[clinical.SourceID]int{}
	s.wrap = func(source sources.Source) sources.Source { return counting{source, asked} }
	s.open(t)
	person := s.ask(t, gpCaller, conditionsOf(t, amina))
	if len(asked) != 1 || len(person.Pages[0].Sources) != 1 || person.Pages[0].Sources[0].Source != "emis" {
		t.Errorf("asked %v, lines %+v", asked, person.Pages[0].Sources)
	}
}

// counting notes which source was asked, by what it answers.
type counting struct {
	sources.Source
	asked map[clinical.SourceID]int
}

func (c counting) Fetch(ctx context.Context, query sources.Query) (sources.Answer, error) {
	answer, err := c.Source.Fetch(ctx, query)
	for _, part := range answer.Parts {
		for _, record := range part.Records {
			c.asked[record.About().Source]++
		}
	}
	return answer, err
}

func TestACursorIsForItsCallerAndItsQuestionOnly(t *testing.T) {
	s := smallTown(t)
	s.holds("emis", "F84003", number(t, another), &clinical.Condition{Meta: clinical.Meta{ID: "a1"}})
	s.open(t)
	first := conditionsOf(t, amina)
	first.Lists[0].First = 1
	page := s.ask(t, gpCaller, first).Pages[0]
	cursor := page.Cursor(0)
	if strings.Contains(cursor, "barts") || cursor == "" {
		t.Fatalf("cursor %q", cursor)
	}
	colleague := gpCaller
	colleague.ID = "u9"
	filtered := conditionsOf(t, amina)
	filtered.Lists[0].Filter.Statuses = []clinical.Status{clinical.StatusActive}
	medications := gate.Question{Person: number(t, amina), Lists: []gate.List{listOf(clinical.KindMedication, 1)}}
	for name, test := range map[string]struct {
		caller   auth.Caller
		question gate.Question
		cursor   string
	}{
		"another caller":  {colleague, conditionsOf(t, amina), cursor},
		"another person":  {gpCaller, conditionsOf(t, another), cursor},
		"another filter":  {gpCaller, filtered, cursor},
		"another kind":    {gpCaller, medications, cursor},
		"an altered one":  {gpCaller, conditionsOf(t, amina), cursor[:len(cursor)-2] + "AA"},
		"words":           {gpCaller, conditionsOf(t, amina), "page two, please"},
		"an unknown one":  {gpCaller, conditionsOf(t, nobody), cursor},
		"a very long one": {gpCaller, conditionsOf(t, amina), strings.Repeat("A", 1<<20)},
	} {
		test.question.Lists[0].After = test.cursor
		if _, err := s.gate.Ask(context.Background(), test.caller, []gate.Question{test.question}); !errors.Is(err, gate.ErrCursor) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheSameDrugFromPracticeAndDischargeShowsOnce(t *testing.T) {
	s := newStage()
	drug := func(id, day string, system clinical.CodeSystem) clinical.Record {
		return &clinical.Medication{Meta: clinical.Meta{ID: clinical.Text(id), Date: date(day),
			Code: clinical.Concept{Coding: clinical.Coding{System: system, Code: "318272002"}}}}
	}
	s.holds("barts", "R1H", number(t, amina), drug("discharge", "2024-03-01", clinical.SNOMED))
	s.holds("emis", "F84003", number(t, amina), drug("repeat", "2024-03-08", clinical.DMD), drug("again", "2024-03-20", clinical.DMD),
		drug("years-before", "2019-03-08", clinical.DMD))
	s.open(t)
	page := s.ask(t, gpCaller, gate.Question{Person: number(t, amina), Lists: []gate.List{listOf(clinical.KindMedication, 20)}}).Pages[0]
	var items []string
	for _, item := range page.Records {
		items = append(items, describe(item))
	}
	want := []string{"Medication emis/again+barts/discharge", "Medication emis/repeat", "Medication emis/years-before"}
	if diff := cmp.Diff(want, items); diff != "" {
		t.Error(diff)
	}
	contributors := page.Records[0].(*clinical.Medication).Contributors()
	if len(contributors) != 2 || contributors[1].Source != "barts" {
		t.Errorf("contributors %v", contributors)
	}
	for _, line := range page.Sources {
		if want := map[clinical.SourceID]int{"barts": 1, "emis": 3}[line.Source]; line.Records != want {
			t.Errorf("%s contributed %d records, want %d", line.Source, line.Records, want)
		}
	}
}

func TestACourseAndItsIssueAreOneMedicine(t *testing.T) {
	s := newStage()
	medicine := func(id, day string, intent clinical.Text) clinical.Record {
		return &clinical.Medication{Meta: clinical.Meta{ID: clinical.Text(id), Date: date(day), Code: snomed("318272002")}, Intent: intent}
	}
	s.holds("emis", "F84003", number(t, amina), medicine("course", "2024-03-01", "plan"), medicine("issue", "2024-03-01", "order"),
		medicine("next-issue", "2024-03-15", "order"))
	s.open(t)
	page := s.ask(t, gpCaller, gate.Question{Person: number(t, amina), Lists: []gate.List{listOf(clinical.KindMedication, 20)}}).Pages[0]
	var items []string
	for _, item := range page.Records {
		items = append(items, describe(item))
	}
	if diff := cmp.Diff([]string{"Medication emis/next-issue+emis/course", "Medication emis/issue"}, items); diff != "" {
		t.Error(diff)
	}
}

func TestContradictionsAreShownNotSettled(t *testing.T) {
	s := newStage()
	s.holds("emis", "F84003", number(t, amina),
		&clinical.AllergyIntolerance{Meta: clinical.Meta{ID: "a1", Date: date("2010"), Code: snomed("91936005"), Status: clinical.StatusActive}})
	s.holds("barts", "R1H", number(t, amina),
		&clinical.AllergyIntolerance{Meta: clinical.Meta{ID: "n1", Date: date("2023-02-01"), Code: snomed("716186003"), Status: clinical.StatusActive}})
	for source, birth := range map[clinical.SourceID]string{"emis": "1957-03-02", "barts": "1957-02-03"} {
		s.people[source][0].Records[0].(*clinical.Registration).BirthDate = date(birth)
		s.people[source][0].Records[0].(*clinical.Registration).FamilyName = "Okoye"
	}
	s.open(t)
	person := s.ask(t, gpCaller, gate.Question{Person: number(t, amina),
		Lists: []gate.List{listOf(clinical.KindAllergyIntolerance, 1)}})
	page := person.Pages[0]
	if len(page.Conflicts) != 1 || len(page.Conflicts[0].Records) != 2 || len(page.Records) != 1 || !page.HasNext {
		t.Errorf("page %+v", page)
	}
	if len(person.Warnings) != 1 || person.Warnings[0].Kind != gate.BirthDateDiffers ||
		!slices.Equal(person.Warnings[0].Sources, []clinical.SourceID{"barts", "emis"}) {
		t.Errorf("warnings %+v", person.Warnings)
	}
}

func TestACursorOfAMaskedDateGoesOnWhereThePageEnded(t *testing.T) {
	s := smallTown(t)
	s.policy.masked = map[clinical.Kind]clinical.FieldSet{clinical.KindCondition: clinical.KindCondition.Descriptor().Set("date")}
	s.open(t)
	list := listOf(clinical.KindCondition, 1)
	want := []string{"Condition barts/d1", "Condition emis/c2", "Condition emis/c1"}
	if diff := cmp.Diff(want, walkAll(t, s, list)); diff != "" {
		t.Error(diff)
	}
}

func TestAFilterOnAMaskedFieldMatchesNothing(t *testing.T) {
	s := smallTown(t)
	s.policy.masked = map[clinical.Kind]clinical.FieldSet{clinical.KindCondition: clinical.KindCondition.Descriptor().Set("code", "status", "date")}
	s.open(t)
	for name, filter := range map[string]gate.Filter{
		"code":   {Codes: []gate.Code{{Code: "73211009"}}},
		"status": {Statuses: []clinical.Status{clinical.StatusActive}},
		"date":   {From: date("1990")},
	} {
		question := conditionsOf(t, amina)
		question.Lists[0].Filter = filter
		page := s.ask(t, gpCaller, question).Pages[0]
		if len(page.Records) > 0 || page.HasNext || len(page.Sources) != 2 || page.Sources[0].Outcome != gate.Withheld {
			t.Errorf("filter by %s: %+v", name, page)
		}
	}
}

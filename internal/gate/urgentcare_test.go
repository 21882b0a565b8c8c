package gate_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/internal/gate"
	"onelondon/policy"
	"onelondon/sources"
)

// The decisions that plans of these tests hold, by SNOMED CT.
const (
	forCPR     = "450475007"
	notForCPR  = "450476008"
	adrtOfLife = "816321000000109"
)

// urgentQuestion asks for the view of plans with everything that is part of them.
func urgentQuestion(t testing.TB, more ...gate.List) gate.Question {
	t.Helper()
	lists := []gate.List{listOf(clinical.KindUrgentCarePlan, gate.MostUrgent)}
	for _, kind := range []clinical.Kind{clinical.KindContact, clinical.KindCarePlan, clinical.KindMedication} {
		part := listOf(kind, gate.MostUrgent)
		part.OfPlan = true
		lists = append(lists, part)
	}
	return gate.Question{Person: number(t, amina), Lists: append(lists, more...),
		UrgentCare: []gate.UrgentLists{{Plans: 0, Contacts: 1, Contingencies: 2, Medications: 3}}}
}

// claimed asks with a claim, for people whom the caller's organisation does not know.
func claimed(question gate.Question) gate.Question {
	question.ClaimedRelationship = "they are in front of me"
	return question
}

func everything() map[clinical.Kind]clinical.FieldSet {
	all := map[clinical.Kind]clinical.FieldSet{}
	for _, kind := range clinical.Kinds() {
		all[kind] = kind.Descriptor().All()
	}
	return all
}

// planOf is a plan by its id, the date of its decision and the decision; change bends it further.
func planOf(id clinical.Text, decided, decision string, change ...func(*clinical.UrgentCarePlan)) *clinical.UrgentCarePlan {
	plan := &clinical.UrgentCarePlan{Meta: clinical.Meta{ID: id, Date: date(decided), Status: clinical.StatusActive}}
	if decision != "" {
		plan.CPRDecision = snomed(decision)
	}
	for _, bend := range change {
		bend(plan)
	}
	return plan
}

func entryIDs(entries ...*gate.UrgentCareEntry) (ids []string) {
	for _, entry := range entries {
		if entry == nil {
			ids = append(ids, "none")
			continue
		}
		ids = append(ids, string(entry.Plan.ID))
	}
	return ids
}

func TestTheNewestDecisionOfAPlanThatStandsLeads(t *testing.T) {
	type plan = clinical.UrgentCarePlan
	status := func(s clinical.Status) func(*plan) { return func(p *plan) { p.Status = s } }
	for name, test := range map[string]struct {
		plans     []*plan
		order     []string
		cpr       string
		conflicts []gate.ConflictKind
	}{
		"the newer of two that differ": {[]*plan{planOf("old", "2024-01-01", forCPR), planOf("new", "2024-02-01", notForCPR)},
			[]string{"new", "old"}, "new", []gate.ConflictKind{gate.CPRDiffers}},
		"the date of the decision, not that of the plan": {[]*plan{planOf("rewritten", "2025-01-01", notForCPR, func(p *plan) { p.CPRDate = date("2020-01-01") }),
			planOf("decided", "2024-02-01", notForCPR)}, []string{"decided", "rewritten"}, "decided", nil},
		"an ended one never": {[]*plan{planOf("ended", "2025-01-01", notForCPR, func(p *plan) { p.End = date("2025-02-01") }), planOf("standing", "2020-01-01", forCPR)},
			[]string{"standing", "ended"}, "standing", nil},
		"nor a withdrawn one, one in error, a draft, or one of tomorrow": {[]*plan{
			planOf("withdrawn", "2025-01-04", notForCPR, status(clinical.StatusCancelled)), planOf("wrong", "2025-01-03", notForCPR, status(clinical.StatusInError)),
			planOf("draft", "2025-01-02", notForCPR, status(clinical.StatusPlanned)), planOf("tomorrow", "2090-01-01", notForCPR)},
			[]string{"tomorrow", "withdrawn", "wrong", "draft"}, "none", nil},
		"one whose source does not say where it stands": {[]*plan{planOf("silent", "2024", notForCPR, status(""))}, []string{"silent"}, "silent", nil},
		"one whose review is long past":                 {[]*plan{planOf("overdue", "2019", notForCPR, func(p *plan) { p.ReviewDate = date("2019-06") })}, []string{"overdue"}, "overdue", nil},
		"a dated one before one without a date": {[]*plan{planOf("undated", "", notForCPR), planOf("dated", "2019", forCPR)},
			[]string{"dated", "undated"}, "dated", []gate.ConflictKind{gate.CPRDiffers}},
		"one without a date where none has one": {[]*plan{planOf("b", "", notForCPR), planOf("a", "", notForCPR)}, []string{"b", "a"}, "b", nil},
		"of one day, the one for resuscitation": {[]*plan{planOf("a", "2024-01-01", notForCPR), planOf("b", "2024-01-01", forCPR)},
			[]string{"b", "a"}, "b", []gate.ConflictKind{gate.CPRDiffers}},
		"of two hours of one day, the later": {[]*plan{planOf("morning", "2024-01-01T09:00", forCPR), planOf("evening", "2024-01-01T19:00", notForCPR)},
			[]string{"evening", "morning"}, "evening", []gate.ConflictKind{gate.CPRDiffers}},
		"of a year and a day in it, the one for resuscitation": {[]*plan{planOf("year", "2024", forCPR), planOf("day", "2024-06-01", notForCPR)},
			[]string{"year", "day"}, "year", []gate.ConflictKind{gate.CPRDiffers}},
		"of a year before, the later": {[]*plan{planOf("year", "2023", forCPR), planOf("day", "2024-06-01", notForCPR)},
			[]string{"day", "year"}, "day", []gate.ConflictKind{gate.CPRDiffers}},
		"a plan without a decision does not lead": {[]*plan{planOf("without", "2025", ""), planOf("with", "2024", notForCPR)}, []string{"with", "without"}, "with", nil},
		"words that are no code differ from a code": {[]*plan{planOf("coded", "2024-02", notForCPR), planOf("worded", "2024-01", "", func(p *plan) {
			p.CPRDecision.Text = "DNAR"
		})}, []string{"coded", "worded"}, "coded", []gate.ConflictKind{gate.CPRDiffers}},
		"an advance decision against resuscitation": {[]*plan{planOf("for", "2024-02", forCPR), planOf("refuses", "2024-01", "", func(p *plan) { p.ADRTDecision = snomed(adrtOfLife) })},
			[]string{"for", "refuses"}, "for", []gate.ConflictKind{gate.CPRAgainstADRT}},
		"in one plan too": {[]*plan{planOf("both", "2024-02", forCPR, func(p *plan) { p.ADRTDecision = snomed(adrtOfLife) })},
			[]string{"both"}, "both", []gate.ConflictKind{gate.CPRAgainstADRT}},
		"ceilings of treatment by code": {[]*plan{planOf("ward", "2024-02", "", func(p *plan) { p.CeilingDecision = snomed("1") }),
			planOf("full", "2024-01", "", func(p *plan) { p.CeilingDecision = snomed("2") })}, []string{"ward", "full"}, "none", []gate.ConflictKind{gate.CeilingsDiffer}},
		"and not by words": {[]*plan{planOf("ward", "2024-02", "", func(p *plan) { p.CeilingDecision.Text = "ward" }),
			planOf("full", "2024-01", "", func(p *plan) { p.CeilingDecision.Text = "full" })}, []string{"ward", "full"}, "none", nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage()
			for i, plan := range test.plans { // each in a system of its own
				s.holds(clinical.SourceID("care"+string(rune('0'+i))), clinical.Text("R1"+string(rune('A'+i))), number(t, amina), plan)
			}
			view := s.open(t).ask(t, gpCaller, claimed(urgentQuestion(t))).UrgentCare[0]
			if diff := cmp.Diff(test.order, entryIDs(view.Plans...)); diff != "" && len(test.plans) > 1 && test.cpr != "none" {
				t.Errorf("order (-want +got) %s", diff)
			}
			if len(view.Plans) != len(test.plans) {
				t.Errorf("%d of %d plans are visible", len(view.Plans), len(test.plans))
			}
			if got := entryIDs(view.CPR)[0]; got != test.cpr {
				t.Errorf("%s leads, want %s", got, test.cpr)
			}
			var kinds []gate.ConflictKind
			for _, conflict := range view.Conflicts {
				kinds = append(kinds, conflict.Kind)
			}
			if diff := cmp.Diff(test.conflicts, kinds); diff != "" {
				t.Errorf("conflicts (-want +got) %s", diff)
			}
		})
	}
}

func TestAReviewIsDueAsThePlanSaysOrThreeMonthsAfterItWasMade(t *testing.T) {
	for name, test := range map[string]struct {
		plan    *clinical.UrgentCarePlan
		due     string
		overdue bool
	}{
		"as the plan says":             {planOf("p", "2020", notForCPR, func(p *clinical.UrgentCarePlan) { p.ReviewDate = date("2090-01") }), "2090-01", false},
		"the earlier of the two":       {planOf("p", "2020", notForCPR, func(p *clinical.UrgentCarePlan) { p.ReviewDate, p.CPRReviewDate = date("2090"), date("2021-02-03") }), "2021-02-03", true},
		"three months after":           {planOf("p", "2021-11-30", notForCPR), "2022-03-02", true},
		"after its decision was made":  {planOf("p", "2030", "", func(p *clinical.UrgentCarePlan) { p.CPRDate = date("2020-01-15T10:00") }), "2020-04-15", true},
		"nobody can say":               {planOf("p", "", notForCPR), "", true},
		"a plan of a few days ago":     {planOf("p", time.Now().AddDate(0, 0, -3).Format("2006-01-02"), notForCPR), time.Now().AddDate(0, 0, -3).AddDate(0, 3, 0).Format("2006-01-02"), false},
		"a review in the month of now": {planOf("p", "2020", notForCPR, func(p *clinical.UrgentCarePlan) { p.ReviewDate = date(time.Now().Format("2006-01")) }), time.Now().Format("2006-01"), false},
	} {
		s := newStage()
		s.holds("care", "R1H", number(t, amina), test.plan)
		entry := s.open(t).ask(t, gpCaller, claimed(urgentQuestion(t))).UrgentCare[0].Plans[0]
		if entry.ReviewDue.String() != test.due || entry.ReviewOverdue != test.overdue {
			t.Errorf("%s: due %s, overdue %v", name, entry.ReviewDue, entry.ReviewOverdue)
		}
	}
}

// shared is a policy that releases of plans those with consent, and everything else.
type sharedPolicy struct{ *bentPolicy }

func (p sharedPolicy) Decide(ctx context.Context, input policy.Input) (*policy.Decision, error) {
	decision, err := p.bentPolicy.Decide(ctx, input)
	if err == nil {
		decision.SetRelease(clinical.KindUrgentCarePlan, policy.Release{Condition: condition.Where(condition.Clause{{
			Attribute: condition.LabelAttribute(clinical.LabelPlanShared), Op: condition.Equal, Values: []condition.Value{condition.Bool(true)}}}),
			Untold: clinical.KindUrgentCarePlan.Descriptor().Set("prognosisEstimate")})
	}
	return decision, err
}

// parts are what is part of two plans, and of none.
func planWithParts() []clinical.Record {
	of := func(id, plan clinical.Text) clinical.Meta {
		return clinical.Meta{ID: id, Plan: plan, Date: date("2024-01-01")}
	}
	with := func(label clinical.Label, set bool) func(*clinical.UrgentCarePlan) {
		return func(p *clinical.UrgentCarePlan) { p.Labels.Put(label, set) }
	}
	told := func(p *clinical.UrgentCarePlan) { p.PrognosisEstimate = snomed("511401000000102") }
	return []clinical.Record{
		planOf("shared", "2024-01-01", notForCPR, with(clinical.LabelPlanShared, true), told),
		planOf("told", "2023-01-01", notForCPR, with(clinical.LabelPlanShared, true), with(clinical.LabelPrognosisTold, true), told),
		planOf("kept", "2024-02-01", forCPR, with(clinical.LabelPlanShared, false)),
		planOf("unknown", "2024-03-01", forCPR),
		&clinical.Contact{Meta: of("nurse", "shared"), Name: "Nurse"}, &clinical.Contact{Meta: of("kept-nurse", "kept"), Name: "Nurse"},
		&clinical.CarePlan{Meta: of("if-breathless", "shared")}, &clinical.CarePlan{Meta: of("kept-if", "unknown")},
		&clinical.Medication{Meta: of("morphine", "shared")}, &clinical.Medication{Meta: of("kept-morphine", "kept")},
		&clinical.Medication{Meta: of("of-no-plan-there-is", "gone")}, &clinical.Medication{Meta: of("statin", "")},
		&clinical.Document{Meta: of("kept-letter", "kept")}, &clinical.Document{Meta: of("letter", "shared")},
		&clinical.Contact{Meta: of("daughter", "")},
	}
}

func sharedStage(t *testing.T) *stage {
	t.Helper()
	s := newStage()
	s.holds("care", "RYX", number(t, amina), planWithParts()...)
	s.bend = func(p *bentPolicy) gate.Policy { return sharedPolicy{p} }
	return s
}

func TestWhatIsPartOfAPlanGoesWithIt(t *testing.T) {
	want := []string{"daughter", "if-breathless", "letter", "morphine", "nurse", "shared", "statin", "told"}
	for name, lists := range map[string][]gate.List{"every list": everyList(50), "a page at a time": {{
		Kinds: clinical.Kinds()[1:], First: 50, Fields: everything()}}} {
		person := sharedStage(t).open(t).ask(t, gpCaller, claimed(gate.Question{Person: number(t, amina), Lists: lists}))
		if diff := cmp.Diff(want, shown(person)); diff != "" {
			t.Errorf("%s (-want +got) %s", name, diff)
		}
		for _, page := range person.Pages {
			for _, record := range page.Records {
				if plan := record.About().Plan; plan != "" && plan != "shared" {
					t.Errorf("%s: %s names %s", name, record.About().ID, plan)
				}
			}
		}
	}
}

func TestAViewHoldsThePlansThatAreShownAndWhatIsPartOfThem(t *testing.T) {
	s := sharedStage(t)
	trips := &tripCounter{}
	s.wrap = func(source sources.Source) sources.Source { return tripping{source, trips} }
	s.open(t)
	trips.count.Store(0)
	view := s.ask(t, gpCaller, claimed(urgentQuestion(t))).UrgentCare[0]
	if trips.count.Load() > 2 { // one more for an open referral
		t.Errorf("%d round trips", trips.count.Load())
	}
	if diff := cmp.Diff([]string{"shared", "told"}, entryIDs(view.Plans...)); diff != "" || len(view.Conflicts) > 0 {
		t.Fatalf("(-want +got) %s, and %v", diff, view.Conflicts)
	}
	first, second := view.Plans[0], view.Plans[1]
	if len(first.Contacts) != 1 || first.Contacts[0].ID != "nurse" || len(first.ContingencyPlans) != 1 || len(first.AnticipatoryMedicines) != 1 ||
		first.AnticipatoryMedicines[0].ID != "morphine" || len(second.Contacts)+len(second.AnticipatoryMedicines) > 0 {
		t.Errorf("%+v and %+v", first, second)
	}
	if !first.Plan.PrognosisEstimate.IsZero() || second.Plan.PrognosisEstimate.IsZero() {
		t.Error("a prognosis is shown where the person was not told, or not where they were")
	}
	if !view.Complete() || len(view.Sources) != 1 || view.Sources[0].Records != 5 {
		t.Errorf("sources are %+v", view.Sources)
	}
}

func TestWherePlansAreWithheldAsAKindSoIsAllThatIsPartOfThem(t *testing.T) {
	s := sharedStage(t)
	s.bend, s.policy.withheld = nil, []clinical.Kind{clinical.KindUrgentCarePlan}
	person := s.open(t).ask(t, gpCaller, claimed(urgentQuestion(t, everyList(50)...)))
	if diff := cmp.Diff([]string{"daughter", "statin"}, shown(person)); diff != "" {
		t.Errorf("(-want +got) %s", diff)
	}
	if view := person.UrgentCare[0]; len(view.Plans) > 0 || view.Complete() || view.Sources[0].Outcome != gate.Withheld {
		t.Errorf("the view is %+v", view)
	}
}

func TestNothingLeadsWhereWhetherItHoldsIsMasked(t *testing.T) {
	s := newStage()
	s.policy.masked = map[clinical.Kind]clinical.FieldSet{clinical.KindUrgentCarePlan: clinical.KindUrgentCarePlan.Descriptor().Set("status")}
	s.holds("care", "RYX", number(t, amina), planOf("wrong", "2024", notForCPR, func(p *clinical.UrgentCarePlan) { p.Status = clinical.StatusInError }),
		planOf("right", "2023", forCPR))
	view := s.open(t).ask(t, gpCaller, claimed(urgentQuestion(t))).UrgentCare[0]
	if view.CPR != nil || len(view.Conflicts) > 0 || len(view.Plans) != 2 || view.Plans[0].Standing != gate.PlanUnclear {
		t.Errorf("%+v", view)
	}
}

func TestAConflictTellsNothingOfAMaskedDecision(t *testing.T) {
	s := newStage()
	s.policy.masked = map[clinical.Kind]clinical.FieldSet{clinical.KindUrgentCarePlan: clinical.KindUrgentCarePlan.Descriptor().Set("cprDecision")}
	s.holds("care", "RYX", number(t, amina), planOf("one", "2024", notForCPR), planOf("other", "2023", forCPR))
	view := s.open(t).ask(t, gpCaller, claimed(urgentQuestion(t))).UrgentCare[0]
	if view.CPR != nil || len(view.Conflicts) > 0 || len(view.Plans) != 2 {
		t.Errorf("%+v", view)
	}
}

// hanging answers nobody until they give up.
type hanging struct{ sources.Source }

func (hanging) Fetch(ctx context.Context, _ sources.Query) (sources.Answer, error) {
	<-ctx.Done()
	return sources.Answer{}, ctx.Err()
}

// TestTheEmergencyViewIsThereWhileOneSourceIsDownAndAnotherHangs asks for everything that is needed at the bedside at once. That it
// answers at all while a source hangs is the proof: nothing here waits for that source but its own deadline.
func TestTheEmergencyViewIsThereWhileOneSourceIsDownAndAnotherHangs(t *testing.T) {
	s := newStage()
	s.holds("care", "RYX", number(t, amina), planWithParts()...)
	s.holds("practice", "F84003", number(t, amina), &clinical.AllergyIntolerance{Meta: clinical.Meta{ID: "penicillin", Code: snomed("91936005")}})
	s.holds("hospital", "R1H", number(t, amina), planOf("theirs", "2025", forCPR))
	s.holds("trust", "RQX", number(t, amina), planOf("other", "2025", forCPR))
	hangs := s.specs["hospital"]
	hangs.Deadline = 20 * time.Millisecond
	s.specs["hospital"] = hangs
	s.wrapByID = map[clinical.SourceID]func(sources.Source) sources.Source{
		"hospital": func(source sources.Source) sources.Source { return hanging{source} },
		"trust":    func(source sources.Source) sources.Source { return failing{source, errors.New("down")} },
	}
	person := s.open(t).ask(t, gpCaller, urgentQuestion(t, listOf(clinical.KindAllergyIntolerance, 20)))
	view, outcomes := person.UrgentCare[0], map[clinical.SourceID]gate.Outcome{}
	for _, line := range view.Sources {
		outcomes[line.Source] = line.Outcome
	}
	if diff := cmp.Diff(map[clinical.SourceID]gate.Outcome{"care": gate.Answered, "hospital": gate.TimedOut, "trust": gate.Failed,
		"practice": gate.Nothing}, outcomes); diff != "" {
		t.Errorf("sources (-want +got) %s", diff)
	}
	if view.Complete() || view.CPR == nil || len(view.CPR.Contacts) == 0 && len(view.Plans) != 4 {
		t.Errorf("the view is %+v", view)
	}
	if allergies := person.Pages[4].Records; len(allergies) != 1 || allergies[0].About().ID != "penicillin" {
		t.Errorf("allergies are %v", allergies)
	}
}

func TestTooManyPlansAreNotTakenForAll(t *testing.T) {
	s := newStage()
	var records []clinical.Record
	for i := range gate.MostUrgent + 1 {
		records = append(records, planOf(identifier("p", i), "2024", notForCPR))
	}
	records = append(records, &clinical.Contact{Meta: clinical.Meta{ID: "nurse", Plan: "p200", Date: date("2024")}})
	s.holds("care", "RYX", number(t, amina), records...)
	view := s.open(t).ask(t, gpCaller, claimed(urgentQuestion(t))).UrgentCare[0]
	if len(view.Plans) != gate.MostUrgent || view.Complete() || view.Sources[0].Outcome != gate.Truncated {
		t.Errorf("%d plans, %+v", len(view.Plans), view.Sources)
	}
	if slices.ContainsFunc(view.Plans, func(e *gate.UrgentCareEntry) bool { return len(e.Contacts) > 0 }) {
		t.Error("a contact of a plan that is not shown")
	}
}

// timed is a source that notes how long it is waited for.
type timed struct {
	sources.Source
	left *time.Duration
}

func (s timed) Fetch(ctx context.Context, query sources.Query) (sources.Answer, error) {
	deadline, _ := ctx.Deadline()
	*s.left = time.Until(deadline)
	return s.Source.Fetch(ctx, query)
}

func TestWhoStandsAtABedsideIsNotKeptWaitingForASourceThatUsuallyIsQuicker(t *testing.T) {
	s, left := newStage(), time.Duration(0)
	s.holds("care", "R1H", number(t, amina), planOf("p", "2024", notForCPR))
	s.wrapByID = map[clinical.SourceID]func(sources.Source) sources.Source{"care": func(source sources.Source) sources.Source { return timed{source, &left} }}
	s.open(t)
	list := claimed(gate.Question{Person: number(t, amina), Lists: []gate.List{listOf(clinical.KindUrgentCarePlan, 20)}})
	for _, step := range []struct {
		what           string
		question       gate.Question
		longer, within time.Duration
	}{
		{"the view, of a source that never answered before", claimed(urgentQuestion(t)), time.Second, 2 * time.Second},
		{"the view", claimed(urgentQuestion(t)), 500 * time.Millisecond, 800 * time.Millisecond},
		{"a list of plans", list, time.Second, 2 * time.Second},
	} {
		if s.ask(t, gpCaller, step.question) == nil || left <= step.longer || left > step.within {
			t.Errorf("%s: the source is waited for %s, want more than %s and at most %s", step.what, left, step.longer, step.within)
		}
	}
}

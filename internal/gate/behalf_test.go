package gate_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"onelondon/internal/audit"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/consent"
	"onelondon/internal/gate"
	"onelondon/policy"
)

var (
	aDoctor   = auth.Caller{ID: "u7", Name: "Dr Hospital", Role: "R0050", Organisation: "R1H", Purpose: "TREAT", RequestID: "r7"}
	elsewhere = auth.Caller{ID: "u8", Name: "Other Desk", Role: "R1730", Organisation: "X99999", Purpose: "TREAT", RequestID: "r8"}
)

const how = "Said so at the desk, known to us by sight."

// surgery is an office under the policy that ships, in a town where Amina is forty, there is a child of nine, somebody who must
// not be found, and somebody who died.
func surgery(t testing.TB) *office {
	t.Helper()
	return surgeryIn(t, smallTown(t), func(*clinical.Registration) {})
}

// surgeryIn is a surgery whose sources say something else of Amina than they did when they were listed.
func surgeryIn(t testing.TB, s *stage, since func(*clinical.Registration)) *office {
	t.Helper()
	s.holds("emis", "F84003", number(t, aChild))
	s.holds("emis", "F84003", number(t, theDead))
	born := map[string]string{amina: "1986-03-04", hidden: "1986-03-04", aChild: "2017-11-01", theDead: "1940"}
	for _, people := range s.people {
		for i := range people {
			registration := people[i].Records[0].(*clinical.Registration)
			registration.BirthDate = date(born[people[i].NHSNumber.Reveal()])
			switch people[i].NHSNumber {
			case number(t, theDead):
				registration.DeathDate = date("2025-02-03")
			case number(t, amina):
				since(registration)
			}
		}
	}
	engine, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	o := officeIn(t, s)
	o.now = time.Date(2026, 11, 27, 10, 0, 0, 0, time.UTC)
	return o.under(t, engine)
}

// shipped is the policy that ships, opened once: it takes a while.
var shipped = sync.OnceValues(func() (*policy.Engine, error) {
	return policy.Open(context.Background(), policy.Embedded(), policy.Options{})
})

const (
	aChild  = "9990000069"
	theDead = "9990000077"
)

func onWord(word gate.Authority, evidence string) gate.OnBehalfInput {
	return gate.OnBehalfInput{OnWordOf: word, Reason: how, Evidence: evidence}
}

// told records a choice on somebody's word.
func (o *office) told(t testing.TB, caller auth.Caller, person string, choice gate.Choice, input gate.OnBehalfInput) error {
	t.Helper()
	mine, revision, err := o.gate.ChooseFor(context.Background(), caller, number(t, person), choice, input)
	if err == nil && (mine.NHSNumber != number(t, person) || mine.Authority != input.OnWordOf || revision == 0) {
		t.Errorf("got %+v, revision %d", mine, revision)
	}
	return err
}

func TestWhatAPersonTellsTheReceptionistHoldsAndThePersonReadsWhoRecordedIt(t *testing.T) {
	o := surgery(t)
	if err := o.told(t, receptionist, amina, denied(clinical.LabelHIV, gate.AnOrganisation, "R1H"), onWord(gate.BySelf, "")); err != nil {
		t.Fatal(err)
	}
	entry := o.newest(t, 1)[0]
	if entry.Event != audit.EventPreference || entry.Outcome != audit.OutcomeReleased || entry.OnWordOf != "self" || entry.Opens ||
		entry.Alert || entry.Notify || entry.Relationship != "registered" || entry.Caller.ID != receptionist.ID ||
		strings.Contains(entry.Evidence+entry.ClaimedReason+strings.Join(entry.Kinds, ""), how) {
		t.Errorf("entry is %+v", entry)
	}
	got := o.choices(t, citizen(t, amina), number(t, amina)).Preferences
	if len(got) != 1 || got[0].Recorded == nil {
		t.Fatalf("preferences are %+v", got)
	}
	if recorded := got[0].Recorded; recorded.Words != "Recorded by Front Desk, Receptionist at Source emis, on your word." ||
		recorded.Authority != gate.BySelf || recorded.Reason != how || recorded.Evidence != "" {
		t.Errorf("recorded: %+v", recorded)
	}
	page, err := o.gate.OwnAccesses(context.Background(), citizen(t, amina), number(t, amina), gate.Paging{First: 5})
	if err != nil {
		t.Fatal(err)
	}
	mine := page.Accesses[1]
	if mine.Summary != "Front Desk, Receptionist at Source emis, recorded a choice for you, on your word." || mine.OnWordOf == nil ||
		*mine.OnWordOf != gate.BySelf || mine.Relationship != "You are registered at their practice." {
		t.Errorf("the access is %+v", mine)
	}
}

func TestWhatOpensSomethingNeedsEvidenceAndIsReviewedAndToldOf(t *testing.T) {
	o := surgery(t)
	for name, choice := range map[string]gate.Choice{
		"a permission":                 gate.Prefer(gate.PreferenceInput{Effect: gate.Allow, Category: clinical.LabelHIV, Party: gate.PartyInput{Kind: gate.Anyone}}),
		"a preference taken back":      gate.TakeBack(clinical.LabelHIV, gate.PartyInput{Kind: gate.Anyone}),
		"an objection taken back":      gate.Object(false, ""),
		"agreeing to secondary use":    gate.OptOutInLondon(false),
		"no longer to be told of it":   gate.BeTold(false),
		"to the recorder's own office": gate.Prefer(gate.PreferenceInput{Effect: gate.Allow, Party: gate.PartyInput{Kind: gate.AnOrganisation, Code: "F84003"}}),
	} {
		before := len(o.newest(t, 100))
		if err := o.told(t, gpCaller, amina, choice, onWord(gate.BySelf, "  ")); !errors.Is(err, gate.ErrEvidence) {
			t.Errorf("%s without evidence: error is %v", name, err)
		}
		if err := o.told(t, gpCaller, amina, choice, onWord(gate.BySelf, "form 12")); err != nil {
			t.Errorf("%s: error is %v", name, err)
		}
		entries := o.newest(t, 100)
		if len(entries) != before+2 || entries[1].Outcome != audit.OutcomeRefused || entries[1].Alert || !entries[0].Alert || !entries[0].Notify ||
			!entries[0].Opens || entries[0].Evidence != "form 12" {
			t.Errorf("%s: entries are %+v", name, entries[:2])
		}
	}
	page, err := o.gate.Alerts(context.Background(), officer, false, gate.Paging{First: 10})
	if err != nil || len(page.Accesses) != 6 {
		t.Fatalf("%d alerts, error %v", len(page.Accesses), err)
	}
	want := "Dr Okoye, General Medical Practitioner at Source emis, recorded a choice for the person, on the person's word, by which more may be " +
		"seen or used (evidence: form 12)."
	if page.Accesses[0].Summary != want || page.Accesses[0].Evidence != "form 12" {
		t.Errorf("the alert says %+v", page.Accesses[0])
	}
}

func TestNobodyRecordsOnAWordThatDoesNotCount(t *testing.T) {
	o := surgery(t)
	closing := denied(clinical.LabelHIV, gate.Anyone, "")
	o.appoint(t, aChild, another, consent.Parent)
	of := func(proxy string) gate.OnBehalfInput {
		return gate.OnBehalfInput{OnWordOf: gate.ByParent, Proxy: number(t, proxy), Reason: how, Evidence: "form 12"}
	}
	for name, test := range map[string]struct {
		caller auth.Caller
		person string
		input  gate.OnBehalfInput
	}{
		"somebody who does not care for her":       {elsewhere, amina, onWord(gate.BySelf, "form 12")},
		"of nobody":                                {receptionist, nobody, onWord(gate.BySelf, "form 12")},
		"of somebody who must not be found":        {receptionist, hidden, onWord(gate.BySelf, "form 12")},
		"of somebody who died":                     {receptionist, theDead, onWord(gate.BySelf, "form 12")},
		"a child of nine at the desk":              {receptionist, aChild, onWord(gate.BySelf, "form 12")},
		"a parent without a name":                  {receptionist, aChild, onWord(gate.ByParent, "form 12")},
		"a parent whom the register does not know": {receptionist, aChild, of(amina)},
		"a parent of an adult":                     {receptionist, amina, of(another)},
		"a receptionist in her best interests":     {receptionist, amina, onWord(gate.ByClinician, "form 12")},
		"a privacy officer":                        {officer, amina, onWord(gate.BySelf, "form 12")},
		"a citizen who is not staff":               {citizen(t, another), amina, onWord(gate.BySelf, "form 12")},
		"she herself, as if she were staff":        {citizen(t, amina), amina, onWord(gate.BySelf, "form 12")},
		"on nobody's word":                         {receptionist, amina, onWord("", "form 12")},
	} {
		if err := o.told(t, test.caller, test.person, closing, test.input); !errors.Is(err, gate.ErrNotPermitted) {
			t.Errorf("%s: error is %v", name, err)
		}
		if entry := o.newest(t, 1)[0]; entry.Outcome != audit.OutcomeRefused || entry.Event != audit.EventPreference {
			t.Errorf("%s: entry is %+v", name, entry)
		}
	}
	if _, _, err := o.gate.ChooseFor(context.Background(), receptionist, clinical.NHSNumber{}, closing, onWord(gate.BySelf, "")); !errors.Is(err, gate.ErrNotPermitted) {
		t.Errorf("of no number: error is %v", err)
	}
	if _, _, err := o.gate.ChooseFor(context.Background(), auth.Caller{}, number(t, amina), closing, onWord(gate.BySelf, "")); !errors.Is(err, gate.ErrUnauthenticated) {
		t.Errorf("by nobody: error is %v", err)
	}
	if err := o.told(t, receptionist, aChild, closing, of(another)); err != nil {
		t.Errorf("the parent whom the register knows: error is %v", err)
	}
}

func TestWhatIsRecordedNeedsAReasonAndMustBeAChoice(t *testing.T) {
	o := surgery(t)
	for _, reason := range []string{"", "said so", "          .          ", strings.Repeat("x", 2001)} {
		input := gate.OnBehalfInput{OnWordOf: gate.BySelf, Reason: reason}
		if err := o.told(t, receptionist, amina, gate.BeTold(true), input); !errors.Is(err, gate.ErrReason) {
			t.Errorf("%q: error is %v", reason, err)
		}
	}
	if err := o.told(t, receptionist, amina, denied(clinical.LabelHIV, gate.Anyone, "R1H"), onWord(gate.BySelf, "")); !errors.Is(err, gate.ErrPreference) {
		t.Errorf("a preference for no party: error is %v", err)
	}
	if err := o.told(t, receptionist, amina, gate.Choice{}, onWord(gate.BySelf, "form 12")); !errors.Is(err, gate.ErrNotPermitted) {
		t.Errorf("no choice: error is %v", err)
	}
	if _, revision, _ := o.register.State(number(t, amina)); revision != 0 {
		t.Errorf("the register is at %d", revision)
	}
}

func TestTheReasonOfThePersonStandsBesideHowItWasRecorded(t *testing.T) {
	o := surgery(t)
	if err := o.told(t, aDoctor, amina, gate.Object(true, "I would rather tell each doctor."), onWord(gate.BySelf, "letter 9990000018")); err != nil {
		t.Fatal(err)
	}
	recorded := o.choices(t, citizen(t, amina), number(t, amina)).Sharing.Recorded
	if recorded == nil || recorded.Reason != "I would rather tell each doctor. ("+how+")" || recorded.Evidence != "letter (an NHS number)" ||
		recorded.Words != "Recorded by Dr Hospital, Consultant at Source barts, on your word." {
		t.Errorf("recorded: %+v", recorded)
	}
}

func TestAClinicianClosesInTheBestInterestsAndOpensWhatClinicianClosedAlone(t *testing.T) {
	o := surgery(t)
	assessed := onWord(gate.ByClinician, "assessment 4")
	hiv, back := denied(clinical.LabelHIV, gate.ARole, "R1730"), gate.TakeBack(clinical.LabelHIV, gate.PartyInput{Kind: gate.ARole, Code: "R1730"})
	all := gate.TakeBack("", gate.PartyInput{Kind: gate.Anyone})
	refused := func(what string, choice gate.Choice) {
		t.Helper()
		if err := o.told(t, gpCaller, amina, choice, assessed); !errors.Is(err, gate.ErrNotPermitted) {
			t.Errorf("%s: error is %v", what, err)
		}
	}
	done := func(what string, choice gate.Choice) {
		t.Helper()
		if err := o.told(t, gpCaller, amina, choice, assessed); err != nil {
			t.Errorf("%s: error is %v", what, err)
		}
		if entry := o.newest(t, 1)[0]; !entry.Alert || !entry.Notify || entry.OnWordOf != "clinician" {
			t.Errorf("%s: entry is %+v", what, entry)
		}
	}
	refused("what nobody closed", back)
	done("a denial", hiv)
	refused("another one", all)
	refused("a permission in its place", gate.Prefer(gate.PreferenceInput{Effect: gate.Allow, Category: clinical.LabelHIV, Party: gate.PartyInput{Kind: gate.ARole, Code: "R1730"}}))
	done("what a clinician closed", back)
	refused("what is open", back)
	done("an objection", gate.Object(true, ""))
	done("the objection taken back", gate.Object(false, ""))
	done("to be told", gate.BeTold(true))
	done("no longer to be told", gate.BeTold(false))
	done("an opt-out", gate.OptOutInLondon(true))
	refused("agreeing to the use of her record", gate.OptOutInLondon(false))

	me := citizen(t, amina)
	o.choose(t, me, me.Person, hiv)
	done("what she closed herself, closed again", hiv)
	refused("what she closed herself", back)
	o.choose(t, me, me.Person, gate.Object(true, ""))
	refused("her own objection", gate.Object(false, ""))
	if got := o.choices(t, me, me.Person); len(got.Preferences) != 1 || got.Sharing.Objection != gate.ObjectionRequested ||
		got.Preferences[0].Recorded.Words != "Recorded by Dr Okoye, General Medical Practitioner at Source emis, in your best interests." {
		t.Errorf("she reads %+v", got)
	}
}

// A denial that has run out is not what holds, so it is not what a clinician takes back.
func TestWhatRanOutIsNotTakenBackByAClinician(t *testing.T) {
	o := surgery(t)
	about := consent.Choice{Preference: consent.Preference{Effect: consent.Deny, Category: clinical.LabelHIV, Party: consent.Anyone}}
	if _, err := o.register.Record(context.Background(), consent.Directive{Person: number(t, amina), Authority: consent.Clinician, RecordedBy: "u", At: o.now,
		About: about, Until: o.now.Add(-time.Hour)}); err != nil {
		t.Fatal(err)
	}
	if err := o.told(t, gpCaller, amina, gate.TakeBack(clinical.LabelHIV, gate.PartyInput{Kind: gate.Anyone}), onWord(gate.ByClinician, "assessment 4")); !errors.Is(err, gate.ErrNotPermitted) {
		t.Errorf("error is %v", err)
	}
}

func TestStaffWhoRecordAreToldNothingOfWhatHeldBefore(t *testing.T) {
	o := surgery(t)
	me := citizen(t, amina)
	same := func() []error {
		var errs []error
		for _, evidence := range []string{"", "form 12"} {
			for _, choice := range []gate.Choice{denied(clinical.LabelHIV, gate.Anyone, ""), gate.TakeBack(clinical.LabelHIV, gate.PartyInput{Kind: gate.Anyone}),
				gate.Object(false, ""), gate.BeTold(false)} {
				errs = append(errs, o.told(t, receptionist, amina, choice, onWord(gate.BySelf, evidence)))
			}
		}
		return errs
	}
	before := same()
	o.choose(t, me, me.Person, denied(clinical.LabelHIV, gate.Anyone, ""))
	o.choose(t, me, me.Person, gate.Object(true, ""))
	o.choose(t, me, me.Person, gate.BeTold(true))
	for i, err := range same() {
		if !errors.Is(err, before[i]) && (err != nil || before[i] != nil) {
			t.Errorf("choice %d: %v, before %v", i, err, before[i])
		}
	}
	if _, err := o.gate.Choices(context.Background(), receptionist, number(t, amina)); !errors.Is(err, gate.ErrNotPermitted) {
		t.Errorf("choices: error is %v", err)
	}
}

func TestWithoutALedgerNothingIsRecordedOnAnyWord(t *testing.T) {
	o := surgery(t)
	_ = o.ledger.Close()
	if err := o.told(t, receptionist, amina, gate.BeTold(true), onWord(gate.BySelf, "")); !errors.Is(err, gate.ErrLedger) {
		t.Errorf("error is %v", err)
	}
	if _, revision, _ := o.register.State(number(t, amina)); revision != 0 {
		t.Errorf("the register is at %d", revision)
	}
}

func TestWhatTheSourcesSayNowDecidesAndNotWhatTheyListed(t *testing.T) {
	flagged := surgeryIn(t, smallTown(t), func(r *clinical.Registration) { r.Labels.Put(clinical.LabelSensitive, true) })
	if err := flagged.told(t, receptionist, amina, gate.BeTold(true), onWord(gate.BySelf, "")); !errors.Is(err, gate.ErrNotPermitted) {
		t.Errorf("of somebody who must not be found since: error is %v", err)
	}
	if entry := flagged.newest(t, 1)[0]; entry.Relationship != "none" {
		t.Errorf("entry is %+v", entry)
	}
	left := surgeryIn(t, smallTown(t), func(r *clinical.Registration) { r.Status = clinical.StatusInactive })
	if err := left.told(t, receptionist, amina, gate.BeTold(true), onWord(gate.BySelf, "")); err != nil {
		t.Errorf("of somebody who left: error is %v", err)
	}
	if entry := left.newest(t, 1)[0]; entry.Relationship != "record" {
		t.Errorf("entry is %+v", entry)
	}
}

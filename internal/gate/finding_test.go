package gate_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"onelondon/internal/audit"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/consent"
	"onelondon/internal/gate"
)

var (
	practiceGuardian = auth.Caller{ID: "u9", Name: "Rose Hall", Role: "R5105", Organisation: "F84003", Purpose: "HOPERAT", RequestID: "r9"}
	secondDoctor     = auth.Caller{ID: "u10", Name: "Dr Second", Role: "R0260", Organisation: "F84003", Purpose: "TREAT", RequestID: "r10"}
)

const clinicalNeed = "She is treated by three hospitals at once."

// decides decides about an objection of Amina's.
func (o *office) decides(caller auth.Caller, person clinical.NHSNumber, decision gate.ObjectionDecision, reason string) error {
	_, err := o.gate.DecideObjection(context.Background(), caller, person, decision, reason)
	return err
}

func TestAGuardianDecidesAboutAnObjectionAndThePersonReadsWhoAndWhy(t *testing.T) {
	o := surgery(t)
	me := citizen(t, amina)
	o.choose(t, me, me.Person, gate.Object(true, "I do not want it."))
	if got, err := o.gate.ChoicesOf(context.Background(), guardian, me.Person); err != nil || got.Sharing.Objection != gate.ObjectionRequested ||
		got.Sharing.Recorded.Reason != "I do not want it." {
		t.Fatalf("the guardian reads %+v, error %v", got, err)
	}
	found, err := o.gate.DecideObjection(context.Background(), guardian, me.Person, gate.NotUpheld, clinicalNeed)
	if err != nil || !found.InForce || found.Revision != 2 || found.Mine.NHSNumber != me.Person || found.Mine.Authority != gate.ByController {
		t.Fatalf("got %+v, error %v", found, err)
	}
	entry := o.newest(t, 1)[0]
	if entry.Event != audit.EventPreference || entry.Action != "decide_objection" || !entry.Alert || !entry.Notify || !entry.Opens ||
		entry.Relationship != "registered" || strings.Contains(entry.ClaimedReason+entry.Evidence, "hospitals") {
		t.Errorf("entry is %+v", entry)
	}
	sharing := o.choices(t, me, me.Person).Sharing
	if sharing.Objection != gate.ObjectionNotUpheld || sharing.Recorded.Words != "Decided by C. Guardian, Caldicott Guardian at Source barts." ||
		sharing.Recorded.Reason != clinicalNeed || sharing.Recorded.Authority != gate.ByController {
		t.Errorf("she reads %+v, %+v", sharing, sharing.Recorded)
	}
	page, err := o.gate.OwnAccesses(context.Background(), me, me.Person, gate.Paging{First: 10})
	if err != nil || !strings.Contains(summariesOf(page), "C. Guardian, Caldicott Guardian at Source barts, decided about your objection to sharing, which is not upheld.") {
		t.Errorf("she reads %s, error %v", summariesOf(page), err)
	}
	if err := o.decides(practiceGuardian, me.Person, gate.Upheld, ""); err != nil {
		t.Errorf("upheld after all: %v", err)
	}
	if entry := o.newest(t, 1)[0]; entry.Alert || entry.Opens || !entry.Notify {
		t.Errorf("entry is %+v", entry)
	}
}

func summariesOf(page *gate.AccessPage) string {
	var all []string
	for i := range page.Accesses {
		all = append(all, page.Accesses[i].Summary)
	}
	return strings.Join(all, "\n")
}

// Every order in which a person may speak and a guardian decide, and where the objection stands then.
func TestWhatIsDecidedFollowsWhatThePersonSays(t *testing.T) {
	const objects, withdraws, upholds, refuses = "objects", "withdraws", "upholds", "does not uphold"
	for _, test := range []struct {
		steps []string
		last  error
		now   gate.ObjectionStanding
	}{
		{steps: []string{upholds}, last: gate.ErrObjection, now: gate.NoObjection},
		{steps: []string{refuses}, last: gate.ErrObjection, now: gate.NoObjection},
		{steps: []string{objects, upholds}, now: gate.ObjectionUpheld},
		{steps: []string{objects, upholds, refuses}, now: gate.ObjectionNotUpheld},
		{steps: []string{objects, refuses, upholds}, now: gate.ObjectionUpheld},
		{steps: []string{objects, withdraws, refuses}, last: gate.ErrObjection, now: gate.NoObjection},
		{steps: []string{objects, upholds, withdraws, upholds}, last: gate.ErrObjection, now: gate.NoObjection},
		{steps: []string{objects, upholds, objects}, now: gate.ObjectionUpheld},
		{steps: []string{objects, refuses, objects}, now: gate.ObjectionRequested},
		{steps: []string{objects, refuses, objects, upholds}, now: gate.ObjectionUpheld},
		{steps: []string{objects, refuses, withdraws}, now: gate.NoObjection},
	} {
		o, me := surgery(t), citizen(t, amina)
		var last error
		for _, step := range test.steps {
			switch step {
			case upholds:
				last = o.decides(guardian, me.Person, gate.Upheld, "")
			case refuses:
				last = o.decides(guardian, me.Person, gate.NotUpheld, clinicalNeed)
			default:
				o.choose(t, me, me.Person, gate.Object(step == objects, ""))
				last = nil
			}
		}
		if got := o.choices(t, me, me.Person).Sharing.Objection; !errors.Is(last, test.last) || got != test.now {
			t.Errorf("%v: stands %s, last error %v", test.steps, got, last)
		}
	}
}

func TestOnlyAGuardianWhoseOrganisationCaresDecidesAndNobodyLooksTheSame(t *testing.T) {
	o, me := surgery(t), citizen(t, amina)
	o.choose(t, me, me.Person, gate.Object(true, ""))
	stranger := guardian
	stranger.Organisation = "X99999"
	for name, test := range map[string]struct {
		caller auth.Caller
		person string
	}{
		"a doctor":                             {gpCaller, amina},
		"a privacy officer":                    {officer, amina},
		"a guardian who does not care for her": {stranger, amina},
		"she herself":                          {me, amina},
		"of nobody":                            {guardian, nobody},
		"of somebody who must not be found":    {guardian, hidden},
		"of somebody who died":                 {practiceGuardian, theDead},
	} {
		if err := o.decides(test.caller, number(t, test.person), gate.Upheld, clinicalNeed); !errors.Is(err, gate.ErrNotPermitted) {
			t.Errorf("%s: error is %v", name, err)
		}
		if test.caller.ID != gpCaller.ID && test.caller.ID != officer.ID {
			if _, err := o.gate.ChoicesOf(context.Background(), test.caller, number(t, test.person)); !errors.Is(err, gate.ErrNotPermitted) && test.person != theDead {
				t.Errorf("%s reads the choices: error is %v", name, err)
			}
		}
	}
	for _, reason := range []string{"", "no", "          .          ", strings.Repeat("x", 2001)} {
		if err := o.decides(guardian, me.Person, gate.NotUpheld, reason); !errors.Is(err, gate.ErrReason) {
			t.Errorf("for the reason %q: error is %v", reason, err)
		}
	}
	if err := o.decides(guardian, clinical.NHSNumber{}, gate.Upheld, ""); !errors.Is(err, gate.ErrNotPermitted) {
		t.Errorf("of no number: error is %v", err)
	}
	if err := o.decides(auth.Caller{}, me.Person, gate.Upheld, ""); !errors.Is(err, gate.ErrUnauthenticated) {
		t.Errorf("by nobody: error is %v", err)
	}
	if got := o.choices(t, me, me.Person).Sharing.Objection; got != gate.ObjectionRequested {
		t.Errorf("stands %s", got)
	}
}

func assessed(finding gate.CapacityFinding) gate.CapacityInput {
	return gate.CapacityInput{Finding: finding, OfficeInput: gate.OfficeInput{Reason: "Assessed at home, twice.", Evidence: "assessment 4"}}
}

func (o *office) finds(caller auth.Caller, person clinical.NHSNumber, input gate.CapacityInput) (*gate.Found, error) {
	return o.gate.RecordCapacity(context.Background(), caller, person, input)
}

// A clinician who is an attorney as well opens no record by finding that somebody lacks capacity: nobody can tell, so it takes two.
func TestLackingHoldsOnceASecondClinicianFindsIt(t *testing.T) {
	o, me := surgery(t), citizen(t, amina)
	o.appoint(t, amina, another, consent.Attorney)
	attorney := citizen(t, another)
	sees := func() bool {
		_, err := o.gate.Choices(context.Background(), attorney, me.Person)
		return err == nil
	}
	lacking := assessed(gate.CapacityLacking)
	for range 2 {
		if found, err := o.finds(gpCaller, me.Person, lacking); err != nil || found.InForce || found.Mine.Authority != gate.ByClinician {
			t.Fatalf("the first: %+v, error %v", found, err)
		}
	}
	if sees() || o.choices(t, me, me.Person).Capacity.Finding != gate.CapacityPresumed {
		t.Error("one clinician opened it")
	}
	if entry := o.newest(t, 2)[0]; entry.Action == "record_capacity" && (!entry.Alert || !entry.Notify) {
		t.Errorf("entry is %+v", entry)
	}
	if found, err := o.finds(aDoctor, me.Person, lacking); err != nil || !found.InForce {
		t.Fatalf("the second: %+v, error %v", found, err)
	}
	if !sees() {
		t.Error("the attorney does not see it")
	}
	got := o.choices(t, me, me.Person).Capacity
	if got.Finding != gate.CapacityLacking || got.Recorded.Words != "Found by Dr Hospital, Consultant at Source barts." || got.Recorded.Evidence != "assessment 4" {
		t.Errorf("she reads %+v, %+v", got, got.Recorded)
	}
	if found, err := o.finds(gpCaller, me.Person, assessed(gate.CapacityPresumed)); err != nil || !found.InForce || sees() {
		t.Errorf("she recovered: %+v, error %v", found, err)
	}
	if found, err := o.finds(aDoctor, me.Person, lacking); err != nil || found.InForce {
		t.Errorf("an old finding was taken for a second one: %+v, error %v", found, err)
	}
}

// Whatever is proposed on the subject in between makes what was proposed before void.
func TestAnotherProposalInBetweenVoidsTheFirst(t *testing.T) {
	o, me := surgery(t), citizen(t, amina)
	lacking, bounded := assessed(gate.CapacityLacking), assessed(gate.CapacityLacking)
	bounded.Until = time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, each := range []struct {
		by      auth.Caller
		input   gate.CapacityInput
		inForce bool
	}{{gpCaller, lacking, false}, {aDoctor, bounded, false}, {secondDoctor, lacking, false}, {gpCaller, lacking, true}} {
		found, err := o.finds(each.by, me.Person, each.input)
		if err != nil || found.InForce != each.inForce {
			t.Fatalf("%s: %+v, error %v", each.by.Name, found, err)
		}
	}
}

func TestASecondMustRecordTheSameInTime(t *testing.T) {
	for name, test := range map[string]struct {
		input  gate.CapacityInput
		later  time.Duration
		caller auth.Caller
	}{
		"the same clinician":   {assessed(gate.CapacityLacking), 0, gpCaller},
		"another finding":      {assessed(gate.CapacityCompetent), 0, secondDoctor},
		"too late":             {assessed(gate.CapacityLacking), 31 * 24 * time.Hour, secondDoctor},
		"for another time":     {gate.CapacityInput{Finding: gate.CapacityLacking, OfficeInput: gate.OfficeInput{Reason: how, Evidence: "a", Until: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)}}, 0, secondDoctor},
		"from another moment":  {gate.CapacityInput{Finding: gate.CapacityLacking, OfficeInput: gate.OfficeInput{Reason: how, Evidence: "a", From: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}}, 0, secondDoctor},
		"without an assesment": {gate.CapacityInput{Finding: gate.CapacityLacking, OfficeInput: gate.OfficeInput{Reason: how}}, 0, secondDoctor},
	} {
		o, person := surgery(t), number(t, amina)
		if _, err := o.finds(gpCaller, person, assessed(gate.CapacityLacking)); err != nil {
			t.Fatal(err)
		}
		o.now = o.now.Add(test.later)
		if found, err := o.finds(test.caller, person, test.input); err == nil && found.InForce {
			t.Errorf("%s: it holds", name)
		}
		if state, _, err := o.register.State(person); err != nil || state.Capacity == consent.CapacityLacking {
			t.Errorf("%s: state is %+v, error %v", name, state, err)
		}
	}
}

func TestWhoFindsNothingAboutCapacity(t *testing.T) {
	o := surgery(t)
	for name, test := range map[string]struct {
		caller auth.Caller
		person string
		want   error
	}{
		"a receptionist":                       {receptionist, amina, gate.ErrNotPermitted},
		"a guardian":                           {practiceGuardian, amina, gate.ErrNotPermitted},
		"she herself":                          {citizen(t, amina), amina, gate.ErrNotPermitted},
		"a doctor who does not care for her":   {auth.Caller{ID: "x", Role: "R0260", Organisation: "X99999", Purpose: "TREAT", RequestID: "r"}, amina, gate.ErrNotPermitted},
		"of nobody":                            {gpCaller, nobody, gate.ErrNotPermitted},
		"of somebody who must not be found":    {gpCaller, hidden, gate.ErrNotPermitted},
		"of somebody who died":                 {gpCaller, theDead, gate.ErrNotPermitted},
		"of a child on whom nothing hangs yet": {gpCaller, aChild, gate.ErrNotPermitted},
	} {
		if _, err := o.finds(test.caller, number(t, test.person), assessed(gate.CapacityLacking)); !errors.Is(err, test.want) {
			t.Errorf("%s: error is %v", name, err)
		}
	}
	unproved := assessed(gate.CapacityLacking)
	unproved.Evidence = " "
	if _, err := o.finds(gpCaller, number(t, amina), unproved); !errors.Is(err, gate.ErrEvidence) {
		t.Errorf("without evidence: error is %v", err)
	}
	if _, err := o.finds(gpCaller, number(t, amina), assessed("")); !errors.Is(err, gate.ErrNotPermitted) {
		t.Errorf("nothing found: error is %v", err)
	}
}

package gate_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/gate"
)

// motherOf is a mother as staff record her.
func motherOf(t testing.TB, proxy string) gate.ProxyInput {
	return gate.ProxyInput{Proxy: number(t, proxy), Name: "Mary Okafor 9990000018, mother", As: gate.ByParent,
		OfficeInput: gate.OfficeInput{Reason: "Seen at the desk with the child.", Evidence: "birth certificate"}}
}

func (o *office) appoints(caller auth.Caller, person string, input gate.ProxyInput) (*gate.Found, error) {
	number, err := clinical.ParseNHSNumber(person)
	if err != nil {
		return nil, err
	}
	return o.gate.AppointProxy(context.Background(), caller, number, input)
}

func (o *office) may(t testing.TB, proxy, person string) bool {
	t.Helper()
	_, err := o.gate.MyRecord(context.Background(), citizen(t, proxy), number(t, person))
	return err == nil
}

func TestAMotherMayActOnceTwoHaveRecordedHerAndNoLongerOnceOneHasEndedIt(t *testing.T) {
	o := surgery(t)
	if found, err := o.appoints(receptionist, aChild, motherOf(t, another)); err != nil || found.InForce {
		t.Fatalf("the first: %+v, error %v", found, err)
	}
	if found, err := o.appoints(receptionist, aChild, motherOf(t, another)); err != nil || found.InForce || o.may(t, another, aChild) {
		t.Fatalf("the same again: %+v, error %v", found, err)
	}
	if found, err := o.appoints(gpCaller, aChild, motherOf(t, another)); err != nil || !found.InForce || !o.may(t, another, aChild) {
		t.Fatalf("the second: %+v, error %v", found, err)
	}
	for _, entry := range o.newest(t, 4) {
		if entry.Action != "appoint_proxy" {
			continue // that she might not act yet
		}
		if !entry.Alert || !entry.Notify || strings.Contains(entry.Evidence+entry.ClaimedReason, "999000") {
			t.Errorf("entry is %+v", entry)
		}
	}
	read := o.choices(t, citizen(t, another), number(t, aChild)).Proxies
	if len(read) != 1 || !read[0].IsReader || read[0].Name != "Mary Okafor (an NHS number), mother" || !strings.HasPrefix(read[0].Means, "You may act for the person as a parent") {
		t.Errorf("she reads %+v", read)
	}
	ended := gate.OfficeInput{Reason: "A court has ended it, seen today."}
	if found, err := o.gate.EndProxy(context.Background(), receptionist, number(t, aChild), number(t, another), ended); err != nil || !found.InForce {
		t.Fatalf("ended: %+v, error %v", found, err)
	}
	if o.may(t, another, aChild) {
		t.Error("she may act still")
	}
	if found, err := o.appoints(gpCaller, aChild, motherOf(t, another)); err != nil || found.InForce {
		t.Errorf("what was recorded before it ended counts: %+v, error %v", found, err)
	}
}

func TestWhoMayActIsNamedToThePersonAndTheGuardianAlone(t *testing.T) {
	o := surgery(t)
	attorney := gate.ProxyInput{Proxy: number(t, another), Name: "Ada Lee, daughter", As: gate.ByAttorney, OfficeInput: gate.OfficeInput{
		Reason: "Ada Lee brought the deed.", Evidence: "LPA 7000 1234", Until: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)}}
	second := attorney
	second.Proxy, second.Name = number(t, aChild), "Ben Lee, son"
	for _, each := range []gate.ProxyInput{attorney, second} {
		for _, caller := range []auth.Caller{receptionist, secondDoctor} {
			if _, err := o.appoints(caller, amina, each); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, caller := range []auth.Caller{gpCaller, aDoctor} {
		if _, err := o.finds(caller, number(t, amina), assessed(gate.CapacityLacking)); err != nil {
			t.Fatal(err)
		}
	}
	mine := o.choices(t, citizen(t, amina), number(t, amina)).Proxies
	if len(mine) != 2 || mine[0].Name != "Ada Lee, daughter" || mine[0].Recorded.Evidence != "LPA 7000 1234" || mine[0].Until == nil || mine[0].From != nil ||
		mine[0].Recorded.Words != "Recorded by Dr Second, General Medical Practitioner at Source emis." ||
		mine[0].Means != "Ada Lee, daughter may act for you as an attorney or deputy, while you are found to lack the capacity to decide." {
		t.Errorf("she reads %+v", mine)
	}
	got, err := o.gate.ChoicesOf(context.Background(), practiceGuardian, number(t, amina))
	if err != nil || len(got.Proxies) != 2 || got.Proxies[1].Name != "Ben Lee, son" || got.Proxies[1].IsReader {
		t.Errorf("the guardian reads %+v, error %v", got, err)
	}
	if got, err := o.gate.ChoicesOf(context.Background(), officer, number(t, amina)); err != nil || got.Proxies[0].Name != "" || got.Proxies[0].Recorded.Reason != "" {
		t.Errorf("the privacy officer reads %+v, error %v", got, err)
	}
	theirs := o.choices(t, citizen(t, another), number(t, amina)).Proxies
	if len(theirs) != 2 || !theirs[0].IsReader || theirs[0].Name == "" || theirs[1].IsReader || theirs[1].Name != "" ||
		theirs[1].Recorded.Reason != "" || theirs[1].Recorded.Evidence != "" || strings.Contains(theirs[1].Means, "Ben") {
		t.Errorf("her daughter reads %+v", theirs)
	}
}

func TestThePersonEndsWhatSomebodyMayDoForThemAndAppointsNobody(t *testing.T) {
	o := surgery(t)
	attorney := gate.ProxyInput{Proxy: number(t, another), Name: "Ada Lee", As: gate.ByAttorney, OfficeInput: gate.OfficeInput{Reason: "Brought the deed along.", Evidence: "LPA"}}
	for _, caller := range []auth.Caller{receptionist, gpCaller} {
		if _, err := o.appoints(caller, amina, attorney); err != nil {
			t.Fatal(err)
		}
	}
	me := citizen(t, amina)
	if _, err := o.appoints(me, amina, attorney); !errors.Is(err, gate.ErrNotPermitted) {
		t.Errorf("she appoints: error is %v", err)
	}
	if _, err := o.gate.EndOwnProxy(context.Background(), me, 1); !errors.Is(err, gate.ErrPreference) {
		t.Errorf("what was only proposed: error is %v", err)
	}
	if _, err := o.gate.EndOwnProxy(context.Background(), gpCaller, 2); !errors.Is(err, gate.ErrNotPermitted) {
		t.Errorf("staff as if they were she: error is %v", err)
	}
	proxies := o.choices(t, me, me.Person).Proxies
	found, err := o.gate.EndOwnProxy(context.Background(), me, proxies[0].ConsentRevision)
	if err != nil || !found.InForce || found.Mine.Authority != gate.BySelf {
		t.Fatalf("got %+v, error %v", found, err)
	}
	if left := o.choices(t, me, me.Person).Proxies; len(left) != 0 {
		t.Errorf("left are %+v", left)
	}
}

func TestWhoeverMayNotRecordAProxyOfWhomever(t *testing.T) {
	o := surgery(t)
	for name, test := range map[string]struct {
		caller auth.Caller
		person string
		change func(*gate.ProxyInput)
		want   error
	}{
		"a hospital":                        {aDoctor, aChild, nil, gate.ErrNotPermitted},
		"a privacy officer":                 {officer, aChild, nil, gate.ErrNotPermitted},
		"a parent of an adult":              {gpCaller, amina, nil, gate.ErrNotPermitted},
		"of nobody":                         {gpCaller, nobody, nil, gate.ErrNotPermitted},
		"of somebody who must not be found": {gpCaller, hidden, nil, gate.ErrNotPermitted},
		"an attorney of a child":            {gpCaller, aChild, func(p *gate.ProxyInput) { p.As = gate.ByAttorney }, gate.ErrNotPermitted},
		"by another right":                  {gpCaller, aChild, func(p *gate.ProxyInput) { p.As = gate.BySelf }, gate.ErrNotPermitted},
		"without evidence":                  {gpCaller, aChild, func(p *gate.ProxyInput) { p.Evidence = "" }, gate.ErrEvidence},
		"without a reason":                  {gpCaller, aChild, func(p *gate.ProxyInput) { p.Reason = "seen" }, gate.ErrReason},
		"of oneself":                        {gpCaller, aChild, func(p *gate.ProxyInput) { p.Proxy = number(t, aChild) }, gate.ErrPreference},
		"of no number":                      {gpCaller, aChild, func(p *gate.ProxyInput) { p.Proxy = clinical.NHSNumber{} }, gate.ErrPreference},
		"that ends before it begins":        {gpCaller, aChild, func(p *gate.ProxyInput) { p.From, p.Until = o.now, o.now.Add(-time.Hour) }, gate.ErrPreference},
	} {
		input := motherOf(t, another)
		if test.change != nil {
			test.change(&input)
		}
		if _, err := o.appoints(test.caller, test.person, input); !errors.Is(err, test.want) {
			t.Errorf("%s: error is %v", name, err)
		} else if strings.Contains(err.Error(), "999000") {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
	if _, revision, _ := o.register.State(number(t, aChild)); revision != 0 {
		t.Errorf("the register is at %d", revision)
	}
}

func TestWithoutALedgerNothingIsFound(t *testing.T) {
	o := surgery(t)
	_ = o.ledger.Close()
	if _, err := o.appoints(gpCaller, aChild, motherOf(t, another)); !errors.Is(err, gate.ErrLedger) {
		t.Errorf("error is %v", err)
	}
	if _, err := o.gate.ChoicesOf(context.Background(), guardian, number(t, amina)); !errors.Is(err, gate.ErrLedger) {
		t.Errorf("reading: error is %v", err)
	}
	if _, revision, _ := o.register.State(number(t, aChild)); revision != 0 {
		t.Errorf("the register is at %d", revision)
	}
}

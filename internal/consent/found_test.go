package consent_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/consent"
)

const (
	proxyHead    = "nhs_number,proxy_nhs_number,authority,name,from,until,reason,evidence,recorded_by,date\n"
	capacityHead = "nhs_number,finding,from,until,reason,evidence,recorded_by,date\n"
)

func sheetOf(form consent.Form, text string) consent.Import {
	return consent.Import{Form: form, File: strings.NewReader(text)}
}

func TestProxiesAndFindingsOfCapacityAreImportedAndExportedAsTheyWere(t *testing.T) {
	register := open(t, path(t))
	child, mother, adult := person(t, 1), person(t, 2), person(t, 3)
	proxies := proxyHead +
		child.Reveal() + "," + mother.Reveal() + ",parent,\"Okafor, Mary\",2020-01-01,,Seen at the desk,birth certificate,desk-3,2026-01-02\n" +
		adult.Reveal() + "," + mother.Reveal() + ",attorney,,,2031-01-01T00:00:00Z,,LPA 7000,desk-3,2026-01-02\n" +
		adult.Reveal() + "," + mother.Reveal() + ",withdrawn,,,,Revoked,,desk-3,2026-02-02\n"
	if got, err := register.Import(t.Context(), sheetOf(consent.Proxies, proxies)); err != nil || got.Directives != 3 {
		t.Fatalf("imported %+v (%v)", got, err)
	}
	if got, err := register.Import(t.Context(), sheetOf(consent.Capacities, capacityHead+adult.Reveal()+",lacking,,,Cannot weigh it,assessment 4,dr-1,2026-03-01\n")); err != nil || got.Directives != 1 {
		t.Fatalf("imported %+v (%v)", got, err)
	}
	state, _, err := register.State(child)
	if err != nil || state.Authority(register.Key(mother)) != consent.Parent {
		t.Errorf("state is %+v (%v)", state, err)
	}
	state, _, err = register.State(adult)
	if err != nil || state.Authority(register.Key(mother)) != "" || state.Capacity != consent.CapacityLacking {
		t.Errorf("state is %+v (%v)", state, err)
	}
	history, err := register.History(t.Context(), child)
	if err != nil || history[0].Authority != consent.Controller || history[0].About != (consent.ProxyChoice{Proxy: mother, Name: "Okafor, Mary", As: consent.Parent}) ||
		history[0].Evidence != "birth certificate" || history[0].From.Year() != 2020 {
		t.Errorf("history is %+v (%v)", history, err)
	}
	for form, lines := range map[consent.Form]int{consent.Proxies: 3, consent.Capacities: 1} {
		var first, again strings.Builder
		if got, err := register.Export(t.Context(), form, 0, &first); err != nil || got.Lines != lines {
			t.Fatalf("%s: exported %+v (%v)", form, got, err)
		}
		other := open(t, path(t))
		if _, err := other.Import(t.Context(), sheetOf(form, first.String())); err != nil {
			t.Fatalf("%s: what was exported is not taken in: %v", form, err)
		}
		if _, err := other.Export(t.Context(), form, 0, &again); err != nil || first.String() != again.String() {
			t.Errorf("%s: exported\n%s\nand again\n%s (%v)", form, first.String(), again.String(), err)
		}
	}
}

func TestABadLineOfProxiesOrCapacityIsNamedAndNeverRepeated(t *testing.T) {
	register := open(t, path(t))
	one, two := person(t, 1).Reveal(), person(t, 2).Reveal()
	rest := ",,,,,deed,desk,2026-01-02\n"
	for form, test := range map[consent.Form]struct {
		text string
		want []consent.LineError
	}{
		consent.Proxies: {proxyHead + one + "," + two + ",parent" + rest + "9434765918," + two + ",parent" + rest + one + ",9434765918,parent" + rest +
			one + "," + two + ",friend" + rest + one + "," + one + ",parent" + rest + one + "," + two + ",parent,,soon,,,deed,desk,2026-01-02\n" +
			one + "," + two + ",parent,,,,,,desk,2026-01-02\n" + one + "," + two + ",parent,,,,,deed,,2026-01-02\n" + one + "," + two + ",parent\n" +
			one + "," + two + ",parent,,2026-02-01,2026-01-01,,deed,desk,2026-01-02\n" + one + "," + two + ",withdrawn,,,,,,desk,\n",
			[]consent.LineError{{false, 3, "the NHS number is not valid"}, {false, 4, "the NHS number of the proxy is not valid"},
				{false, 5, "a proxy is a parent or an attorney"}, {false, 6, "nobody is their own proxy"},
				{false, 7, "a date is not YYYY-MM-DD and not RFC 3339"}, {false, 8, "there is no evidence"}, {false, 9, "nobody recorded it"},
				{false, 10, "3 fields, expected 10"}, {false, 11, "it ends before it begins"}, {false, 12, "a date is not YYYY-MM-DD and not RFC 3339"}}},
		consent.Capacities: {capacityHead + one + ",lacking,,,seen,a 4,dr,2026-01-02\n" + one + ",confused,,,seen,a 4,dr,2026-01-02\n" +
			one + ",lacking,,,,a 4,dr,2026-01-02\n" + one + ",lacking,,,seen,,dr,2026-01-02\n" + "x,lacking,,,seen,a 4,dr,2026-01-02\n",
			[]consent.LineError{{false, 3, "the capacity is not one of presumed, competent, lacking"}, {false, 4, "a finding about capacity needs a reason"},
				{false, 5, "there is no evidence"}, {false, 6, "the NHS number is not valid"}}},
	} {
		_, err := register.Import(t.Context(), sheetOf(form, test.text))
		var faults *consent.ImportError
		if !errors.As(err, &faults) {
			t.Fatalf("%s: importing gave %v", form, err)
		}
		if diff := cmp.Diff(test.want, faults.Lines); diff != "" {
			t.Errorf("%s: faults (-want +got):\n%s", form, diff)
		}
		for _, mark := range []string{one, two, "9434765918", "friend", "confused", "deed"} {
			if strings.Contains(err.Error(), mark) {
				t.Errorf("%s: the error quotes the file: %v", form, err)
			}
		}
	}
	if revision := register.Revision(); revision != 0 {
		t.Errorf("the register is at %d", revision)
	}
	parent := sheetOf(consent.Capacities, capacityHead+one+",lacking,,,seen,a 4,dr,2026-01-02\n")
	parent.Authority = consent.Parent
	if _, err := register.Import(t.Context(), parent); err == nil {
		t.Error("a parent found out about capacity")
	}
}

// What is proposed changes nothing of what holds, now or after the register is opened again.
func TestWhatIsProposedDoesNotHold(t *testing.T) {
	file, who, proxy := path(t), person(t, 1), person(t, 2)
	register := open(t, file)
	record(t, register, about(who, consent.Proposed{About: consent.CapacityFinding{Finding: consent.CapacityLacking}}))
	record(t, register, about(who, consent.Proposed{About: consent.ProxyChoice{Proxy: proxy, As: consent.Attorney}}))
	for range 2 {
		state, revision, err := register.State(who)
		if err != nil || revision != 2 || state.Capacity == consent.CapacityLacking || len(state.Proxies) != 0 {
			t.Errorf("state is %+v at %d (%v)", state, revision, err)
		}
		closeNow(t, register)
		register = open(t, file)
	}
	for _, never := range []consent.About{nil, consent.Notify{On: true}, consent.Proposed{About: consent.CapacityFinding{Finding: consent.CapacityLacking}}} {
		if _, err := register.Record(t.Context(), about(who, consent.Proposed{About: never})); !errors.Is(err, consent.ErrDirective) {
			t.Errorf("%T is proposed: error is %v", never, err)
		}
	}
}

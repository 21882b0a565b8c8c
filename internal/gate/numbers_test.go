package gate_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/consent"
	"onelondon/internal/gate"
	"onelondon/policy"
)

// says records something under one number and no other, as an import does.
func (o *office) says(t testing.TB, person string, about consent.About) {
	t.Helper()
	_, err := o.register.Record(context.Background(), consent.Directive{Person: number(t, person), Authority: consent.Clinician,
		RecordedBy: "clerk", At: o.now, Reason: "was told", About: about})
	if err != nil {
		t.Fatal(err)
	}
}

// merged is an office in which Amina once had the number of nobody.
func merged(t testing.TB) *office {
	t.Helper()
	o := newOffice(t)
	if err := o.locator.Supersede(number(t, nobody), number(t, amina)); err != nil {
		t.Fatal(err)
	}
	return o
}

// asked is what the policy is told of Amina when somebody asks about her.
func (o *office) asked(t testing.TB, caller auth.Caller, person string) policy.Input {
	t.Helper()
	o.policy.inputs = nil
	if _, err := o.gate.Ask(context.Background(), caller, []gate.Question{conditionsOf(t, person)}); err != nil {
		t.Fatal(err)
	}
	return o.policy.inputs[len(o.policy.inputs)-1]
}

func TestWhatIsSaidUnderOneNumberTakesThePlaceOfWhatWasSaidUnderAnother(t *testing.T) {
	hiv := consent.Preference{Category: clinical.LabelHIV, Party: consent.Organisation, Code: "F84003"}
	allowed := hiv
	allowed.Effect = consent.Allow
	for name, numbers := range map[string][2]string{"said under the former": {nobody, amina}, "said under the current": {amina, nobody}} {
		o := merged(t)
		o.says(t, numbers[0], consent.SharedRecord{Step: consent.Upheld})
		o.says(t, numbers[0], consent.Choice{Preference: allowed})
		o.says(t, numbers[0], consent.CapacityFinding{Finding: consent.CapacityLacking})
		want := policy.Person{Objection: "upheld", Capacity: policy.CapacityLacking, Preferences: []policy.Preference{
			{Effect: "allow", Category: "hiv", Party: "organisation", Code: "F84003"}}}
		if diff := cmp.Diff(want, o.asked(t, gpCaller, amina).Person); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		o.says(t, numbers[1], consent.SharedRecord{Step: consent.Withdrawn})
		o.says(t, numbers[1], consent.Choice{Preference: hiv, Withdrawn: true})
		o.says(t, numbers[1], consent.CapacityFinding{Finding: consent.CapacityPresumed})
		for _, person := range numbers {
			if diff := cmp.Diff(policy.Person{Objection: "none", Capacity: policy.CapacityPresumed}, o.asked(t, gpCaller, person).Person); diff != "" {
				t.Errorf("%s, then taken back: %s", name, diff)
			}
		}
	}
}

// A proxy is taken back under another of the person's numbers, or by another of their own.
func TestAProxyWhoWasWithdrawnUnderAnyNumberNoLongerSeesThePerson(t *testing.T) {
	const parent, formerly = another, "9990001626"
	for name, test := range map[string]struct{ person, proxy [2]string }{
		"given under the person's former number": {[2]string{nobody, amina}, [2]string{parent, parent}},
		"taken back under the former number":     {[2]string{amina, nobody}, [2]string{parent, parent}},
		"given to the proxy's former number":     {[2]string{amina, amina}, [2]string{formerly, parent}},
		"taken from the proxy's former number":   {[2]string{amina, amina}, [2]string{parent, formerly}},
	} {
		o := merged(t)
		if err := o.locator.Supersede(number(t, formerly), number(t, parent)); err != nil {
			t.Fatal(err)
		}
		o.says(t, test.person[0], consent.ProxyChoice{Proxy: number(t, test.proxy[0]), As: consent.Parent})
		for _, caller := range test.proxy {
			if o.asked(t, citizen(t, caller), amina).Relationship != policy.RelationshipProxy {
				t.Errorf("%s: the parent is none", name)
			}
			if mine, err := o.gate.MyRecord(t.Context(), citizen(t, caller), number(t, nobody)); err != nil || mine.Authority != gate.ByParent {
				t.Errorf("%s: %+v (%v)", name, mine, err)
			}
		}
		o.says(t, test.person[1], consent.ProxyChoice{Proxy: number(t, test.proxy[1]), Withdrawn: true})
		for _, caller := range test.proxy {
			for _, person := range []string{amina, nobody} {
				answers, err := o.gate.Ask(t.Context(), citizen(t, caller), []gate.Question{conditionsOf(t, person)})
				if err != nil || answers[0].Person != nil {
					t.Errorf("%s: somebody who may no longer act sees the person (%v)", name, err)
				}
				if _, err := o.gate.MyRecord(t.Context(), citizen(t, caller), number(t, person)); !errors.Is(err, gate.ErrNotPermitted) {
					t.Errorf("%s: error is %v", name, err)
				}
			}
		}
	}
}

func TestAPersonReadsWhatHoldsUnderAllTheirNumbers(t *testing.T) {
	o := merged(t)
	o.says(t, nobody, consent.Notify{On: true})
	o.says(t, nobody, consent.OptOutChoice{List: consent.ListTypeOne, Standing: consent.OptedOut})
	o.says(t, amina, consent.OptOutChoice{List: consent.ListTypeOne, Standing: consent.NotOptedOut})
	o.says(t, amina, consent.Notify{})
	choices := o.choices(t, citizen(t, amina), number(t, amina))
	if choices.Told.Asked || choices.Told.Recorded == nil || choices.Told.Recorded.ConsentRevision != 4 {
		t.Errorf("being told: %+v", choices.Told)
	}
	if choices.OptOuts[1].List != gate.TypeOneList || choices.OptOuts[1].Standing != gate.OptedOut ||
		choices.OptOuts[1].Recorded.ConsentRevision != 2 {
		t.Errorf("Type 1: %+v", choices.OptOuts[1])
	}
}

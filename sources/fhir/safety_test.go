package fhir_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/fhir"
)

func TestWhatChangesAMeaningInAnUnknownWayIsNotRead(t *testing.T) {
	s := serve(t, patient(
		parsed(t, `{"resourceType":"Condition","id":"plain"}`),
		parsed(t, `{"resourceType":"Condition","id":"modified","modifierExtension":[{"url":"urn:not"}]}`),
		parsed(t, `{"resourceType":"AllergyIntolerance","id":"deep","patient":{"reference":"Patient/p1"},"reaction":[{"modifierExtension":[{"url":"urn:not"}]}]}`),
		parsed(t, `{"resourceType":"Condition","id":"ruled","implicitRules":"urn:rules"}`),
		parsed(t, `{"resourceType":"MedicationRequest","id":"never","status":"active","doNotPerform":true}`),
		parsed(t, `{"resourceType":"ServiceRequest","id":"do","status":"active","doNotPerform":false}`))...)
	answer := fetchAll(t, open(t, s, fhir.Options{}), somebody)
	conditions := answer.Parts[clinical.KindCondition]
	if len(conditions.Records) != 1 || conditions.Records[0].About().ID != "plain" || conditions.Rejected != 2 {
		t.Errorf("%d conditions, %d rejected", len(conditions.Records), conditions.Rejected)
	}
	if deep := answer.Parts[clinical.KindAllergyIntolerance]; len(deep.Records) != 0 || deep.Rejected != 1 {
		t.Errorf("%d allergies, %d rejected", len(deep.Records), deep.Rejected)
	}
	if never := answer.Parts[clinical.KindMedication].Records; len(never) != 1 || never[0].About().Status != clinical.StatusNotDone {
		t.Errorf("a medicine not to be given: %+v", never)
	}
	if do := answer.Parts[clinical.KindReferral].Records; len(do) != 1 || do[0].About().Status != clinical.StatusActive {
		t.Errorf("a referral: %+v", do)
	}
}

// owned is a Patient with NHS numbers, each with its use.
func owned(id string, numbers ...string) object {
	one := object{"resourceType": "Patient", "id": id, "name": []any{object{"family": id}}}
	for i := 0; i < len(numbers); i += 2 {
		identify(one, numbers[i])
		list := one["identifier"].([]any)
		list[len(list)-1].(object)["use"] = numbers[i+1]
	}
	return one
}

func TestANumberIsTheOneInUse(t *testing.T) {
	const other = "9990000026"
	for name, test := range map[string]struct {
		patients []object
		want     []clinical.Text
		listed   int
	}{
		"in use":                        {[]object{owned("a", somebody, "official")}, []clinical.Text{"a"}, 1},
		"in use, another before":        {[]object{owned("a", other, "old", somebody, "usual")}, []clinical.Text{"a"}, 1},
		"twice the same":                {[]object{owned("a", somebody, "official", somebody, "usual")}, []clinical.Text{"a"}, 1},
		"once theirs":                   {[]object{owned("a", somebody, "old", other, "official")}, nil, 1},
		"once theirs, now another's":    {[]object{owned("a", somebody, "old", other, "official"), owned("b", somebody, "official")}, []clinical.Text{"b"}, 2},
		"two in use: two people's page": {[]object{owned("a", somebody, "official", other, "official")}, nil, 0},
		"two in use, and one beside":    {[]object{owned("a", somebody, "official", other, "official"), owned("b", somebody, "official")}, []clinical.Text{"b"}, 1},
	} {
		source := open(t, serve(t, test.patients...), fhir.Options{})
		var got []clinical.Text
		parts := fetchAll(t, source, somebody).Parts
		for _, record := range parts[clinical.KindRegistration].Records {
			got = append(got, record.About().ID)
		}
		for _, kind := range []clinical.Kind{clinical.KindRegistration, clinical.KindCondition} {
			if told := parts[kind].Rejected == 1; told != strings.HasPrefix(name, "two in use") {
				t.Errorf("%s: %d of %s rejected", name, parts[kind].Rejected, kind)
			}
		}
		listed := 0
		err := source.People(t.Context(), func(sources.Membership) error { listed++; return nil })
		if len(got) != len(test.want) || len(got) > 0 && got[0] != test.want[0] || err != nil || listed != test.listed {
			t.Errorf("%s: got %v, want %v; %d listed, want %d, %v", name, got, test.want, listed, test.listed, err)
		}
	}
}

func TestWaitingForATokenEndsWithTheQuestion(t *testing.T) {
	slow, asked, release := atomic.Bool{}, make(chan struct{}, 1), make(chan struct{})
	issuer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if slow.Load() {
			asked <- struct{}{}
			<-release
		}
		_, _ = w.Write([]byte(`{"access_token":"t"}`))
	}))
	defer issuer.Close()
	refuse := atomic.Bool{}
	s := serve(t, patient()...)
	s.spoil = func(w http.ResponseWriter, _ *http.Request) bool {
		if refuse.Load() {
			w.WriteHeader(http.StatusUnauthorized)
		}
		return refuse.Load()
	}
	source := open(t, s, fhir.Options{Credentials: fhir.Credentials{TokenURL: issuer.URL, ClientID: "o", Secret: "s"}})
	refuse.Store(true)
	if err := source.Ping(t.Context()); !errors.Is(err, sources.ErrUnavailable) {
		t.Fatalf("got %v", err)
	}
	refuse.Store(false)
	slow.Store(true)
	first := make(chan error, 1)
	go func() { first <- source.Ping(t.Context()) }()
	<-asked
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := source.Ping(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("whoever waits got %v", err)
	}
	close(release)
	if err := <-first; err != nil {
		t.Errorf("whoever fetched got %v", err)
	}
}

package fhir_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
	"onelondon/sources/fhir"
)

func TestWhatIsNoRecordIsRejected(t *testing.T) {
	s := serve(t, patient(
		object{"resourceType": "Condition", "id": "good", "onsetDateTime": "2020-02"},
		object{"resourceType": "Condition", "id": "", "onsetDateTime": "2020"},
		object{"resourceType": "Condition", "id": "bad", "onsetDateTime": "2020-02-31"},
		object{"resourceType": "Condition", "id": "good", "onsetDateTime": "2020-02"},
		object{"resourceType": "Condition", "id": "other", "subject": object{"reference": "Patient/p2"}},
		object{"resourceType": "Observation", "id": "no number", "valueQuantity": object{"value": "high"}})...)
	s.store.Options.Plain = true
	answer := fetchAll(t, open(t, s, fhir.Options{}), somebody)
	part := answer.Parts[clinical.KindCondition]
	if len(part.Records) != 1 || part.Records[0].About().Date.String() != "2020-02" || part.Rejected != 2 || answer.Parts[clinical.KindObservation].Rejected != 1 {
		t.Errorf("%d records, %d rejected, %d observations rejected", len(part.Records), part.Rejected, answer.Parts[clinical.KindObservation].Rejected)
	}
}

func TestReadingEndsAtItsCap(t *testing.T) {
	var resources []object
	for i := range 50 {
		resources = append(resources, object{"resourceType": "Condition", "id": fmt.Sprint("c", i)})
	}
	s := serve(t, patient(resources...)...)
	s.store.Options.Page = 10
	part := fetchAll(t, open(t, s, fhir.Options{Read: sources.Limits{Rows: 25}}), somebody).Parts[clinical.KindCondition]
	if len(part.Records) != 24 || !part.Truncated || len(s.requests) > 5 {
		t.Errorf("%d records, truncated %v, %d requests", len(part.Records), part.Truncated, len(s.requests))
	}
	source := open(t, s, fhir.Options{Read: sources.Limits{Bytes: 300 << 10}})
	s.spoil = func(w http.ResponseWriter, _ *http.Request) bool {
		_, _ = w.Write([]byte(strings.Repeat(" ", 400<<10)))
		return true
	}
	if _, err := fetch(t, source); !errors.Is(err, sources.ErrSchema) {
		t.Errorf("a reply without an end: %v", err)
	}
}

func fetch(t *testing.T, source sources.Source) (sources.Answer, error) {
	t.Helper()
	person, _ := clinical.ParseNHSNumber(somebody)
	return source.Fetch(t.Context(), sources.Query{Caller: sources.Caller{ID: "u\r\nX: y", Organisation: "R1H", Role: "R0260", Purpose: "TREAT", RequestID: "q"},
		Parts: []sources.Part{{Kind: clinical.KindCondition, Person: person, Condition: condition.Always(), Limit: 10}}})
}

func TestFaultsAreClassedAndQuoteNothing(t *testing.T) {
	const quote = `{"resourceType":"OperationOutcome","issue":[{"severity":"error","diagnostics":"Canary 9990000018"}]}`
	linked := func(address string) string {
		entry := `{"resource":{"resourceType":"Bundle","link":[{"relation":"next","url":"` + address + `"}]},"response":{"status":"200 OK"}}`
		return `{"resourceType":"Bundle","entry":[` + entry + `,` + entry + `]}`
	}
	for name, test := range map[string]struct {
		status int
		body   string
		want   error
	}{
		"unavailable":            {503, quote, sources.ErrUnavailable},
		"too many":               {429, quote, sources.ErrUnavailable},
		"not let in":             {401, quote, sources.ErrUnavailable},
		"no right":               {403, quote, sources.ErrSchema},
		"no such thing":          {404, quote, sources.ErrSchema},
		"moved":                  {302, "", sources.ErrUnavailable},
		"no FHIR":                {200, "<html>Canary</html>", sources.ErrSchema},
		"an outcome":             {200, quote, sources.ErrSchema},
		"too few entries":        {200, `{"resourceType":"Bundle","entry":[]}`, sources.ErrSchema},
		"no status":              {200, `{"resourceType":"Bundle","entry":[{},{}]}`, sources.ErrSchema},
		"a search that failed":   {200, `{"resourceType":"Bundle","entry":[{"resource":` + quote + `,"response":{"status":"500"}},{}]}`, sources.ErrUnavailable},
		"an outcome in an entry": {200, `{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Bundle","entry":[{"resource":` + quote + `}]},"response":{"status":"200"}},{"resource":{"resourceType":"Bundle"},"response":{"status":"200"}}]}`, sources.ErrSchema},
		"a link elsewhere":       {200, linked("https://attacker.example/R4?page=2"), sources.ErrSchema},
		"a link above":           {200, linked("/admin"), sources.ErrSchema},
		"a number in a link":     {200, linked("/R4/$page/9990000018"), sources.ErrSchema},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, patient()...)
			source := open(t, s, fhir.Options{})
			s.spoil = func(w http.ResponseWriter, _ *http.Request) bool {
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(test.status)
				_, _ = w.Write([]byte(test.body))
				return true
			}
			_, err := fetch(t, source)
			if !errors.Is(err, test.want) || strings.Contains(err.Error(), "Canary") || strings.Contains(err.Error(), "999") || strings.Contains(err.Error(), "127.0.0.1") {
				t.Errorf("got %v, want %v", err, test.want)
			}
			if len(s.requests) != 2 {
				t.Errorf("%d requests", len(s.requests))
			}
		})
	}
}

func TestPagesThatLeadRoundInACircleEnd(t *testing.T) {
	s := serve(t, patient()...)
	source := open(t, s, fhir.Options{NoBatch: true})
	s.spoil = func(w http.ResponseWriter, _ *http.Request) bool {
		_, _ = w.Write([]byte(`{"resourceType":"Bundle","link":[{"relation":"next","url":"?again=1"}]}`))
		return true
	}
	if _, err := fetch(t, source); !errors.Is(err, sources.ErrSchema) {
		t.Errorf("got %v", err)
	}
}

func TestADeadlineIsTheContexts(t *testing.T) {
	s := serve(t, patient()...)
	source := open(t, s, fhir.Options{})
	s.spoil = func(_ http.ResponseWriter, r *http.Request) bool {
		<-r.Context().Done()
		return true
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := source.Ping(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestWhoAsksIsHandedOnWithAToken(t *testing.T) {
	issued := 0
	issuer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id, secret, _ := r.BasicAuth()
		if r.FormValue("grant_type") != "client_credentials" || r.FormValue("scope") != "system/*.rs" || id != "onelondon" || secret != "hunter2" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		issued++
		_, _ = fmt.Fprintf(w, `{"access_token":"token-%d","expires_in":3600}`, issued)
	}))
	defer issuer.Close()
	s := serve(t, patient()...)
	credentials := fhir.Credentials{TokenURL: issuer.URL, ClientID: "onelondon", Secret: "hunter2", Scope: "system/*.rs"}
	source := open(t, s, fhir.Options{Credentials: credentials})
	if _, err := fetch(t, source); err != nil {
		t.Fatal(err)
	}
	sent := s.requests[len(s.requests)-1].header
	for name, want := range map[string]string{"Authorization": "Bearer token-1", "X-OneLondon-Caller": "u??X: y", "X-OneLondon-Organisation": "R1H",
		"X-OneLondon-Role": "R0260", "X-OneLondon-Purpose": "TREAT", "X-Request-ID": "q", "Prefer": "handling=strict"} {
		if sent.Get(name) != want {
			t.Errorf("%s: %q, want %q", name, sent.Get(name), want)
		}
	}
	s.spoil = func(w http.ResponseWriter, r *http.Request) bool {
		stale := r.Header.Get("Authorization") == "Bearer token-1"
		if stale {
			w.WriteHeader(http.StatusUnauthorized)
		}
		return stale
	}
	if _, err := fetch(t, source); !errors.Is(err, sources.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
	if _, err := fetch(t, source); err != nil || issued != 2 {
		t.Errorf("a token that was not taken is used again: %v, %d issued", err, issued)
	}
	if shown := fmt.Sprintf("%v %+v %#v", credentials, credentials, fhir.Options{Credentials: credentials}); strings.Contains(shown, "hunter2") {
		t.Errorf("the secret shows: %s", shown)
	}
	credentials.Secret = "wrong"
	_, err := fhir.Open(t.Context(), fhir.Options{ID: "x", Base: s.base(), Credentials: credentials})
	if !errors.Is(err, sources.ErrUnavailable) || strings.Contains(err.Error(), "wrong") {
		t.Errorf("got %v", err)
	}
}

func TestOnlyATrustedServerIsAsked(t *testing.T) {
	s := serve(t)
	secure := httptest.NewTLSServer(s)
	defer secure.Close()
	options := fhir.Options{ID: "x", Base: secure.URL + "/R4/"}
	if _, err := fhir.Open(t.Context(), options); !errors.Is(err, sources.ErrUnavailable) {
		t.Errorf("a server whom nobody vouches for: %v", err)
	}
	authorities := x509.NewCertPool()
	authorities.AddCert(secure.Certificate())
	options.TLS = &tls.Config{RootCAs: authorities}
	source, err := fhir.Open(t.Context(), options)
	if err != nil || source.Ping(t.Context()) != nil {
		t.Errorf("got %v", err)
	}
}

func TestWhatIsNoServerOfFHIRIsNotOpened(t *testing.T) {
	for name, body := range map[string]string{"another thing": `{"resourceType":"Bundle"}`, "another release": `{"resourceType":"CapabilityStatement","fhirVersion":"3.0.2"}`,
		"no patients": `{"resourceType":"CapabilityStatement","fhirVersion":"4.0.1","rest":[{"mode":"server"}]}`} {
		s := serve(t)
		s.spoil = func(w http.ResponseWriter, _ *http.Request) bool { _, _ = w.Write([]byte(body)); return true }
		if _, err := fhir.Open(t.Context(), fhir.Options{ID: "x", Base: s.base()}); !errors.Is(err, sources.ErrSchema) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	for _, base := range []string{"", "ftp://x/R4", "https://user:hunter2@x/R4", "https://x/R4?y=z", ":"} {
		if _, err := fhir.Open(t.Context(), fhir.Options{ID: "x", Base: base}); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: got %v", base, err)
		}
	}
}

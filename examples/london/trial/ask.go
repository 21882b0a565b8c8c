package trial

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"onelondon/internal/auth"
	"onelondon/internal/clinical"
)

// GP is a general practitioner at a practice who treats people there.
func GP(practice string) auth.Person {
	return auth.Person{Subject: "gp-" + practice, Name: "Dr Test", Role: "R0260", Organisation: practice,
		Activities: []string{"B0360"}, Purpose: "TREAT"}
}

// Emergency is an A&E doctor at a trust.
func Emergency(trust string) auth.Person {
	return auth.Person{Subject: "ae-" + trust, Name: "Dr Night", Role: "R9102", Organisation: trust,
		Activities: []string{"B0360"}, Purpose: "ETREAT"}
}

// Receptionist is a receptionist at an organisation.
func Receptionist(organisation string) auth.Person {
	return auth.Person{Subject: "reception-" + organisation, Name: "Front Desk", Role: "R1730", Organisation: organisation,
		Activities: []string{"B0370"}, Purpose: "TREAT"}
}

// Citizen is a member of the public who asks for a record of their own.
func Citizen(number clinical.NHSNumber) auth.Person {
	return auth.Person{Subject: "citizen", Name: "A Citizen", NHSNumber: number.Reveal(), Purpose: "PATRQT"}
}

// Token signs somebody in for an hour.
func (h *House) Token(t testing.TB, person auth.Person) string {
	t.Helper()
	token, err := h.Issuer.Sign(person, time.Now(), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// Reply is an answer over HTTP.
type Reply struct {
	Status int
	Header http.Header
	Body   string
}

// Ask puts a question as a well-behaved client does.
func (h *House) Ask(t testing.TB, token, query string, variables map[string]any, header ...string) Reply {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	return h.Send(t, http.MethodPost, "/graphql", token, string(body), header...)
}

// Send sends a request. An empty token sends none; header is names and values in turn.
func (h *House) Send(t testing.TB, method, path, token, body string, header ...string) Reply {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	recorder := httptest.NewRecorder()
	h.Handler.ServeHTTP(recorder, request)
	return Reply{recorder.Code, recorder.Header(), recorder.Body.String()}
}

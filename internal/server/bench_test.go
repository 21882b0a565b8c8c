package server_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// BenchmarkQuestion is what HTTP, identity, reading, the executor and the access log cost around an answer of 12 kB that
// costs nothing to make. The document is known, as an application's always is.
func BenchmarkQuestion(b *testing.B) {
	d := newDesk(b, nil)
	answer := `{"patient":"` + strings.Repeat("x", 12<<10) + `"}`
	d.gate.answer = func(context.Context) (string, error) { return answer, nil }
	body := `{"query":"query A($n: NHSNumber!) { patient(nhsNumber: $n) { nhsNumber } }","variables":{"n":"9990000018"}}`
	b.ReportAllocs()
	for b.Loop() {
		request := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(body))
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Authorization", "Bearer "+d.token)
		recorder := httptest.NewRecorder()
		d.server.Handler().ServeHTTP(recorder, request)
		if recorder.Code != http.StatusOK {
			b.Fatal(recorder.Body.String())
		}
	}
}

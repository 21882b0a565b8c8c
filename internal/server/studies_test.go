package server_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"onelondon/internal/server"
)

// TestTheRegisterOfStudiesNeedsNoToken asks as anybody would who has no account here.
func TestTheRegisterOfStudiesNeedsNoToken(t *testing.T) {
	register := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte("register " + r.URL.Path)) })
	for name, each := range map[string]struct {
		studies http.Handler
		status  int
	}{"a site that takes studies": {register, http.StatusOK}, "a site that takes none": {nil, http.StatusNotFound}} {
		d := newDesk(t, func(options *server.Options) { options.Studies = each.studies })
		for _, path := range []string{"/studies", "/studies.json"} {
			answer := httptest.NewRecorder()
			d.server.Handler().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, path, nil))
			if answer.Code != each.status || (each.status == http.StatusOK) != (answer.Body.String() == "register "+path) {
				t.Errorf("%s, %s: %d %s", name, path, answer.Code, answer.Body)
			}
		}
	}
}

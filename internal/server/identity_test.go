package server_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"onelondon/internal/auth"
)

func TestOnlyAGenuineTokenInItsTimeGetsAnAnswer(t *testing.T) {
	d := newDesk(t, nil)
	parts := strings.Split(d.token, ".")
	unsigned := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + parts[1] + "."
	forger := newDesk(t, nil)
	for name, c := range map[string]struct {
		header string
		says   string
	}{
		"no token":           {"-", `Bearer realm="onelondon"`},
		"another scheme":     {"Basic Z3A6Z3A=", `Bearer realm="onelondon"`},
		"nothing at all":     {"Bearer", `Bearer realm="onelondon"`},
		"a forged signature": {"Bearer " + forger.token, `Bearer realm="onelondon", error="invalid_token"`},
		"no signature":       {"Bearer " + unsigned, `Bearer realm="onelondon", error="invalid_token"`},
		"half a token":       {"Bearer " + parts[0] + "." + parts[1], `Bearer realm="onelondon", error="invalid_token"`},
	} {
		got := d.ask(t, typename, "Authorization", c.header)
		if got.status != http.StatusUnauthorized || got.header.Get("WWW-Authenticate") != c.says ||
			!strings.Contains(got.body, `"code":"UNAUTHENTICATED"`) {
			t.Errorf("%s: %d %q %s", name, got.status, got.header.Get("WWW-Authenticate"), got.body)
		}
	}
	d.now = noon.Add(2 * time.Hour)
	if got := d.ask(t, typename); got.status != http.StatusUnauthorized || !strings.Contains(got.body, "has run out") {
		t.Errorf("expired: %d %s", got.status, got.body)
	}
	if len(d.seen) > 0 {
		t.Error("a question was executed")
	}
}

func TestTheSchemaIsToldToVerifiedCallersAlone(t *testing.T) {
	d := newDesk(t, nil)
	introspection := `{"query":"{ __schema { types { name } } }"}`
	if got := d.ask(t, introspection, "Authorization", "-"); got.status != 401 || strings.Contains(got.body, "Patient") {
		t.Errorf("%d %s", got.status, got.body)
	}
}

func TestThePurposeOfTheRequestComesBeforeTheTokens(t *testing.T) {
	d := newDesk(t, nil)
	for header, want := range map[string]string{"-": "TREAT", "ETREAT": "ETREAT", " HOPERAT ": "HOPERAT"} {
		d.seen = nil
		if got := d.ask(t, typename, "X-Purpose-Of-Use", header); got.status != 200 || len(d.seen) != 1 || d.seen[0].Purpose != want {
			t.Errorf("%q: %d, %+v", header, got.status, d.seen)
		}
	}
	for _, wrong := range []string{"", "treat", "TREAT, ETREAT", "TREAT*/ DROP", strings.Repeat("T", 17)} {
		if got := d.ask(t, typename, "X-Purpose-Of-Use", wrong); got.status != 400 || !strings.Contains(got.body, "X-Purpose-Of-Use") {
			t.Errorf("%q: %d %s", wrong, got.status, got.body)
		}
	}
	if caller := d.seen[0]; caller.ID != "gp-1" || caller.Role != "R0260" || caller.RequestID == "" {
		t.Errorf("caller %+v", caller)
	}
}

func TestARequestHasOneIDEverywhere(t *testing.T) {
	d := newDesk(t, nil)
	kept := d.ask(t, typename, "X-Request-Id", "3f2a-77-frontend")
	if kept.header.Get("X-Request-Id") != "3f2a-77-frontend" || d.seen[0].RequestID != "3f2a-77-frontend" || !d.logs.Contains("3f2a-77-frontend") {
		t.Errorf("kept: %q, %q", kept.header.Get("X-Request-Id"), d.seen[0].RequestID)
	}
	ids := map[string]bool{}
	for _, sent := range []string{"-", "a b", "<script>", strings.Repeat("a", 65), "9990000018", "999-000-0018",
		"patient-9990000018", "999-000-0018-A", "a9990000018b", "x\r\ny"} {
		id := d.ask(t, typename, "X-Request-Id", sent).header.Get("X-Request-Id")
		if id == sent || len(id) < 20 || ids[id] {
			t.Errorf("%q became %q", sent, id)
		}
		ids[id] = true
	}
	if refused := d.ask(t, "nonsense", "X-Request-Id", "abc"); !strings.Contains(refused.body, `"requestId":"abc"`) {
		t.Errorf("a refusal lacks the id: %s", refused.body)
	}
}

func TestACitizenIsAsGoodACallerAsAnother(t *testing.T) {
	d := newDesk(t, nil)
	d.token = d.sign(t, auth.Person{Subject: "c-1", NHSNumber: "9990000018", Purpose: "PATRQT"})
	if got := d.ask(t, typename); got.status != 200 || !d.seen[0].Citizen || d.seen[0].Purpose != "PATRQT" {
		t.Errorf("%d %+v", got.status, d.seen)
	}
}

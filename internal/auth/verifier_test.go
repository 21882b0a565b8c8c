package auth_test

import (
	"context"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"onelondon/internal/auth"
	"onelondon/internal/clinical"
)

const (
	issuerName = "https://identity.example"
	audience   = "onelondon"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

type desk struct {
	issuer   *auth.Issuer
	verifier *auth.Verifier
	now      time.Time
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	issuer, err := auth.NewIssuer(issuerName, audience)
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{issuer: issuer, now: noon}
	d.verifier, err = auth.NewVerifier(context.Background(), auth.Options{Issuer: issuerName, Audience: audience,
		Keys: func(context.Context) ([]byte, error) { return issuer.Keys() }, Now: func() time.Time { return d.now }})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *desk) sign(t *testing.T, person auth.Person) string {
	t.Helper()
	token, err := d.issuer.Sign(person, noon, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

var gp = auth.Person{Subject: "555000000001", Name: "Dr Ada Okoye", Role: "R0260", Organisation: "F84003",
	Activities: []string{"B0380", "B0360"}, Purpose: "TREAT"}

func TestATokenSpeaksForTheSelectedRole(t *testing.T) {
	d := newDesk(t)
	token := d.sign(t, gp)
	want := auth.Caller{ID: "555000000001", Name: "Dr Ada Okoye", Role: "R0260", Organisation: "F84003",
		Activities: []string{"B0360", "B0380"}, Purpose: "TREAT"}
	for _, time := range []string{"first", "remembered"} {
		got, err := d.verifier.Verify(token)
		if err != nil {
			t.Fatalf("%s: %v", time, err)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateComparable(clinical.NHSNumber{})); diff != "" {
			t.Errorf("%s: %s", time, diff)
		}
	}
}

func TestATokenOfAProgramThatActsForNobodySaysSo(t *testing.T) {
	d := newDesk(t)
	robot := gp
	robot.Automated = true
	for name, test := range map[string]struct {
		person auth.Person
		want   bool
	}{"a person": {gp, false}, "a program": {robot, true}} {
		if got, err := d.verifier.Verify(d.sign(t, test.person)); err != nil || got.Automated != test.want {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestACitizenSpeaksForOneself(t *testing.T) {
	d := newDesk(t)
	got, err := d.verifier.Verify(d.sign(t, auth.Person{Subject: "c1", Name: "Amina", NHSNumber: "9990000018"}))
	if err != nil {
		t.Fatal(err)
	}
	if !got.Citizen || got.Person.Reveal() != "9990000018" || got.Role != "" || got.Organisation != "" {
		t.Errorf("got %+v", got)
	}
}

func TestATokenOutsideItsTimeIsRefusedAlsoWhenRemembered(t *testing.T) {
	d := newDesk(t)
	token := d.sign(t, gp)
	if _, err := d.verifier.Verify(token); err != nil {
		t.Fatal(err)
	}
	for _, at := range []time.Time{noon.Add(-2 * time.Minute), noon.Add(2 * time.Hour)} {
		d.now = at
		if _, err := d.verifier.Verify(token); !errors.Is(err, auth.ErrExpired) {
			t.Errorf("remembered, at %v: %v", at, err)
		}
		fresh := newDesk(t)
		fresh.now = at
		if _, err := fresh.verifier.Verify(fresh.sign(t, gp)); !errors.Is(err, auth.ErrExpired) {
			t.Errorf("fresh, at %v: %v", at, err)
		}
	}
}

func TestForgedTokensAreRefused(t *testing.T) {
	d := newDesk(t)
	token := d.sign(t, gp)
	parts := strings.Split(token, ".")
	encode := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	changed := encode(strings.Replace(string(payload), "R0260", "R8000", 1))
	stranger := newDesk(t).sign(t, gp)
	otherAudience, err := auth.NewIssuer(issuerName, "elsewhere")
	if err != nil {
		t.Fatal(err)
	}
	elsewhere, err := otherAudience.Sign(gp, noon, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	for name, forged := range map[string]string{
		"nothing":          "",
		"words":            "not a token",
		"changed claims":   parts[0] + "." + changed + "." + parts[2],
		"no signature":     parts[0] + "." + parts[1] + ".",
		"alg none":         encode(`{"alg":"none"}`) + "." + parts[1] + ".",
		"alg HS256":        encode(`{"alg":"HS256"}`) + "." + parts[1] + "." + parts[2],
		"another key":      stranger,
		"another audience": elsewhere,
		"too long":         token + strings.Repeat("A", 20<<10),
		"two signatures":   token + "." + parts[2],
	} {
		if _, err := d.verifier.Verify(forged); !errors.Is(err, auth.ErrToken) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestGenuineTokensThatSayNobodyAreRefused(t *testing.T) {
	d := newDesk(t)
	for name, person := range map[string]auth.Person{
		"no role":               {Subject: "s", Organisation: "F84003"},
		"no organisation":       {Subject: "s", Role: "R0260"},
		"an invalid NHS number": {Subject: "s", NHSNumber: "9990000019"},
	} {
		if _, err := d.verifier.Verify(d.sign(t, person)); !errors.Is(err, auth.ErrClaims) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSymmetricKeysAreRefused(t *testing.T) {
	for name, keys := range map[string]string{
		"a shared secret": `{"keys":[{"kty":"oct","kid":"1","alg":"HS256","k":"c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"}]}`,
		"no keys":         `{"keys":[]}`,
		"words":           `keys`,
	} {
		_, err := auth.NewVerifier(context.Background(), auth.Options{Issuer: issuerName, Audience: audience,
			Keys: func(context.Context) ([]byte, error) { return []byte(keys), nil }})
		if err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func FuzzVerify(f *testing.F) {
	issuer, err := auth.NewIssuer(issuerName, audience)
	if err != nil {
		f.Fatal(err)
	}
	verifier, err := auth.NewVerifier(context.Background(), auth.Options{Issuer: issuerName, Audience: audience,
		Keys: func(context.Context) ([]byte, error) { return issuer.Keys() }})
	if err != nil {
		f.Fatal(err)
	}
	genuine, err := issuer.Sign(gp, time.Now(), time.Hour)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(genuine + "x")
	f.Add("a.b.c")
	f.Fuzz(func(t *testing.T, token string) {
		if caller, err := verifier.Verify(token); err == nil && token != genuine {
			t.Fatalf("accepted a token nobody signed as %q", caller.ID)
		}
	})
}

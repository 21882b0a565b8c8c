package auth_test

import (
	"context"
	"testing"
	"time"

	"onelondon/internal/auth"
)

func TestAnIssuerReadAgainIsBelievedAsBefore(t *testing.T) {
	d := newDesk(t)
	key, err := d.issuer.Key()
	if err != nil {
		t.Fatal(err)
	}
	again, err := auth.ReadIssuer(issuerName, audience, key)
	if err != nil {
		t.Fatal(err)
	}
	token, err := again.Sign(gp, noon, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if caller, err := d.verifier.Verify(token); err != nil || caller.ID != gp.Subject {
		t.Errorf("got %+v, %v", caller, err)
	}
	public, err := again.Keys()
	if err != nil {
		t.Fatal(err)
	}
	_, err = auth.NewVerifier(context.Background(), auth.Options{Issuer: issuerName, Audience: audience,
		Keys: func(context.Context) ([]byte, error) { return public, nil }})
	if err != nil {
		t.Errorf("its public keys: %v", err)
	}
	if _, err := auth.ReadIssuer(issuerName, audience, []byte("{}")); err == nil {
		t.Error("an empty key was taken")
	}
}

package openehr_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/openehr"
)

func TestAReplyThatIsNoAnswerIsAFaultThatSaysNothingOfAnybody(t *testing.T) {
	number := "9990000018"
	for name, one := range map[string]struct {
		status int
		body   string
		want   error
	}{
		"a refusal that quotes":   {400, "no path for " + number, sources.ErrSchema},
		"no such thing":           {404, number, sources.ErrSchema},
		"not implemented":         {501, "EXISTS", sources.ErrSchema},
		"no right":                {403, number, sources.ErrSchema},
		"not known":               {401, number, sources.ErrUnavailable},
		"a fault":                 {500, number, sources.ErrUnavailable},
		"too busy":                {503, "", sources.ErrUnavailable},
		"elsewhere":               {302, "", sources.ErrUnavailable},
		"no JSON":                 {200, "<html>" + number, sources.ErrSchema},
		"half of it":              {200, `{"rows": [["` + number, sources.ErrSchema},
		"no rows":                 {200, `{"columns": []}`, sources.ErrSchema},
		"rows that are none":      {200, `{"rows": "` + number + `"}`, sources.ErrSchema},
		"another number of cells": {200, `{"rows": [["` + number + `"]]}`, sources.ErrSchema},
		"too much":                {200, `{"rows": [["` + strings.Repeat("x", 5000) + `"]]}`, sources.ErrSchema},
		"somebody else":           {200, `{"rows": [["id", "9990000026", true, "c1", null, null, null, null, null, null, null]]}`, sources.ErrSchema},
	} {
		t.Run(name, func(t *testing.T) {
			c := newClinic(t, openehr.Options{Read: sources.Limits{Bytes: 2000}})
			c.spoil = func(w http.ResponseWriter, _ string) bool {
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(one.status)
				_, _ = w.Write([]byte(one.body))
				return true
			}
			part := everything(clinical.KindAlert, number)
			if name == "somebody else" {
				part = everything(clinical.KindAlert, number, "date", "note", "code", "risk", "recorded")
			}
			_, err := c.source.Fetch(t.Context(), sources.Query{Parts: []sources.Part{part}})
			if !errors.Is(err, one.want) {
				t.Fatalf("got %v", err)
			}
			if strings.Contains(err.Error(), "999") || strings.Contains(err.Error(), "127.0.0.1") {
				t.Errorf("tells too much: %v", err)
			}
		})
	}
}

func TestMoreRowsThanMayBeReadAreCutAndSaidToBe(t *testing.T) {
	c := newClinic(t, openehr.Options{Read: sources.Limits{Rows: 3}})
	for i := range 5 {
		c.commit(t, report(alert([]string{fmt.Sprint("n", i)})))
	}
	if answer := c.fetch(t, everything(clinical.KindAlert, patient)); len(answer.Records) != 3 || !answer.Truncated {
		t.Errorf("%d records, truncated %t", len(answer.Records), answer.Truncated)
	}
	if !strings.Contains(c.asked[0], "LIMIT 4") {
		t.Errorf("the server is not told: %s", c.asked[0])
	}
}

func TestCredentialsAreSentAndMasked(t *testing.T) {
	for _, credentials := range []openehr.Credentials{{Token: "hunter2"}, {User: "us", Password: "hunter2"}} {
		c := newClinic(t, openehr.Options{Credentials: credentials})
		c.fetch(t, everything(clinical.KindAlert, patient))
		user, password, basic := (&http.Request{Header: c.headers[0]}).BasicAuth()
		if c.headers[0].Get("Authorization") != "Bearer hunter2" && !(basic && user == "us" && password == "hunter2") {
			t.Errorf("sent %q", c.headers[0].Get("Authorization"))
		}
		text, _ := credentials.MarshalText()
		for _, shown := range []string{fmt.Sprint(credentials), fmt.Sprintf("%#v", credentials), fmt.Sprintf("%+v", openehr.Options{Credentials: credentials}), string(text)} {
			if strings.Contains(shown, "hunter2") {
				t.Errorf("shows in %s", shown)
			}
		}
	}
}

func TestATokenIsHadByClientCredentialsAndHadAnewWhenItIsRefused(t *testing.T) {
	var granted atomic.Int64
	authority := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, secret, _ := r.BasicAuth()
		if r.FormValue("grant_type") != "client_credentials" || r.FormValue("scope") != "ehr" || user != "onelondon" || secret != "hunter2" {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		fmt.Fprintf(w, `{"access_token": "t%d", "expires_in": "300"}`, granted.Add(1))
	}))
	defer authority.Close()
	c := newClinic(t, openehr.Options{Credentials: openehr.Credentials{TokenURL: authority.URL, ClientID: "onelondon", Secret: "hunter2", Scope: "ehr"}})
	for range 2 {
		c.fetch(t, everything(clinical.KindAlert, patient))
	}
	if sent := c.headers[1].Get("Authorization"); sent != "Bearer t1" || granted.Load() != 1 {
		t.Errorf("sent %q, %d tokens", sent, granted.Load())
	}
	c.spoil = func(w http.ResponseWriter, _ string) bool { w.WriteHeader(http.StatusUnauthorized); return true }
	if _, err := c.source.Fetch(t.Context(), sources.Query{Parts: []sources.Part{everything(clinical.KindAlert, patient)}}); !errors.Is(err, sources.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
	c.spoil = nil
	c.forget()
	if c.fetch(t, everything(clinical.KindAlert, patient)); c.headers[0].Get("Authorization") != "Bearer t2" {
		t.Errorf("sent %q", c.headers[0].Get("Authorization"))
	}
}

package web_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"onelondon/sources"
	"onelondon/sources/web"
)

const server web.Server = "made-up"

func client(t *testing.T, handler http.HandlerFunc) *web.Client {
	t.Helper()
	made, err := server.Client(web.Connection{Base: "http://files.invalid/R4/", Transport: web.InProcess(handler), Timeout: 5 * time.Second, Largest: 100})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(made.Close)
	return made
}

func TestAHandlerAnswersInTheProcess(t *testing.T) {
	asked := client(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || r.Host != "files.invalid" || r.Header.Get("X-OneLondon-Caller") != "u" || r.RequestURI != "/R4/x?a=b" {
			http.Error(w, "no", http.StatusBadRequest)
			return
		}
		_, _ = w.Write(append([]byte("heard "), body...))
	})
	base := asked.Base()
	if base.String() != "http://files.invalid/R4" {
		t.Errorf("base %s", base.String())
	}
	body, err := asked.Send(t.Context(), &sources.Caller{ID: "u"}, &web.Request{Method: http.MethodPost, URL: base.String() + "/x?a=b", Body: []byte("it")})
	if err != nil || string(body) != "heard it" {
		t.Errorf("%q, %v", body, err)
	}
}

func TestWhatGoesWrongInTheProcessIsTheSourcesFaultAndSaysNothing(t *testing.T) {
	hold := make(chan struct{})
	defer close(hold)
	for name, one := range map[string]struct {
		handler http.HandlerFunc
		want    error
	}{
		"a panic":    {func(http.ResponseWriter, *http.Request) { panic("9990000018") }, sources.ErrUnavailable},
		"a refusal":  {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "9990000018", http.StatusBadRequest) }, sources.ErrSchema},
		"too much":   {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, 101)) }, sources.ErrSchema},
		"a redirect": {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) }, sources.ErrUnavailable},
		"no end":     {func(http.ResponseWriter, *http.Request) { <-hold }, context.DeadlineExceeded},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			defer cancel()
			if name != "no end" {
				ctx = t.Context()
			}
			_, err := client(t, one.handler).Send(ctx, &sources.Caller{}, &web.Request{Method: http.MethodGet, URL: "http://files.invalid/R4"})
			if !errors.Is(err, one.want) || strings.Contains(err.Error(), "999") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestUsualValuesStandWhereNothingIsSaid(t *testing.T) {
	got := web.Usual{Limits: sources.Limits{Rows: 3}, Read: sources.Limits{Bytes: -1}, Page: -2}.Filled()
	want := web.Usual{Limits: sources.Limits{Rows: 3, Bytes: 16 << 20}, Read: sources.Limits{Rows: 20_000, Bytes: 64 << 20}, Page: 500, Timeout: time.Minute}
	if got != want {
		t.Errorf("got %+v", got)
	}
}

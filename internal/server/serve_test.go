package server_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"onelondon/internal/server"
)

// running is a desk whose server listens.
type running struct {
	*desk
	url    string
	leave  context.CancelFunc
	ended  chan error
	asked  chan struct{}
	finish chan struct{}
}

func run(t *testing.T, change func(*server.Options)) *running {
	t.Helper()
	r := &running{desk: newDesk(t, change), ended: make(chan error, 1), asked: make(chan struct{}, 1), finish: make(chan struct{})}
	r.gate.answer = func(context.Context) (string, error) {
		r.asked <- struct{}{}
		<-r.finish
		return `{"__typename":"Query"}`, nil
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r.url = "http://" + listener.Addr().String()
	ctx, leave := context.WithCancel(context.Background())
	r.leave = leave
	t.Cleanup(leave)
	go func() { r.ended <- r.server.Serve(ctx, listener) }()
	return r
}

func (r *running) post(client *http.Client) (string, error) {
	request, err := http.NewRequest(http.MethodPost, r.url+"/graphql", strings.NewReader(typename))
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+r.token)
	answer, err := client.Do(request)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	return string(body), err
}

func TestShutdownLetsAQuestionUnderWayFinish(t *testing.T) {
	r := run(t, nil)
	answered := make(chan string, 1)
	go func() {
		body, err := r.post(&http.Client{})
		if err != nil {
			body = err.Error()
		}
		answered <- body
	}()
	<-r.asked
	r.leave()
	for refused := false; !refused; { // the listener closes a moment after
		connection, err := net.DialTimeout("tcp", strings.TrimPrefix(r.url, "http://"), time.Second)
		if refused = err != nil; !refused {
			connection.Close()
		}
	}
	select {
	case err := <-r.ended:
		t.Fatalf("the server left before the question was answered: %v", err)
	default:
	}
	close(r.finish)
	if body := <-answered; body != `{"data":{"__typename":"Query"}}` {
		t.Errorf("got %s", body)
	}
	if err := <-r.ended; err != nil {
		t.Errorf("left with %v", err)
	}
}

func TestShutdownDoesNotWaitForever(t *testing.T) {
	r := run(t, func(o *server.Options) { o.Grace = 20 * time.Millisecond })
	answered := make(chan error, 1)
	go func() {
		_, err := r.post(&http.Client{})
		answered <- err
	}()
	<-r.asked
	r.leave()
	if err := <-r.ended; err == nil || !strings.Contains(err.Error(), "within the grace") {
		t.Errorf("left with %v", err)
	}
	if err := <-answered; err == nil {
		t.Error("the connection outlived the server")
	}
	close(r.finish)
}

func TestReadinessSaysWhichPartIsMissing(t *testing.T) {
	var ledger error
	d := newDesk(t, func(o *server.Options) {
		o.Checks = []server.Check{
			{Name: "policy", Ready: func(context.Context) error { return nil }},
			{Name: "ledger", Ready: func(context.Context) error { return ledger }},
		}
	})
	if got := d.send(t, "GET", "/readyz", "", "Authorization", "-"); got.status != 200 ||
		got.body != `{"parts":{"ledger":"ready","policy":"ready"},"ready":true}`+"\n" {
		t.Errorf("%d %s", got.status, got.body)
	}
	ledger = errors.New("disk full of " + canary)
	if got := d.send(t, "GET", "/readyz", "", "Authorization", "-"); got.status != 503 ||
		got.body != `{"parts":{"ledger":"not ready","policy":"ready"},"ready":false}`+"\n" {
		t.Errorf("%d %s", got.status, got.body)
	}
	if got := d.send(t, "GET", "/healthz", "", "Authorization", "-"); got.status != 200 || got.body != "alive\n" {
		t.Errorf("%d %s", got.status, got.body)
	}
}

func TestAPartThatIsThereMayHaveSomethingToSay(t *testing.T) {
	note := "stale"
	d := newDesk(t, func(o *server.Options) {
		o.Checks = []server.Check{{Name: "policy", Ready: func(context.Context) error { return nil }, Note: func() string { return note }}}
	})
	if got := d.send(t, "GET", "/readyz", "", "Authorization", "-"); got.status != 200 ||
		got.body != `{"parts":{"policy":"ready, stale"},"ready":true}`+"\n" {
		t.Errorf("%d %s", got.status, got.body)
	}
	note = ""
	if got := d.send(t, "GET", "/readyz", "", "Authorization", "-"); got.body != `{"parts":{"policy":"ready"},"ready":true}`+"\n" {
		t.Errorf("%d %s", got.status, got.body)
	}
}

func TestThePolicysAgeAndWhetherDecisionsAreSharedAreMetrics(t *testing.T) {
	metrics := server.NewMetrics()
	shared := true
	metrics.Policy(func() time.Duration { return 90 * time.Second }, func() bool { return shared })
	d := newDesk(t, func(o *server.Options) { o.Metrics = metrics })
	for want := range 2 {
		shared = want == 1
		got := d.send(t, "GET", "/metrics", "", "Authorization", "-")
		if !strings.Contains(got.body, "\nonelondon_policy_stale_seconds 90\n") || !strings.Contains(got.body, fmt.Sprintf("\nonelondon_policy_decisions_shared %d\n", want)) {
			t.Errorf("%d %s", got.status, got.body)
		}
	}
}

func TestMetricsCountByRouteAndNeverByURL(t *testing.T) {
	d := newDesk(t, nil)
	d.ask(t, typename)
	d.ask(t, `{"query":"{"}`)
	d.send(t, "GET", "/nowhere/at-all", "")
	got := d.send(t, "GET", "/metrics", "").body
	for _, want := range []string{
		`onelondon_questions_total{result="answered"} 1`, `onelondon_questions_total{result="refused"} 1`,
		`onelondon_http_requests_total{route="/graphql",status="200"} 2`, `onelondon_http_requests_total{route="other",status="404"} 1`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %s", want)
		}
	}
}

func TestAServerLacksNoPart(t *testing.T) {
	if _, err := server.New(server.Options{}); err == nil {
		t.Error("built from nothing")
	}
}

func TestTheMetricsTellHowLongAChangeTookToBite(t *testing.T) {
	metrics := server.NewMetrics()
	metrics.Bitten(40 * time.Millisecond)
	metrics.Bitten(2 * time.Second)
	d := newDesk(t, func(o *server.Options) { o.Metrics = metrics })
	got := d.send(t, "GET", "/metrics", "", "Authorization", "-")
	for _, want := range []string{"\nonelondon_consent_bite_seconds_bucket{le=\"0.05\"} 1\n", "\nonelondon_consent_bite_seconds_bucket{le=\"1\"} 1\n",
		"\nonelondon_consent_bite_seconds_count 2\n"} {
		if !strings.Contains(got.body, want) {
			t.Errorf("the metrics do not say %q", want)
		}
	}
}

package enact_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"onelondon/internal/enact"
	"onelondon/policy"
	"onelondon/policy/approval"
)

// depot is a bundle server that can be bent.
type depot struct {
	server *httptest.Server

	mu                sync.Mutex
	bundle, approvals []byte
	tag               string
	status            int // of every answer, where it is not zero
	asked             []http.Header
	answered          []int
}

func newDepot(t *testing.T) *depot {
	t.Helper()
	d := &depot{}
	d.server = httptest.NewTLSServer(d)
	t.Cleanup(d.server.Close)
	return d
}

func (d *depot) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	content, status := d.bundle, http.StatusOK
	if strings.HasSuffix(r.URL.Path, approval.Suffix) {
		content = d.approvals
	} else {
		d.asked = append(d.asked, r.Header)
	}
	tag := `"` + d.tag + `"`
	switch {
	case d.status != 0:
		status = d.status
		w.Header().Set("Location", "https://elsewhere.example/")
	case content == nil:
		status = http.StatusNotFound
	case r.Header.Get("If-None-Match") == tag:
		status = http.StatusNotModified
	}
	d.answered = append(d.answered, status)
	w.Header().Set("ETag", tag)
	w.WriteHeader(status)
	if status == http.StatusOK {
		_, _ = w.Write(content)
	}
}

// offer puts a bundle on the server.
func (d *depot) offer(tag string, bundle, approvals []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.tag, d.bundle, d.approvals, d.status = tag, bundle, approvals, 0
}

func (d *depot) failWith(status int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.status = status
}

// seen returns what was asked for and answered since the last call.
func (d *depot) seen() (asked []http.Header, answered []int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	asked, answered = d.asked, d.answered
	d.asked, d.answered = nil, nil
	return asked, answered
}

// remoteStage is a site whose policy is on a server, with the first bundle in force.
func remoteStage(t *testing.T) (*stage, *depot, *enact.Keeper) {
	t.Helper()
	s, d := newStage(t), newDepot(t)
	s.options.Bundle, s.options.URL = "", d.server.URL+"/london.tar.gz"
	s.options.Transport, s.options.Token, s.options.Poll = d.server.Client().Transport, "a-token", 30*time.Second
	first := s.build(t, "1", "First.")
	d.offer("one", first, s.approve(t, first, "Ada", "Cleo"))
	keeper := s.open(t)
	says(t, keeper, "First.")
	d.seen()
	return s, d, keeper
}

func TestABundleServerIsAskedInItsTurnAndSendsOnlyWhatChanged(t *testing.T) {
	s, d, keeper := remoteStage(t)
	look(t, keeper, "First.")
	if asked, _ := d.seen(); len(asked) != 0 {
		t.Errorf("asked again %d times before its turn", len(asked))
	}
	s.now = s.now.Add(31 * time.Second)
	look(t, keeper, "First.")
	asked, answered := d.seen()
	if len(asked) != 1 || asked[0].Get("If-None-Match") != `"one"` || asked[0].Get("Authorization") != "Bearer a-token" ||
		asked[0].Get("Prefer") != "modes=snapshot" || len(answered) != 2 || answered[0] != http.StatusNotModified {
		t.Errorf("asked with %v, answered %v", asked, answered)
	}
	second := s.build(t, "2", "Second.")
	d.offer("two", second, nil)
	s.now = s.now.Add(31 * time.Second)
	look(t, keeper, "First.")
	wrong(t, keeper, "not approved")
	d.offer("three", second, s.approve(t, second, "Ben", "Cleo"))
	look(t, keeper, "First.") // the approvals are seen in its turn
	s.now = s.now.Add(31 * time.Second)
	look(t, keeper, "Second.")
	wrong(t, keeper, "")
}

func TestABundleServerThatFailsIsLeftAloneForLongerAndLonger(t *testing.T) {
	s, d, keeper := remoteStage(t)
	d.failWith(http.StatusServiceUnavailable)
	for _, wait := range []time.Duration{30, 30, 60, 120, 240, 480, 480} {
		s.now = s.now.Add(wait*time.Second - time.Second)
		look(t, keeper, "First.")
		if asked, _ := d.seen(); len(asked) != 0 {
			t.Errorf("asked %d times within %d s", len(asked), wait)
		}
		s.now = s.now.Add(time.Second)
		look(t, keeper, "First.")
		if asked, _ := d.seen(); len(asked) != 1 {
			t.Errorf("asked %d times after %d s", len(asked), wait)
		}
		wrong(t, keeper, "the bundle server answers 503")
	}
	if keeper.Stale() == 0 {
		t.Error("a policy of which nobody knows whether it is the newest is not stale")
	}
	d.failWith(0)
	keeper.Look(t.Context(), true) // SIGHUP does not wait
	wrong(t, keeper, "")
	if keeper.Stale() != 0 {
		t.Errorf("stale for %s", keeper.Stale())
	}
}

func TestWhatABundleServerMayNotDo(t *testing.T) {
	for name, test := range map[string]struct {
		do   func(*stage, *depot)
		want string
	}{
		"redirect":                {func(_ *stage, d *depot) { d.failWith(http.StatusFound) }, "answers 302: redirects are not followed"},
		"move for good":           {func(_ *stage, d *depot) { d.failWith(http.StatusPermanentRedirect) }, "answers 308: redirects are not followed"},
		"refuse the token":        {func(_ *stage, d *depot) { d.failWith(http.StatusUnauthorized) }, "answers 401"},
		"lose the bundle":         {func(_ *stage, d *depot) { d.offer("none", nil, nil) }, "answers 404"},
		"send far too much":       {func(_ *stage, d *depot) { d.offer("big", make([]byte, policy.MostBundleBytes+1), nil) }, "more than 16 MiB"},
		"send too many approvals": {func(_ *stage, d *depot) { d.offer("big", []byte("x"), make([]byte, 2<<20)) }, "more than 1 MiB"},
		"go away":                 {func(_ *stage, d *depot) { d.server.CloseClientConnections(); d.server.Close() }, "connect"},
	} {
		t.Run(name, func(t *testing.T) {
			s, d, keeper := remoteStage(t)
			test.do(s, d)
			s.now = s.now.Add(time.Minute)
			look(t, keeper, "First.")
			wrong(t, keeper, test.want)
			if strings.Contains(keeper.Status().Why+s.log.String(), "a-token") {
				t.Error("the token is told")
			}
		})
	}
}

func TestAServerWhoseCertificateNobodyVouchesForIsNotBelieved(t *testing.T) {
	s, d := newStage(t), newDepot(t)
	s.options.Bundle, s.options.URL = "", d.server.URL
	first := s.build(t, "1", "First.")
	d.offer("one", first, s.approve(t, first, "Ada", "Cleo"))
	if _, err := enact.Open(t.Context(), s.options); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("got %v", err)
	}
	if asked, _ := d.seen(); len(asked) != 0 {
		t.Error("it was asked all the same")
	}
}

func TestARestartWithoutTheBundleServerKeepsTheLastGoodOne(t *testing.T) {
	s, d, _ := remoteStage(t)
	d.server.Close()
	keeper := s.open(t)
	says(t, keeper, "First.")
	wrong(t, keeper, "connect")
	if err := os.RemoveAll(s.options.History); err != nil {
		t.Fatal(err)
	}
	if _, err := enact.Open(t.Context(), s.options); err == nil || errors.Is(err, enact.ErrNotApproved) {
		t.Errorf("without a history and without the server: %v", err)
	}
}

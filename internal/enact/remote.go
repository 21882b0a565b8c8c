package enact

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"onelondon/policy"
	"onelondon/policy/approval"
)

const (
	defaultPoll  = time.Minute
	fetchWithin  = 15 * time.Second
	mostBackoffs = 4 // doublings of the time between two questions to a server that fails
)

// remote is a bundle on a server, by OPA's protocol: it is asked for again and again, with the tag of what was got last, and
// sends nothing while nothing changed.
type remote struct {
	url, token string
	poll       time.Duration
	client     *http.Client
	now        func() time.Time

	bundle, approvals resource
	next              time.Time // when to ask again
	failed            error     // what went wrong last, nil where nothing did
	failures          int       // in a row
}

// resource is what one URL gave last.
type resource struct {
	tag     string
	content []byte
}

func newRemote(options Options) *remote {
	transport := options.Transport
	if transport == nil {
		// No compression: what is signed and approved is the file as it is.
		transport = &http.Transport{Proxy: http.ProxyFromEnvironment, DisableCompression: true, ResponseHeaderTimeout: fetchWithin,
			TLSHandshakeTimeout: fetchWithin, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}}
	}
	r := &remote{url: options.URL, token: options.Token, poll: options.Poll, now: options.Now,
		client: &http.Client{Transport: transport, Timeout: fetchWithin,
			// A redirected question would take its token along. Whoever moves a bundle changes the configuration.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	if r.poll == 0 {
		r.poll = defaultPoll
	}
	return r
}

func (r *remote) look(ctx context.Context, again bool) (*offer, error) {
	if !again && r.now().Before(r.next) {
		return nil, r.failed // still, until it is asked again
	}
	var changed bool
	if changed, r.failed = r.fetch(ctx); r.failed != nil {
		r.next = r.now().Add(r.poll << min(r.failures, mostBackoffs))
		r.failures++
		return nil, r.failed
	}
	r.failures, r.next = 0, r.now().Add(r.poll)
	if !changed && !again {
		return nil, nil
	}
	return &offer{content: r.bundle.content, approvals: r.approvals.content}, nil
}

// fetch asks for the bundle and for its approvals, which come later than it.
func (r *remote) fetch(ctx context.Context) (changed bool, err error) {
	bundle, bundleChanged, err := r.get(ctx, r.url, r.bundle, policy.MostBundleBytes)
	if err != nil {
		return false, err
	}
	approvals, approvalsChanged, err := r.get(ctx, r.url+approval.Suffix, r.approvals, mostApprovalBytes)
	if errors.Is(err, errNotThere) {
		approvals, approvalsChanged, err = resource{}, len(r.approvals.content) > 0, nil
	}
	if err != nil {
		return false, err
	}
	r.bundle, r.approvals = bundle, approvals
	return bundleChanged || approvalsChanged, nil
}

var errNotThere = errors.New("the bundle server answers 404")

func (r *remote) get(ctx context.Context, url string, had resource, most int64) (got resource, changed bool, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return had, false, errors.New("not a URL that can be asked")
	}
	request.Header.Set("Prefer", "modes=snapshot")
	if r.token != "" {
		request.Header.Set("Authorization", "Bearer "+r.token)
	}
	if had.tag != "" {
		request.Header.Set("If-None-Match", had.tag)
	}
	answer, err := r.client.Do(request)
	if err != nil {
		return had, false, err // the URL in it has no password, and the token is in no URL
	}
	defer func() { _ = answer.Body.Close() }()
	switch {
	case answer.StatusCode == http.StatusNotModified && had.tag != "":
		return had, false, nil
	case answer.StatusCode == http.StatusNotFound:
		return had, false, errNotThere
	case answer.StatusCode >= 300 && answer.StatusCode < 400:
		return had, false, fmt.Errorf("the bundle server answers %d: redirects are not followed; put the right url", answer.StatusCode)
	case answer.StatusCode != http.StatusOK:
		return had, false, fmt.Errorf("the bundle server answers %d", answer.StatusCode)
	}
	content, err := io.ReadAll(io.LimitReader(answer.Body, most+1))
	if err != nil {
		return had, false, errors.New("the bundle server broke off")
	}
	if int64(len(content)) > most {
		return had, false, fmt.Errorf("the bundle server sends more than %d MiB", most>>20)
	}
	return resource{answer.Header.Get("ETag"), content}, string(content) != string(had.content), nil
}

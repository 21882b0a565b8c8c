package web

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"onelondon/sources"
)

// tokens holds the bearer token that requests carry. It is safe for concurrent use.
type tokens struct {
	server      Server
	credentials Credentials
	http        *http.Client

	place   chan struct{} // a lock with room for one: its holder may use the fields below
	current string
	until   time.Time
}

// early is how long before its expiry a token is replaced.
const early = 30 * time.Second

// sign adds authentication to a request, fetching a token if necessary.
func (t *tokens) sign(ctx context.Context, request *http.Request) error {
	if t.credentials.User != "" {
		request.SetBasicAuth(t.credentials.User, t.credentials.Password)
		return nil
	}
	token := t.credentials.Token
	if t.credentials.TokenURL != "" {
		var err error
		if token, err = t.fetched(ctx); err != nil {
			return err
		}
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	return nil
}

// forget drops a token that the server rejected.
func (t *tokens) forget() {
	t.place <- struct{}{}
	t.current = ""
	<-t.place
}

// fetched is the current token, or a new one. A caller waiting for another's fetch waits no longer than its own
// deadline.
func (t *tokens) fetched(ctx context.Context) (string, error) {
	select {
	case t.place <- struct{}{}:
		defer func() { <-t.place }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	if t.current != "" && time.Now().Before(t.until) {
		return t.current, nil
	}
	token, lifetime, err := t.fetch(ctx)
	if err != nil {
		return "", err
	}
	t.current, t.until = token, time.Now().Add(lifetime-min(early, lifetime/4))
	return token, nil
}

// fetch asks the authorisation server for a token (RFC 6749, section 4.4.2). No error quotes its answer.
func (t *tokens) fetch(ctx context.Context) (string, time.Duration, error) {
	form, err := t.form()
	if err != nil {
		return "", 0, fmt.Errorf("%w: authorisation server is not asked: %w", sources.ErrUnavailable, err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, t.credentials.TokenURL, strings.NewReader(form.Encode()))
	if err != nil {
		return "", 0, fmt.Errorf("%w: the address of the authorisation server cannot be used", sources.ErrUnavailable)
	}
	request.Header.Set("Content-Type", FormType)
	request.Header.Set("Accept", "application/json")
	if t.credentials.KeyFile == "" {
		request.SetBasicAuth(url.QueryEscape(t.credentials.ClientID), url.QueryEscape(t.credentials.Secret))
	}
	reply, err := t.http.Do(request)
	if err != nil {
		return "", 0, t.server.Unreached(ctx)
	}
	defer reply.Body.Close()
	var granted struct {
		Token    string  `json:"access_token"`
		Lifetime seconds `json:"expires_in"`
		Error    string  `json:"error"`
	}
	err = json.NewDecoder(io.LimitReader(reply.Body, 1<<20)).Decode(&granted)
	if reply.StatusCode != http.StatusOK || err != nil || granted.Token == "" {
		code := fmt.Sprintf("HTTP %d", reply.StatusCode)
		if known(granted.Error) {
			code += " " + granted.Error
		}
		return "", 0, sources.WithCode(fmt.Errorf("%w: authorisation server gave no token: %s", sources.ErrUnavailable, code), code)
	}
	if granted.Lifetime <= 0 {
		granted.Lifetime = 300
	}
	return granted.Token, time.Duration(min(granted.Lifetime, 86_400)) * time.Second, nil
}

// form is the request to the authorisation server, with a signed assertion if there is a key, which is read anew.
func (t *tokens) form() (url.Values, error) {
	form := url.Values{"grant_type": {"client_credentials"}}
	if t.credentials.Scope != "" {
		form.Set("scope", t.credentials.Scope)
	}
	if t.credentials.KeyFile == "" {
		return form, nil
	}
	key, err := t.credentials.signer()
	if err != nil {
		return nil, err
	}
	assertion, err := key.assertion(t.credentials.ClientID, t.credentials.TokenURL, time.Now())
	if err != nil {
		return nil, errKey
	}
	form.Set("client_assertion_type", assertionType)
	form.Set("client_assertion", assertion)
	return form, nil
}

// known reports whether a word is an error code of RFC 6749, section 5.2. Nothing else that a server says is repeated.
func known(word string) bool {
	return slices.Contains([]string{"invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type", "invalid_scope"}, word)
}

// seconds are a whole number, optionally in quotation marks: NHS England's server sends them as text.
type seconds int64

// UnmarshalJSON treats anything that is not a number as absent.
func (s *seconds) UnmarshalJSON(written []byte) error {
	read, _ := strconv.ParseInt(strings.Trim(string(written), `"`), 10, 64)
	*s = seconds(read)
	return nil
}

package fhir_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jwk"
	"github.com/lestrrat-go/jwx/v3/jws"
	"github.com/lestrrat-go/jwx/v3/jwt"

	"onelondon/sources"
	"onelondon/sources/fhir"
)

// authority is an authorisation server that takes signed assertions and is strict about them, as NHS England's is: each of its own id, for
// its own address, good for five minutes at most, signed by a key that it knows by id and algorithm.
type authority struct {
	*httptest.Server
	lifetime time.Duration

	mu      sync.Mutex
	keys    jwk.Set
	seen    map[string]bool
	granted map[string]time.Time
	refused []string
}

func authorise(t *testing.T, lifetime time.Duration) *authority {
	t.Helper()
	a := &authority{lifetime: lifetime, keys: jwk.NewSet(), seen: map[string]bool{}, granted: map[string]time.Time{}}
	a.Server = httptest.NewServer(a)
	t.Cleanup(a.Close)
	return a
}

func (a *authority) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if err := a.verify(r); err != nil {
		a.refused = append(a.refused, err.Error())
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = w.Write([]byte(`{"error":"invalid_client","error_description":"said of hunter2"}`))
		return
	}
	token := fmt.Sprint("token-", len(a.granted)+1)
	a.granted[token] = time.Now()
	_, _ = fmt.Fprintf(w, `{"access_token":%q,"expires_in":"%d","token_type":"Bearer"}`, token, int(a.lifetime.Seconds()))
}

func (a *authority) verify(r *http.Request) error {
	if r.Method != http.MethodPost || r.URL.Path != "/token" || r.Header.Get("Authorization") != "" || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
		return errors.New("another request than for a token")
	}
	if r.FormValue("grant_type") != "client_credentials" || r.FormValue("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" {
		return errors.New("another grant")
	}
	assertion := []byte(r.FormValue("client_assertion"))
	message, err := jws.Parse(assertion)
	if err != nil || len(message.Signatures()) != 1 {
		return errors.New("no signed message")
	}
	header := message.Signatures()[0].ProtectedHeaders()
	algorithm, _ := header.Algorithm()
	kid, _ := header.KeyID()
	if typ, _ := header.Type(); typ != "JWT" || algorithm != jwa.RS512() && algorithm != jwa.ES384() {
		return fmt.Errorf("type or algorithm %s", algorithm)
	}
	key, ok := a.keys.LookupKeyID(kid)
	if !ok {
		return fmt.Errorf("unknown key")
	}
	token, err := jwt.Parse(assertion, jwt.WithKey(algorithm, key), jwt.WithIssuer("onelondon"), jwt.WithSubject("onelondon"), jwt.WithAudience(a.URL+"/token"),
		jwt.WithRequiredClaim("exp"), jwt.WithRequiredClaim("jti"))
	if err != nil {
		return err
	}
	audience, _ := token.Audience()
	expires, _ := token.Expiration()
	id, _ := token.JwtID()
	if len(audience) != 1 || time.Until(expires) > 5*time.Minute || a.seen[id] || len(id) != 36 {
		return errors.New("for too long, for others too, or seen before")
	}
	a.seen[id] = true
	return nil
}

// knows puts a key's public half into the set, and the key into the file.
func (a *authority) knows(t *testing.T, file, kid string, private any) {
	t.Helper()
	key, err := jwk.Import(private)
	if err != nil {
		t.Fatal(err)
	}
	if err := key.Set(jwk.KeyIDKey, kid); err != nil {
		t.Fatal(err)
	}
	public, err := key.PublicKey()
	if err != nil {
		t.Fatal(err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if err := a.keys.AddKey(public); err != nil {
		t.Fatal(err)
	}
	written, _ := json.Marshal(key)
	if strings.HasSuffix(file, ".pem") {
		der, err := x509.MarshalPKCS8PrivateKey(private)
		if err != nil {
			t.Fatal(err)
		}
		written = pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	}
	if err := os.WriteFile(file, written, 0o600); err != nil {
		t.Fatal(err)
	}
}

func (a *authority) credentials(file string) fhir.Credentials {
	return fhir.Credentials{TokenURL: a.URL + "/token", ClientID: "onelondon", KeyFile: file}
}

// takes makes a FHIR server refuse tokens that were never granted, have ended or were withdrawn.
func (s *server) takes(a *authority) {
	s.spoil = func(w http.ResponseWriter, r *http.Request) bool {
		a.mu.Lock()
		defer a.mu.Unlock()
		granted, ok := a.granted[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")]
		if ok && time.Since(granted) < a.lifetime {
			return false
		}
		w.WriteHeader(http.StatusUnauthorized)
		return true
	}
}

func keyPair(t *testing.T, curve elliptic.Curve) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func rsaKey(t *testing.T, bits int) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestAClientProvesItselfByASignedAssertion(t *testing.T) {
	for name, private := range map[string]any{"rsa.pem": rsaKey(t, 2048), "rsa.json": rsaKey(t, 2048), "p384.pem": keyPair(t, elliptic.P384()),
		"p384.json": keyPair(t, elliptic.P384())} {
		t.Run(name, func(t *testing.T) {
			a, s, file := authorise(t, time.Hour), serve(t, patient()...), filepath.Join(t.TempDir(), name)
			a.knows(t, file, "key-1", private)
			s.takes(a)
			credentials := a.credentials(file)
			if strings.HasSuffix(name, ".pem") {
				credentials.KeyID = "key-1"
			}
			source := open(t, s, fhir.Options{Credentials: credentials})
			for range 3 {
				if _, err := fetch(t, source); err != nil {
					t.Fatal(err, a.refused)
				}
			}
			if len(a.granted) != 1 {
				t.Errorf("%d tokens for three questions within an hour", len(a.granted))
			}
		})
	}
}

func TestATokenIsExchangedBeforeItEnds(t *testing.T) {
	a, s, file := authorise(t, time.Second), serve(t, patient()...), filepath.Join(t.TempDir(), "key.json")
	a.knows(t, file, "key-1", keyPair(t, elliptic.P384()))
	s.takes(a)
	source := open(t, s, fhir.Options{Credentials: a.credentials(file)})
	for until := time.Now().Add(1300 * time.Millisecond); time.Now().Before(until); {
		if _, err := fetch(t, source); err != nil {
			t.Fatalf("a token was used until it ended: %v", err)
		}
	}
	if len(a.granted) < 2 || len(a.granted) > 4 {
		t.Errorf("%d tokens", len(a.granted))
	}
}

func TestAKeyIsChangedByReplacingItsFile(t *testing.T) {
	a, s, file := authorise(t, time.Hour), serve(t, patient()...), filepath.Join(t.TempDir(), "key.json")
	a.knows(t, file, "key-1", rsaKey(t, 2048))
	s.takes(a)
	source := open(t, s, fhir.Options{Credentials: a.credentials(file)})
	a.keys = jwk.NewSet() // the old one is not taken any more, nor what was granted for it
	clear(a.granted)
	a.knows(t, file, "key-2", keyPair(t, elliptic.P384()))
	if _, err := fetch(t, source); !errors.Is(err, sources.ErrUnavailable) {
		t.Errorf("a withdrawn token: %v", err)
	}
	if _, err := fetch(t, source); err != nil || len(a.refused) != 0 {
		t.Errorf("with the new key: %v %v", err, a.refused)
	}
	if err := os.WriteFile(file, []byte("spoilt"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := fetch(t, source); err != nil {
		t.Errorf("while the token is good, the key is not needed: %v", err)
	}
	clear(a.granted)
	_, _ = fetch(t, source)
	if _, err := fetch(t, source); !errors.Is(err, sources.ErrUnavailable) || !strings.Contains(err.Error(), "private key") || strings.Contains(err.Error(), file) {
		t.Errorf("a spoilt key: %v", err)
	}
}

func TestAKeyThatCannotBeUsedIsSaidAtOpening(t *testing.T) {
	folder := t.TempDir()
	a, s := authorise(t, time.Hour), serve(t, patient()...)
	a.knows(t, filepath.Join(folder, "good.json"), "key-1", keyPair(t, elliptic.P384()))
	a.knows(t, filepath.Join(folder, "good.pem"), "key-1", rsaKey(t, 2048))
	a.knows(t, filepath.Join(folder, "p256.json"), "key-1", keyPair(t, elliptic.P256()))
	weak, _ := x509.MarshalPKCS8PrivateKey(rsaKey(t, 1024))
	public, _ := a.keys.Key(0)
	written, _ := json.Marshal(public)
	for name, content := range map[string][]byte{"public.json": written, "empty.pem": nil, "large.pem": make([]byte, 1<<20), "words.pem": []byte("hunter2"),
		"weak.pem": pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: weak})} {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct{ file, id, algorithm, want string }{
		{"nowhere.pem", "key-1", "", "cannot be read"},
		{"large.pem", "key-1", "", "cannot be read"},
		{"empty.pem", "key-1", "", "holds no RSA key"},
		{"words.pem", "key-1", "", "holds no RSA key"},
		{"weak.pem", "key-1", "", "holds no RSA key"},
		{"p256.json", "key-1", "", "holds no RSA key"},
		{"public.json", "key-1", "", "holds no RSA key"},
		{"good.pem", "", "", "has no id"},
		{"good.json", "key-2", "", "another key id"},
		{"good.json", "", "RS512", "another kind"},
		{"good.pem", "key-1", "ES384", "another kind"},
		{"good.pem", "key-9", "", "HTTP 401 invalid_client"}, // the server's word, of a list of words
		{"good.pem", "key-1", "RS384", "HTTP 401 invalid_client"},
	} {
		credentials := a.credentials(filepath.Join(folder, test.file))
		credentials.KeyID, credentials.Algorithm = test.id, test.algorithm
		_, err := fhir.Open(t.Context(), fhir.Options{ID: "x", Base: s.base(), Credentials: credentials})
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), folder) {
			t.Errorf("%s %s %s: %v, want %q", test.file, test.id, test.algorithm, err, test.want)
		}
	}
	if slices.ContainsFunc(s.requests, func(r seenRequest) bool { return r.url != "" }) {
		t.Error("the FHIR server was asked without a token")
	}
}

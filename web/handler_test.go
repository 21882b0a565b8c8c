package web_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"onelondon/web"
)

func get(t *testing.T, handler http.Handler, url string, header ...string) *http.Response {
	t.Helper()
	request := httptest.NewRequest(http.MethodGet, url, nil)
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	return recorder.Result()
}

func body(t *testing.T, answer *http.Response) []byte {
	t.Helper()
	read, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return read
}

func TestThePageAndEverythingItNamesIsThere(t *testing.T) {
	handler := web.Handler(web.Options{})
	page := get(t, handler, "http://127.0.0.1/")
	html := body(t, page)
	if page.StatusCode != http.StatusOK || !strings.HasPrefix(page.Header.Get("Content-Type"), "text/html") {
		t.Fatalf("page: %d %s", page.StatusCode, page.Header.Get("Content-Type"))
	}
	named := regexp.MustCompile(`(?:src|href)="(console/[^"]+)"`).FindAllSubmatch(html, -1)
	if len(named) != 2 {
		t.Fatalf("the page names %d files", len(named))
	}
	files := []string{"console/editor.worker.js", "console/json.worker.js", "console/graphql.worker.js", "console/codicon.ttf"}
	for _, file := range named {
		files = append(files, string(file[1]))
	}
	for _, file := range files {
		answer := get(t, handler, "http://127.0.0.1/"+file)
		if content := body(t, answer); answer.StatusCode != http.StatusOK || len(content) < 10_000 {
			t.Errorf("%s: %d, %d bytes", file, answer.StatusCode, len(content))
		}
	}
	if bytes.Contains(html, []byte("http://")) || bytes.Contains(html, []byte("https://")) {
		t.Error("the page names another server")
	}
}

func TestThePageMayReachNoOtherServer(t *testing.T) {
	answer := get(t, web.Handler(web.Options{}), "http://127.0.0.1/")
	policy := answer.Header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "connect-src 'self'", "script-src 'self'", "frame-ancestors 'none'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("the policy lacks %s: %s", want, policy)
		}
	}
	if strings.Contains(policy, "unsafe-eval") || strings.Contains(policy, "http") {
		t.Errorf("the policy lets in too much: %s", policy)
	}
}

func TestCompressedAndPlainAreTheSame(t *testing.T) {
	handler := web.Handler(web.Options{})
	plain := body(t, get(t, handler, "http://127.0.0.1/console/console.css"))
	packed := get(t, handler, "http://127.0.0.1/console/console.css", "Accept-Encoding", "gzip")
	if packed.Header.Get("Content-Encoding") != "gzip" || len(body(t, packed)) >= len(plain) {
		t.Error("not compressed for a client that takes it")
	}
	if !bytes.Contains(plain, []byte(".graphiql-container")) {
		t.Error("not the style sheet")
	}
}

func TestTheDemosTokensAreGivenOnLoopbackAlone(t *testing.T) {
	tokens := []byte(`{"callers":[{"token":"secret"}]}`)
	for _, each := range []struct {
		name, url string
		demo      []byte
		want      int
	}{
		{"on a loopback address", "http://127.0.0.1:8080/console/demo.json", tokens, http.StatusOK},
		{"on localhost", "http://localhost:8080/console/demo.json", tokens, http.StatusOK},
		{"on IPv6", "http://[::1]:8080/console/demo.json", tokens, http.StatusOK},
		{"under a name that somebody pointed here", "http://evil.example/console/demo.json", tokens, http.StatusNotFound},
		{"outside the demo", "http://127.0.0.1:8080/console/demo.json", nil, http.StatusNotFound},
	} {
		answer := get(t, web.Handler(web.Options{Demo: each.demo}), each.url)
		if got := body(t, answer); answer.StatusCode != each.want || (each.want != http.StatusOK && bytes.Contains(got, []byte("secret"))) {
			t.Errorf("%s: %d %s", each.name, answer.StatusCode, got)
		}
	}
}

func TestNothingElseIsServed(t *testing.T) {
	for _, url := range []string{"/other", "/console/", "/console/..%2fdoc.go", "/console/none.js", "/console/console.js.gz"} {
		if answer := get(t, web.Handler(web.Options{}), "http://127.0.0.1"+url); answer.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", url, answer.StatusCode)
		}
	}
}

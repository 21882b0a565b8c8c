package killed_test

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onelondon/internal/audit"
	"onelondon/internal/auth"
)

// site is a demo's folder and the program that serves it.
type site struct {
	program, dir string
	key          audit.Key
	issuer       *auth.Issuer
}

// build compiles the program and lets it make a London of few people.
func build(t *testing.T) *site {
	t.Helper()
	s := &site{program: filepath.Join(t.TempDir(), "onelondon"), dir: filepath.Join(t.TempDir(), "london")}
	for _, command := range [][]string{{"go", "build", "-o", s.program, "onelondon/cmd/onelondon"},
		{s.program, "demo", "--once", "--people", "30", "--data", s.dir}} {
		if output, err := exec.CommandContext(t.Context(), command[0], command[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", command, err, output)
		}
	}
	config := s.read(t, "onelondon.yaml")
	config = bytes.Replace(config, []byte("listen: 127.0.0.1:8080"), []byte("listen: 127.0.0.1:0"), 1)
	if err := os.WriteFile(s.file("onelondon.yaml"), config, 0o600); err != nil {
		t.Fatal(err)
	}
	raw, err := hex.DecodeString(strings.TrimSpace(string(s.read(t, "person.key"))))
	if err != nil {
		t.Fatal(err)
	}
	s.key = audit.Key(raw)
	if s.issuer, err = auth.ReadIssuer("https://demo.invalid", "onelondon-demo", s.read(t, "issuer.key")); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *site) file(name string) string { return filepath.Join(s.dir, name) }

func (s *site) read(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(s.file(name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func (s *site) token(t *testing.T, who auth.Person) string {
	t.Helper()
	token, err := s.issuer.Sign(who, time.Now(), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// server is the program while it runs.
type server struct {
	command *exec.Cmd
	url     string
	client  *http.Client
}

// serve starts the program and waits until it answers questions.
func (s *site) serve(t *testing.T) *server {
	t.Helper()
	started := &server{command: exec.CommandContext(t.Context(), s.program, "serve", "--config", s.file("onelondon.yaml")),
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 300}}}
	errors, err := started.command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := started.command.Start(); err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	lines := bufio.NewScanner(errors)
	for started.url == "" && lines.Scan() {
		fmt.Fprintln(&said, lines.Text())
		if _, address, found := strings.Cut(lines.Text(), "address="); found {
			started.url = "http://" + strings.Fields(address)[0]
		}
	}
	if started.url == "" {
		t.Fatalf("it ended before it listened: %s", said.String())
	}
	go func() {
		for lines.Scan() { // so that it does not wait to be heard
		}
	}()
	for range 600 {
		if reply, err := started.client.Get(started.url + "/readyz"); err == nil {
			_ = reply.Body.Close()
			if reply.StatusCode == http.StatusOK {
				return started
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("it does not become ready")
	return nil
}

// kill ends it at once, as a power cut would end it, and waits until it is gone.
func (s *server) kill() {
	_ = s.command.Process.Kill()
	_ = s.command.Wait()
	s.client.CloseIdleConnections()
}

// ask puts a question; ok is false where no whole answer without errors came back.
func (s *server) ask(token, query string, variables map[string]any, into any) (ok bool) {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return false
	}
	request, err := http.NewRequest(http.MethodPost, s.url+"/graphql", bytes.NewReader(body))
	if err != nil {
		return false
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+token)
	reply, err := s.client.Do(request)
	if err != nil {
		return false
	}
	defer reply.Body.Close()
	answer := struct {
		Data   any
		Errors []any
	}{Data: into}
	return json.NewDecoder(reply.Body).Decode(&answer) == nil && len(answer.Errors) == 0
}

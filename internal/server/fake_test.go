package server_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"onelondon/internal/auth"
	"onelondon/internal/server"
	"onelondon/internal/testkit"
)

// fakeGate executes documents of the real schema without a gate behind it: each root field becomes null, or what answer makes.
type fakeGate struct {
	schema *ast.Schema
	answer func(ctx context.Context) (data string, err error)
}

func (f *fakeGate) Schema() *ast.Schema { return f.schema }

func (f *fakeGate) Complexity(context.Context, string, string, int, map[string]any) (int, bool) {
	return 0, false
}

func (f *fakeGate) Exec(ctx context.Context) graphql.ResponseHandler {
	done := false
	return func(ctx context.Context) *graphql.Response {
		if done {
			return nil
		}
		done = true
		data, err := f.answer(ctx)
		if err != nil {
			graphql.AddError(ctx, err)
		}
		return &graphql.Response{Data: []byte(data)}
	}
}

// desk is a server before a fake gate, with somebody who may issue tokens for it.
type desk struct {
	issuer *auth.Issuer
	gate   *fakeGate
	logs   *testkit.LogBuffer
	server *server.Server
	token  string
	now    time.Time
	seen   []auth.Caller
}

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func newDesk(t testing.TB, change func(*server.Options)) *desk {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(testkit.Root(t), "schema.graphqls"))
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{now: noon}
	d.gate = &fakeGate{schema: gqlparser.MustLoadSchema(&ast.Source{Input: string(text)})}
	d.gate.answer = func(ctx context.Context) (string, error) {
		d.seen = append(d.seen, auth.CallerFrom(ctx))
		return `{"__typename":"Query"}`, nil
	}
	if d.issuer, err = auth.NewIssuer("https://identity.example", "onelondon"); err != nil {
		t.Fatal(err)
	}
	verifier, err := auth.NewVerifier(t.Context(), auth.Options{Issuer: "https://identity.example", Audience: "onelondon",
		Keys: func(context.Context) ([]byte, error) { return d.issuer.Keys() }, Now: func() time.Time { return d.now }})
	if err != nil {
		t.Fatal(err)
	}
	var log *slog.Logger
	log, d.logs = testkit.Logs(t)
	options := server.Options{Schema: d.gate, Verifier: verifier, Log: log}
	if change != nil {
		change(&options)
	}
	if d.server, err = server.New(options); err != nil {
		t.Fatal(err)
	}
	d.token = d.sign(t, auth.Person{Subject: "gp-1", Name: "Dr Okoye", Role: "R0260", Organisation: "F84003", Purpose: "TREAT"})
	return d
}

func (d *desk) sign(t testing.TB, person auth.Person) string {
	t.Helper()
	token, err := d.issuer.Sign(person, noon, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// reply is an answer with its body read.
type reply struct {
	status int
	header http.Header
	body   string
}

// ask posts a body as a well-behaved client does; header changes what it sends, "-" leaves a header out.
func (d *desk) ask(t testing.TB, body string, header ...string) reply {
	t.Helper()
	return d.send(t, http.MethodPost, "/graphql", body, header...)
}

func (d *desk) send(t testing.TB, method, path, body string, header ...string) reply {
	t.Helper()
	request := httptest.NewRequest(method, path, strings.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+d.token)
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Del(header[i])
		if header[i+1] != "-" {
			request.Header.Set(header[i], header[i+1])
		}
	}
	recorder := httptest.NewRecorder()
	d.server.Handler().ServeHTTP(recorder, request)
	result := recorder.Result()
	read, err := io.ReadAll(result.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{result.StatusCode, result.Header, string(read)}
}

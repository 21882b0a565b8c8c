package main

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"onelondon/internal/testkit"
)

// TestTheQuestionOfTheReadmeIsAnswered sends what a newcomer pastes, as curl sends it: without line ends.
func TestTheQuestionOfTheReadmeIsAnswered(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(testkit.Root(t), "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(text), "<<'QUESTION'\n")
	question, _, closed := strings.Cut(rest, "QUESTION\n")
	if !ok || !closed {
		t.Fatal("README.md asks no question")
	}
	dir, _ := smallLondon(t)
	s := serveFolder(t, dir)
	request, err := http.NewRequest(http.MethodPost, s.url+"/graphql", strings.NewReader(strings.ReplaceAll(question, "\n", "")))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+s.tokens["gp"])
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(body), `"errors"`) || !strings.Contains(string(body), "No known allergies") {
		t.Errorf("%d %s", answer.StatusCode, body)
	}
}

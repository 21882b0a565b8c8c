package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"errors"
	"html/template"
	"net/http"
	"strings"
	"time"
)

// Study is one entry of the public register: what was asked about many people, by whom, and for what. Nothing in it may be about
// a single person.
type Study struct {
	At           time.Time `json:"at"`
	Project      string    `json:"project"`
	Organisation string    `json:"organisation"` // whose analyst asked: its ODS code
	Purpose      string    `json:"purpose"`      // a code of HL7 PurposeOfUse
	Name         string    `json:"name"`         // of the definition
	Version      int       `json:"version"`
	Title        string    `json:"title"`
	Words        string    `json:"words"` // the definition in plain English; an indented line belongs to the one above
	Digest       string    `json:"digest"`
	Answered     bool      `json:"answered"`          // false where the question was refused or called off
	Reasons      []string  `json:"reasons,omitempty"` // in sentences, why it was not

	// What the codes are called, for people; empty where nobody has said.
	OrganisationName string `json:"organisationName,omitempty"`
	PurposeName      string `json:"purposeName,omitempty"`
}

// StudiesPage is some entries of the register, newest first, and where the next page begins; nothing there at the end.
type StudiesPage struct {
	Studies []Study `json:"studies"`
	Next    string  `json:"next,omitempty"`
}

// ErrNoPage is what a list of studies returns for a place that is none.
var ErrNoPage = errors.New("no such page")

// StudiesList reads a page of the register that begins after a place, or at the newest entry where it is empty.
type StudiesList func(ctx context.Context, after string) (StudiesPage, error)

//go:embed studies.html
var studiesPage string

//go:embed studies.css
var studiesStyle string

// Studies serves the public register at /studies, as a page that needs no script and no sign-in, and at /studies.json.
func Studies(list StudiesList) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /studies", studiesHTML(list))
	mux.HandleFunc("GET /studies.json", func(w http.ResponseWriter, r *http.Request) {
		studies, ok := read(w, r, list)
		if !ok {
			return
		}
		if studies.Studies == nil {
			studies.Studies = []Study{}
		}
		text, err := json.Marshal(studies)
		if err != nil {
			http.Error(w, "The register cannot be shown.", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Access-Control-Allow-Origin", "*") // it is public
		send(w, "application/json", text)
	})
	return mux
}

// studiesHTML serves the register for people.
func studiesHTML(list StudiesList) http.HandlerFunc {
	page := template.Must(template.New("studies").Funcs(template.FuncMap{"indent": indent, "day": day, "instant": instant}).Parse(studiesPage))
	style := sha256.Sum256([]byte(studiesStyle))
	policy := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(style[:]) +
		"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	return func(w http.ResponseWriter, r *http.Request) {
		studies, ok := read(w, r, list)
		if !ok {
			return
		}
		var html bytes.Buffer
		shown := struct {
			StudiesPage
			Style template.CSS
			Later bool
		}{studies, template.CSS(studiesStyle), r.URL.Query().Get("after") != ""}
		if err := page.Execute(&html, shown); err != nil {
			http.Error(w, "The register cannot be shown.", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Security-Policy", policy)
		send(w, "text/html; charset=utf-8", html.Bytes())
	}
}

// read reads the page that is asked for, or says that it cannot.
func read(w http.ResponseWriter, r *http.Request, list StudiesList) (StudiesPage, bool) {
	page, err := list(r.Context(), r.URL.Query().Get("after"))
	switch {
	case errors.Is(err, ErrNoPage):
		http.Error(w, "There is no such page of the register.", http.StatusNotFound)
	case err != nil:
		http.Error(w, "The register cannot be read now. Try again in a while.", http.StatusServiceUnavailable)
	}
	return page, err == nil
}

func send(w http.ResponseWriter, contentType string, content []byte) {
	header := w.Header()
	header.Set("Content-Type", contentType)
	header.Set("Cache-Control", "no-cache")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	if header.Get("Content-Security-Policy") == "" {
		header.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	}
	_, _ = w.Write(content)
}

// line is a line of words with how far it is indented.
type line struct {
	Depth int
	Text  string
}

// indent takes words apart into lines.
func indent(words string) []line {
	var lines []line
	for text := range strings.Lines(words) {
		trimmed := strings.TrimSpace(text)
		if trimmed != "" {
			lines = append(lines, line{min(6, (len(text)-len(strings.TrimLeft(text, " ")))/2), trimmed})
		}
	}
	return lines
}

func day(at time.Time) string { return at.UTC().Format("2 January 2006, 15:04 UTC") }

func instant(at time.Time) string { return at.UTC().Format(time.RFC3339) }

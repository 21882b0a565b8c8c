package ehrstore

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"slices"
)

// template is an operational template. Nothing is held against it.
type template struct {
	ID        string `json:"template_id"`
	Concept   string `json:"concept"`
	Archetype string `json:"archetype_id"`
	content   []byte
}

// PutTemplate keeps an operational template (ADL 1.4, XML), in the place of one of the same id.
func (s *Store) PutTemplate(content []byte) error {
	var read struct {
		ID         string `xml:"template_id>value"`
		Concept    string `xml:"concept"`
		Definition struct {
			Archetype string `xml:"archetype_id>value"`
		} `xml:"definition"`
	}
	if err := xml.Unmarshal(content, &read); err != nil || read.ID == "" || read.Definition.Archetype == "" {
		return fmt.Errorf("put template: %w", ErrInvalid)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sealed {
		return ErrReadOnly
	}
	s.templates = slices.DeleteFunc(s.templates, func(t template) bool { return t.ID == read.ID })
	s.templates = append(s.templates, template{read.ID, read.Concept, read.Definition.Archetype, content})
	return nil
}

// DropTemplate forgets a template, as an upgrade of a server may.
func (s *Store) DropTemplate(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.templates = slices.DeleteFunc(s.templates, func(t template) bool { return t.ID == id })
}

// definition serves templates: the list of them, one by its id, and a new one.
func (s *Store) definition(w http.ResponseWriter, r *http.Request, id string) {
	switch {
	case r.Method == http.MethodPost && id == "":
		content, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largest))
		if err == nil {
			err = s.PutTemplate(content)
		}
		done(w, http.StatusCreated, "", err)
	case r.Method != http.MethodGet:
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
	case id == "":
		s.mu.RLock()
		defer s.mu.RUnlock()
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(append([]template{}, s.templates...)) // whoever asked may have gone
	default:
		s.mu.RLock()
		defer s.mu.RUnlock()
		i := slices.IndexFunc(s.templates, func(t template) bool { return t.ID == id })
		if i < 0 {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/xml")
		_, _ = w.Write(s.templates[i].content)
	}
}

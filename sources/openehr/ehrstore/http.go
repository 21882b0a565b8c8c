package ehrstore

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
)

// largest is how many bytes a request may have.
const largest = 16 << 20

var _ http.Handler = (*Store)(nil)

// ServeHTTP serves, below /v1, what of openEHR's REST API (ITS-REST, release 1.0.3) a source and its tests need: making an EHR, storing,
// replacing and deleting a composition, operational templates, and queries.
func (s *Store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	if len(path) < 2 || path[0] != "v1" {
		http.NotFound(w, r)
		return
	}
	path = path[1:]
	switch {
	case r.Method == http.MethodPost && len(path) == 2 && path[0] == "query" && path[1] == "aql":
		s.query(w, r)
	case len(path) >= 3 && path[0] == "definition" && path[1] == "template" && path[2] == "adl1.4":
		s.definition(w, r, strings.Join(path[3:], "/"))
	case path[0] != "ehr":
		http.NotFound(w, r)
	case r.Method == http.MethodPost && len(path) == 1:
		s.change(w, r, func(body Object) (string, error) { return s.CreateEHR(body) })
	case r.Method == http.MethodPost && len(path) == 3 && path[2] == "composition":
		s.change(w, r, func(body Object) (string, error) { return s.Commit(path[1], body) })
	case r.Method == http.MethodPut && len(path) == 4 && path[2] == "composition":
		preceding := strings.Trim(r.Header.Get("If-Match"), `"`)
		s.change(w, r, func(body Object) (string, error) { return s.Replace(path[1], preceding, body) })
	case r.Method == http.MethodDelete && len(path) == 4 && path[2] == "composition":
		done(w, http.StatusNoContent, "", s.Delete(path[1], path[3]))
	default:
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
	}
}

func (s *Store) change(w http.ResponseWriter, r *http.Request, do func(Object) (string, error)) {
	var body Object
	if !read(w, r, &body) {
		return
	}
	id, err := do(body)
	status := http.StatusCreated
	if r.Method == http.MethodPut {
		status = http.StatusOK
	}
	done(w, status, id, err)
}

// read reads a JSON body, numbers as they are written.
func read(w http.ResponseWriter, r *http.Request, into any) bool {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largest))
	if err == nil {
		reading := json.NewDecoder(bytes.NewReader(body))
		reading.UseNumber()
		err = reading.Decode(into)
	}
	if err != nil {
		http.Error(w, "no JSON of the form expected", http.StatusBadRequest)
	}
	return err == nil
}

func done(w http.ResponseWriter, status int, id string, err error) {
	switch {
	case err == nil:
		if id != "" {
			w.Header().Set("ETag", `"`+id+`"`)
		}
		w.WriteHeader(status)
	case errors.Is(err, ErrNotFound):
		http.Error(w, err.Error(), http.StatusNotFound)
	case errors.Is(err, ErrReadOnly):
		http.Error(w, err.Error(), http.StatusMethodNotAllowed)
	case errors.Is(err, ErrConflict):
		http.Error(w, err.Error(), http.StatusConflict)
	default:
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
	}
}

func (s *Store) query(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Q          string         `json:"q"`
		Parameters map[string]any `json:"query_parameters"`
	}
	if !read(w, r, &asked) {
		return
	}
	rows, err := s.Query(r.Context(), asked.Q, asked.Parameters)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if rows == nil {
		rows = [][]any{}
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"q": asked.Q, "rows": rows}) // whoever asked may have gone
}

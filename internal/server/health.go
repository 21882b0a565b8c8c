package server

import (
	"encoding/json"
	"net/http"
	"sync"
)

// alive reports that the process is running.
func (s *Server) alive(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("alive\n"))
}

// ready reports whether questions can be answered, and which parts are missing if not. The reason is in the log of the
// part that failed.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	states := make([]string, len(s.options.Checks))
	var all sync.WaitGroup
	for i, check := range s.options.Checks {
		all.Go(func() {
			states[i] = "ready"
			if check.Ready(r.Context()) != nil {
				states[i] = "not ready"
			} else if check.Note != nil && check.Note() != "" {
				states[i] = "ready, " + check.Note()
			}
		})
	}
	all.Wait()
	ready, parts := !s.leaving.Load(), map[string]string{}
	for i, check := range s.options.Checks {
		parts[check.Name] = states[i]
		ready = ready && states[i] != "not ready"
	}
	status := http.StatusOK
	if !ready {
		status = http.StatusServiceUnavailable
	}
	w.Header().Set("Content-Type", mediaJSON)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"ready": ready, "parts": parts})
}

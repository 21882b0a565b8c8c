package server

import (
	"net/http"

	"github.com/go-chi/chi/v5"
)

func (s *Server) routes() http.Handler {
	router := chi.NewRouter()
	router.Use(s.identify, s.observe, s.recovered, s.secured)
	router.HandleFunc("/graphql", s.endpoint.serve)
	router.Get("/healthz", s.alive)
	router.Get("/readyz", s.ready)
	router.Method(http.MethodGet, "/metrics", s.options.Metrics.handler())
	if s.options.Console != nil {
		router.Method(http.MethodGet, "/", s.options.Console)
		router.Method(http.MethodGet, "/console/{file}", s.options.Console)
	}
	if s.options.Studies != nil {
		router.Method(http.MethodGet, "/studies", s.options.Studies)
		router.Method(http.MethodGet, "/studies.json", s.options.Studies)
	}
	router.NotFound(func(w http.ResponseWriter, r *http.Request) { notFound.write(w, r) })
	router.MethodNotAllowed(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", http.MethodGet)
		wrongMethod.write(w, r)
	})
	return router
}

// secured sets headers that prevent a browser from doing more with a response than showing it. The console replaces the
// content security policy.
func (s *Server) secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header["X-Content-Type-Options"] = []string{"nosniff"}
		header["X-Frame-Options"] = []string{"DENY"}
		header["Referrer-Policy"] = []string{"no-referrer"}
		header["Cross-Origin-Resource-Policy"] = []string{"same-origin"}
		header["Cross-Origin-Opener-Policy"] = []string{"same-origin"}
		header["Content-Security-Policy"] = []string{"default-src 'none'; frame-ancestors 'none'"}
		header["Cache-Control"] = []string{"no-store"}
		if s.options.TLS {
			header["Strict-Transport-Security"] = []string{"max-age=31536000"}
		}
		next.ServeHTTP(w, r)
	})
}

package server

import (
	"log/slog"
	"net/http"
	"runtime"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"
)

// observed records the status and size of a response.
type observed struct {
	http.ResponseWriter
	status, bytes int
}

// WriteHeader notes the status.
func (o *observed) WriteHeader(status int) {
	if o.status == 0 {
		o.status = status
	}
	o.ResponseWriter.WriteHeader(status)
}

// Write counts the bytes.
func (o *observed) Write(data []byte) (int, error) {
	if o.status == 0 {
		o.status = http.StatusOK
	}
	written, err := o.ResponseWriter.Write(data)
	o.bytes += written
	return written, err
}

// Unwrap lets http.ResponseController reach the connection.
func (o *observed) Unwrap() http.ResponseWriter { return o.ResponseWriter }

// observe counts and logs every request by route, never by URL, and without anything about the question, the token or
// the caller. The ledger has the caller, under the same request id.
func (s *Server) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		watched := &observed{ResponseWriter: w}
		s.options.Metrics.underWay.Inc()
		defer s.options.Metrics.underWay.Dec()
		next.ServeHTTP(watched, r)
		elapsed := time.Since(began)
		route := "other"
		if pattern := chi.RouteContext(r.Context()).RoutePattern(); pattern != "" && pattern != "/*" {
			route = pattern
		}
		status := watched.status
		if status == 0 {
			status = http.StatusOK
		}
		s.options.Metrics.request(route, status, elapsed)
		s.options.Log.LogAttrs(r.Context(), level(route), "request", slog.String("request", requestID(r.Context())),
			slog.String("method", method(r.Method)), slog.String("route", route), slog.Int("status", status),
			slog.Int("bytes", watched.bytes), slog.Duration("elapsed", elapsed))
	})
}

// level keeps frequent monitoring requests out of the usual log.
func level(route string) slog.Level {
	switch route {
	case "/healthz", "/readyz", "/metrics":
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// method is the request's method if HTTP defines it; clients may send any text.
func method(name string) string {
	switch name {
	case http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodHead, http.MethodOptions:
		return name
	}
	return "other"
}

// recovered answers a request whose handler panicked, and logs where it did, but not the panic's value.
func (s *Server) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if recover() == nil {
				return
			}
			s.options.Log.LogAttrs(r.Context(), slog.LevelError, "panic in the server", slog.String("request", requestID(r.Context())),
				slog.Any("stack", calledFrom(4)))
			if watched, ok := w.(*observed); !ok || watched.status == 0 {
				internal.write(w, r)
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// calledFrom lists the functions on the stack. The runtime's own stack trace would contain argument values.
func calledFrom(skip int) []string {
	counters := make([]uintptr, 24)
	frames := runtime.CallersFrames(counters[:runtime.Callers(skip, counters)])
	var names []string
	for {
		frame, more := frames.Next()
		names = append(names, frame.Function+":"+strconv.Itoa(frame.Line))
		if !more {
			return names
		}
	}
}

package server

import (
	"context"
	"errors"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"onelondon/graph/limits"
	"onelondon/internal/auth"
)

// Verifier turns a bearer token into a caller. Its errors quote nothing of the token.
type Verifier interface {
	Verify(token string) (auth.Caller, error)
}

// Check is one part that must be available before the server takes questions.
type Check struct {
	Name  string                      // "policy", "register", "ledger", "catalogue"
	Ready func(context.Context) error // returns nil if the part is available
	Note  func() string               // a remark on an available part; nil or empty for none
}

// Options are the parts of a Server. Schema and Verifier are required.
type Options struct {
	Schema   graphql.ExecutableSchema
	Limits   limits.Limits // of a document; default limits.Default
	Verifier Verifier
	Checks   []Check
	Console  http.Handler // serves / and /console/; nil for none
	Studies  http.Handler // serves the public register at /studies and /studies.json; nil for none
	Metrics  *Metrics     // default: new ones
	Log      *slog.Logger // default none

	Body            int           // maximum bytes of a request; default 1 MiB
	Tokens          int           // maximum lexical tokens of a document; default limits.Tokens
	NoIntrospection bool          // refuse __schema and __type to everybody
	Answering       time.Duration // maximum time to make an answer; default 5 s
	Grace           time.Duration // maximum time for questions under way at shutdown; default Answering
	TLS             bool          // announce TLS to browsers (Strict-Transport-Security)
}

func (o Options) filled() (Options, error) {
	if o.Schema == nil || o.Verifier == nil {
		return o, errors.New("build server: schema and verifier are required")
	}
	if o.Limits.Bytes == 0 {
		o.Limits = limits.Default()
	}
	if o.Metrics == nil {
		o.Metrics = NewMetrics()
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Body <= 0 {
		o.Body = 1 << 20
	}
	if o.Tokens <= 0 {
		o.Tokens = limits.Tokens
	}
	if o.Answering <= 0 {
		o.Answering = 5 * time.Second
	}
	if o.Grace <= 0 {
		o.Grace = o.Answering
	}
	return o, nil
}

// Server answers questions over HTTP. It is safe for concurrent use.
type Server struct {
	options  Options
	endpoint *endpoint
	handler  http.Handler
	leaving  atomic.Bool
}

// New builds a server.
func New(options Options) (*Server, error) {
	options, err := options.filled()
	if err != nil {
		return nil, err
	}
	s := &Server{options: options}
	if s.endpoint, err = newEndpoint(options); err != nil {
		return nil, err
	}
	s.handler = s.routes()
	return s, nil
}

// Handler is the server without a listener, for tests and for callers with their own.
func (s *Server) Handler() http.Handler { return s.handler }

// Serve answers on the listener until ctx ends, then accepts no new connections, lets the questions under way finish
// within the grace period, and returns. An error means that it could not continue, or that the grace period was too
// short.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	serving := &http.Server{
		Handler:           s.handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      15*time.Second + s.options.Answering,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          log.New(silently{s.options.Log}, "", 0),
	}
	ended := make(chan error, 1)
	go func() { ended <- serving.Serve(listener) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	s.leaving.Store(true)
	s.options.Log.LogAttrs(ctx, slog.LevelInfo, "leaving: questions under way may finish", slog.Duration("grace", s.options.Grace))
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.options.Grace)
	defer cancel()
	if err := serving.Shutdown(grace); err != nil {
		_ = serving.Close()
		return errors.New("shut down: questions under way did not finish within the grace")
	}
	if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// silently logs that net/http reported a connection error, without its message, which may contain an address or part of
// a request.
type silently struct{ log *slog.Logger }

var _ io.Writer = silently{}

// Write reports everything as written.
func (s silently) Write(line []byte) (int, error) {
	s.log.Debug("a connection ended badly")
	return len(line), nil
}

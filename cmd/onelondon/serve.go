package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"runtime/debug"
	"sync"
	"syscall"

	"github.com/spf13/cobra"

	"onelondon/examples/london/mappings"
	"onelondon/internal/config"
)

func serveCommand() *cobra.Command {
	var path string
	serve := &cobra.Command{
		Use:   "serve --config FILE",
		Short: "Answer questions over HTTP",
		Long: `Answer questions over HTTP, as one YAML file says. Every fault in the file, and in the mappings it names, is
reported with its place before anything listens.

  /graphql   questions, by POST with a bearer token
  /          GraphiQL, unless graphql.console is false
  /healthz   the process answers
  /readyz    questions can be answered; says which part is missing where they cannot
  /metrics   Prometheus; nothing of a person, a caller or a question is in it

A policy in a folder, a bundle or on a bundle server is taken anew when it changes, without a pause; where something is wrong
with it, the one in force stays and the log says why. SIGHUP looks at once, and reads peers.allow of the file anew: which other
OneLondons may ask. Everything else of the file waits for a restart. Without any valid policy it does not start.

It ends on SIGTERM or Ctrl-C: no new question is taken, those under way may finish.`,
		Example: `  onelondon serve --config onelondon.yaml
  curl -s localhost:8080/graphql -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \
    -d '{"query":"query A($n: NHSNumber!) { patient(nhsNumber: $n) { warnings { message } } }","variables":{"n":"9990000018"}}'`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			loaded, err := config.Load(path, mappings.Files)
			if err != nil {
				return err
			}
			return serveSite(cmd.Context(), loaded, logger(cmd.ErrOrStderr(), loaded.Log))
		},
	}
	serve.Flags().StringVar(&path, "config", "", "the configuration file (required)")
	_ = serve.MarkFlagRequired("config")
	return serve
}

func logger(to io.Writer, c config.Log) *slog.Logger {
	options := &slog.HandlerOptions{Level: c.Level}
	if c.JSON {
		return slog.New(slog.NewJSONHandler(to, options))
	}
	return slog.New(slog.NewTextHandler(to, options))
}

// serveSite serves a configuration until ctx ends.
func serveSite(ctx context.Context, c *config.Config, log *slog.Logger) error {
	tuneMemory()
	s, err := wire(ctx, c, log, nil)
	if err != nil {
		return err
	}
	listener, err := listen(ctx, c)
	if err != nil {
		return errors.Join(err, s.close())
	}
	peers, err := listenForPeers(ctx, &c.Peers)
	if err != nil {
		return errors.Join(err, listener.Close(), s.close())
	}
	if peers != nil {
		log.LogAttrs(ctx, slog.LevelInfo, "listening for other OneLondons", slog.String("peers", peers.Addr().String()))
	}
	log.LogAttrs(ctx, slog.LevelInfo, "listening", slog.String("address", listener.Addr().String()),
		slog.Int("sources", len(c.Sources)), slog.String("policy", s.policy.Engine().Revision()), slog.String("build", revision()))
	return s.serve(ctx, listener, peers)
}

// serve answers until ctx ends, and closes everything after the last question has been answered. The site becomes ready
// once every source has been listed. Other OneLondons ask on peers; nil if none may.
func (s *site) serve(ctx context.Context, listener, peers net.Listener) error {
	keeping, stop := context.WithCancel(ctx)
	defer stop()
	var background sync.WaitGroup
	background.Go(func() {
		s.locate(keeping)
		s.keep(keeping)
	})
	background.Go(func() { s.policy.Run(keeping) })
	if peers != nil {
		background.Go(func() { s.servePeers(keeping, peers) })
	}
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	defer signal.Stop(hangups)
	background.Go(func() { s.reload(keeping, hangups) })
	err := s.server.Serve(ctx, listener)
	stop()
	background.Wait()
	return errors.Join(err, s.close())
}

// reload rereads the policy and the list of permitted OneLondons on SIGHUP.
func (s *site) reload(ctx context.Context, hangups <-chan os.Signal) {
	for {
		select {
		case <-hangups:
			s.policy.Reload()
			s.reloadPeers(ctx)
		case <-ctx.Done():
			return
		}
	}
}

func listen(ctx context.Context, c *config.Config) (net.Listener, error) {
	var certificate tls.Certificate
	if c.TLS != (config.TLS{}) {
		var err error
		if certificate, err = tls.LoadX509KeyPair(c.TLS.Certificate, c.TLS.Key); err != nil {
			return nil, errors.New("read tls: the certificate and its key are not a pair of PEM files")
		}
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.Listen)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", c.Listen, err)
	}
	if c.TLS == (config.TLS{}) {
		return listener, nil
	}
	return tls.NewListener(listener, &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{certificate},
		NextProtos: []string{"h2", "http/1.1"}}), nil
}

// tuneMemory trades memory for CPU time: the heap of this program is small, and collecting at every doubling took a
// quarter of the time. GOGC and GOMEMLIMIT in the environment take precedence.
func tuneMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(2 << 30)
	}
}

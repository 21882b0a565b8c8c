package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"

	"onelondon/examples/london/mappings"
	"onelondon/internal/config"
	"onelondon/internal/gate"
	"onelondon/internal/peer"
	"onelondon/policy"
	"onelondon/sources/onelondon"
)

// openOneLondon opens another OneLondon as a source, on behalf of this one.
func openOneLondon(ctx context.Context, c *config.Source, instance string) (*onelondon.Source, error) {
	return onelondon.Open(ctx, onelondon.Options{ID: c.ID, Instance: instance, Base: c.DSN, Limits: c.Limits,
		TLS: &tls.Config{Certificates: []tls.Certificate{c.OneLondon.Certificate}, RootCAs: c.OneLondon.Authorities, MinVersion: tls.VersionTLS13}})
}

// peersServer is the server for other OneLondons; nil if none may ask.
func peersServer(c *config.Peers, g *gate.Gate, log *slog.Logger) (*peer.Server, error) {
	if c.Listen == "" {
		return nil, nil
	}
	options := peer.Options{Instance: c.Instance, Gate: g, Depth: c.Depth, Log: log}
	options.Peers = peersOf(c)
	return peer.New(options)
}

func peersOf(c *config.Peers) []peer.Peer {
	var all []peer.Peer
	for _, allowed := range c.Allow {
		all = append(all, peerOf(allowed))
	}
	return all
}

// reloadPeers rereads from the configuration who may ask, and nothing else, so that a stolen key can be locked out
// without a restart. If the file has a fault, the previous list stays in force and the fault is logged.
func (s *site) reloadPeers(ctx context.Context) {
	if s.peers == nil {
		return
	}
	read, err := config.Load(s.config.Path, mappings.Files)
	if err == nil && (read.Peers.Instance != s.config.Peers.Instance || read.Peers.Listen != s.config.Peers.Listen) {
		err = errors.New("peers.instance and peers.listen change with a restart alone")
	}
	if err == nil {
		err = s.peers.Allow(peersOf(&read.Peers))
	}
	if err != nil {
		s.log.LogAttrs(ctx, slog.LevelError, "who may ask was not read anew; those who might before still may", slog.String("error", err.Error()))
		return
	}
	s.log.LogAttrs(ctx, slog.LevelInfo, "who may ask was read anew", slog.Int("peers", len(read.Peers.Allow)))
}

func peerOf(c config.Peer) peer.Peer {
	allowed := peer.Peer{Instance: c.Instance, For: c.For, Organisations: setOf(c.Organisations), Roles: setOf(c.Roles), Purposes: c.Purposes,
		Emergency: c.Emergency, Citizens: c.Citizens, OwnRegister: c.OwnRegister, Locate: c.Locate, Concurrency: c.Concurrency}
	for _, pin := range c.Pins {
		allowed.Pins = append(allowed.Pins, pin)
	}
	for _, word := range c.Relationships {
		allowed.Relationships = append(allowed.Relationships, policy.Relationship(word))
	}
	return allowed
}

func setOf(codes config.Codes) peer.Set {
	if codes.All {
		return peer.All()
	}
	return peer.Only(codes.Codes...)
}

// servePeers answers other OneLondons, if any may ask, until ctx ends.
func (s *site) servePeers(ctx context.Context, listener net.Listener) {
	if err := s.peers.Serve(ctx, tls.NewListener(listener, s.peers.TLS(s.config.Peers.Certificate))); err != nil {
		s.log.LogAttrs(ctx, slog.LevelError, "other OneLondons are no longer answered", slog.String("error", err.Error()))
	}
}

// listenForPeers opens the listener for other OneLondons; nil if none may ask.
func listenForPeers(ctx context.Context, c *config.Peers) (net.Listener, error) {
	if c.Listen == "" {
		return nil, nil
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.Listen)
	if err != nil {
		return nil, fmt.Errorf("listen for other OneLondons on %s: %w", c.Listen, err)
	}
	return listener, nil
}

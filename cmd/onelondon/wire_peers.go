package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"

	"onelondon/internal/config"
	"onelondon/internal/gate"
	"onelondon/internal/peer"
	"onelondon/policy"
	"onelondon/sources/onelondon"
)

// openOneLondon opens another OneLondon as a source, in the name of our own.
func openOneLondon(ctx context.Context, c *config.Source, instance string) (*onelondon.Source, error) {
	return onelondon.Open(ctx, onelondon.Options{ID: c.ID, Instance: instance, Base: c.DSN, Limits: c.Limits,
		TLS: &tls.Config{Certificates: []tls.Certificate{c.OneLondon.Certificate}, RootCAs: c.OneLondon.Authorities, MinVersion: tls.VersionTLS13}})
}

// peersServer is the end that answers other OneLondons; nil where none may ask.
func peersServer(c *config.Peers, g *gate.Gate, log *slog.Logger) (*peer.Server, error) {
	if c.Listen == "" {
		return nil, nil
	}
	options := peer.Options{Instance: c.Instance, Gate: g, Depth: c.Depth, Log: log}
	for _, allowed := range c.Allow {
		options.Peers = append(options.Peers, peerOf(allowed))
	}
	return peer.New(options)
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

// servePeers answers other OneLondons until ctx ends, where any may ask.
func (s *site) servePeers(ctx context.Context, listener net.Listener) {
	if err := s.peers.Serve(ctx, tls.NewListener(listener, s.peers.TLS(s.config.Peers.Certificate))); err != nil {
		s.log.LogAttrs(ctx, slog.LevelError, "other OneLondons are no longer answered", slog.String("error", err.Error()))
	}
}

// listenForPeers opens the place where other OneLondons ask; nil where none may.
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

package main

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"onelondon/graph/executor"
	"onelondon/graph/limits"
	"onelondon/internal/audit"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/config"
	"onelondon/internal/consent"
	"onelondon/internal/enact"
	"onelondon/internal/gate"
	"onelondon/internal/gate/study"
	"onelondon/internal/peer"
	"onelondon/internal/server"
	"onelondon/policy"
	"onelondon/resolvers"
	"onelondon/sources"
	"onelondon/sources/locator"
	"onelondon/web"
)

// site is a server with all its parts.
type site struct {
	config *config.Config
	log    *slog.Logger

	verifier  *auth.Verifier
	register  *consent.Register
	policy    *enact.Keeper
	cases     []gate.PolicyCase // of the policy, if they are known to hold
	locator   *locator.Locator
	catalogue *sources.Catalogue
	ledger    *audit.Ledger
	studies   *study.Studies // nil if the site takes no questions about many people
	server    *server.Server
	peers     *peer.Server // nil if no other OneLondon may ask

	located atomic.Bool // listing of every source has been attempted
}

// wire opens everything that a configuration names, in the order in which a request meets it. On an error it closes
// what it has opened. Demo is what the console offers in a demo; nil otherwise.
func wire(ctx context.Context, c *config.Config, log *slog.Logger, demo []byte) (*site, error) {
	s := &site{config: c, log: log}
	if err := s.open(ctx, demo); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

func (s *site) open(ctx context.Context, demo []byte) (err error) {
	c, metrics := s.config, server.NewMetrics()
	keys := keysOf(c.Auth.Keys)
	if s.verifier, err = auth.NewVerifier(ctx, auth.Options{Issuer: c.Auth.Issuer, Audience: c.Auth.Audience, Keys: keys}); err != nil {
		return err
	}
	register := registerOptions(c, s.log)
	register.Bitten = metrics.Bitten
	if s.register, err = consent.New(ctx, register); err != nil {
		return err
	}
	if s.policy, err = enact.Open(ctx, policyOptions(c.Policy, s.log)); err != nil {
		return err
	}
	metrics.Policy(s.policy.Stale, func() bool { return len(s.policy.Engine().Apart()) == 0 })
	if s.cases, err = triedCases(c.Policy); err != nil {
		return err
	}
	if s.locator, err = newLocator(c, s.log); err != nil {
		return err
	}
	if s.catalogue, err = openCatalogue(ctx, c.Sources, c.Peers.Instance, s.log); err != nil {
		return err
	}
	if s.ledger, err = audit.Open(ctx, c.Ledger, audit.Key(c.Secrets.Person), s.log); err != nil {
		return err
	}
	g, err := gate.New(gate.Options{Policy: func() gate.Policy { return s.policy.Engine() }, Register: s.register, Ledger: s.ledger,
		Locator: s.locator, Catalogue: counted{s.catalogue, metrics}, Log: s.log, Publication: s.publication, Deadline: c.Limits.Deadline,
		Bedside: c.Limits.Bedside, CursorKey: c.Secrets.Cursor, Organisations: c.Organisations})
	if err != nil {
		return err
	}
	if err := s.openStudies(); err != nil {
		return err
	}
	if s.peers, err = peersServer(&c.Peers, g, s.log); err != nil {
		return err
	}
	s.server, err = server.New(server.Options{
		Schema: executor.New(resolvers.New(g, s.analysts())), Limits: documentLimits(c.Limits), Verifier: s.verifier, Checks: s.checks(),
		Console: console(c, demo), Studies: s.publicRegister(), Metrics: metrics, Log: s.log, Body: c.Limits.Body, Tokens: c.Limits.Tokens,
		NoIntrospection: !c.GraphQL.Introspection, Answering: answering(c.Limits.Deadline), TLS: c.TLS != config.TLS{},
	})
	return err
}

// close closes the parts in reverse order of opening.
func (s *site) close() error {
	var faults []error
	if s.studies != nil {
		faults = append(faults, s.studies.Close())
	}
	if s.ledger != nil {
		faults = append(faults, s.ledger.Close())
	}
	if s.catalogue != nil {
		faults = append(faults, s.catalogue.Close())
	}
	if s.register != nil {
		faults = append(faults, s.register.Close())
	}
	return errors.Join(faults...)
}

// checks are the conditions for being ready to take questions.
func (s *site) checks() []server.Check {
	// This number is from a range that is never allocated.
	nobody, err := clinical.ParseNHSNumber("9990000018")
	return []server.Check{
		{Name: "policy", Ready: func(context.Context) error { return err }, Note: s.policyNote},
		{Name: "register", Ready: func(context.Context) error {
			_, _, err := s.register.State(nobody)
			return err
		}},
		{Name: "catalogue", Ready: func(context.Context) error {
			if !s.located.Load() {
				return errors.New("sources are being listed")
			}
			return nil
		}},
		{Name: "ledger", Ready: func(ctx context.Context) error {
			_, err := s.ledger.Entries(ctx, audit.Query{Everybody: true, NewestFirst: true, Limit: 1})
			return err
		}},
	}
}

// policyNote warns if the policy in force may be outdated. Questions are answered nevertheless.
func (s *site) policyNote() string {
	if s.policy.Stale() > 0 {
		return "stale"
	}
	return ""
}

// policyOptions converts the configuration of the policy.
func policyOptions(c config.Policy, log *slog.Logger) enact.Options {
	options := enact.Options{Folder: c.Folder, Bundle: c.Bundle, URL: c.URL, Token: c.Token.Reveal(), Poll: c.Poll,
		Approval: c.Approval, History: c.History, Codelists: c.Codelists, Log: log}
	for _, key := range c.Keys {
		options.Keys = append(options.Keys, policy.Key{ID: key.ID, Public: key.Public})
	}
	return options
}

// newLocator makes an empty index with a key of its own and the retired numbers. Until a source has been listed, it
// must be asked about everybody, so that no one is missed.
func newLocator(c *config.Config, log *slog.Logger) (*locator.Locator, error) {
	key, err := hkdf.Key(sha256.New, c.Secrets.Person[:], nil, "onelondon locator", 32)
	if err != nil {
		return nil, fmt.Errorf("derive the locator's key: %w", err)
	}
	l := locator.New([32]byte(key), log)
	for i, each := range c.Superseded {
		if err := l.Supersede(each.Old, each.Current); err != nil {
			return nil, fmt.Errorf("read superseded number %d: %w", i+1, err)
		}
	}
	for i := range c.Sources {
		l.Always(c.Sources[i].ID)
	}
	return l, nil
}

func documentLimits(configured config.Limits) limits.Limits {
	all := limits.Default()
	for _, limit := range []struct {
		into       *int
		configured int
	}{{&all.Depth, configured.Depth}, {&all.Aliases, configured.Aliases}, {&all.Complexity, configured.Complexity},
		{&all.Patients, configured.People}} {
		if limit.configured > 0 {
			*limit.into = limit.configured
		}
	}
	return all
}

// answering is the maximum time for an answer: the question's own deadline, plus time to decide, record and write.
func answering(deadline time.Duration) time.Duration {
	if deadline == 0 {
		return 0
	}
	return deadline + 2*time.Second
}

func console(c *config.Config, demo []byte) http.Handler {
	if !c.GraphQL.Console {
		return nil
	}
	return web.Handler(web.Options{Demo: demo})
}

// counted is a catalogue that counts the outcomes of sources for the metrics.
type counted struct {
	*sources.Catalogue
	metrics *server.Metrics
}

// Ask asks the catalogue and counts the outcomes.
func (c counted) Ask(ctx context.Context, asks []sources.Ask) []sources.Reply {
	replies := c.Catalogue.Ask(ctx, asks)
	for i := range replies {
		reply := &replies[i]
		c.metrics.Source(string(reply.Source), string(reply.Outcome), string(reply.Class), reply.Elapsed)
	}
	return replies
}

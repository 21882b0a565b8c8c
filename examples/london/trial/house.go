package trial

import (
	"context"
	"log/slog"
	"net/http"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"onelondon/graph/executor"
	"onelondon/internal/audit"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/consent"
	"onelondon/internal/gate"
	"onelondon/internal/gate/study"
	"onelondon/internal/server"
	"onelondon/internal/testkit"
	"onelondon/policy"
	"onelondon/policy/casebook"
	"onelondon/resolvers"
	"onelondon/sources"
	"onelondon/sources/locator"
)

// Options say what a House is over. Only Entries is required.
type Options struct {
	Entries    []sources.Entry
	Superseded map[clinical.NHSNumber]clinical.NHSNumber // former numbers to current ones
	Deadline   time.Duration                             // of a whole question; default 30 s, for busy machines
	Bedside    time.Duration                             // gate.Options.Bedside; default the deadline, for the same
	Policy     gate.Policy                               // default the policy that ships
	Ledger     func(*audit.Ledger) gate.Ledger           // what the gate is given in the ledger's place; default the ledger
	Log        *slog.Logger                              // default one whose lines are in Logs
	Always     []clinical.SourceID                       // sources that are not listed, and so always asked
	Pace       time.Duration                             // of answers that show nobody; default the gate's
	Studies    *Studies                                  // where questions about many people are taken
}

// House is the whole product over some sources: everything but the binary.
type House struct {
	Handler   http.Handler
	Issuer    *auth.Issuer
	Ledger    *audit.Ledger
	Register  *consent.Register
	Locator   *locator.Locator
	Catalogue *sources.Catalogue
	Logs      *testkit.LogBuffer
	Gate      *gate.Gate
	Studies   *study.Studies // nil where it takes none
	Folder    string         // holds the files of the register and the ledger

	log      *slog.Logger
	metrics  *server.Metrics
	believed *auth.Verifier
}

// The names that tokens are made out to.
const (
	Issuer   = "https://identity.example"
	Audience = "onelondon"
)

// Open wires the product as the binary does. Every source is listed once, while it is still as the test made it.
func Open(t testing.TB, options Options) *House {
	t.Helper()
	ctx, key := context.Background(), audit.Key{1, 2, 3}
	h := &House{Folder: t.TempDir()}
	log := options.Log
	if log == nil {
		log, h.Logs = testkit.Logs(t)
	}
	h.log = log
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var err error
	if options.Policy == nil {
		options.Policy, err = shipped()
		must(err)
	}
	h.Register, err = consent.Open(ctx, filepath.Join(h.Folder, "consent.sqlite"), key, log)
	must(err)
	t.Cleanup(func() { _ = h.Register.Close() })
	h.Ledger, err = audit.Open(ctx, filepath.Join(h.Folder, "ledger.sqlite"), key, log)
	must(err)
	t.Cleanup(func() { _ = h.Ledger.Close() })
	h.Locator = locator.New(key, log)
	for former, current := range options.Superseded {
		must(h.Locator.Supersede(former, current))
	}
	listers := map[clinical.SourceID]sources.Lister{}
	for _, entry := range options.Entries {
		if slices.Contains(options.Always, entry.ID) {
			h.Locator.Always(entry.ID)
			continue
		}
		listers[entry.ID] = entry.Source.(sources.Lister)
	}
	must(h.Locator.RefreshAll(ctx, listers, 2))
	h.Catalogue, err = sources.NewCatalogue(log, options.Entries...)
	must(err)
	t.Cleanup(func() { _ = h.Catalogue.Close() })
	if options.Deadline == 0 {
		options.Deadline = 30 * time.Second
	}
	if options.Bedside == 0 {
		options.Bedside = options.Deadline
	}
	ledger := gate.Ledger(h.Ledger)
	if options.Ledger != nil {
		ledger = options.Ledger(h.Ledger)
	}
	h.metrics, h.believed = server.NewMetrics(), h.verifier(t)
	h.Gate, err = gate.New(gate.Options{Policy: func() gate.Policy { return options.Policy }, Register: h.Register, Ledger: ledger,
		Locator: h.Locator, Catalogue: counted{h.Catalogue, h.metrics}, Log: log, Deadline: options.Deadline, Bedside: options.Bedside,
		Publication: published, Pace: options.Pace})
	must(err)
	h.Handler = h.Answering(t, h.analysts(t, options.Studies, options.Policy))
	return h
}

// Answering is the handler of the house where analysts' questions are answered, or nobody's where analysts is nil.
func (h *House) Answering(t testing.TB, analysts resolvers.Analysts) http.Handler {
	t.Helper()
	s, err := server.New(server.Options{Schema: executor.New(resolvers.New(h.Gate, analysts)), Verifier: h.believed, Log: h.log, Metrics: h.metrics})
	if err != nil {
		t.Fatal(err)
	}
	return s.Handler()
}

// verifier believes the house's own issuer, which it makes.
func (h *House) verifier(t testing.TB) *auth.Verifier {
	t.Helper()
	issuer, err := auth.NewIssuer(Issuer, Audience)
	if err != nil {
		t.Fatal(err)
	}
	h.Issuer = issuer
	verifier, err := auth.NewVerifier(context.Background(), auth.Options{Issuer: Issuer, Audience: Audience,
		Keys: func(context.Context) ([]byte, error) { return issuer.Keys() }})
	if err != nil {
		t.Fatal(err)
	}
	return verifier
}

// shipped is the policy that ships, read once: it does not change, and reading it takes longer than asking it.
var shipped = sync.OnceValues(func() (*policy.Engine, error) {
	return policy.Open(context.Background(), policy.Embedded(), policy.Options{})
})

// published is how the policy that ships came to be in force: nobody but its cases speaks for it.
func published(string) gate.Publication {
	read, _ := casebook.Read(policy.Embedded()) // a page that cannot be read fails the policy's own tests
	published := gate.Publication{}
	for i := range read {
		published.Cases = append(published.Cases, gate.PolicyCase{Page: read[i].File, Title: read[i].Title})
	}
	return published
}

// counted counts how sources do, so that /metrics shows what it shows in production.
type counted struct {
	*sources.Catalogue
	metrics *server.Metrics
}

// Ask asks and counts.
func (c counted) Ask(ctx context.Context, asks []sources.Ask) []sources.Reply {
	replies := c.Catalogue.Ask(ctx, asks)
	for i := range replies {
		reply := &replies[i]
		c.metrics.Source(string(reply.Source), string(reply.Outcome), string(reply.Class), reply.Elapsed)
	}
	return replies
}

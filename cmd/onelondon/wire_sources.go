package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"onelondon/internal/clinical"
	"onelondon/internal/config"
	"onelondon/sources"
	"onelondon/sources/mysql"
	"onelondon/sources/postgres"
	"onelondon/sources/sqlite"
	"onelondon/sources/sqlserver"
	"onelondon/sources/sqlsource"
)

// driver is the set of interfaces that the product uses of every source.
type driver interface {
	sources.Source
	sources.Pinger
	sources.Lister
	sources.Watermarked
}

// openSource opens a source by its driver. Instance is the name of this OneLondon among others.
func openSource(ctx context.Context, c *config.Source, instance string) (driver, error) {
	switch c.Driver {
	case config.FHIRServer:
		return openFHIR(ctx, c)
	case config.AnotherOneLondon:
		return openOneLondon(ctx, c, instance)
	case config.OpenEHRServer:
		return openOpenEHR(ctx, c)
	}
	return openDatabase(ctx, c)
}

func openDatabase(ctx context.Context, c *config.Source) (*sqlsource.Source, error) {
	options := sqlsource.Options{ID: c.ID, DSN: c.DSN, Mapping: c.Mapping, Connections: c.Connections, Limits: c.Limits}
	if c.Deadline > 0 {
		// The server cancels a statement for which nobody is waiting any more.
		options.StatementTimeout = 2 * c.Deadline
	}
	switch c.Driver {
	case config.SQLite:
		return sqlite.Open(ctx, options)
	case config.PostgreSQL:
		return postgres.Open(ctx, options)
	case config.MySQL:
		return mysql.Open(ctx, options)
	case config.SQLServer:
		return sqlserver.Open(ctx, options)
	}
	return nil, fmt.Errorf("open source %s: no driver %q", c.ID, c.Driver)
}

// openCatalogue opens every source, all at once. An unreachable source does not prevent the start: until it can be
// reached, its line in every answer says so.
func openCatalogue(ctx context.Context, configured []config.Source, instance string, log *slog.Logger) (*sources.Catalogue, error) {
	entries := make([]sources.Entry, len(configured))
	var all sync.WaitGroup
	for i := range configured {
		c := &configured[i]
		late := &lateSource{open: func(ctx context.Context) (driver, error) { return openSource(ctx, c, instance) }, kinds: mapped(c)}
		spec := c.Spec
		entries[i] = sources.Entry{Spec: spec, Source: lateCounter{late}}
		if c.Driver == config.AnotherOneLondon {
			entries[i].Source = late // it cannot count
		}
		all.Go(func() {
			opening, cancel := context.WithTimeout(ctx, openWithin)
			defer cancel()
			_, err := late.opened(opening)
			tellFiles(ctx, c, log)
			if err != nil {
				log.LogAttrs(ctx, slog.LevelWarn, "source could not be opened; it is tried again when it is asked",
					slog.String("source", string(c.ID)), slog.String("error", err.Error()))
			}
		})
	}
	all.Wait()
	return sources.NewCatalogue(log, entries...)
}

// mapped lists the kinds that a source's mapping has, every kind where it has no mapping.
func mapped(c *config.Source) []clinical.Kind {
	var kinds []clinical.Kind
	for _, kind := range clinical.Kinds() {
		if c.Mapping == nil || len(c.Mapping.Records[kind]) > 0 {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

const (
	openWithin = 5 * time.Second // how long a source may take to open at start
	retryAfter = 3 * time.Second // how long to wait before trying again to open a source
)

// lateSource is a source that is opened when first asked, and again if that failed.
type lateSource struct {
	open  func(context.Context) (driver, error)
	kinds []clinical.Kind // that it may hold, as long as it has not said itself
	there atomic.Pointer[driver]

	mu     sync.Mutex // held while opening
	next   time.Time  // not before
	closed bool
}

var (
	_ sources.Source      = (*lateSource)(nil)
	_ sources.Pinger      = (*lateSource)(nil)
	_ sources.Changing    = (*lateSource)(nil)
	_ sources.Lister      = (*lateSource)(nil)
	_ sources.Watermarked = (*lateSource)(nil)
	_ sources.Counter     = lateCounter{}
)

// lateCounter is a lateSource that can also count, as every record system can.
type lateCounter struct{ *lateSource }

// opened returns the source, opening it if necessary. Nobody waits for another caller's attempt.
func (l *lateSource) opened(ctx context.Context) (driver, error) {
	if there := l.there.Load(); there != nil {
		return *there, nil
	}
	if !l.mu.TryLock() {
		return nil, sources.ErrUnavailable
	}
	defer l.mu.Unlock()
	if there := l.there.Load(); there != nil {
		return *there, nil
	}
	if l.closed || time.Now().Before(l.next) {
		return nil, sources.ErrUnavailable
	}
	there, err := l.open(ctx)
	if err != nil {
		l.next = time.Now().Add(retryAfter)
		if errors.Is(err, sources.ErrSchema) {
			return nil, err
		}
		return nil, fmt.Errorf("%w: %w", sources.ErrUnavailable, err)
	}
	l.there.Store(&there)
	return there, nil
}

// Fetch opens the source if necessary and asks it.
func (l *lateSource) Fetch(ctx context.Context, query sources.Query) (sources.Answer, error) {
	there, err := l.opened(ctx)
	if err != nil {
		return sources.Answer{}, err
	}
	return there.Fetch(ctx, query)
}

// Holds lists the kinds that the source says it holds.
func (l *lateSource) Holds() []clinical.Kind {
	if there := l.there.Load(); there != nil {
		if holder, says := (*there).(sources.Holder); says {
			return holder.Holds()
		}
	}
	return l.kinds
}

// Changes counts its opening, and how often it came to hold something else after that.
func (l *lateSource) Changes() uint64 {
	there := l.there.Load()
	if there == nil {
		return 0
	}
	if changing, changes := (*there).(sources.Changing); changes {
		return 1 + changing.Changes()
	}
	return 1
}

// Ping reports whether the source answers.
func (l *lateSource) Ping(ctx context.Context) error {
	there, err := l.opened(ctx)
	if err != nil {
		return err
	}
	return there.Ping(ctx)
}

// People lists the people whom the source knows.
func (l *lateSource) People(ctx context.Context, yield func(sources.Membership) error) error {
	there, err := l.opened(ctx)
	if err != nil {
		return err
	}
	return there.People(ctx, yield)
}

func (l lateCounter) counter(ctx context.Context) (sources.Counter, error) {
	there, err := l.opened(ctx)
	if err != nil {
		return nil, err
	}
	counter, counts := there.(sources.Counter)
	if !counts {
		return nil, sources.ErrUnavailable
	}
	return counter, nil
}

// Events counts events.
func (l lateCounter) Events(ctx context.Context, query sources.EventQuery, each func(int, sources.Event) error) error {
	there, err := l.counter(ctx)
	if err != nil {
		return err
	}
	return there.Events(ctx, query, each)
}

// Facts counts by registrations.
func (l lateCounter) Facts(ctx context.Context, query sources.FactQuery, each func(sources.Facts) error) error {
	there, err := l.counter(ctx)
	if err != nil {
		return err
	}
	return there.Facts(ctx, query, each)
}

// Watermark returns how fresh the source is.
func (l *lateSource) Watermark(ctx context.Context) (clinical.DateTime, error) {
	there, err := l.opened(ctx)
	if err != nil {
		return clinical.DateTime{}, err
	}
	return there.Watermark(ctx)
}

// Close closes the source; it will not be opened again.
func (l *lateSource) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	if there := l.there.Load(); there != nil {
		return (*there).Close()
	}
	return nil
}

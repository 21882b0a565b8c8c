package main

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"onelondon/sources"
)

const (
	listWithin  = 2 * time.Minute // how long a source may take to list the people it knows
	listsAtOnce = 4
	keysEvery   = 5 * time.Minute
)

// locate lists every source for the locator once, a few at a time, and marks the site as located. A source that cannot
// be listed is always asked.
func (s *site) locate(ctx context.Context) {
	places := make(chan struct{}, listsAtOnce)
	var all sync.WaitGroup
	for i := range s.config.Sources {
		if s.config.Sources[i].Refresh == 0 {
			continue
		}
		all.Go(func() {
			places <- struct{}{}
			defer func() { <-places }()
			s.list(ctx, i)
		})
	}
	all.Wait()
	s.located.Store(ctx.Err() == nil)
}

// list lists one source. If that fails, the locator logs it, and the source is asked about everybody.
func (s *site) list(ctx context.Context, i int) {
	id := s.config.Sources[i].ID
	source, ok := s.catalogue.Source(id)
	lister, lists := source.(sources.Lister)
	if !ok || !lists {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, listWithin)
	defer cancel()
	if err := s.locator.Refresh(ctx, id, lister); err != nil && !errors.Is(err, context.Canceled) {
		s.log.LogAttrs(ctx, slog.LevelDebug, "source not listed", slog.String("source", string(id)), slog.String("error", err.Error()))
	}
}

// keep repeats the listing of sources and the fetching of keys on their schedules until ctx ends.
func (s *site) keep(ctx context.Context) {
	var all sync.WaitGroup
	for i := range s.config.Sources {
		if every := s.config.Sources[i].Refresh; every > 0 {
			all.Go(func() { each(ctx, every, func() { s.list(ctx, i) }) })
		}
	}
	all.Go(func() {
		each(ctx, keysEvery, func() {
			if err := s.verifier.Refresh(ctx); err != nil && ctx.Err() == nil {
				s.log.LogAttrs(ctx, slog.LevelWarn, "token keys not fetched; the old ones stay", slog.String("error", err.Error()))
			}
		})
	})
	all.Wait()
}

// each calls do repeatedly. Each wait is up to a tenth shorter than the interval, at random, so that sources with the
// same interval drift apart.
func each(ctx context.Context, interval time.Duration, do func()) {
	for {
		wait := interval - time.Duration(rand.Int64N(int64(interval)/10+1))
		select {
		case <-time.After(wait):
			do()
		case <-ctx.Done():
			return
		}
	}
}

package sqlsource

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/mapping"
)

var (
	_ sources.Source      = (*Source)(nil)
	_ sources.Pinger      = (*Source)(nil)
	_ sources.Lister      = (*Source)(nil)
	_ sources.Watermarked = (*Source)(nil)
)

// Options says which database is asked, and how. The zero value of everything but ID, DSN and Mapping is usable.
type Options struct {
	ID      clinical.SourceID
	DSN     string // as the driver's folder says
	Mapping *mapping.Mapping
	// Connections is how many statements run at once; 2 by default, which was twice as fast as 8.
	Connections int
	// Limits cap a query that sets none of its own; 10,000 rows and 16 MiB by default.
	Limits sources.Limits
	// StatementTimeout ends a statement on the server itself, in case nobody can tell it any more; 10 seconds by default.
	StatementTimeout time.Duration
	// Plans is how many shapes of query are kept prepared; 128 by default.
	Plans int
}

// Filled returns the options with defaults in the place of zeros. Drivers call it first.
func (o Options) Filled() Options {
	if o.Connections <= 0 {
		o.Connections = 2
	}
	if o.Limits.Rows <= 0 {
		o.Limits.Rows = 10_000
	}
	if o.Limits.Bytes <= 0 {
		o.Limits.Bytes = 16 << 20
	}
	if o.StatementTimeout <= 0 {
		o.StatementTimeout = 10 * time.Second
	}
	if o.Plans <= 0 {
		o.Plans = 128
	}
	return o
}

// Connection reaches one database, over several connections of the driver's. It is safe for concurrent use.
type Connection interface {
	// Query runs a statement and hands each row to each, a missing value as "". The slice is used again for the next row,
	// the strings are not. An error of each ends the reading and is returned as it is. Arguments are strings and int64s.
	// It returns how many times the database was waited for. Errors wrap those of package sources and hold no value.
	Query(ctx context.Context, statement *Statement, args []any, each func(row []string) error) (roundTrips int, err error)
	// Forget lets go of whatever was kept for the statement.
	Forget(statement *Statement)
	Ping(ctx context.Context) error
	Close() error
}

// Source is a SQL database as a source of records.
type Source struct {
	id         clinical.SourceID
	mapping    *mapping.Mapping
	dialect    *Dialect
	connection Connection
	defaults   sources.Limits
	plans      *lru.Cache[string, *plan]
	serials    serials
}

// New makes a source of a connection. Drivers call it at the end of their Open.
func New(options Options, dialect *Dialect, connection Connection) (*Source, error) {
	options = options.Filled()
	if options.ID == "" || options.Mapping == nil {
		return nil, errors.New("open source: an identifier and a mapping are needed")
	}
	s := &Source{id: options.ID, mapping: options.Mapping, dialect: dialect, connection: connection, defaults: options.Limits}
	plans, err := lru.NewWithEvict(options.Plans, func(_ string, old *plan) {
		for i := range old.steps {
			old.steps[i].statement.forgotten.Store(true)
			connection.Forget(old.steps[i].statement)
		}
	})
	if err != nil {
		return nil, fmt.Errorf("open source: %w", err)
	}
	s.plans = plans
	return s, nil
}

// Ping reports whether the database answers.
func (s *Source) Ping(ctx context.Context) error { return s.connection.Ping(ctx) }

// Close releases connections and prepared statements.
func (s *Source) Close() error { return s.connection.Close() }

// SQL returns the statements that answer the query, for explanations and tests. Values are placeholders in it.
func (s *Source) SQL(query sources.Query) []string {
	var all []string
	for _, step := range s.planFor(&query).steps {
		all = append(all, step.statement.SQL)
	}
	return all
}

func (s *Source) limits(query *sources.Query) sources.Limits {
	limits := query.Limits
	if limits.Rows <= 0 {
		limits.Rows = s.defaults.Rows
	}
	if limits.Bytes <= 0 {
		limits.Bytes = s.defaults.Bytes
	}
	return limits
}

func (s *Source) planFor(query *sources.Query) *plan {
	key := string(s.shape(make([]byte, 0, 512), query))
	if p, ok := s.plans.Get(key); ok {
		return p
	}
	p := s.draft(query)
	s.plans.Add(key, p)
	return p
}

// Fetch answers the query with one statement, or with several in turn where it needs more than mostBranches branches.
func (s *Source) Fetch(ctx context.Context, query sources.Query) (sources.Answer, error) {
	p := s.planFor(&query)
	r := &reading{source: s, query: &query, limits: s.limits(&query), parts: make([]partReading, len(query.Parts))}
	answer := sources.Answer{Parts: make([]sources.PartAnswer, len(query.Parts))}
	for i := range p.steps {
		r.step, r.seen = &p.steps[i], 0
		r.decoder = decoder{source: s.id, codings: make([]clinical.Coding, 0, r.step.wide)}
		trips, err := s.connection.Query(ctx, r.step.statement, s.bind(r.step.slots, &query), r.row)
		answer.RoundTrips += trips
		if errors.Is(err, errCapReached) {
			r.cut(p.steps[i:])
			break
		}
		if err != nil {
			return sources.Answer{}, fmt.Errorf("query source %s: %w", s.id, err)
		}
	}
	answer.Bytes = r.bytes
	for i := range answer.Parts {
		answer.Parts[i] = r.parts[i].finish(&query.Parts[i])
	}
	return answer, nil
}

// errCapReached ends the reading of an answer that is larger than allowed.
var errCapReached = errors.New("cap on rows or bytes reached")

// placed is a record with the moment it is ordered by.
type placed struct {
	record clinical.Record
	date   clinical.DateTime
}

// compare orders records of one source.
func (p placed) compare(other placed) int {
	if order := other.date.Compare(p.date); order != 0 {
		return order
	}
	return strings.Compare(string(p.record.About().ID), string(other.record.About().ID))
}

// finish merges what the branches of a part gave and cuts it to what was asked for.
func (p *partReading) finish(part *sources.Part) sources.PartAnswer {
	answer := sources.PartAnswer{Rejected: p.rejected, Truncated: p.truncated}
	if p.branches > 1 && !slices.IsSortedFunc(p.records, placed.compare) {
		slices.SortStableFunc(p.records, placed.compare)
	}
	full := p.most >= part.Limit
	answer.Records = make([]clinical.Record, 0, min(len(p.records), max(part.Limit, 0)))
	for i := range p.records {
		if len(answer.Records) == part.Limit {
			return answer
		}
		if i > 0 && p.records[i].record.About().ID == p.records[i-1].record.About().ID {
			continue
		}
		answer.Records = append(answer.Records, p.records[i].record)
	}
	// Rows that could not be read took the place of rows that could have been.
	answer.Truncated = answer.Truncated || full && len(answer.Records) < part.Limit
	return answer
}

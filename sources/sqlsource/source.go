package sqlsource

import (
	"context"
	"errors"
	"fmt"
	"sync"
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
	_ sources.Counter     = (*Source)(nil)
)

// Options says which database to ask, and how. All fields except ID, DSN and Mapping may be zero.
type Options struct {
	ID      clinical.SourceID
	DSN     string // in the form that the driver describes
	Mapping *mapping.Mapping
	// Connections is how many statements run at once, besides a counting one; default 2, which was twice as fast as 8.
	Connections int
	// Limits cap a query that sets none of its own; default 10,000 rows and 16 MiB.
	Limits sources.Limits
	// StatementTimeout ends a statement on the server, in case the connection is lost; default 5 seconds.
	StatementTimeout time.Duration
	// StudyTimeout is the same for a counting statement whose question has no deadline; default 60 seconds.
	StudyTimeout time.Duration
	// Plans is how many plans are cached; default 128.
	Plans int
}

// Filled returns the options with defaults instead of zeros. Drivers call it first.
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
		o.StatementTimeout = 5 * time.Second
	}
	if o.StudyTimeout <= 0 {
		o.StudyTimeout = time.Minute
	}
	if o.Plans <= 0 {
		o.Plans = 128
	}
	return o
}

// Connection reaches one database over several connections. It is safe for concurrent use.
type Connection interface {
	// Query runs a statement and passes each row to each, a missing value as "". The slice is reused for the next row;
	// the strings are not. An error from each ends the reading and is returned unchanged. Arguments are strings and
	// int64s, and args is not retained. Query returns the number of round trips to the database. Errors wrap those of
	// package sources and hold no value.
	Query(ctx context.Context, statement *Statement, args []any, each func(row []string) error) (roundTrips int, err error)
	// Stream runs a statement that may read whole tables, once, and passes each row to each as bytes that are valid
	// only during the call, nil for null. The server's own time limit is the time left until ctx's deadline, or
	// Options.StudyTimeout; caller identifies the caller. An error from each ends the reading and is returned
	// unchanged.
	Stream(ctx context.Context, statement *Statement, args []any, caller string, each func(row [][]byte) error) error
	// Forget releases whatever was kept for the statement.
	Forget(statement *Statement)
	Ping(ctx context.Context) error
	Close() error
}

// Source is a SQL database as a source of records.
type Source struct {
	id           clinical.SourceID
	mapping      *mapping.Mapping
	dialect      *Dialect
	connection   Connection
	defaults     sources.Limits
	plans        *lru.Cache[shapeKey, *plan]
	shapes       *sync.Pool // of *[]byte, for writing shapes
	arguments    *sync.Pool // of *[]any, for binding values
	serials      *serials
	studyTimeout time.Duration
	counting     chan struct{} // holds a token while a question counts
	types        *types
}

// New makes a source from a connection. Drivers call it at the end of their Open.
func New(options Options, dialect *Dialect, connection Connection) (*Source, error) {
	options = options.Filled()
	if options.ID == "" || options.Mapping == nil {
		return nil, errors.New("open source: an identifier and a mapping are needed")
	}
	if options.Mapping.Paths {
		return nil, errors.New("open source: the mapping is of an openEHR server, not of a database")
	}
	s := &Source{id: options.ID, mapping: options.Mapping, dialect: dialect, connection: connection, defaults: options.Limits,
		studyTimeout: options.StudyTimeout, counting: make(chan struct{}, 1), serials: &serials{}, types: &types{},
		shapes: &sync.Pool{New: func() any { return new([]byte) }}, arguments: &sync.Pool{New: func() any { return new([]any) }}}
	plans, err := lru.NewWithEvict(options.Plans, func(_ shapeKey, old *plan) {
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

// SQL returns the statements that answer the query, with placeholders for values, for explanations and tests.
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
	key := s.key(query)
	if p, ok := s.plans.Get(key); ok {
		return p
	}
	p := s.draft(query)
	s.plans.Add(key, p)
	return p
}

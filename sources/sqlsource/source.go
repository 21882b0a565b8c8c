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

// Options says which database is asked, and how. The zero value of everything but ID, DSN and Mapping is usable.
type Options struct {
	ID      clinical.SourceID
	DSN     string // as the driver's folder says
	Mapping *mapping.Mapping
	// Connections is how many statements run at once, beside one that counts; 2 by default, which was twice as fast as 8.
	Connections int
	// Limits cap a query that sets none of its own; 10,000 rows and 16 MiB by default.
	Limits sources.Limits
	// StatementTimeout ends a statement on the server itself, in case nobody can tell it any more; 5 seconds by default.
	StatementTimeout time.Duration
	// StudyTimeout is the same for a statement that counts, where the question itself has no deadline; 60 seconds by default.
	StudyTimeout time.Duration
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

// Connection reaches one database, over several connections of the driver's. It is safe for concurrent use.
type Connection interface {
	// Query runs a statement and hands each row to each, a missing value as "". The slice is used again for the next row,
	// the strings are not. An error of each ends the reading and is returned as it is. Arguments are strings and int64s.
	// It returns how many times the database was waited for, and by then keeps nothing of args. Errors wrap those of package
	// sources and hold no value.
	Query(ctx context.Context, statement *Statement, args []any, each func(row []string) error) (roundTrips int, err error)
	// Stream runs a statement that may read whole tables, once, and hands each row to each as bytes that are only lent, nil for
	// null. The server's own time limit is what is left of ctx's deadline, or Options.StudyTimeout; caller says who asks.
	// An error of each ends the reading and is returned as it is.
	Stream(ctx context.Context, statement *Statement, args []any, caller string, each func(row [][]byte) error) error
	// Forget lets go of whatever was kept for the statement.
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
	shapes       *sync.Pool // of *[]byte, to write shapes in
	arguments    *sync.Pool // of *[]any, to bind values in
	serials      *serials
	studyTimeout time.Duration
	counting     chan struct{} // holds a token while a question counts
	types        *types
}

// New makes a source of a connection. Drivers call it at the end of their Open.
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
	key := s.key(query)
	if p, ok := s.plans.Get(key); ok {
		return p
	}
	p := s.draft(query)
	s.plans.Add(key, p)
	return p
}

package scaffold

import (
	"context"
	"fmt"
	"strings"
	"time"

	"onelondon/sources/sqlsource"
)

// Database is what a survey reads. [sqlsource.Source] is one, over any driver, and its session can only read.
type Database interface {
	Tables(ctx context.Context) ([]sqlsource.Table, error)
	Sample(ctx context.Context, table *sqlsource.Table, rows int, each func(row []string)) error
	Among(ctx context.Context, table *sqlsource.Table, column string, values []string) (int, error)
}

var _ Database = (*sqlsource.Source)(nil)

// Options bound a survey. The zero value is usable.
type Options struct {
	Rows     int                             // looked at of each table; 500 where 0
	Each     time.Duration                   // how long one table, or one question, may take; 10 seconds where 0
	Asked    int                             // questions whether one column holds another's values; 400 where 0
	Schema   string                          // only tables of this schema; empty for all
	Progress func(done, of int, what string) // called before each table; nil for none
}

func (o Options) filled() Options {
	if o.Rows <= 0 {
		o.Rows = 500
	}
	if o.Each <= 0 {
		o.Each = 10 * time.Second
	}
	if o.Asked <= 0 {
		o.Asked = 400
	}
	if o.Progress == nil {
		o.Progress = func(int, int, string) {}
	}
	return o
}

// Survey reads the catalogue and a sample of each table. A table that cannot be read is marked so and does not stop it.
func Survey(ctx context.Context, db Database, options Options) (*Catalogue, error) {
	options = options.filled()
	tables, err := db.Tables(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the catalogue: %w", err)
	}
	c := &Catalogue{Among: map[Pair]Found{}}
	for _, table := range tables {
		if options.Schema == "" || strings.EqualFold(table.Schema, options.Schema) {
			c.Tables = append(c.Tables, Table{Table: table, Stats: make([]Stats, len(table.Columns))})
		}
	}
	if len(c.Tables) == 0 {
		return nil, fmt.Errorf("read the catalogue: the role sees no table")
	}
	seen := newObserver()
	for i := range c.Tables {
		options.Progress(i, len(c.Tables), c.Tables[i].Name)
		if err := sample(ctx, db, seen, &c.Tables[i], options); err != nil {
			return nil, err
		}
	}
	options.Progress(len(c.Tables), len(c.Tables), "comparing columns")
	err = ask(ctx, db, c, options)
	c.forget()
	return c, err
}

// sample looks at the first rows of a table. Only the end of the caller's own context is an error.
func sample(ctx context.Context, db Database, seen *observer, t *Table, options Options) error {
	within, cancel := context.WithTimeout(ctx, options.Each)
	defer cancel()
	err := db.Sample(within, &t.Table, options.Rows, func(row []string) {
		t.Rows++
		for j, value := range row {
			seen.look(&t.Stats[j], value)
		}
	})
	t.Unread = err != nil
	t.Whole = err == nil && t.Rows < options.Rows
	return ctx.Err()
}

// ask asks the database which columns hold the values of others, where the samples cannot tell.
func ask(ctx context.Context, db Database, c *Catalogue, options Options) error {
	for n, pair := range Likely(c) {
		if n == options.Asked {
			return nil
		}
		to := &c.Tables[pair.To.Table]
		if to.Unread {
			continue
		}
		values := c.stats(pair.From).sample
		within, cancel := context.WithTimeout(ctx, options.Each)
		found, err := db.Among(within, &to.Table, c.name(pair.To), values)
		cancel()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err == nil {
			c.Among[pair] = Found{Asked: len(values), Found: found}
		}
	}
	return nil
}

// forget drops the values that were kept to ask the database about.
func (c *Catalogue) forget() {
	for i := range c.Tables {
		for j := range c.Tables[i].Stats {
			c.Tables[i].Stats[j].sample = nil
		}
	}
}

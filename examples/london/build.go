package london

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"
	_ "modernc.org/sqlite" // the databases are SQLite files

	"onelondon/examples/london/seed"
	"onelondon/internal/clinical"
)

// ErrFolder reports a folder that is neither empty nor holds an earlier demo. Nothing in it has been touched.
var ErrFolder = errors.New("the folder holds other files: choose an empty one")

// marker is the file that says a folder is the demo's to write to.
const marker = "london.demo"

// Build makes the population and writes it into dir, one SQLite file for each source. Dir is made if it is not there; it must be
// empty or hold an earlier demo, whose databases are replaced and whose other files stay. An error other than [ErrFolder] leaves
// files that the next Build replaces.
func Build(ctx context.Context, dir string, options Options) (*Site, error) {
	options = options.withDefaults()
	if err := claim(dir); err != nil {
		return nil, err
	}
	population := Imagine(options)
	progress := &lines{to: options.Progress}
	made := make([]Source, len(sites()))
	group, ctx := errgroup.WithContext(ctx)
	for i, one := range sites() {
		group.Go(func() error {
			source, err := one.build(ctx, dir, population.Held[one.id])
			if err != nil {
				return fmt.Errorf("building %s: %w", one.id, err)
			}
			made[i] = source
			progress.write("%-20s %5d people %7d rows\n", one.id+".sqlite", len(population.Held[one.id]), source.Rows)
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return population.site(made), nil
}

// lines writes whole lines from several goroutines.
type lines struct {
	mutex sync.Mutex
	to    io.Writer
}

// write drops errors: a progress line that cannot be shown is no reason to stop.
func (l *lines) write(format string, args ...any) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	_, _ = fmt.Fprintf(l.to, format, args...)
}

func (p *Population) site(made []Source) *Site {
	site := &Site{Sources: made, Cast: p.Cast, Superseded: map[clinical.NHSNumber]clinical.NHSNumber{p.Cast.Former: p.Cast.Retired.NHSNumber}}
	people := map[string]bool{}
	for _, held := range p.Held {
		for _, person := range held {
			people[person.NHSNumber] = true
		}
	}
	for digits := range people {
		if number, err := clinical.ParseNHSNumber(digits); err == nil {
			site.Numbers = append(site.Numbers, number)
		}
	}
	slices.SortFunc(site.Numbers, func(a, b clinical.NHSNumber) int { return strings.Compare(a.Reveal(), b.Reveal()) })
	site.People = len(people)
	for _, source := range made {
		site.Rows += source.Rows
	}
	return site
}

// claim makes sure that dir is there and is the demo's, and clears away the databases of an earlier one.
func claim(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("making the demo's folder: %w", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("reading the demo's folder: %w", err)
	}
	if _, err := os.Stat(filepath.Join(dir, marker)); len(entries) > 0 && err != nil {
		return ErrFolder
	}
	if err := os.WriteFile(filepath.Join(dir, marker), []byte("Made by onelondon demo. People in here are made up.\n"), 0o600); err != nil {
		return fmt.Errorf("marking the demo's folder: %w", err)
	}
	for _, one := range sites() {
		for _, suffix := range []string{"", "-journal", "-wal", "-shm"} {
			if err := os.Remove(filepath.Join(dir, one.id+".sqlite"+suffix)); err != nil && !errors.Is(err, os.ErrNotExist) {
				return fmt.Errorf("clearing away an earlier demo: %w", err)
			}
		}
	}
	return nil
}

// build writes one database. It is made anew, so that there is nothing for a journal to protect.
func (s site) build(ctx context.Context, dir string, held []*seed.Person) (Source, error) {
	file := filepath.Join(dir, s.id+".sqlite")
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: file}).EscapedPath()+
		"?_pragma=journal_mode(off)&_pragma=synchronous(off)&_pragma=locking_mode(exclusive)&_pragma=cache_size(-65536)")
	if err != nil {
		return Source{}, fmt.Errorf("opening the database: %w", err)
	}
	db.SetMaxOpenConns(1)
	rows, err := s.fill(ctx, db, seed.SQLite, held)
	if err = errors.Join(err, db.Close()); err != nil {
		return Source{}, err
	}
	return s.source(file, rows), nil
}

// Fill makes the tables of one of the site's sources in db, which must not have them, and writes what the population has there.
// It says how many rows that were. [Build] does so for SQLite files; tests do it on database servers.
func (p *Population) Fill(ctx context.Context, db *sql.DB, dialect seed.Dialect, source clinical.SourceID) (int, error) {
	for _, one := range sites() {
		if one.id == string(source) {
			return one.fill(ctx, db, dialect, p.Held[one.id])
		}
	}
	return 0, fmt.Errorf("filling a database: the site has no source %q", source)
}

func (s site) fill(ctx context.Context, db *sql.DB, dialect seed.Dialect, held []*seed.Person) (int, error) {
	writer, err := seed.Open(ctx, db, dialect, s.system)
	if err != nil {
		return 0, err
	}
	for _, organisation := range s.organisations() {
		if err := writer.Organisation(ctx, organisation); err != nil {
			return 0, err
		}
	}
	for _, person := range held {
		if err := writer.Person(ctx, person); err != nil {
			return 0, err
		}
	}
	return writer.Rows(), writer.Close(ctx)
}

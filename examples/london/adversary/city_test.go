package adversary_test

import (
	"context"
	"testing"
	"time"

	"onelondon/examples/london"
	"onelondon/examples/london/seed"
	"onelondon/examples/london/trial"
	"onelondon/internal/clinical"
	"onelondon/internal/testkit"
	"onelondon/sources"
	"onelondon/sources/sqlsource"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// city is London in databases that the test may do with what it likes.
type city struct {
	cast      london.Cast
	databases map[clinical.SourceID]database
}

// database is one of them, with the engine it lies in.
type database struct {
	trial.Database
	trial.Engine
}

// The heroine's four sources, and what makes the PAS the one to be hostile: she is not registered there, so that her GP's
// relationship does not rest on it.
const (
	emis     = clinical.SourceID("emis-nel")
	systmOne = clinical.SourceID("systmone-nel")
	barts    = clinical.SourceID("barts-millennium")
	pas      = clinical.SourceID("bhrut-pas")

	heroinesPractice = "F84022"
)

// people makes London's people. Change may alter them before they are written down.
func people(change func(p *london.Population)) *london.Population {
	population := london.Imagine(london.Options{People: 16})
	if change != nil {
		change(population)
	}
	return population
}

// build writes London into SQLite files.
func build(t *testing.T, population *london.Population) *city {
	t.Helper()
	c := &city{cast: population.Cast, databases: map[clinical.SourceID]database{}}
	for _, source := range london.Sources() {
		c.fill(t, population, source.ID, trial.SQLite())
	}
	return c
}

// fill makes one source's database anew, on an engine.
func (c *city) fill(t *testing.T, population *london.Population, id clinical.SourceID, e trial.Engine) database {
	t.Helper()
	made := database{e.Make(t), e}
	if _, err := population.Fill(context.Background(), made.DB, e.Dialect, id); err != nil {
		t.Fatal(err)
	}
	c.databases[id] = made
	return made
}

// with is the city with another database in one place.
func (c *city) with(id clinical.SourceID, other database) *city {
	changed := &city{cast: c.cast, databases: map[clinical.SourceID]database{}}
	for each, there := range c.databases {
		changed.databases[each] = there
	}
	changed.databases[id] = other
	return changed
}

// arrange changes how one source is asked.
type arrange func(id clinical.SourceID, entry *sources.Spec, options *sqlsource.Options)

// open opens every source as a reader and the product over them.
func (c *city) open(t *testing.T, changes ...arrange) *trial.House {
	t.Helper()
	return trial.Open(t, c.options(t, changes...))
}

func (c *city) options(t *testing.T, changes ...arrange) trial.Options {
	t.Helper()
	options := trial.Options{Superseded: map[clinical.NHSNumber]clinical.NHSNumber{c.cast.Former: c.cast.Retired.NHSNumber}}
	for _, source := range london.Sources() {
		there := c.databases[source.ID]
		ask := sqlsource.Options{ID: source.ID, DSN: there.Reader, Mapping: trial.Mapping(t, source.Mapping, source.Parameters())}
		spec := sources.Spec{ID: source.ID, Name: source.Name, System: source.System, Organisation: source.Organisation.Code,
			Deadline: 20 * time.Second} // the machine may be busy
		for _, change := range changes {
			change(source.ID, &spec, &ask)
		}
		opened, err := there.Open(context.Background(), ask)
		if err != nil {
			t.Fatalf("opening %s: %v", source.ID, err)
		}
		options.Entries = append(options.Entries, sources.Entry{Spec: spec, Source: opened})
	}
	return options
}

// quoted writes a name as the engine wants it.
func (d database) quoted(name string) string {
	if d.Dialect == seed.MySQL {
		return "`" + name + "`"
	}
	return `"` + name + `"`
}

// do runs statements with the owner's rights.
func (d database) do(t *testing.T, statements ...string) {
	t.Helper()
	for _, statement := range statements {
		if _, err := d.DB.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

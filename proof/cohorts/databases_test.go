package cohorts_test

import (
	"math/rand/v2"
	"testing"

	"onelondon/examples/london/trial"
	"onelondon/internal/clinical"
	"onelondon/internal/testkit"
	"onelondon/sources"
	"onelondon/sources/mapping"
	"onelondon/sources/sourcetest"
	"onelondon/sources/sqlsource"
)

func build(t *testing.T, seed uint64) *proof {
	t.Helper()
	p := &proof{seed: seed, world: makeWorld(seed, testkit.Size(60, 250), 4), held: map[string]map[clinical.SourceID]sources.Source{}}
	p.people = everybody(p.world)
	memory := func(i int) sources.Source { return p.world.data[i].Memory() }
	p.hold("memory", memory)
	p.hold("frugal memory", func(i int) sources.Source {
		source := p.world.data[i].Memory()
		return &frugal{source, source, rand.New(rand.NewPCG(seed, uint64(i)))}
	})
	for _, kind := range trial.Engines() {
		p.hold(kind.Name, func(i int) sources.Source { return load(t, kind, p.world.data[i]) })
	}
	return p
}

// load fills a database with what a source holds, and opens the source over it.
func load(t *testing.T, kind trial.Engine, data sourcetest.Dataset) sources.Source {
	t.Helper()
	m, err := mapping.Load("sourcetest.yaml", []byte(sourcetest.MappingYAML()), nil)
	if err != nil {
		t.Fatal(err)
	}
	dialect := map[string]sourcetest.Dialect{"sqlite": sourcetest.SQLite, "postgres": sourcetest.PostgreSQL, "mariadb": sourcetest.MySQL}[kind.Name]
	made := kind.Make(t)
	if err := sourcetest.Load(dialect, data, func(statement string, arguments ...any) error {
		_, err := made.DB.ExecContext(t.Context(), statement, arguments...)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	source, err := kind.Open(t.Context(), sqlsource.Options{ID: data.Source, DSN: made.Reader, Mapping: m})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = source.Close() })
	return source
}

// hold notes a kind of database that holds every source.
func (p *proof) hold(engine string, open func(source int) sources.Source) {
	p.engines = append(p.engines, engine)
	p.held[engine] = map[clinical.SourceID]sources.Source{}
	for i, data := range p.world.data {
		p.held[engine][data.Source] = open(i)
	}
}

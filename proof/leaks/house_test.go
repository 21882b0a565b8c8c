package leaks_test

import (
	"testing"
	"time"

	"onelondon/examples/london/trial"
	"onelondon/internal/clinical"
	"onelondon/internal/testkit"
	"onelondon/policy"
	"onelondon/proof/plain"
	"onelondon/sources"
	"onelondon/sources/mapping"
	"onelondon/sources/memory"
	"onelondon/sources/sourcetest"
	"onelondon/sources/sqlsource"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// world is the product over people who are made, and the reference over the same people.
type world struct {
	*trial.House
	reference *reference
	people    []*being
	codes     []clinical.Coding
	scanner
}

func open(t *testing.T, database trial.Engine, bend func(sources.Source) sources.Source, seed uint64, count int) *world {
	t.Helper()
	plainly, err := plain.Open(t.Context(), policy.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	engine, err := policy.Open(t.Context(), policy.Embedded(), policy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{codes: plainly.Codes(), scanner: newScanner(),
		reference: &reference{policy: plainly, spreads: map[clinical.Label]bool{}, spreadTo: map[clinical.Kind]bool{}}}
	labels, kinds := engine.Spread()
	for _, label := range labels {
		w.reference.spreads[label] = true
	}
	for _, kind := range kinds {
		w.reference.spreadTo[kind] = true
	}
	w.people = (&crowd{dice: throw(seed, 1), codes: w.codes}).people(count)
	drivers := entries(t, database, w.people)
	for i := range drivers {
		drivers[i].Source = bend(drivers[i].Source)
	}
	w.House = trial.Open(t, trial.Options{Policy: engine, Entries: drivers, Deadline: patience})
	for _, b := range w.people {
		for _, directive := range b.said {
			if _, err := w.Register.Record(t.Context(), directive); err != nil {
				t.Fatal(err)
			}
		}
	}
	return w
}

// entries puts the store and the trust into SQL, with the tables of the conformance suite, and the infirmary into memory.
func entries(t *testing.T, database trial.Engine, people []*being) []sources.Entry {
	t.Helper()
	all := []sources.Entry{{Spec: spec(store, ""), Source: inSQL(t, database, store, people)}, {Spec: spec(trust, trustOf), Source: inSQL(t, database, trust, people)}}
	var held []memory.Person
	for _, b := range people {
		if records := b.held[infirm]; records != nil {
			held = append(held, memory.Person{NHSNumber: b.number, Organisation: infirmOf, Sensitive: b.flagged, Records: records})
		}
	}
	return append(all, sources.Entry{Spec: spec(infirm, infirmOf), Source: memory.New(infirm, held...)})
}

// patience is how long a source may take. What did not answer in time is not missing without a word, but nothing is proved by it:
// on a busy machine it takes much longer than a site would wait.
const patience = 5 * time.Minute

func spec(id clinical.SourceID, organisation clinical.Text) sources.Spec {
	return sources.Spec{ID: id, Name: "The " + string(id), System: "proof", Organisation: organisation, Deadline: patience}
}

func inSQL(t *testing.T, database trial.Engine, id clinical.SourceID, people []*being) sources.Source {
	t.Helper()
	data := sourcetest.Dataset{Source: id}
	for _, b := range people {
		if records := b.held[id]; records != nil {
			organisation := trustOf
			if id == store {
				organisation = b.practice
			}
			data.People = append(data.People, sourcetest.Person{LocalID: clinical.Text(b.number.Reveal()), NHSNumber: b.number.Reveal(),
				Organisation: organisation, Registered: id == store, Sensitive: b.flagged, Records: records})
		}
	}
	made := database.Make(t)
	dialect := map[string]sourcetest.Dialect{"sqlite": sourcetest.SQLite, "postgres": sourcetest.PostgreSQL, "mariadb": sourcetest.MySQL}[database.Name]
	err := sourcetest.Load(dialect, data, func(statement string, arguments ...any) error {
		_, err := made.DB.ExecContext(t.Context(), statement, arguments...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	m, err := mapping.Load("sourcetest.yaml", []byte(sourcetest.MappingYAML()), nil)
	if err != nil {
		t.Fatal(err)
	}
	source, err := database.Open(t.Context(), sqlsource.Options{ID: id, DSN: made.Reader, Mapping: m})
	if err != nil {
		t.Fatal(err)
	}
	return source
}

package federation_test

import (
	"context"
	"testing"
	"time"

	"onelondon/examples/london/seed"
	"onelondon/examples/london/trial"
	"onelondon/internal/clinical"
	"onelondon/internal/testkit"
	"onelondon/sources"
	"onelondon/sources/sqlsource"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// house is the product over some sources.
type house struct{ *trial.House }

func newHouse(t *testing.T, entries []sources.Entry) *house {
	t.Helper()
	return &house{trial.Open(t, trial.Options{Entries: entries})}
}

// fill makes a database for each system, writes its people, and opens it as a reader through its mapping.
func fill(t *testing.T, e trial.Engine, s *split) []sources.Entry {
	t.Helper()
	ctx := context.Background()
	var entries []sources.Entry
	for _, id := range []string{emis, tpp, barts, bhrut, compass} {
		made := e.Make(t)
		writer, err := seed.Open(ctx, made.DB, e.Dialect, systems[id])
		if err != nil {
			t.Fatal(err)
		}
		for _, holders := range organisations {
			for _, organisation := range holders {
				if err := writer.Organisation(ctx, organisation); err != nil {
					t.Fatal(err)
				}
			}
		}
		for _, person := range s.people[id] {
			if err := writer.Person(ctx, person); err != nil {
				t.Fatalf("%s: %v", id, err)
			}
		}
		if err := writer.Close(ctx); err != nil {
			t.Fatal(err)
		}
		entries = append(entries, open(t, e, id, systems[id], made.Reader, parametersOf(id)))
	}
	return entries
}

func parametersOf(id string) map[string]string {
	if id != barts && id != bhrut {
		return nil
	}
	return map[string]string{"organisation": organisations[id][0].Code, "organisation_name": organisations[id][0].Name}
}

func open(t *testing.T, e trial.Engine, id string, system seed.System, reader string, parameters map[string]string) sources.Entry {
	t.Helper()
	source, err := e.Open(context.Background(), sqlsource.Options{ID: clinical.SourceID(id), DSN: reader,
		Mapping: trial.Mapping(t, string(system)+".yaml", parameters)})
	if err != nil {
		t.Fatal(err)
	}
	return sources.Entry{Source: source, Spec: sources.Spec{ID: clinical.SourceID(id), Name: id, System: string(system),
		Deadline: 20 * time.Second, Organisation: clinical.Text(parameters["organisation"])}}
}

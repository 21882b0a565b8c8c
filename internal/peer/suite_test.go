package peer_test

import (
	"context"
	"io/fs"
	"testing"
	"testing/fstest"
	"time"

	"onelondon/examples/london/trial"
	"onelondon/internal/clinical"
	"onelondon/internal/testkit"
	"onelondon/policy"
	"onelondon/sources"
	"onelondon/sources/onelondon"
	"onelondon/sources/sourcetest"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// permitsAll is the shipped policy with one other rule about single records, under which a GP sees all of them.
func permitsAll(t testing.TB) *policy.Engine {
	return engineWith(t, map[string]string{"rego/rows/rows.rego": "package onelondon.rows\n\nreleased := true\n"})
}

// engineWith opens the shipped policy with some files replaced.
func engineWith(t testing.TB, replaced map[string]string) *policy.Engine {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(policy.Embedded(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(policy.Embedded(), name)
		files[name] = &fstest.MapFile{Data: content}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range replaced {
		files[name] = &fstest.MapFile{Data: []byte(content)}
	}
	engine, err := policy.Open(t.Context(), files, policy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return engine
}

// clinician asks as a GP at whose practice everybody is registered: the suite's own caller is nobody to a policy.
type clinician struct{ *onelondon.Source }

// Fetch asks.
func (c clinician) Fetch(ctx context.Context, query sources.Query) (sources.Answer, error) {
	query.Caller = sources.Caller{ID: "u1", Name: "Dr Ada Okoye", Role: "R0260", Organisation: "F84003", Purpose: "TREAT", RequestID: "suite"}
	query.People = nil
	for i := range query.Parts {
		query.People = append(query.People, sources.Standing{Numbers: []clinical.NHSNumber{query.Parts[i].Person}, Relationship: "registered"})
	}
	return c.Source.Fetch(ctx, query)
}

func TestAnotherOneLondonPassesTheConformanceSuite(t *testing.T) {
	manner := sourcetest.Manner{CannotCount: true, HidesFlagged: true,
		Names: func(id clinical.Text) clinical.Text { return "record-system!" + id }}
	sourcetest.RunAs(t, manner, func(t *testing.T, data sourcetest.Dataset) sources.Source {
		data.Source = "record-system"
		house := trial.Open(t, trial.Options{Policy: permitsAll(t), Pace: time.Millisecond,
			Entries: []sources.Entry{{Source: data.Memory(), Spec: sources.Spec{ID: data.Source, Name: "Record system"}}}})
		authority := testkit.NewAuthority(t)
		ours := authority.Issue("london")
		entry := house.Answers(t, authority, "nel", trial.Trusted("london", ours)).Asks(t, "london", ours, sourcetest.SampleSource)
		return clinician{entry.Source.(*onelondon.Source)}
	})
}

package equivalence_test

import (
	"flag"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"onelondon/internal/clinical"
	"onelondon/internal/testkit"
	"onelondon/policy"
	"onelondon/proof/plain"
	"onelondon/sources"
)

// Rules that nobody has written yet mean the same everywhere.
func TestARandomPolicyReleasesTheSameRecordsEverywhere(t *testing.T) {
	w := build(t, testkit.Size(400, 1500))
	draws(t, w.seed, testkit.Size(16, 250))
	rapid.Check(t, func(r *rapid.T) {
		rules := drawRules(r)
		files := withRows(t, rules)
		w.agree(r, files, rules, drawAskers(r, 12))
	})
	w.enough(t)
}

// The policy that ships does so for whoever asks and whatever the person has said.
func TestTheShippedPolicyReleasesTheSameRecordsEverywhere(t *testing.T) {
	w := build(t, testkit.Size(400, 1500))
	draws(t, w.seed, testkit.Size(8, 100))
	rapid.Check(t, func(r *rapid.T) {
		w.agree(r, policy.Embedded(), "the policy that ships", drawAskers(r, 20))
	})
	w.enough(t)
}

// draws sets how often rapid draws, and from what seed.
func draws(t *testing.T, seed uint64, checks int) {
	t.Helper()
	for name, value := range map[string]any{"rapid.seed": seed, "rapid.checks": checks, "rapid.nofailfile": true} {
		if err := flag.Set(name, fmt.Sprint(value)); err != nil {
			t.Fatal(err)
		}
	}
}

// world is the same records in every engine, and what came of asking for them.
type world struct {
	seed              uint64
	records           []clinical.Record
	engines           []engine
	opened            map[string]opened
	decided, released int
}

// opened is a policy in both of its forms.
type opened struct {
	engine    *policy.Engine
	reference *plain.Policy
}

func build(t *testing.T, count int) *world {
	t.Helper()
	w := &world{seed: testkit.Seed(t), opened: map[string]opened{}}
	rows := throw(w.seed, 1).rows(count, listed(t))
	for i := range rows {
		w.records = append(w.records, rows[i].record())
	}
	w.engines = engines(t, rows)
	return w
}

// listed are the codes by which the policy that ships labels records.
func listed(t *testing.T) []clinical.Coding {
	t.Helper()
	reference, err := plain.Open(t.Context(), policy.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	return reference.Codes()
}

// open opens a policy, once for each rule that is drawn.
func (w *world) open(t *rapid.T, files fs.FS, rules string) opened {
	if there, ok := w.opened[rules]; ok {
		return there
	}
	engine, err := policy.Open(t.Context(), files, policy.Options{})
	if err != nil {
		t.Fatalf("%s\n%v", rules, err)
	}
	reference, err := plain.Open(t.Context(), files)
	if err != nil {
		t.Fatalf("%s\n%v", rules, err)
	}
	w.opened[rules] = opened{engine, reference}
	return w.opened[rules]
}

// agree demands that every form of the policy releases the same records to every input.
func (w *world) agree(t *rapid.T, files fs.FS, rules string, inputs []policy.Input) {
	policies := w.open(t, files, rules)
	for _, input := range inputs {
		decision, err := policies.engine.Decide(t.Context(), input)
		if err != nil {
			t.Fatalf("%s\n%v", rules, err)
		}
		asked, err := policies.reference.Ask(t.Context(), input)
		if err != nil {
			t.Fatalf("%s\n%v", rules, err)
		}
		want := w.plainly(t, asked)
		for name, got := range w.everywhere(t, decision) {
			if only := difference(got, want); only != "" {
				t.Fatalf("%s\n%s\n%s releases %d records and plain Rego %d; they differ on:\n%s", rules, asked.Document(nil), name, len(got), len(want), w.shown(asked, only))
			}
			w.decided += len(w.records)
		}
		w.decided, w.released = w.decided+len(w.records), w.released+len(want)
	}
}

// plainly asks plain Rego about each record.
func (w *world) plainly(t *rapid.T, asked *plain.Asked) []string {
	var ids []string
	for _, record := range w.records {
		yes, err := asked.Releases(t.Context(), record)
		if err != nil {
			t.Fatal(err)
		}
		if yes {
			ids = append(ids, string(record.About().ID))
		}
	}
	slices.Sort(ids)
	return ids
}

// everywhere asks the conditions in memory, and every database with them.
func (w *world) everywhere(t *rapid.T, decision *policy.Decision) map[string][]string {
	all := map[string][]string{}
	for _, record := range w.records {
		if decision.Release(record.Kind()).Condition.Match(record) {
			all["memory"] = append(all["memory"], string(record.About().ID))
		}
	}
	query := sources.Query{Limits: sources.Limits{Rows: 2 * len(w.records), Bytes: 1 << 30}}
	for _, kind := range clinical.Kinds() {
		query.Parts = append(query.Parts, sources.Part{Kind: kind, Person: person(), Condition: decision.Release(kind).Condition,
			Fields: kind.Descriptor().Set("code", "date"), Limit: len(w.records)})
	}
	for _, engine := range w.engines {
		answer, err := engine.Fetch(t.Context(), query)
		if err != nil {
			t.Fatalf("%s: %v", engine.name, err)
		}
		for _, part := range answer.Parts {
			if part.Rejected > 0 || part.Truncated {
				t.Fatalf("%s: %d rejected, truncated %v", engine.name, part.Rejected, part.Truncated)
			}
			for _, record := range part.Records {
				all[engine.name] = append(all[engine.name], string(record.About().ID))
			}
		}
	}
	for _, name := range w.names() {
		slices.Sort(all[name])
		all[name] = all[name][:len(all[name]):len(all[name])]
	}
	return all
}

// names are those of all that is compared with plain Rego.
func (w *world) names() []string {
	names := []string{"memory"}
	for _, engine := range w.engines {
		names = append(names, engine.name)
	}
	return names
}

// difference names a record that is in one list and not in the other.
func difference(one, other []string) string {
	for _, pair := range [][2][]string{{one, other}, {other, one}} {
		for _, id := range pair[0] {
			if _, found := slices.BinarySearch(pair[1], id); !found {
				return id
			}
		}
	}
	if len(one) != len(other) {
		return "(a record comes twice)"
	}
	return ""
}

// shown is a record as rules see it.
func (w *world) shown(asked *plain.Asked, id string) string {
	for _, record := range w.records {
		if string(record.About().ID) == id {
			return fmt.Sprintf("%s %s", id, strings.ReplaceAll(asked.Document(record), "\n", "\n  "))
		}
	}
	return id
}

// enough demands that there was something to prove, and counts it.
func (w *world) enough(t *testing.T) {
	t.Helper()
	questions := w.decided / len(w.records) / (1 + len(w.names()))
	testkit.Counted(t, "%d decisions about records: %d questions about %d records in plain Rego, %s; %d %% released; %s=%d",
		w.decided, questions, len(w.records), strings.Join(w.names(), ", "), 100*w.released/max(1, questions*len(w.records)), testkit.SeedVariable, w.seed)
	if w.decided < 200_000 || w.released < questions*len(w.records)/100 {
		t.Errorf("%d decisions of which %d release: too few to prove anything", w.decided, w.released)
	}
}

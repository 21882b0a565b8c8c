package cohorts_test

import (
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
	"onelondon/internal/cohort/engine"
	"onelondon/internal/testkit"
	"onelondon/sources"
)

// A definition has one answer, whichever databases hold the records and however they are split.
func TestADefinitionHasOneAnswerEverywhere(t *testing.T) {
	p := build(t, testkit.Seed(t))
	draws(t, p.seed, testkit.Size(800, 16_000))
	rapid.Check(t, func(r *rapid.T) {
		definition := drawDefinition(r)
		o := &oracle{people: p.people, definition: &definition}
		want := o.answer()
		p.together, p.workers = rapid.SampledFrom([]int{4, 32, 0}).Draw(r, "rows together"), rapid.IntRange(1, 3).Draw(r, "workers")
		for _, way := range p.ways(r) {
			p.agree(r, &definition, way, want)
		}
		p.definitions++
		p.cells += len(want.cells)
		p.counted += len(want.everybody)
		p.some += map[bool]int{true: 1}[len(want.everybody) > 0 && len(want.everybody) < len(p.people)]
	})
	p.enough(t)
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

// proof is the same people in every kind of database, and what came of asking about them.
type proof struct {
	seed                                       uint64
	world                                      *world
	people                                     []*somebody
	engines                                    []string
	held                                       map[string]map[clinical.SourceID]sources.Source // by engine
	together, workers                          int                                             // how the engine looks at them
	definitions, answers, cells, counted, some int
}

// way says which database holds each source.
type way map[clinical.SourceID]string

// ways are all sources in one kind of database, for each kind, and each source in any. Memory is quick, and asked every time;
// databases are asked once in eight.
func (p *proof) ways(r *rapid.T) []way {
	var all []way
	engines := p.engines
	if rapid.IntRange(0, 7).Draw(r, "databases") > 0 {
		engines = p.engines[:2]
	}
	for _, engine := range engines {
		same := way{}
		for _, data := range p.world.data {
			same[data.Source] = engine
		}
		all = append(all, same)
	}
	mixed := way{}
	for _, data := range p.world.data {
		mixed[data.Source] = rapid.SampledFrom(engines).Draw(r, "engine of "+string(data.Source))
	}
	return append(all, mixed)
}

// agree demands that the engine counts exactly what the oracle does.
func (p *proof) agree(r *rapid.T, definition *cohort.Definition, w way, want *answer) {
	outcome, err := p.ask(r.Context(), definition, w)
	if err != nil {
		r.Fatalf("%v: %v\n%s", w, err, show(definition))
	}
	p.answers++
	if fault := difference(definition, &outcome.Counted, want); fault != "" {
		r.Fatalf("%v: %s\n%s", w, fault, show(definition))
	}
}

func (p *proof) ask(ctx context.Context, definition *cohort.Definition, w way) (*engine.Outcome, error) {
	asked := &catalogue{sources: map[clinical.SourceID]sources.Source{}}
	var specs []sources.Spec
	for _, id := range slices.Sorted(maps.Keys(w)) {
		asked.sources[id] = p.held[w[id]][id]
		specs = append(specs, sources.Spec{ID: id, Kinds: clinical.Kinds()})
	}
	plan, err := engine.NewPlan(*definition, specs)
	if err != nil {
		return nil, err
	}
	outcome, err := engine.Run(ctx, engine.Options{Plan: plan, Catalogue: asked, Stand: p.world.stand, Condition: released, Borough: borough,
		Together: p.together, Workers: p.workers})
	if err == nil && !outcome.Complete() {
		return nil, fmt.Errorf("sources did not answer: %+v: %w", outcome.Sources, asked.fault)
	}
	return outcome, err
}

// difference says in which way an answer is not what the oracle counts, "" where it is.
func difference(definition *cohort.Definition, got *cohort.Counted, want *answer) string {
	if !slices.Equal(got.Everybody, want.everybody) {
		return fmt.Sprintf("%d people, the oracle %d: %s", len(got.Everybody), len(want.everybody), strangers(got.Everybody, want.everybody))
	}
	seen := map[string]bool{}
	for i, cell := range got.Cells {
		k := strings.Join(cell.Key, "|")
		expected := want.cells[k]
		if expected == nil || seen[k] {
			return fmt.Sprintf("a cell %q, which the oracle does not know or which is there twice", cell.Key)
		}
		seen[k] = true
		if i > 0 && unknownFirst(got.Cells[i-1].Key, cell.Key) {
			return fmt.Sprintf("%q after %q, though what is not known comes last", cell.Key, got.Cells[i-1].Key)
		}
		if !slices.Equal(cell.People, slices.Sorted(slices.Values(expected.people))) {
			return fmt.Sprintf("%d people in %q, the oracle %d", len(cell.People), cell.Key, len(expected.people))
		}
		for m, measure := range definition.Measures {
			if is := expected.exact(m, measure); !near(cell.Exact[m], is) {
				return fmt.Sprintf("%s of %s in %q is %+v, the oracle's %+v", measure.Kind, measure.Events, cell.Key, cell.Exact[m], is)
			}
		}
		if i > 0 && !got.Overlapping && slices.ContainsFunc(got.Cells[i-1].People, func(p clinical.Pseudonym) bool { return slices.Contains(cell.People, p) }) {
			return "people are in several cells, which the answer denies"
		}
	}
	if len(seen) != len(want.cells) {
		return fmt.Sprintf("%d cells, the oracle %d", len(seen), len(want.cells))
	}
	return ""
}

// unknownFirst reports whether the first value in which two keys differ is not known in the earlier one.
func unknownFirst(earlier, later []string) bool {
	for i := range earlier {
		if earlier[i] != later[i] {
			return earlier[i] == ""
		}
	}
	return false
}

func strangers(got, want []clinical.Pseudonym) string {
	only := func(a, b []clinical.Pseudonym) (n int) {
		for _, p := range a {
			if !slices.Contains(b, p) {
				n++
			}
		}
		return n
	}
	return fmt.Sprintf("%d too many, %d too few", only(got, want), only(want, got))
}

func near(a, b cohort.Measured) bool {
	close := func(x, y float64) bool { return math.Abs(x-y) <= 1e-9*max(1, math.Abs(x)) }
	return close(a.Number, b.Number) && close(a.Lower, b.Lower) && close(a.Upper, b.Upper) && cmp.Compare(a.People, b.People) == 0 &&
		a.Events == b.Events && a.Most == b.Most
}

func show(definition *cohort.Definition) string {
	shown := *definition
	shown.Codelists = nil
	text, err := json.MarshalIndent(shown, "", "  ")
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// catalogue asks sources without any guard, and keeps the first fault.
type catalogue struct {
	sources map[clinical.SourceID]sources.Source
	fault   error
}

func (c *catalogue) Count(ctx context.Context, id clinical.SourceID, read func(context.Context, sources.Counter) error) sources.CountReply {
	counter, ok := c.sources[id].(sources.Counter)
	if !ok {
		return sources.CountReply{Source: id, Outcome: sources.OutcomeNotAsked}
	}
	if err := read(ctx, counter); err != nil {
		c.fault = err
		return sources.CountReply{Source: id, Outcome: sources.OutcomeFailed}
	}
	return sources.CountReply{Source: id, Outcome: sources.OutcomeAnswered}
}

// enough demands that there was something to prove, and counts it.
func (p *proof) enough(t *testing.T) {
	t.Helper()
	if t.Failed() {
		return
	}
	testkit.Counted(t, "%d definitions asked of %d people in %d sources, %d answers by %s; %d cells; %d %% of definitions counted some and not all; %s=%d",
		p.definitions, len(p.people), len(p.world.data), p.answers, strings.Join(p.engines, ", "), p.cells, 100*p.some/max(1, p.definitions),
		testkit.SeedVariable, p.seed)
	if p.some < p.definitions/3 || p.cells < p.definitions {
		t.Error("too few of them tell people apart to prove anything")
	}
}

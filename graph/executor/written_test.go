package executor_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/gate"
)

// leftToTheGenerated are the root fields that are asked for seldom, and of little each time.
func leftToTheGenerated() []string {
	return []string{"myRecord", "choicesOf", "alerts", "accesses", "policy", "cohort", "cohortRun", "cohorts", "savedCohorts", "savedCohort", "studies"}
}

// everything selects every field of a type, lists of records once.
func everything(schema *ast.Schema, typeName string, depth int) string {
	var b strings.Builder
	b.WriteString("{ __typename ")
	for _, field := range schema.Types[typeName].Fields {
		leaf := schema.Types[field.Type.Name()].IsLeafType()
		if strings.HasPrefix(field.Name, "__") || !leaf && depth == 0 || slices.Contains(leftToTheGenerated(), field.Name) && typeName == "Query" {
			continue
		}
		b.WriteString(field.Name)
		if field.Name == "patient" {
			b.WriteString(`(nhsNumber: "9434765919")`)
		}
		if !leaf {
			b.WriteString(" " + everything(schema, field.Type.Name(), depth-1))
		}
		b.WriteString(" ")
	}
	return b.String() + "}"
}

// TestEveryFieldOfTheSchemaIsKnown fails when a field is added to the schema and not to the tables: queries that select it
// would be left to the generated executor, which is several times slower.
func TestEveryFieldOfTheSchemaIsKnown(t *testing.T) {
	_, schema := ours(&richGate{})
	for seed := range uint64(20) {
		demandEqual(t, &richGate{seed: seed, faulty: seed > 10}, everything(schema.Schema(), "Query", 7))
	}
}

func TestWrittenDocumentsAreAnsweredAsByTheGeneratedExecutor(t *testing.T) {
	documents := []string{
		`{ __typename }`,
		`{ patient(nhsNumber: "9434765918") { nhsNumber } sources { id } }`,
		`{ patient(nhsNumber: "") { nhsNumber } }`,
		`{ patient(nhsNumber: "9434765919") { timeline(kinds: [ALERT]) { nodes { __typename ... on Alert { risk contributors { id } } ... on Condition { severity } } } } }`,
		`{ patient(nhsNumber: "9434765919") { timeline { edges { cursor node { id ...R } } conflicts: sources { outcome } } } } fragment R on Record { ... on Encounter { class } ... on Immunisation { expiry dose } status }`,
		`query A($yes: Boolean!, $no: Boolean!, $who: NHSNumber!) { patient(nhsNumber: $who) { nhsNumber @skip(if: $yes) receipt @include(if: $yes) { digest } warnings @skip(if: $no) { kind } } }`,
		`{ patient(nhsNumber: "9434765919") { conditions { nodes { id } } conditions { nodes { code { code } } pageInfo { endCursor hasNextPage } } } }`,
		`{ p: patient(nhsNumber: "9434765919") { c: conditions(first: 201) { nodes { id } } } sources { organisation { code } } }`,
		`{ patient(nhsNumber: "9434765919") { demographics { provenance { source organisation { name } } birthDate gender } } }`,
	}
	for _, document := range documents {
		for seed := range uint64(12) {
			demandEqual(t, &richGate{seed: seed, faulty: seed > 8}, document)
		}
	}
}

func TestWhatIsNotOursIsLeftToTheGeneratedExecutor(t *testing.T) {
	engine, schema := ours(&richGate{seed: 1})
	for _, document := range []string{
		`{ __schema { queryType { name } } }`,
		`{ policy { revision } }`,
		`mutation { optOut(input: {}) { consentRevision } }`,
		`{ patient(nhsNumber: "9434765919") { nhsNumber ... @defer { conditions { nodes { id } } } } }`,
	} {
		_, oc := engine.operation(t, document)
		if schema.Executes(oc) {
			t.Errorf("%s is executed here", document)
		}
	}
	_, oc := engine.operation(t, `{ __type(name: "Patient") { name } sources { id } }`)
	oc.DisableIntrospection = false
	responses, ctx := engine.engine.DispatchOperation(context.Background(), oc)
	response := responses(ctx)
	if !strings.HasPrefix(string(response.Data), `{"__type":{"name":"Patient"},"sources":[{"id":"barts"}`) {
		t.Errorf("introspection gave %s, errors %v", response.Data, response.Errors)
	}
}

func TestAConditionIsWeighedForEveryRequestOfOneDocument(t *testing.T) {
	engine, _ := ours(&richGate{seed: 1})
	ctx, oc := engine.operation(t, `query A($yes: Boolean!, $who: NHSNumber!) { patient(nhsNumber: $who) { nhsNumber receipt @include(if: $yes) { purpose } } }`)
	for i := range 40 {
		request := again(oc)
		request.Variables = map[string]any{"who": "9434765919", "yes": i%2 == 0}
		responses, answered := engine.engine.DispatchOperation(ctx, request)
		got := string(responses(answered).Data)
		if shown := strings.Contains(got, "TREAT"); shown != (i%2 == 0) {
			t.Fatalf("request %d: %s", i, got)
		}
	}
}

func TestOnePlanServesManyRequestsAtOnce(t *testing.T) {
	prepared := &preparedGate{richGate: richGate{seed: 3, records: 5}}
	engine, _ := ours(prepared)
	want := string(engine.ask(t, chart).Data)
	_, oc := engine.operation(t, chart)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 20 {
				responses, ctx := engine.engine.DispatchOperation(context.Background(), again(oc))
				if got := string(responses(ctx).Data); got != want {
					t.Errorf("got %s", got)
				}
			}
		})
	}
	group.Wait()
}

// brokenGate gives records that cannot be read.
type brokenGate struct{ richGate }

func (g *brokenGate) Ask(ctx context.Context, caller auth.Caller, questions []gate.Question) ([]gate.Answer, error) {
	answers, err := g.richGate.Ask(ctx, caller, questions)
	for _, answer := range answers {
		answer.Person.Pages[0].Records = []clinical.Record{(*clinical.Condition)(nil)}
	}
	return answers, err
}

func TestAPanicCostsItsListAndIsAnError(t *testing.T) {
	engine, _ := ours(&brokenGate{richGate{seed: 1}})
	for _, selection := range []string{"nodes { code { code } }", "edges { node { severity } }"} {
		response := engine.ask(t, fmt.Sprintf(`{ before: __typename patient(nhsNumber: "9434765919") { conditions { %s } } after: __typename }`, selection))
		if got := string(response.Data); got != `{"before":"Query","patient":null,"after":"Query"}` {
			t.Errorf("%s gave %s", selection, got)
		}
		if len(response.Errors) != 1 || response.Errors[0].Path.String() != "patient.conditions" {
			t.Errorf("%s gave errors %v", selection, response.Errors)
		}
	}
}

// counting counts the fields that interceptors see.
type counting struct{ roots, fields int }

func (*counting) ExtensionName() string                   { return "counting" }
func (*counting) Validate(graphql.ExecutableSchema) error { return nil }
func (c *counting) InterceptRootField(ctx context.Context, next graphql.RootResolver) graphql.Marshaler {
	c.roots++
	return next(ctx)
}
func (c *counting) InterceptField(ctx context.Context, next graphql.Resolver) (any, error) {
	c.fields++
	return next(ctx)
}

func TestInterceptorsSeeRootFieldsAndFieldsWithResolvers(t *testing.T) {
	engine, _ := ours(&richGate{seed: 1})
	seen := &counting{}
	engine.engine.Use(seen)
	engine.ask(t, `{ patient(nhsNumber: "9434765919") { nhsNumber conditions { nodes { id } } alerts { nodes { id } } } }`)
	if seen.roots != 1 || seen.fields != 3 {
		t.Errorf("interceptors saw %d root fields and %d fields with resolvers, want 1 and 3", seen.roots, seen.fields)
	}
}

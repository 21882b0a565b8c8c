package policy

import (
	"context"
	"io/fs"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage/inmem"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
)

// Data gives tests the tables of a policy as rules see them.
func Data(t testing.TB, files fs.FS) map[string]any {
	t.Helper()
	loaded, err := load(files)
	if err != nil {
		t.Fatal(err)
	}
	return loaded.data
}

// Codes is the list of codes of a category.
func (e *Engine) Codes(label clinical.Label) *condition.Codes { return e.lists.lists[label] }

// Evaluate decides without the cache.
func (e *Engine) Evaluate(ctx context.Context, input Input) (*Decision, error) {
	return e.evaluate(ctx, input)
}

// Outlines is how many decisions are remembered for whichever organisation asks, and whether any can be.
func (e *Engine) Outlines() (known int, can bool) {
	if e.outlines == nil {
		return 0, false
	}
	return e.outlines.known.Len(), true
}

// Document is the input as rules see it, with a record where there is one, whose categories its source alone says.
func Document(input Input, record clinical.Record) ast.Value {
	if record == nil {
		return input.document()
	}
	return input.documentWith(record, categoryLists{})
}

// Rows opens the rule about records twice: translated into conditions, and as plain Rego that sees one record at a time and
// knows nothing of partial evaluation. Neither looks at the rest of the policy.
func Rows(t testing.TB, files fs.FS) (translated func(Input, clinical.Kind) (condition.Condition, error),
	plain func(Input, clinical.Record) bool) {
	t.Helper()
	ctx := context.Background()
	loaded, err := load(files)
	if err != nil {
		t.Fatal(err)
	}
	compiler, err := loaded.compile()
	if err != nil {
		t.Fatal(err)
	}
	engine, err := prepare(ctx, loaded, compiler, Options{})
	if err != nil {
		t.Fatal(err)
	}
	query, err := rego.New(rego.Query(rowRule), rego.Compiler(compiler), rego.Store(inmem.NewFromObject(loaded.data))).
		PrepareForEval(ctx)
	if err != nil {
		t.Fatal(err)
	}
	translated = func(input Input, kind clinical.Kind) (condition.Condition, error) {
		rule, err := engine.rowRule(ctx, input.document())
		return rule.forKind(kind, engine.lists), err
	}
	return translated, func(input Input, record clinical.Record) bool {
		results, err := query.Eval(ctx, rego.EvalParsedInput(input.documentWith(record, engine.lists)))
		if err != nil {
			t.Fatal(err)
		}
		return len(results) == 1 && results[0].Expressions[0].Value == true
	}
}

// WholePolicy says in plain Rego, one record at a time, whether a record of a permitted kind is released.
func WholePolicy(t testing.TB, files fs.FS) func(Input, clinical.Record) bool {
	t.Helper()
	inspection, err := Inspect(context.Background(), files, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return func(input Input, record clinical.Record) bool {
		released, err := inspection.Releases(context.Background(), input, record)
		if err != nil {
			t.Fatal(err)
		}
		return released
	}
}

// Translation translates, for every kind of record, what partial evaluation leaves of the policy for input.
func Translation(t testing.TB, files fs.FS, input Input) func() error {
	t.Helper()
	engine, err := Open(context.Background(), files, Options{})
	if err != nil {
		t.Fatal(err)
	}
	queries, err := engine.rows.Partial(context.Background(), rego.EvalParsedInput(input.document()),
		rego.EvalParsedUnknowns(engine.unknown))
	if err != nil {
		t.Fatal(err)
	}
	return func() error {
		rule, err := translate(queries)
		for _, kind := range clinical.Kinds() {
			rule.forKind(kind, engine.lists)
		}
		return err
	}
}

// Match holds document against the schema of the same policy.
func Match(t testing.TB, files fs.FS, document ast.Value) []error {
	t.Helper()
	loaded, err := load(files)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := ast.JSON(document)
	if err != nil {
		t.Fatal(err)
	}
	loaded.data, loaded.schemas = map[string]any{"input": plain}, map[string]any{"input": loaded.schemas["input"]}
	if err := loaded.checkData(context.Background()); err != nil {
		return []error{err}
	}
	return nil
}

// Translated is what becomes, for one kind of record, of the queries that partial evaluation left, each written as Rego.
func Translated(t testing.TB, kind clinical.Kind, queries ...string) (condition.Condition, error) {
	t.Helper()
	rule, err := left(t, queries...)
	return rule.forKind(kind, hivLists()), err
}

// Decided is what becomes of the queries for all kinds of record at once.
func Decided(t testing.TB, queries ...string) *Decision {
	t.Helper()
	rule, err := left(t, queries...)
	if err != nil {
		t.Fatal(err)
	}
	everything := answer{permitted: true, shown: map[clinical.Kind]Release{}}
	for _, kind := range clinical.Kinds() {
		everything.shown[kind] = Release{}
	}
	return everything.decision("", rule, hivLists())
}

func left(t testing.TB, queries ...string) (residue, error) {
	t.Helper()
	left := &rego.PartialQueries{}
	for _, query := range queries {
		body, err := ast.ParseBodyWithOpts(query, ast.ParserOptions{RegoVersion: ast.RegoV1})
		if err != nil {
			t.Fatal(err)
		}
		left.Queries = append(left.Queries, body)
	}
	return translate(left)
}

// hivLists are lists of one category, by which alerts do not go.
func hivLists() categoryLists {
	return categoryLists{lists: map[clinical.Label]*condition.Codes{clinical.LabelHIV: condition.NewCodes(nil)},
		presuming: map[clinical.Label]*condition.Codes{clinical.LabelHIV: condition.NewCodes(nil).Presuming(condition.PresumesSilence)},
		notJudged: []clinical.Kind{clinical.KindAlert}}
}

// ApartIn is where the rules of one file may tell organisations apart, whether or not a policy can be opened with it.
func ApartIn(t testing.TB, file, text string) []*Fault {
	t.Helper()
	module, err := ast.ParseModuleWithOpts(file, text, ast.ParserOptions{RegoVersion: ast.RegoV1})
	if err != nil {
		t.Fatal(err)
	}
	return (&bundle{modules: map[string]*ast.Module{file: module}}).apart()
}

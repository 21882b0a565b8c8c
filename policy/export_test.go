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

// Capabilities shows tests what rules may call.
func Capabilities() *ast.Capabilities { return capabilities() }

// Data gives tests the tables of a policy as rules see them.
func Data(t testing.TB, files fs.FS) map[string]any {
	t.Helper()
	loaded, err := load(files)
	if err != nil {
		t.Fatal(err)
	}
	return loaded.data
}

// Evaluate decides without the cache.
func (e *Engine) Evaluate(ctx context.Context, input Input) (*Decision, error) {
	return e.evaluate(ctx, input)
}

// Document is the input as rules see it, with a record where there is one.
func Document(input Input, record clinical.Record) ast.Value {
	document := input.document().(ast.Object)
	if record != nil {
		document.Insert(ast.StringTerm("record"), ast.NewTerm(recordDocument(record)))
	}
	return document
}

// recordDocument is what a rule may know of a record: properties that are missing are not there, and a date is the first
// moment that it covers.
func recordDocument(record clinical.Record) ast.Value {
	meta := record.About()
	labels := ast.NewObject()
	for _, label := range clinical.Labels() {
		if set, known := meta.Labels.Value(label); known {
			labels.Insert(ast.StringTerm(string(label)), ast.BooleanTerm(set))
		}
	}
	object := ast.NewObject(member("kind", ast.StringTerm(record.Kind().String())),
		member("source", ast.StringTerm(string(meta.Source))), member("labels", ast.NewTerm(labels)))
	put := func(name, text string) {
		if text != "" {
			object.Insert(ast.StringTerm(name), ast.StringTerm(text))
		}
	}
	put("organisation", string(meta.Organisation.Code))
	put("publisher", string(meta.Publisher))
	put("system", string(meta.Code.System))
	put("code", string(meta.Code.Code))
	put("status", string(meta.Status))
	if !meta.Date.IsZero() {
		put("date", meta.Date.At().Format("2006-01-02T15:04:05"))
	}
	return object
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
		return rule.forKind(kind), err
	}
	return translated, func(input Input, record clinical.Record) bool {
		results, err := query.Eval(ctx, rego.EvalParsedInput(Document(input, record)))
		if err != nil {
			t.Fatal(err)
		}
		return len(results) == 1 && results[0].Expressions[0].Value == true
	}
}

// WholePolicy says in plain Rego, one record at a time, whether a record of a permitted kind is released.
func WholePolicy(t testing.TB, files fs.FS) func(Input, clinical.Record) bool {
	t.Helper()
	loaded, err := load(files)
	if err != nil {
		t.Fatal(err)
	}
	compiler, err := loaded.compile()
	if err != nil {
		t.Fatal(err)
	}
	query, err := rego.New(rego.Query(rowRule+"; "+decisionRule+".kinds[input.record.kind]"), rego.Compiler(compiler),
		rego.Store(inmem.NewFromObject(loaded.data))).PrepareForEval(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return func(input Input, record clinical.Record) bool {
		results, err := query.Eval(context.Background(), rego.EvalParsedInput(Document(input, record)))
		if err != nil {
			t.Fatal(err)
		}
		return len(results) == 1
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
			rule.forKind(kind)
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

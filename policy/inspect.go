package policy

import (
	"context"
	"fmt"
	"io/fs"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage/inmem"

	"onelondon/internal/clinical"
)

// Inspection is a policy opened for the people responsible for it. It holds an [Engine], decides like one, and can also
// explain: what every rule says about a question, and what plain Rego says about a single record. It is slow, and the
// server does not use it. It is safe for concurrent use.
type Inspection struct {
	*Engine
	bundle   *bundle
	compiler *ast.Compiler
	plain    rego.PreparedEvalQuery // whether one record is released, without partial evaluation
	whole    rego.PreparedEvalQuery // the value of every rule
}

// Inspect opens a policy like [Open], with the same faults.
func Inspect(ctx context.Context, files fs.FS, options Options) (*Inspection, error) {
	loaded, err := load(files)
	if err != nil {
		return nil, fmt.Errorf("load policy: %w", err)
	}
	return loaded.inspect(ctx, options)
}

// inspect validates, compiles and proves a policy that was read from a folder or a bundle.
func (b *bundle) inspect(ctx context.Context, options Options) (*Inspection, error) {
	if err := b.checkData(ctx); err != nil {
		return nil, fmt.Errorf("check policy data: %w", err)
	}
	compiler, err := b.compile()
	if err != nil {
		return nil, fmt.Errorf("compile policy: %w", err)
	}
	engine, err := prepare(ctx, b, compiler, options)
	if err != nil {
		return nil, fmt.Errorf("prepare policy: %w", err)
	}
	if err := engine.prove(ctx, b, compiler); err != nil {
		return nil, fmt.Errorf("prove policy: %w", err)
	}
	inspection := &Inspection{Engine: engine, bundle: b, compiler: compiler}
	if err := inspection.prepare(ctx); err != nil {
		return nil, fmt.Errorf("prepare policy: %w", err)
	}
	return inspection, nil
}

func (i *Inspection) prepare(ctx context.Context) (err error) {
	ask := func(query string) (rego.PreparedEvalQuery, error) {
		return rego.New(rego.Query(query), rego.Compiler(i.compiler), i.store(),
			rego.StrictBuiltinErrors(true), rego.Capabilities(capabilities())).PrepareForEval(ctx)
	}
	if i.plain, err = ask(rowRule + "; " + decisionRule + ".kinds[input.record.kind]"); err != nil {
		return err
	}
	i.whole, err = ask("data.onelondon")
	return err
}

// store provides the tables to a query.
func (i *Inspection) store() func(*rego.Rego) { return rego.Store(inmem.NewFromObject(i.bundle.data)) }

// Tables are the policy's data as rules see them, by the name of the table. They must not be changed.
func (i *Inspection) Tables() map[string]any { return i.bundle.data }

// Releases reports whether input gets record, according to plain Rego that sees the one record and uses no conditions.
// The result must agree with the condition of [Engine.Decide].
func (i *Inspection) Releases(ctx context.Context, input Input, record clinical.Record) (bool, error) {
	results, err := i.plain.Eval(ctx, rego.EvalParsedInput(input.documentWith(record, i.lists)))
	if err != nil {
		return false, fmt.Errorf("decide one record: %w", err)
	}
	return len(results) == 1, nil
}

// Values are the values of all rules of the policy for input, by package and rule. A rule that does not hold is absent;
// so is a rule about single records, unless it holds for every record.
func (i *Inspection) Values(ctx context.Context, input Input) (map[string]any, error) {
	results, err := i.whole.Eval(ctx, rego.EvalParsedInput(input.document()))
	if err != nil {
		return nil, fmt.Errorf("evaluate every rule: %w", err)
	}
	if len(results) != 1 {
		return map[string]any{}, nil
	}
	values, _ := results[0].Expressions[0].Value.(map[string]any)
	return values, nil
}

// documentWith is the input together with one record, as a rule about single records sees it.
func (i Input) documentWith(record clinical.Record, lists categoryLists) ast.Value {
	document := i.document().(ast.Object)
	document.Insert(ast.StringTerm("record"), ast.NewTerm(recordDocument(record, lists)))
	return document
}

// recordDocument is what a rule may know about a record: missing properties are absent, a date is the first moment it
// covers, and labels of categories take the codes into account.
func recordDocument(record clinical.Record, lists categoryLists) ast.Value {
	meta := record.About()
	labels := ast.NewObject()
	for _, label := range clinical.Labels() {
		if set, known := lists.label(record, label); known {
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

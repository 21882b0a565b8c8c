package plain

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage/inmem"

	"onelondon/internal/clinical"
	"onelondon/policy"
)

// Policy is a policy as OPA itself reads it.
type Policy struct {
	decision, released rego.PreparedEvalQuery
	lists              lists
}

// Open reads the folders rego and data of a policy. It checks nothing: that is the engine's to do.
func Open(ctx context.Context, files fs.FS) (*Policy, error) {
	modules, data := map[string]*ast.Module{}, map[string]any{}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(name, "_test.rego") {
			return err
		}
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		switch {
		case path.Ext(name) == ".rego":
			modules[name], err = ast.ParseModuleWithOpts(name, string(content), ast.ParserOptions{RegoVersion: ast.RegoV1})
		case strings.HasPrefix(name, "data/"):
			err = table(data, name, content)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read policy: %w", err)
	}
	compiler := ast.NewCompiler()
	if compiler.Compile(modules); compiler.Failed() {
		return nil, fmt.Errorf("compile policy: %w", compiler.Errors)
	}
	p := &Policy{lists: readLists(data)}
	for query, into := range map[string]*rego.PreparedEvalQuery{
		"data.onelondon.decision.decision": &p.decision, "data.onelondon.rows.released": &p.released,
	} {
		if *into, err = rego.New(rego.Query(query), rego.Compiler(compiler), rego.Store(inmem.NewFromObject(data))).PrepareForEval(ctx); err != nil {
			return nil, fmt.Errorf("prepare %s: %w", query, err)
		}
	}
	return p, nil
}

// table adds a data file under its name. One whose only key is its own name holds the table under it.
func table(data map[string]any, name string, content []byte) error {
	var document any
	if err := yaml.Unmarshal(content, &document); err != nil {
		return err
	}
	key := strings.TrimSuffix(path.Base(name), path.Ext(name))
	if whole, ok := document.(map[string]any); ok && len(whole) == 1 && whole[key] != nil {
		document = whole[key]
	}
	data[key] = document
	return nil
}

// Asked is one caller's question about one person.
type Asked struct {
	Permitted, Hidden bool
	Kinds             map[string][]string // the kinds that may be shown, with the names of the fields that may not
	Untold            map[string][]string // and those that may only where the record says that the person was told
	policy            *Policy
	input             ast.Object
}

// Ask decides what does not depend on single records.
func (p *Policy) Ask(ctx context.Context, input policy.Input) (*Asked, error) {
	asked := &Asked{policy: p, input: document(input), Kinds: map[string][]string{}, Untold: map[string][]string{}}
	results, err := p.decision.Eval(ctx, rego.EvalParsedInput(asked.input))
	if err != nil || len(results) != 1 {
		return nil, fmt.Errorf("%d decisions: %w", len(results), err)
	}
	decision := results[0].Expressions[0].Value.(map[string]any)
	asked.Permitted, _ = decision["permitted"].(bool)
	asked.Hidden, _ = decision["hide"].(bool)
	kinds, _ := decision["kinds"].(map[string]any)
	for kind, row := range kinds {
		fields, _ := row.(map[string]any)["masked"].([]any)
		asked.Kinds[kind] = []string{}
		for _, field := range fields {
			asked.Kinds[kind] = append(asked.Kinds[kind], field.(string))
		}
		untold, _ := row.(map[string]any)["untold"].([]any)
		for _, field := range untold {
			asked.Untold[kind] = append(asked.Untold[kind], field.(string))
		}
	}
	return asked, nil
}

// LeftOut names the fields that may not be shown of a record.
func (a *Asked) LeftOut(record clinical.Record) []string {
	kind := record.Kind().String()
	if told, known := record.About().Labels.Value(clinical.LabelPrognosisTold); told && known {
		return a.Kinds[kind]
	}
	return append(append([]string{}, a.Kinds[kind]...), a.Untold[kind]...)
}

// Releases decides about one record.
func (a *Asked) Releases(ctx context.Context, record clinical.Record) (bool, error) {
	if _, shown := a.Kinds[record.Kind().String()]; !a.Permitted || !shown {
		return false, nil
	}
	whole := ast.NewObject()
	a.input.Foreach(func(key, value *ast.Term) { whole.Insert(key, value) })
	whole.Insert(ast.StringTerm("record"), ast.NewTerm(a.policy.lists.record(record)))
	results, err := a.policy.released.Eval(ctx, rego.EvalParsedInput(whole))
	if err != nil {
		return false, fmt.Errorf("decide about a record: %w", err)
	}
	return len(results) == 1 && results[0].Expressions[0].Value == true, nil
}

// Document shows what the rules were told of the question, and of a record if one is given.
func (a *Asked) Document(record clinical.Record) string {
	if record == nil {
		return a.input.String()
	}
	return a.input.String() + "\n" + a.policy.lists.record(record).String()
}

// Label says whether a record by itself carries a label, and whether anybody knows.
func (p *Policy) Label(record clinical.Record, label clinical.Label) (set, known bool) {
	return p.lists.label(record, label)
}

package mutants_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/goccy/go-yaml"
	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/tester"

	"onelondon/policy"
	"onelondon/policy/casebook"
)

// verdict is who noticed a mutant.
type verdict string

const (
	survived verdict = "survived"
	unborn   verdict = "unborn" // it does not compile, which proves nothing
	refused  verdict = "refused by the engine"
	tested   verdict = "a Rego test fails"
	decided  verdict = "a case does not come out"
)

// notice tries what governance tries before a policy is used, the cheapest first.
type notice struct {
	files   fstest.MapFS
	modules map[string]*ast.Module
	data    map[string]any
	cases   []casebook.Case
	listed  []casebook.Case // which hold where codes are listed in files
}

func newNotice(t *testing.T) *notice {
	t.Helper()
	n := &notice{files: fstest.MapFS{}, modules: map[string]*ast.Module{}, data: map[string]any{}}
	err := fs.WalkDir(policy.Embedded(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(policy.Embedded(), name)
		if err != nil {
			return err
		}
		n.files[name] = &fstest.MapFile{Data: content}
		return understand(name, content, n.modules, n.data)
	})
	if err != nil {
		t.Fatal(err)
	}
	if n.cases, err = casebook.Read(policy.Embedded()); err != nil {
		t.Fatal(err)
	}
	if n.listed, err = casebook.Read(os.DirFS("testdata/listed")); err != nil || len(n.listed) == 0 {
		t.Fatal(err, len(n.listed))
	}
	return n
}

// understand reads a rule or a table.
func understand(name string, content []byte, modules map[string]*ast.Module, data map[string]any) error {
	switch {
	case path.Ext(name) == ".rego":
		module, err := ast.ParseModuleWithOpts(name, string(content), ast.ParserOptions{RegoVersion: ast.RegoV1})
		modules[name] = module
		return err
	case strings.HasPrefix(name, "data/"):
		var whole map[string]any
		if err := yaml.Unmarshal(content, &whole); err != nil {
			return err
		}
		for key, value := range whole {
			data[key] = value
		}
	}
	return nil
}

// judge lets everybody look at a mutant until somebody notices.
func (n *notice) judge(ctx context.Context, m *mutant) (verdict, string) {
	modules, data := make(map[string]*ast.Module, len(n.modules)), make(map[string]any, len(n.data))
	for name, module := range n.modules {
		modules[name] = module.Copy()
	}
	for key, table := range n.data {
		data[key] = table
	}
	if err := understand(m.file, m.content, modules, data); err != nil {
		return unborn, err.Error()
	}
	compiler := ast.NewCompiler()
	if compiler.Compile(modules); compiler.Failed() {
		return unborn, compiler.Errors.Error()
	}
	if failed := failing(ctx, compiler, data); failed != "" {
		return tested, failed
	}
	return n.decide(ctx, m)
}

// failing names a Rego test that does not pass.
func failing(ctx context.Context, compiler *ast.Compiler, data map[string]any) string {
	results, err := tester.NewRunner().SetCompiler(compiler).SetStore(inmem.NewFromObject(data)).RaiseBuiltinErrors(true).
		SetModules(compiler.Modules).RunTests(ctx, nil)
	if err != nil {
		return err.Error()
	}
	failed := ""
	for result := range results {
		if !result.Pass() {
			failed = result.Name
		}
	}
	return failed
}

// decide opens the mutant as the server would and tries the cases.
func (n *notice) decide(ctx context.Context, m *mutant) (verdict, string) {
	files := fstest.MapFS{}
	for name, file := range n.files {
		files[name] = file
	}
	files[m.file] = &fstest.MapFile{Data: m.content}
	for _, with := range []struct {
		codelists fs.FS
		cases     []casebook.Case
	}{{nil, n.cases}, {os.DirFS("testdata/codelists"), n.listed}} {
		engine, err := policy.Open(ctx, files, policy.Options{Codelists: with.codelists})
		if err != nil {
			return refused, err.Error()
		}
		for i := range with.cases {
			differences, err := with.cases[i].Try(ctx, engine)
			if err != nil || len(differences) > 0 {
				return decided, fmt.Sprint(with.cases[i].Title, differences, err)
			}
		}
		if glass := engine.Emergency(); glass != brokenGlass() {
			return decided, fmt.Sprintf("the glass is broken otherwise: %+v", glass)
		}
	}
	return survived, ""
}

// brokenGlass is how long the glass stays broken, and what a reason is, as was agreed; the gate goes by it, and no rule.
func brokenGlass() policy.Emergency {
	return policy.Emergency{Minutes: 60, MostMinutes: 240, ReasonCharacters: 10}
}

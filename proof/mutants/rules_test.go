package mutants_test

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/format"

	"onelondon/policy"
)

// mutant is a policy that is broken in one place.
type mutant struct {
	file string
	line int    // 0 in a table
	rule string // or the place in a table
	what string
	// content is the file as it is broken.
	content []byte
}

// key tells mutants apart without line numbers, which move.
func (m *mutant) key() string { return m.file + ": " + m.rule + ": " + m.what }

// rules breaks every rule of the policy that ships.
func rules(t *testing.T) []mutant {
	t.Helper()
	var all []mutant
	err := fs.WalkDir(policy.Embedded(), "rego", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(name, "_test.rego") {
			return err
		}
		for i := range pointsOf(parse(t, name)) {
			module := parse(t, name) // fresh, since a point changes it
			at := pointsOf(module)[i]
			at.do()
			module.Comments, module.Annotations = nil, nil // they might stand above a rule that is gone
			content, err := format.Ast(module)
			if err != nil {
				t.Fatalf("%s:%d %s: %v", name, at.line, at.what, err)
			}
			all = append(all, mutant{name, at.line, at.rule, at.what, content})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func parse(t *testing.T, name string) *ast.Module {
	t.Helper()
	content, err := fs.ReadFile(policy.Embedded(), name)
	if err != nil {
		t.Fatal(err)
	}
	module, err := ast.ParseModuleWithOpts(name, string(content), ast.ParserOptions{RegoVersion: ast.RegoV1})
	if err != nil {
		t.Fatal(err)
	}
	return module
}

package mutants_test

import (
	"fmt"
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
	nth     int // of those that are alike
}

// key tells mutants apart without line numbers, which move. Of those alike the second and later ones are numbered.
func (m *mutant) key() string {
	key := m.file + ": " + m.rule + ": " + m.what
	if m.nth > 1 {
		key = fmt.Sprintf("%s (%d)", key, m.nth)
	}
	return key
}

// number numbers mutants that are alike in all but their line.
func number(all []mutant) []mutant {
	alike := map[string]int{}
	for i := range all {
		key := all[i].key()
		alike[key]++
		all[i].nth = alike[key]
	}
	return all
}

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
			all = append(all, mutant{name, at.line, at.rule, at.what, content, 0})
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

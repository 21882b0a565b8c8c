package check

import (
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// rules are the files of a policy's rules. A file that cannot be parsed is left out here, and reported by the compiler.
type rules struct {
	all     []string // every file, in order
	sources map[string][]byte
	modules map[string]*ast.Module // by file, tests among them
}

// read reads every rule and every test of a rule.
func (r *run) read() {
	r.rules = &rules{sources: map[string][]byte{}, modules: map[string]*ast.Module{}}
	err := fs.WalkDir(r.files, "rego", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != ".rego" {
			return err
		}
		source, err := fs.ReadFile(r.files, name)
		if err != nil {
			return err
		}
		r.rules.all = append(r.rules.all, name)
		r.rules.sources[name] = source
		module, err := ast.ParseModuleWithOpts(name, string(source), ast.ParserOptions{ProcessAnnotation: true, RegoVersion: ast.RegoV1})
		if err == nil {
			r.rules.modules[name] = module
		} else if isTest(name) { // the server never reads tests, so the compiler does not report it
			r.found(StepTests, err)
		}
		return nil
	})
	r.found(StepFormat, err)
}

func isTest(name string) bool { return strings.HasSuffix(name, "_test.rego") }

// parsed lists the files that could be parsed: rules or tests.
func (r *rules) parsed(tests bool) []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(r.modules)) {
		if isTest(name) == tests {
			names = append(names, name)
		}
	}
	return names
}

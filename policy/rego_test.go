package policy_test

import (
	"context"
	"io/fs"
	"path"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/cover"
	"github.com/open-policy-agent/opa/v1/format"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/tester"

	"onelondon/policy"
)

// The rules' own tests, in Rego beside each rule, pass and leave no line of any rule unvisited.
func TestRegoTestsPassAndCoverEveryRule(t *testing.T) {
	modules := parseRules(t)
	coverage := cover.New()
	runner := tester.NewRunner().SetStore(inmem.NewFromObject(policy.Data(t, policy.Embedded()))).
		SetCoverageQueryTracer(coverage).RaiseBuiltinErrors(true)
	results, err := runner.SetModules(modules).RunTests(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	passed := 0
	for result := range results {
		if !result.Pass() {
			t.Errorf("%s", result)
			continue
		}
		passed++
	}
	if passed < 40 {
		t.Errorf("%d Rego tests passed, expected at least 40: were they found?", passed)
	}
	rules := map[string]*ast.Module{}
	for name, module := range modules {
		if !strings.HasSuffix(name, "_test.rego") {
			rules[name] = module
		}
	}
	report := coverage.Report(rules)
	if report.CoveredLines == 0 || report.NotCoveredLines != 0 {
		t.Errorf("%d lines covered and %d not", report.CoveredLines, report.NotCoveredLines)
	}
	for name, file := range report.Files {
		for _, missed := range file.NotCovered {
			t.Errorf("%s:%d to %d is not covered", name, missed.Start.Row, missed.End.Row)
		}
	}
}

func TestRulesKeepTheHouseStyle(t *testing.T) {
	files := policy.Embedded()
	for name, module := range parseRules(t) {
		source, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		formatted, err := format.SourceWithOpts(name, source, format.Opts{RegoVersion: ast.RegoV1})
		if err != nil || string(formatted) != string(source) {
			t.Errorf("%s is not formatted as opa fmt does: %v", name, err)
		}
		want := "data.onelondon." + path.Base(path.Dir(name))
		if strings.HasSuffix(name, "_test.rego") {
			want += "_test"
		} else if _, err := fs.Stat(files, strings.TrimSuffix(name, ".rego")+"_test.rego"); err != nil {
			t.Errorf("%s has no test beside it", name)
		}
		if got := module.Package.Path.String(); got != want {
			t.Errorf("%s is package %s, its folder says %s", name, got, want)
		}
	}
}

func TestEveryPublicRuleSaysWhatItIsForAndWhoAskedForIt(t *testing.T) {
	modules := parseRules(t)
	var list []*ast.Module
	for name, module := range modules {
		if !strings.HasSuffix(name, "_test.rego") {
			list = append(list, module)
		}
	}
	annotations, errs := ast.BuildAnnotationSet(list)
	if errs != nil {
		t.Fatal(errs)
	}
	entrypoints := 0
	for _, module := range list {
		if about := annotations.GetPackageScope(module.Package); about == nil || about.Title == "" || about.Description == "" {
			t.Errorf("%s has no title and description", module.Package)
		}
		for _, rule := range module.Rules {
			if strings.HasPrefix(string(rule.Head.Name), "_") {
				continue
			}
			about := annotations.GetDocumentScope(rule.Ref().GroundPrefix())
			if own := annotations.GetRuleScope(rule); len(own) > 0 {
				about = own[0]
			}
			if about == nil || about.Title == "" || about.Description == "" || about.Custom["expectation"] == nil {
				t.Errorf("%s: rule %s lacks METADATA with title, description and custom.expectation", rule.Location, rule.Head.Name)
				continue
			}
			if about.Entrypoint {
				entrypoints++
			}
		}
	}
	if entrypoints != 3 { // a person's record, a study, oversight
		t.Errorf("%d entrypoints, expected three", entrypoints)
	}
}

func TestRulesCannotReachOutsideOrTellTheTime(t *testing.T) {
	allowed := map[string]bool{}
	for _, builtin := range policy.Capabilities().Builtins {
		allowed[builtin.Name] = true
	}
	for _, name := range []string{"http.send", "net.lookup_ip_addr", "time.now_ns", "rand.intn", "uuid.rfc4122", "opa.runtime",
		"io.jwt.decode_verify", "trace", "print"} {
		if allowed[name] {
			t.Errorf("policy may call %s", name)
		}
	}
	if hosts := policy.Capabilities().AllowNet; hosts == nil || len(hosts) > 0 {
		t.Errorf("policy and its schemas may reach %v; nil is everything", hosts)
	}
	if !allowed["eq"] || !allowed["internal.member_2"] {
		t.Error("policy cannot even compare")
	}
}

// parseRules reads every rule and every test of a rule.
func parseRules(t testing.TB) map[string]*ast.Module {
	t.Helper()
	modules := map[string]*ast.Module{}
	files := policy.Embedded()
	err := fs.WalkDir(files, "rego", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		source, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		modules[name], err = ast.ParseModuleWithOpts(name, string(source),
			ast.ParserOptions{ProcessAnnotation: true, RegoVersion: ast.RegoV1})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return modules
}

// open opens files and fails the test where they are refused.
func open(t testing.TB, files fs.FS) *policy.Engine {
	t.Helper()
	engine, err := policy.Open(context.Background(), files, policy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return engine
}

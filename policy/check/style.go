package check

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/format"

	"onelondon/policy/casebook"
	"onelondon/policy/handbook"
)

// format finds files that opa fmt would change, at the first line that differs.
func (r *run) format() {
	for _, name := range r.rules.all {
		source := r.rules.sources[name]
		formatted, err := format.SourceWithOpts(name, source, format.Opts{RegoVersion: ast.RegoV1})
		if err != nil || bytes.Equal(formatted, source) {
			continue // reported by the compiler
		}
		r.find(StepFormat, name, firstDifference(source, formatted), "not written as opa fmt writes it", "run opa fmt --write on the file")
	}
	r.count(StepFormat, len(r.rules.all), "files of rules and tests")
}

// firstDifference is the first line of a that is not the same in b.
func firstDifference(a, b []byte) int {
	left, right := bytes.Split(a, []byte("\n")), bytes.Split(b, []byte("\n"))
	for i := range left {
		if i >= len(right) || !bytes.Equal(left[i], right[i]) {
			return i + 1
		}
	}
	return len(left)
}

// style finds rules that do not say what they are for, and files that are not where a reader would look for them.
func (r *run) style() {
	var modules []*ast.Module
	for _, name := range r.rules.parsed(false) {
		modules = append(modules, r.rules.modules[name])
	}
	annotations, errs := ast.BuildAnnotationSet(modules)
	for _, err := range errs {
		r.compilerFault(StepStyle, err)
	}
	public, entrypoints := 0, 0
	for _, name := range r.rules.parsed(false) {
		module := r.rules.modules[name]
		r.place(name, module)
		r.packageStyle(name, module, annotations)
		for _, rule := range module.Rules {
			if strings.HasPrefix(string(rule.Head.Name), "_") {
				continue
			}
			public++
			if about := r.ruleStyle(name, rule, annotations); about != nil && about.Entrypoint {
				entrypoints++
			}
		}
	}
	for _, name := range r.rules.parsed(true) {
		r.place(name, r.rules.modules[name])
	}
	if entrypoints == 0 {
		r.find(StepStyle, "rego", 0, "no rule is an entrypoint", "mark the rule that decides with entrypoint: true in its METADATA")
	}
	r.count(StepStyle, public, "public rules")
}

// place finds packages not named after their folders, and rules without tests or a page of cases.
func (r *run) place(name string, module *ast.Module) {
	folder := path.Base(path.Dir(name))
	want := "data.onelondon." + folder
	if isTest(name) {
		want += "_test"
	}
	if got := module.Package.Path.String(); got != want {
		r.find(StepStyle, name, module.Package.Location.Row, fmt.Sprintf("the package is %s, and its folder says %s", strings.TrimPrefix(got, "data."), strings.TrimPrefix(want, "data.")),
			"name the package for its folder")
	}
	if isTest(name) {
		return
	}
	if _, err := fs.Stat(r.files, strings.TrimSuffix(name, ".rego")+"_test.rego"); err != nil {
		r.find(StepStyle, name, 0, "there is no test beside it", "write "+strings.TrimSuffix(path.Base(name), ".rego")+"_test.rego")
	}
	page := path.Join(casebook.Folder, folder+".yaml")
	if _, err := fs.Stat(r.files, page); err != nil && !putsTogether(folder) {
		r.find(StepStyle, name, 0, "there is no page of cases about "+folder, "write "+page+": who asks, why, about whom, and what should come of it")
	}
}

// putsTogether reports whether a topic only combines the others, so that all their cases are cases of it.
func putsTogether(topic string) bool { return topic == "decision" || topic == "rows" }

func (r *run) packageStyle(name string, module *ast.Module, annotations *ast.AnnotationSet) {
	if about := annotations.GetPackageScope(module.Package); about == nil || about.Title == "" || about.Description == "" {
		r.find(StepStyle, name, module.Package.Location.Row, "the package does not say what it is about",
			"write METADATA with title and description above the package")
	}
}

// ruleStyle finds public rules that do not say what they are for and who asked for them. It returns the rule's
// expectation.
func (r *run) ruleStyle(name string, rule *ast.Rule, annotations *ast.AnnotationSet) *ast.Annotations {
	about := annotations.GetDocumentScope(rule.Ref().GroundPrefix())
	if own := annotations.GetRuleScope(rule); len(own) > 0 {
		about = own[0]
	}
	missing := []string{}
	switch {
	case about == nil:
		missing = append(missing, "METADATA with title, description and custom.expectation")
	default:
		for _, each := range []struct {
			name    string
			missing bool
		}{{"title", about.Title == ""}, {"description", about.Description == ""}, {"custom.expectation", about.Custom["expectation"] == nil}} {
			if each.missing {
				missing = append(missing, each.name)
			}
		}
	}
	if len(missing) > 0 {
		r.find(StepStyle, name, rule.Location.Row, fmt.Sprintf("the rule %s lacks %s", rule.Head.Name, strings.Join(missing, ", ")),
			"say above it what it is for and which expectation or law asks for it, or mark it private with _")
	}
	return about
}

// expectations finds references to unknown expectations.
func (r *run) expectations() {
	if r.inspection == nil {
		return
	}
	unknown, err := handbook.Unknown(r.inspection.Topics())
	r.found(StepStyle, err)
	for _, each := range unknown {
		ref, reference, _ := strings.Cut(each, ": ")
		if rule, known := r.inspection.Rule(ref); known {
			r.find(StepStyle, rule.File, rule.Line, "the rule "+rule.Name+" serves "+reference+", which nobody knows",
				"name an expectation from CS-1 to CS-15, a source of the handbook, or a law with its year")
		}
	}
}

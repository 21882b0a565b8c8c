package check

import (
	"context"
	"fmt"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/cover"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/tester"

	"onelondon/internal/clinical"
	"onelondon/policy"
	"onelondon/policy/casebook"
)

// tests runs the rules' own tests and finds the lines that none of them visits.
func (r *run) tests(ctx context.Context) {
	if r.inspection == nil {
		r.notRun(StepTests, "tests")
		r.notRun(StepCoverage, "lines of rules")
		return
	}
	coverage := cover.New()
	passed, err := r.runTests(ctx, coverage)
	r.found(StepTests, err)
	r.count(StepTests, passed, "tests passed")
	rules := map[string]*ast.Module{}
	for _, name := range r.rules.parsed(false) {
		rules[name] = r.rules.modules[name]
	}
	report := coverage.Report(rules)
	for name, file := range report.Files {
		for _, missed := range file.NotCovered {
			lines := fmt.Sprintf("line %d is", missed.Start.Row)
			if missed.End.Row > missed.Start.Row {
				lines = fmt.Sprintf("lines %d to %d are", missed.Start.Row, missed.End.Row)
			}
			r.find(StepCoverage, name, missed.Start.Row, lines+" visited by no test", "write a test in which the rule holds, or take the rule out")
		}
	}
	r.count(StepCoverage, report.CoveredLines, "lines of rules visited by tests")
}

// runTests runs every test and returns how many passed.
func (r *run) runTests(ctx context.Context, coverage *cover.Cover) (passed int, err error) {
	compiler := ast.NewCompiler().WithCapabilities(policy.Capabilities())
	runner := tester.NewRunner().SetCompiler(compiler).SetStore(inmem.NewFromObject(r.inspection.Tables())).
		SetCoverageQueryTracer(coverage).RaiseBuiltinErrors(true)
	modules := make(map[string]*ast.Module, len(r.rules.modules))
	for name, module := range r.rules.modules {
		modules[name] = module.Copy()
	}
	results, err := runner.SetModules(modules).RunTests(ctx, nil)
	if err != nil {
		return 0, err
	}
	for result := range results {
		switch {
		case result.Pass() && !result.Skip:
			passed++
		case result.Skip:
			r.find(StepTests, result.Location.File, result.Location.Row, "the test "+inSentence(result.Name)+" is skipped",
				"write test_ before its name, not todo_test_")
		case result.Error != nil:
			r.find(StepTests, result.Location.File, result.Location.Row, "the test "+inSentence(result.Name)+" ends with an error: "+result.Error.Error(), "")
		default:
			line := result.Location.Row
			if result.FailedAt != nil && result.FailedAt.Location != nil {
				line = result.FailedAt.Location.Row
			}
			r.find(StepTests, result.Location.File, line, "the test "+inSentence(result.Name)+" does not hold",
				"decide which of the two is right, the rule or the test")
		}
	}
	return passed, nil
}

// inSentence is the name of a test as a sentence.
func inSentence(name string) string {
	return `"` + strings.ReplaceAll(strings.TrimPrefix(name, "test_"), "_", " ") + `"`
}

// cases tries the policy on every case.
func (r *run) cases(ctx context.Context) {
	cases, err := casebook.Read(r.files)
	r.found(StepCases, err)
	if err == nil && len(cases) == 0 {
		r.find(StepCases, casebook.Folder, 0, "there are no cases", "write what should happen before you write the rule")
	}
	if r.inspection == nil {
		r.notRun(StepCases, "cases")
		return
	}
	tried, visited := 0, map[string]bool{}
	for i := range cases {
		c := &cases[i]
		differences, err := c.Try(ctx, r.inspection.Engine)
		r.found(StepCases, err)
		if !r.bare {
			r.found(StepCases, r.visit(ctx, c, visited))
		}
		r.differ(c.File, c.Line, c.Title, differences)
		tried++
	}
	tried += r.otherCases(ctx)
	if !r.bare {
		r.unvisited(visited)
	}
	r.count(StepCases, tried, "cases")
}

// otherCases tries the cases about oversight and about studies, and returns their number.
func (r *run) otherCases(ctx context.Context) int {
	oversight, err := casebook.ReadOversight(r.files)
	r.found(StepCases, err)
	for i := range oversight {
		c := &oversight[i]
		differences, err := c.Try(ctx, r.inspection.Engine)
		r.found(StepCases, err)
		r.differ(c.File, c.Line, c.Title, differences)
	}
	studies, err := casebook.ReadStudies(r.files)
	r.found(StepCases, err)
	for i := range studies {
		c := &studies[i]
		differences, err := c.Try(ctx, r.inspection.Engine)
		r.found(StepCases, err)
		r.differ(c.File, c.Line, c.Title, differences)
	}
	return len(oversight) + len(studies)
}

func (r *run) differ(file string, line int, title string, differences []string) {
	if len(differences) > 0 {
		r.find(StepCases, file, line, title+": "+strings.Join(differences, "; "), "decide which of the two is right, the policy or the case")
	}
}

// visit notes the topics whose rules a case uses: in its decision, and for a record of the caller's own organisation
// and one of another.
func (r *run) visit(ctx context.Context, c *casebook.Case, visited map[string]bool) error {
	input := c.Input()
	records := []clinical.Record{nil}
	for _, organisation := range []string{input.Organisation, "ELSEWHERE"} {
		record := clinical.KindCondition.Descriptor().New()
		record.About().Organisation.Code = clinical.Text(organisation)
		for _, label := range clinical.Labels() {
			record.About().Labels.Put(label, false)
		}
		records = append(records, record)
	}
	for _, record := range records {
		fired, err := r.inspection.Fired(ctx, input, record)
		if err != nil {
			return err
		}
		for _, ref := range fired {
			topic, _, _ := strings.Cut(ref, ".")
			visited[topic] = true
		}
	}
	return nil
}

// unvisited finds topics on which a decision depends but that no case uses.
func (r *run) unvisited(visited map[string]bool) {
	for _, topic := range r.inspection.Topics() {
		if r.inspection.Decides(topic.Name) && !visited[topic.Name] {
			r.find(StepCases, topic.File, topic.Line, "no case comes to a rule of "+topic.Name,
				"write a page of cases about it, with one in which its rules matter")
		}
	}
}

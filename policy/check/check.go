package check

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"slices"

	"onelondon/policy"
)

// Options changes what is looked at; the zero value is good.
type Options struct {
	Seed      uint64 // of the random decisions; 0 draws one
	Decisions int    // how many random decisions about single records; 0 means 5,000
	Codelists fs.FS  // folder of code lists, which are looked over too; nil for none
}

// Report is what was looked at and what was found.
type Report struct {
	Findings []Finding `json:"findings"` // in order of file and line; empty, not null, where all is well
	Notes    []Note    `json:"notes"`    // what is no fault and should be known: which codes the categories go by, what costs time
	Counts   []Count   `json:"counts"`   // in the order in which the steps ran
	Revision string    `json:"revision"` // of the policy; empty where it does not compile
	Seed     uint64    `json:"seed"`     // of the random decisions, to repeat them
}

// Count is how much one step looked at.
type Count struct {
	Step   Step   `json:"step"`
	Seen   int    `json:"seen"`
	Of     string `json:"of"`     // what was counted: "files", "cases"
	NotRun bool   `json:"notRun"` // the step needs a policy that compiles, and this one does not
}

// Step is one thing that is looked at.
type Step string

// The steps, in the order in which they run.
const (
	StepFormat    Step = "format"    // every rule as opa fmt writes it
	StepStyle     Step = "style"     // titles, expectations, folders, tests and cases beside the rules
	StepCompile   Step = "compile"   // strict schemas, allowed functions, tables, and the fragment that databases understand
	StepTests     Step = "tests"     // the rules' own tests
	StepCoverage  Step = "coverage"  // every line of every rule visited by a test
	StepCases     Step = "cases"     // the decisions that governance wrote down
	StepCodes     Step = "codes"     // the codes that make a record sensitive
	StepAgreement Step = "agreement" // conditions and plain Rego release the same random records
)

// run is one look at one policy.
type run struct {
	files      fs.FS
	options    Options
	rules      *rules
	inspection *policy.Inspection // nil where the policy does not compile
	report     *Report
	bare       bool // cases are decided, and nobody asks which rules they come to
}

// Run looks the policy in files over. Files holds the folders rego, data, schema and cases.
func Run(ctx context.Context, files fs.FS, options Options) *Report {
	if options.Seed == 0 {
		options.Seed = rand.Uint64()
	}
	options.Decisions = cmp.Or(options.Decisions, 5000)
	r := &run{files: files, options: options, report: &Report{Findings: []Finding{}, Notes: []Note{}, Seed: options.Seed}}
	r.read()
	r.format()
	r.style()
	r.compile(ctx)
	r.tests(ctx)
	r.cases(ctx)
	r.codes()
	r.agreement(ctx)
	slices.SortStableFunc(r.report.Findings, Finding.compare)
	r.report.Findings = slices.Compact(r.report.Findings)
	return r.report
}

// Cases looks at nothing but what a bundle must not be built without: that the policy in files compiles and decides its cases as they are
// written.
func Cases(ctx context.Context, files fs.FS, options Options) *Report {
	r := &run{files: files, options: options, report: &Report{Findings: []Finding{}, Notes: []Note{}}, bare: true}
	r.read()
	r.compile(ctx)
	r.cases(ctx)
	slices.SortStableFunc(r.report.Findings, Finding.compare)
	r.report.Findings = slices.Compact(r.report.Findings)
	return r.report
}

// compile opens the policy as the server would, with all its proofs. Where only the code lists are at fault, the other steps go on
// without them.
func (r *run) compile(ctx context.Context) {
	inspection, err := policy.Inspect(ctx, r.files, policy.Options{Codelists: r.options.Codelists})
	r.found(StepCompile, err)
	if err != nil && r.options.Codelists != nil {
		inspection, err = policy.Inspect(ctx, r.files, policy.Options{})
	}
	if err == nil {
		r.inspection, r.report.Revision = inspection, inspection.Revision()
		r.apart()
	}
	tables, _ := fs.Glob(r.files, "data/*") // the pattern is good
	r.expectations()
	r.count(StepCompile, len(r.rules.parsed(false)), fmt.Sprintf("files of rules, and %d tables", len(tables)))
}

// apart notes what costs time and is no fault: rules because of which each organisation is decided for by itself.
func (r *run) apart() {
	for _, place := range r.inspection.Apart() {
		r.note(Finding{File: place.File, Line: place.Line}.Place(), "slower, and no fault: "+place.Message+"; "+place.Advice)
	}
}

func (r *run) count(step Step, seen int, of string) {
	r.report.Counts = append(r.report.Counts, Count{Step: step, Seen: seen, Of: of})
}

func (r *run) notRun(step Step, of string) {
	r.report.Counts = append(r.report.Counts, Count{Step: step, Of: of, NotRun: true})
}

package check

import (
	"cmp"
	"errors"
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"onelondon/policy"
)

// Finding is one thing that must be corrected.
type Finding struct {
	Step    Step   `json:"step"`
	File    string `json:"file"`           // path inside the policy's folder; empty if it concerns the whole
	Line    int    `json:"line,omitempty"` // 0 if it does not concern a single line
	Message string `json:"message"`
	Advice  string `json:"advice,omitempty"` // what the author can do
}

// Place is the finding's file and line in the form that editors understand.
func (f Finding) Place() string {
	if f.Line > 0 {
		return f.File + ":" + strconv.Itoa(f.Line)
	}
	return f.File
}

func (f Finding) compare(other Finding) int {
	return cmp.Or(strings.Compare(f.File, other.File), cmp.Compare(f.Line, other.Line), strings.Compare(f.Message, other.Message))
}

func (r *run) find(step Step, file string, line int, message, advice string) {
	r.report.Findings = append(r.report.Findings, Finding{step, file, line, message, advice})
}

// found records every fault in err, which may contain several, each with its place if it has one.
func (r *run) found(step Step, err error) {
	if err != nil && !r.placed(step, err) {
		r.find(step, "", 0, err.Error(), "")
	}
}

// placed records the faults that know their place, however deeply they are wrapped. It reports whether there was one.
func (r *run) placed(step Step, err error) bool {
	switch fault := err.(type) {
	case nil:
		return false
	case *policy.Fault:
		r.find(step, fault.File, fault.Line, fault.Message, fault.Advice)
		return true
	case *ast.Error:
		r.compilerFault(step, fault)
		return true
	case ast.Errors:
		for _, each := range fault {
			r.compilerFault(step, each)
		}
		return len(fault) > 0
	case interface{ Unwrap() []error }:
		for _, each := range fault.Unwrap() {
			r.found(step, each)
		}
		return true
	}
	return r.placed(step, errors.Unwrap(err))
}

// compilerFault records an error of OPA's compiler.
func (r *run) compilerFault(step Step, fault *ast.Error) {
	file, line := "", 0
	if fault.Location != nil {
		file, line = fault.Location.File, fault.Location.Row
	}
	advice := compilerAdvice[fault.Code]
	if strings.HasPrefix(fault.Message, "undefined function") {
		advice = "a policy may not call it: a decision depends on its input and its tables alone, not on clocks, networks or chance"
	}
	r.find(step, file, line, fault.Message, advice)
}

// compilerAdvice says what to do about the codes of OPA's compiler.
var compilerAdvice = map[string]string{
	ast.ParseErr:     "Rego could not be read from here on; look for a missing brace, quote or comma on this line or the one before",
	ast.CompileErr:   "look for an import or a variable that nothing uses, or a name that is used twice",
	ast.TypeErr:      "the name is not in the schema, is written otherwise there, or has another type; see schema/",
	ast.UnsafeVarErr: "the name gets no value; look for a misspelt name, or a missing import or some",
	ast.RecursionErr: "the rule leads back to itself; take the common part out into a rule of its own",
	ast.FormatErr:    "run opa fmt on the file",
}

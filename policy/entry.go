package policy

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
)

// The entry points besides the decision about a person's record. A policy may lack them; what they would permit is then
// refused.
const (
	studyRule     = "data.onelondon.study.decision"
	oversightRule = "data.onelondon.oversight.decision"
)

// entries prepares the entry points that the policy has.
func (e *Engine) entries(ctx context.Context, compiler *ast.Compiler, ask func(string) *rego.Rego) error {
	var faults []error
	for name, into := range map[string]**rego.PreparedEvalQuery{studyRule: &e.study, oversightRule: &e.oversight} {
		if len(compiler.GetRulesExact(ast.MustParseRef(name))) == 0 {
			continue
		}
		prepared, err := ask(name).PrepareForEval(ctx)
		*into, faults = &prepared, append(faults, err)
	}
	return errors.Join(faults...)
}

// ask evaluates an entry point and reads its answer strictly into a struct: an unknown member is a fault.
func (e *Engine) ask(ctx context.Context, entry *rego.PreparedEvalQuery, document ast.Value, into any) error {
	results, err := entry.Eval(ctx, rego.EvalParsedInput(document))
	if err != nil {
		return err
	}
	if len(results) != 1 || len(results[0].Expressions) != 1 {
		return errors.New("read answer: the policy gave none")
	}
	encoded, err := json.Marshal(results[0].Expressions[0].Value)
	if err != nil {
		return fmt.Errorf("read answer: %w", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(encoded))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return fmt.Errorf("read answer: %w", err)
	}
	return nil
}

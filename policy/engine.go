package policy

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/hashicorp/golang-lru/v2"
	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
)

const (
	decisionRule  = "data.onelondon.decision.decision"
	rowRule       = "data.onelondon.rows.released"
	recordUnknown = "input.record"
)

// Options configure an engine; the zero value is usable.
type Options struct {
	// CacheSize is the maximum number of cached decisions; 0 means 4,096. A decision takes some kilobytes.
	CacheSize int
	// Codelists is a folder of code lists. The files named in data/categories.yaml are read from it and their codes
	// added to those in the table. If nil, only the few codes in the table apply.
	Codelists fs.FS
}

// Engine is one revision of a policy, ready to decide. It is safe for concurrent use and never changes; a new revision is a
// new Engine.
type Engine struct {
	revision string
	settings settings
	lists    categoryLists
	topics   []Topic
	decision rego.PreparedEvalQuery
	rows     rego.PreparedPartialQuery
	// study and oversight are nil if the policy has no such entry point.
	study, oversight *rego.PreparedEvalQuery
	unknown          []*ast.Term
	rowsFile         string // file of the rule about records, for faults without a place of their own
	cache            *lru.Cache[key, *Decision]
	outlines         *outlines // nil if no two organisations are alike
	apart            []*Fault  // why not
}

// Open compiles the policy in files, which holds the folders rego, data and schema, and refuses it on any fault: an
// error of OPA's strict compiler, a table that does not match its schema, a rule about records that cannot be
// translated, or a decision that names an unknown kind, field or reason. Every fault gives its file and, if it has one,
// its line.
func Open(ctx context.Context, files fs.FS, options Options) (*Engine, error) {
	inspection, err := Inspect(ctx, files, options)
	if err != nil {
		return nil, err
	}
	return inspection.Engine, nil
}

func prepare(ctx context.Context, loaded *bundle, compiler *ast.Compiler, options Options) (*Engine, error) {
	if err := loaded.addCodelists(options.Codelists); err != nil {
		return nil, err
	}
	settings, err := readSettings(loaded.data)
	if err != nil {
		return nil, err
	}
	if options.CacheSize <= 0 {
		options.CacheSize = 4096
	}
	cache, err := lru.New[key, *Decision](options.CacheSize)
	if err != nil {
		return nil, err
	}
	alike, apart, err := newOutlines(loaded, options.CacheSize)
	if err != nil {
		return nil, err
	}
	var places [2]string
	for i, name := range []string{decisionRule, rowRule} {
		rules := compiler.GetRulesExact(ast.MustParseRef(name))
		if len(rules) == 0 {
			return nil, &Fault{File: regoFolder, Message: "there is no rule " + name, Advice: "the engine asks for it"}
		}
		places[i], _ = place(rules[0].Location, regoFolder)
	}
	store := rego.Store(inmem.NewFromObjectWithOpts(loaded.data, inmem.OptReturnASTValuesOnRead(true)))
	engine := &Engine{revision: loaded.revision, settings: settings, lists: loaded.lists,
		topics: topics(compiler), cache: cache, outlines: alike, apart: apart,
		rowsFile: places[1], unknown: []*ast.Term{ast.MustParseTerm(recordUnknown)}}
	ask := func(query string) *rego.Rego {
		return rego.New(rego.Query(query), rego.Compiler(compiler), store, rego.StrictBuiltinErrors(true),
			rego.Capabilities(capabilities()))
	}
	var decisionErr, rowsErr error
	engine.decision, decisionErr = ask(decisionRule).PrepareForEval(ctx)
	engine.rows, rowsErr = ask(rowRule).PrepareForPartial(ctx)
	return engine, errors.Join(decisionErr, rowsErr, engine.entries(ctx, compiler, ask))
}

// Revision is a short digest of every rule, table and schema of the policy and of the code lists added to it.
func (e *Engine) Revision() string { return e.revision }

// Decide says what may be released for input. Equal inputs share one Decision, which must not be changed. An error is a
// fault of the policy or of the input, never a refusal; on an error nothing may be released.
func (e *Engine) Decide(ctx context.Context, input Input) (*Decision, error) {
	input, key, err := input.normalise()
	if err != nil {
		return nil, err
	}
	if decision, ok := e.cache.Get(key); ok {
		return decision, nil
	}
	decide := e.evaluate
	if e.outlines.fit(&input) {
		decide = e.outlined
	}
	decision, err := decide(ctx, input)
	if err != nil {
		return nil, fmt.Errorf("decide by policy %s: %w", e.revision, err)
	}
	e.cache.Add(key, decision)
	return decision, nil
}

// evaluate asks for the decision and, if it permits anything, for the part of it that depends on the single record.
func (e *Engine) evaluate(ctx context.Context, input Input) (*Decision, error) {
	document := input.document()
	results, err := e.decision.Eval(ctx, rego.EvalParsedInput(document))
	if err != nil {
		return nil, err
	}
	if len(results) != 1 || len(results[0].Expressions) != 1 {
		return nil, errors.New("read decision: the policy gave none")
	}
	answer, err := readAnswer(results[0].Expressions[0].Value)
	if err != nil || !answer.permitted {
		return answer.decision(e.revision, nil, e.lists), err
	}
	rule, err := e.rowRule(ctx, document)
	if err != nil {
		return nil, err
	}
	return answer.decision(e.revision, rule, e.lists), nil
}

// rowRule is what remains of the rule about records after partial evaluation with the rest of the input.
func (e *Engine) rowRule(ctx context.Context, document ast.Value) (residue, error) {
	queries, err := e.rows.Partial(ctx, rego.EvalParsedInput(document), rego.EvalParsedUnknowns(e.unknown))
	if err != nil {
		return nil, err
	}
	rule, err := translate(queries)
	if fault := (*Fault)(nil); errors.As(err, &fault) && fault.File == "" {
		fault.File = e.rowsFile
	}
	return rule, err
}

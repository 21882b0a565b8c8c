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

// Options changes how an engine works; the zero value is good.
type Options struct {
	// CacheSize is how many decisions are remembered; 0 means 4,096. A decision is some kilobytes.
	CacheSize int
	// Codelists is a folder of code lists, from which the files named in data/categories.yaml are added to the codes in it.
	// Nil leaves the few codes that the table itself holds.
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
	// study and oversight are nil where the policy has no such entry point.
	study, oversight *rego.PreparedEvalQuery
	unknown          []*ast.Term
	rowsFile         string // where the rule about records stands, for faults that have no place of their own
	cache            *lru.Cache[key, *Decision]
	outlines         *outlines // nil where no two organisations are alike
	apart            []*Fault  // why not
}

// Open compiles the policy in files, which holds the folders rego, data and schema, and refuses it on any fault: what OPA's
// strict compiler objects to, a table that does not match its schema, a rule about records that cannot be translated, a
// decision that names a kind, a field or a reason that nobody knows. Every fault found says its file and, where it has one,
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
// fault of the policy or of the input, never a refusal; whoever gets one releases nothing.
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

// evaluate asks the decision and, where it permits anything, what of it depends on the single record.
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

// rowRule is what is left of the rule about records once the rest of the input is known.
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

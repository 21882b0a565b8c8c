package limits

import (
	"context"
	"errors"
	"fmt"

	"github.com/99designs/gqlgen/graphql"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"onelondon/graph/plans"
	"onelondon/graph/refusal"
)

// Tokens is the maximum number of tokens in a document. All fields of all lists together need about 1,500.
const Tokens = 6000

// Limits are the maximum costs. A limit of zero allows nothing.
type Limits struct {
	Bytes      int // length of the document
	Depth      int // fields within fields
	Aliases    int // aliased fields
	Patients   int // root fields `patient`
	Complexity int // fields in the answer, with lists counted at the requested length

	// Streams reports whether the answer to an operation can be sent in parts. If it cannot, or Streams is nil, @defer
	// is refused: a complete answer would show deferred parts as null, such as the list of allergies.
	Streams func(oc *graphql.OperationContext) bool

	known *lru.Cache[*ast.OperationDefinition, examined] // nil to examine every operation anew
}

const (
	operationsKept = 1000     // cached; a repeated document is parsed once and keeps its operations
	longestKept    = 16 << 10 // bytes of a document whose operations are cached
)

// examined is the result of examining an operation, independent of its variables.
type examined struct {
	conditions []string // the variables in @skip and @include
	defers     bool
	cost       cost
	varies     bool // the cost depends on variables
}

// examine examines an operation, or returns the cached result.
func (l Limits) examine(oc *graphql.OperationContext) examined {
	if l.known != nil {
		if known, ok := l.known.Get(oc.Operation); ok {
			if known.varies {
				known.cost, _ = measure(oc)
			}
			return known
		}
	}
	seen := examined{conditions: plans.Conditions(oc.Doc, oc.Operation), defers: plans.Defers(oc.Doc)}
	seen.cost, seen.varies = measure(oc)
	if l.known != nil && len(oc.RawQuery) <= longestKept {
		l.known.Add(oc.Operation, seen)
	}
	return seen
}

// Default returns limits that leave room for every kind of record of one person in one document.
func Default() Limits {
	known, _ := lru.New[*ast.OperationDefinition, examined](operationsKept) // fails only for sizes below 1
	return Limits{Bytes: 64 << 10, Depth: 12, Aliases: 100, Patients: 10, Complexity: 100_000, known: known}
}

var (
	_ graphql.HandlerExtension          = Limits{}
	_ graphql.OperationParameterMutator = Limits{}
	_ graphql.OperationContextMutator   = Limits{}
)

// ExtensionName implements gqlgen's HandlerExtension.
func (Limits) ExtensionName() string { return "limits" }

// Validate accepts every schema.
func (Limits) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters refuses a document that is too long. It changes nothing.
func (l Limits) MutateOperationParameters(_ context.Context, params *graphql.RawParams) *gqlerror.Error {
	if len(params.Query) > l.Bytes {
		return refuse(refusal.DocumentTooLarge, fmt.Sprintf("the document may have at most %d bytes", l.Bytes))
	}
	return nil
}

// MutateOperationContext refuses an operation that costs too much. It changes nothing.
func (l Limits) MutateOperationContext(_ context.Context, oc *graphql.OperationContext) *gqlerror.Error {
	seen := l.examine(oc)
	for _, name := range seen.conditions {
		if _, ok := oc.Variables[name].(bool); !ok {
			return refuse(refusal.BadRequest, "a variable of @skip or @include is null")
		}
	}
	if seen.defers && (l.Streams == nil || !l.Streams(oc)) {
		return refuse(refusal.DeferUnsupported, "@defer needs an answer that is sent in parts; this one is sent whole")
	}
	cost := seen.cost
	switch {
	case cost.depth > l.Depth:
		return refuse(refusal.DocumentTooDeep, fmt.Sprintf("at most %d fields may stand within each other", l.Depth))
	case cost.aliases > l.Aliases:
		return refuse(refusal.TooManyAliases, fmt.Sprintf("at most %d fields may be given another name", l.Aliases))
	case cost.patients > l.Patients:
		return refuse(refusal.TooManyPatients, fmt.Sprintf("at most %d patients may be asked for in one document", l.Patients))
	case cost.complexity > l.Complexity:
		return refuse(refusal.TooComplex, fmt.Sprintf("the answer could have more than %d fields; ask for fewer items or fields",
			l.Complexity))
	}
	return nil
}

func refuse(code refusal.Code, message string) *gqlerror.Error {
	refused := refusal.New(code, message)
	return &gqlerror.Error{Err: refused, Message: refused.Message, Extensions: map[string]any{"code": string(code)}}
}

// errUnreadable reports an invalid number. It counts as the largest page, which the resolver then refuses.
var errUnreadable = errors.New("not a number")

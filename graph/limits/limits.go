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

// Tokens is how many tokens a document may have. All fields of all lists together need some 1,500.
const Tokens = 6000

// Limits says how much is too much. A limit of zero allows nothing.
type Limits struct {
	Bytes      int // length of the document
	Depth      int // fields within fields
	Aliases    int // fields that are given another name
	Patients   int // root fields `patient`
	Complexity int // fields in the answer, lists counted at the length asked for

	// Streams reports whether the answer to an operation can be sent in parts. Without it @defer is always refused: an
	// answer sent whole would show what was deferred as null, an empty list of allergies among it.
	Streams func(oc *graphql.OperationContext) bool

	known *lru.Cache[*ast.OperationDefinition, examined] // nil to examine every operation anew
}

const (
	operationsKept = 1000     // remembered; documents that come again are parsed once and keep their operations
	longestKept    = 16 << 10 // bytes of a document of which operations are remembered, so that they do not cost much together
)

// examined is what an operation is, whatever its variables are.
type examined struct {
	conditions []string // variables of @skip and @include
	defers     bool
	cost       cost
	varies     bool // the cost goes by variables
}

// examine looks through an operation, or remembers it.
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
	known, _ := lru.New[*ast.OperationDefinition, examined](operationsKept) // fails for no size but one below 1
	return Limits{Bytes: 64 << 10, Depth: 12, Aliases: 100, Patients: 10, Complexity: 100_000, known: known}
}

var (
	_ graphql.HandlerExtension          = Limits{}
	_ graphql.OperationParameterMutator = Limits{}
	_ graphql.OperationContextMutator   = Limits{}
)

// ExtensionName names the extension among those of a server.
func (Limits) ExtensionName() string { return "limits" }

// Validate finds no fault with any schema.
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

// errUnreadable reports a number that is not one. It stands for the largest page, which the resolver then refuses.
var errUnreadable = errors.New("not a number")

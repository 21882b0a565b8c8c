package resolvers

import (
	"context"
	"errors"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/graph-gophers/dataloader/v7"

	"onelondon/graph/view"
	"onelondon/internal/auth"
	"onelondon/internal/gate"
	"onelondon/internal/stack"
)

// gathering collects everything that one operation asks of the gate, so that it is asked once.
type gathering struct {
	once    sync.Once
	results map[string]result // by response key of the root field
	notice  sync.Once
}

// result is what one root field receives: a person, nobody, or an error.
type result struct {
	patient *view.Patient
	err     error
}

// errUnasked reports a root field that look-ahead missed, which is a bug in this program.
var errUnasked = errors.New("root field was not asked for")

// errShort reports a gate that returned the wrong number of answers.
var errShort = errors.New("gate gave another number of answers than questions")

type gatheringKey struct{}

// Begin returns a context in which the questions of one operation are gathered. The executor calls it once per
// operation, before the first field.
func (r *Resolver) Begin(ctx context.Context) context.Context {
	return context.WithValue(ctx, gatheringKey{}, &gathering{})
}

// gathered returns the results of the operation under way, asking for them on first use.
func (r *Resolver) gathered(ctx context.Context) *gathering {
	g, ok := ctx.Value(gatheringKey{}).(*gathering)
	if !ok {
		g = &gathering{} // nobody called Begin: every root field asks for itself, which is slow but correct
	}
	g.once.Do(func() { g.ask(ctx, r) })
	return g
}

// ask puts the questions of all root fields to the gate in one call. If that panics, only the first field sees the
// panic; the others find no result, which is an error too.
func (g *gathering) ask(ctx context.Context, r *Resolver) {
	oc := graphql.GetOperationContext(ctx)
	shapes := r.shapes.Plan(oc, func() []patientShape { return lookAhead(oc) })
	g.results = make(map[string]result, len(shapes))
	questions := make([]gate.Question, 0, len(shapes))
	asking := make([]*patientShape, 0, len(shapes))
	for i := range shapes {
		question, err := shapes[i].question(oc.Variables)
		if err != nil {
			g.results[shapes[i].key] = result{err: err}
			continue
		}
		questions, asking = append(questions, question), append(asking, &shapes[i])
	}
	if len(questions) == 0 {
		return
	}
	// The number of keys is known, so the loader is told it: it dispatches with the last key, never by its timer.
	loader := dataloader.NewBatchedLoader(r.batch, dataloader.WithBatchCapacity[*gate.Question, *gate.Person](len(questions)),
		dataloader.WithInputCapacity[*gate.Question, *gate.Person](len(questions)),
		dataloader.WithCache[*gate.Question, *gate.Person](&dataloader.NoCache[*gate.Question, *gate.Person]{}))
	thunks := make([]dataloader.Thunk[*gate.Person], len(questions))
	for i := range questions {
		thunks[i] = loader.Load(ctx, &questions[i])
	}
	for i, shape := range asking {
		person, err := thunks[i]()
		if panicked := (*panicError)(nil); errors.As(err, &panicked) {
			panic(panicked.value) // back in the caller's goroutine, where the server recovers
		}
		if err != nil {
			g.results[shape.key] = result{err: err}
			continue
		}
		g.results[shape.key] = shape.result(person)
	}
}

// batch puts the gathered questions to the gate in one call.
func (r *Resolver) batch(ctx context.Context, keys []*gate.Question) (loaded []*dataloader.Result[*gate.Person]) {
	stack.Grow() // the loader started a goroutine
	loaded = make([]*dataloader.Result[*gate.Person], len(keys))
	for i := range loaded {
		loaded[i] = &dataloader.Result[*gate.Person]{}
	}
	fail := func(err error) {
		for _, each := range loaded {
			each.Data, each.Error = nil, err
		}
	}
	// The loader would print the panic's value.
	defer func() {
		if value := recover(); value != nil {
			fail(&panicError{value})
		}
	}()
	questions := make([]gate.Question, len(keys))
	for i, key := range keys {
		questions[i] = *key
	}
	answers, err := r.gate.Ask(ctx, auth.CallerFrom(ctx), questions)
	if err == nil && len(answers) != len(questions) {
		err = errShort
	}
	if err != nil {
		fail(err)
		return loaded
	}
	for i := range answers {
		loaded[i].Data = answers[i].Person
	}
	return loaded
}

// panicError carries a panic from the loader's goroutine to the caller's.
type panicError struct{ value any }

func (*panicError) Error() string { return "panic while asking the gate" }

// result pairs a person with the positions of the lists asked for.
func (s *patientShape) result(person *gate.Person) result {
	if person == nil {
		return result{}
	}
	if len(person.Pages) != len(s.lists) || len(person.UrgentCare) != len(s.views) {
		return result{err: errShort}
	}
	return result{patient: &view.Patient{Person: person, Lists: s.places, Urgent: s.urgent}}
}

// find returns the result of the root field with this response key.
func (g *gathering) find(key string) result {
	if found, ok := g.results[key]; ok {
		return found
	}
	return result{err: errUnasked}
}

// Notice is a remark in the extensions of an answer.
type Notice struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// The wording is the same whatever the reason, because the reason must not be told.
const (
	notShownCode = "PERSON_NOT_SHOWN"
	notShown     = "No record can be shown for this NHS number. Check the number. If you are caring for this person and no " +
		"registration, record or referral shows it, say why with claimedRelationship: the claim is kept and reviewed. " +
		"If life is at risk, follow your organisation's emergency procedure."
)

// remark adds, at most once per answer, the notice that somebody is not shown.
func (g *gathering) remark(ctx context.Context) {
	g.notice.Do(func() {
		graphql.RegisterExtension(ctx, "notices", []Notice{{Code: notShownCode, Message: notShown}})
	})
}

package server

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/99designs/gqlgen/graphql/handler/extension"

	"onelondon/graph/presenter"
	"onelondon/internal/auth"
	"onelondon/internal/stack"
)

// endpoint answers questions at /graphql.
type endpoint struct {
	options  Options
	executor *executor.Executor
}

func newEndpoint(options Options) (*endpoint, error) {
	cache, err := newDocuments()
	if err != nil {
		return nil, err
	}
	run := executor.New(options.Schema)
	present := presenter.New(presenter.Options{Log: options.Log})
	run.SetErrorPresenter(present.Present)
	run.SetRecoverFunc(present.Recover)
	run.SetQueryCache(cache)
	run.SetParserTokenLimit(options.Tokens)
	run.SetDisableSuggestion(true)
	if !options.NoIntrospection {
		run.Use(extension.Introspection{})
	}
	run.Use(options.Limits)
	return &endpoint{options, run}, nil
}

// serve handles one question, from request to answer.
func (s *endpoint) serve(w http.ResponseWriter, r *http.Request) {
	stack.Grow()
	caller, params, media, err := s.take(w, r)
	var refused problem
	if errors.As(err, &refused) {
		s.options.Metrics.question("refused")
		refused.write(w, r)
		return
	}
	ctx := graphql.StartOperationTrace(auth.WithCaller(r.Context(), caller))
	operation, faults := s.executor.CreateOperationContext(ctx, params)
	if faults != nil {
		s.options.Metrics.question("refused")
		answer := s.executor.DispatchError(graphql.WithOperationContext(ctx, operation), faults[:min(len(faults), mostFaults)])
		for _, fault := range answer.Errors {
			if len(fault.Message) > longestMessage {
				fault.Message = "The document does not fit the schema."
			}
		}
		s.write(w, media, answer, false)
		return
	}
	responses, ctx := s.executor.DispatchOperation(ctx, operation)
	answer := responses(ctx)
	if answer == nil { // the client has gone away
		answer = &graphql.Response{}
	}
	s.count(ctx, answer)
	s.write(w, media, answer, true)
}

// take reads who asks and what, with the cheapest checks first. The error is a problem.
func (s *endpoint) take(w http.ResponseWriter, r *http.Request) (auth.Caller, *graphql.RawParams, string, error) {
	w.Header()["Vary"] = []string{"Accept"}
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		return auth.Caller{}, nil, "", postOnly
	}
	media, ok := negotiate(r.Header["Accept"])
	if !ok {
		return auth.Caller{}, nil, "", notAcceptable
	}
	if !takesJSON(r.Header.Get("Content-Type")) {
		return auth.Caller{}, nil, "", notJSON
	}
	caller, err := s.caller(r)
	if err != nil {
		if refused := (problem{}); errors.As(err, &refused) && refused.status == http.StatusUnauthorized {
			challenge(w, refused)
		}
		return auth.Caller{}, nil, "", err
	}
	body, err := readBody(w, r, s.options.Body)
	if err != nil {
		return auth.Caller{}, nil, "", err
	}
	params, err := readQuestion(body)
	return caller, params, media, err
}

// write sends an answer. The data is already JSON, and is neither encoded nor copied again. For clients that accept the
// GraphQL media type, a question that was not answered at all is an HTTP error; others expect 200.
func (s *endpoint) write(w http.ResponseWriter, media string, answer *graphql.Response, executed bool) {
	before := append(make([]byte, 0, 64), '{')
	if len(answer.Errors) > 0 {
		faults, err := json.Marshal(answer.Errors)
		if err != nil {
			faults = []byte(`[{"message":"The server met a fault.","extensions":{"code":"INTERNAL"}}]`)
		}
		before = append(append(before, `"errors":`...), faults...)
	}
	var rest []byte
	if executed {
		if len(before) > 1 {
			before = append(before, ',')
		}
		before = append(before, `"data":`...)
		if rest = answer.Data; len(rest) == 0 {
			rest = []byte("null")
		}
	}
	rest = appendExtensions(rest, len(before) > 1, answer.Extensions)
	rest = append(rest, '}')
	header := w.Header()
	header["Content-Type"] = []string{media + "; charset=utf-8"}
	header["Content-Length"] = []string{strconv.Itoa(len(before) + len(rest))}
	if !executed && media == mediaGraphQL {
		w.WriteHeader(http.StatusBadRequest)
	}
	_, _ = w.Write(before)
	_, _ = w.Write(rest)
}

// appendExtensions adds what accompanies the data, such as the notice that a person is not shown.
func appendExtensions(body []byte, follows bool, extensions map[string]any) []byte {
	if len(extensions) == 0 {
		return body
	}
	said, err := json.Marshal(extensions)
	if err != nil {
		return body
	}
	if follows {
		body = append(body, ',')
	}
	return append(append(body, `"extensions":`...), said...)
}

func (s *endpoint) count(ctx context.Context, answer *graphql.Response) {
	switch {
	case ctx.Err() != nil:
		s.options.Metrics.question("abandoned")
	case len(answer.Errors) > 0:
		s.options.Metrics.question("faulty")
	default:
		s.options.Metrics.question("answered")
	}
}

const (
	mostFaults     = 20  // maximum number reported for one document
	longestMessage = 300 // longer than any message about the schema's own names; names in a document may be longer
)

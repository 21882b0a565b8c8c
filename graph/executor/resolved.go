package executor

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"onelondon/graph"
	"onelondon/graph/scalars"
	"onelondon/graph/view"
	"onelondon/internal/clinical"
	"onelondon/internal/gate"
)

// resolved is a field with a resolver. An error from the resolver, or a panic in it or beneath it, makes the field
// null.
func resolved[T, V any](
	object string, resolve func(ctx context.Context, object T) (V, error), show func(c *compiler, field graphql.CollectedField) write[V],
) build[T] {
	return func(c *compiler, field graphql.CollectedField) write[T] {
		shown := show(c, field)
		return func(w *writer, parent T) (result outcome) {
			before, start, depth := w.ctx, len(w.buf), len(w.path)
			w.ctx = graphql.WithFieldContext(w.ctx, &graphql.FieldContext{Object: object, Field: field, IsMethod: true, IsResolver: true})
			defer func() {
				if fault := recover(); fault != nil {
					w.path = w.path[:depth]
					w.report(field.Alias, nil, w.oc.RecoverFunc(w.ctx, fault))
					result = w.fail(start)
				}
				w.ctx = before
			}()
			value, err := w.oc.ResolverMiddleware(w.ctx, func(ctx context.Context) (any, error) { return resolve(ctx, parent) })
			if err != nil {
				w.report(field.Alias, field.Position, err)
				return w.fail(start)
			}
			typed, _ := value.(V) // an interceptor's replacement of another type is shown as missing
			return shown(w, typed)
		}
	}
}

// root is a field of Query, for which root field interceptors are called.
func root(field build[struct{}]) build[struct{}] {
	return func(c *compiler, collected graphql.CollectedField) write[struct{}] {
		inner := field(c, collected)
		return func(w *writer, query struct{}) (result outcome) {
			ctx := graphql.WithRootFieldContext(w.ctx, &graphql.RootFieldContext{Object: collected.Name, Field: collected})
			w.oc.RootResolverMiddleware(ctx, func(ctx context.Context) graphql.Marshaler {
				before := w.ctx
				w.ctx = ctx
				result = inner(w, query)
				w.ctx = before
				return graphql.Null
			})
			return result
		}
	}
}

func (t *tables) queryTable(resolvers Resolvers) fields[struct{}] {
	query := resolvers.Query()
	source := sourceTable(resolvers.Source())
	person := func(ctx context.Context, _ struct{}) (*view.Patient, error) {
		// The arguments were read ahead with the rest of the operation, and the resolver answers from that.
		return query.Patient(ctx, clinical.NHSNumber{}, nil, nil, nil)
	}
	catalogue := func(ctx context.Context, _ struct{}) ([]*gate.SourceInfo, error) { return query.Sources(ctx) }
	itself := func(p *view.Patient) *view.Patient { return p }
	return fields[struct{}]{
		"patient": root(resolved("Query", person, one(itself, "Patient", t.patient))),
		"sources": root(resolved("Query", catalogue, many(dereferenced, "Source", source))),
	}
}

func dereferenced(sources []*gate.SourceInfo) []gate.SourceInfo {
	all := make([]gate.SourceInfo, len(sources))
	for i, source := range sources {
		all[i] = *source
	}
	return all
}

func sourceTable(resolver graph.SourceResolver) fields[*gate.SourceInfo] {
	itself := func(o *clinical.Organisation) *clinical.Organisation { return o }
	return fields[*gate.SourceInfo]{
		"id":           text(func(s *gate.SourceInfo) clinical.SourceID { return s.ID }),
		"name":         words(func(s *gate.SourceInfo) string { return s.Name }),
		"system":       words(func(s *gate.SourceInfo) string { return s.System }),
		"organisation": resolved("Source", resolver.Organisation, one(itself, "Organisation", organisationTable())),
		"kinds":        values(func(s *gate.SourceInfo) []clinical.Kind { return s.Kinds }, appendKind),
		"health":       text(func(s *gate.SourceInfo) gate.Health { return s.Health }),
		"watermark":    date(func(s *gate.SourceInfo) clinical.DateTime { return s.Watermark }),
		"lastAnswered": leaf(func(b []byte, s *gate.SourceInfo) []byte { return scalars.AppendInstant(b, s.LastAnswered) }),
	}
}

func appendKind(b []byte, kind clinical.Kind) []byte {
	return scalars.AppendString(b, scalars.KindName(kind))
}

func appendWords(b []byte, words string) []byte { return scalars.AppendString(b, words) }

func conflictTable(resolver graph.ConflictResolver) fields[*gate.Conflict] {
	ids := func(ids []string) []string { return ids }
	return fields[*gate.Conflict]{
		"kind":    text(func(c *gate.Conflict) gate.ConflictKind { return c.Kind }),
		"message": words(func(c *gate.Conflict) string { return c.Message }),
		"records": resolved("Conflict", resolver.Records, values(ids, appendWords)),
	}
}

func receiptTable(resolver graph.ReceiptResolver) fields[*gate.Receipt] {
	itself := func(digest string) string { return digest }
	return fields[*gate.Receipt]{
		"requestId":       words(func(r *gate.Receipt) string { return r.RequestID }),
		"askedAt":         leaf(func(b []byte, r *gate.Receipt) []byte { return scalars.AppendInstant(b, r.AskedAt) }),
		"purpose":         words(func(r *gate.Receipt) string { return r.Purpose }),
		"relationship":    words(func(r *gate.Receipt) string { return r.Relationship }),
		"policyRevision":  words(func(r *gate.Receipt) string { return r.PolicyRevision }),
		"consentRevision": count(func(r *gate.Receipt) uint64 { return r.ConsentRevision }),
		"withheldKinds":   values(func(r *gate.Receipt) []clinical.Kind { return r.WithheldKinds }, appendKind),
		"reasons":         values(func(r *gate.Receipt) []string { return r.Reasons }, appendWords),
		"digest":          resolved("Receipt", resolver.Digest, words(itself)),
		"ledgerSequence":  count(func(r *gate.Receipt) uint64 { return r.LedgerSequence }),
	}
}

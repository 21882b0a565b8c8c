package openehr

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/mapping"
	"onelondon/sources/memory"
)

// atOnce is how many queries of one question run at the same time.
const atOnce = 4

// question is a query on its way through the server.
type question struct {
	source *Source
	caller *sources.Caller
	asks   []*ask
	byKey  map[string]*ask
	parts  [][]*ask // of each part
	trips  atomic.Int64
}

// ask is one query in AQL: a set of records with the same fields for everybody whom it is about.
type ask struct {
	selection *selection
	people    map[clinical.NHSNumber]bool
	numbers   []string
	reading   *reading
	cut       bool // the cap on reading was reached
}

// Fetch answers the query with one request for each set of records that its kinds have, all at the same time.
func (s *Source) Fetch(ctx context.Context, query sources.Query) (sources.Answer, error) {
	if err := ctx.Err(); err != nil {
		return sources.Answer{}, err
	}
	q := &question{source: s, caller: &query.Caller, byKey: map[string]*ask{}, parts: make([][]*ask, len(query.Parts))}
	for i := range query.Parts {
		part := &query.Parts[i]
		if part.Condition.IsNever() {
			continue
		}
		for j, set := range s.plan.sets[part.Kind] {
			q.parts[i] = append(q.parts[i], q.about(fmt.Sprint(part.Kind, " ", j, " ", needed(part)), set, part))
		}
	}
	if err := q.all(ctx); err != nil {
		if ended := ctx.Err(); ended != nil {
			return sources.Answer{}, ended
		}
		return sources.Answer{}, err
	}
	answer, err := q.answer(ctx, &query)
	answer.RoundTrips = int(q.trips.Load())
	return answer, err
}

// about is the query that asks for a part's fields of a set; several people for whom the same is asked share it.
func (q *question) about(key string, set *set, part *sources.Part) *ask {
	if q.byKey[key] == nil {
		q.byKey[key] = &ask{selection: q.source.plan.selecting(set, needed(part)), people: map[clinical.NHSNumber]bool{}}
		q.asks = append(q.asks, q.byKey[key])
	}
	a := q.byKey[key]
	if !a.people[part.Person] {
		a.people[part.Person] = true
		a.numbers = append(a.numbers, written(part.Person, q.source.plan.mapping.Person.Format))
	}
	return a
}

// written is a number as the server has it.
func written(number clinical.NHSNumber, format mapping.NumberFormat) string {
	digits := number.Reveal()
	if format == mapping.NumberSpaced {
		return digits[:3] + " " + digits[3:6] + " " + digits[6:]
	}
	return digits
}

func (q *question) all(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	for _, a := range q.asks {
		group.Go(func() error { return q.one(ctx, a) })
	}
	return group.Wait()
}

func (q *question) one(ctx context.Context, a *ask) error {
	s := q.source
	most := s.options.Read.Rows
	a.selection.only(s.plan.number, a.numbers)
	q.trips.Add(1)
	rows, _, err := s.client.ask(ctx, q.caller, a.selection.statement(most+1), len(a.selection.query.Select))
	if err != nil {
		return err
	}
	if a.cut = len(rows) > most; a.cut {
		rows = rows[:most]
	}
	a.reading = s.decoder.read(a.selection, rows, a.people)
	if a.reading.strange {
		return server.Garbled("an EHR of another NHS number than was asked for")
	}
	return nil
}

// answer puts each part before the reference source over what was read for it.
func (q *question) answer(ctx context.Context, query *sources.Query) (sources.Answer, error) {
	limits := query.Limits
	fill(&limits.Rows, q.source.options.Limits.Rows)
	fill(&limits.Bytes, q.source.options.Limits.Bytes)
	answer := sources.Answer{Parts: make([]sources.PartAnswer, len(query.Parts))}
	rows := 0
	for i := range query.Parts {
		left := sources.Limits{Rows: limits.Rows - rows, Bytes: limits.Bytes - answer.Bytes}
		one, bytes, err := q.part(ctx, &query.Parts[i], q.parts[i], left)
		if err != nil {
			return sources.Answer{}, err
		}
		answer.Parts[i] = one
		rows += len(one.Records)
		answer.Bytes += bytes
	}
	return answer, ctx.Err()
}

func (q *question) part(ctx context.Context, part *sources.Part, asks []*ask, left sources.Limits) (sources.PartAnswer, int, error) {
	full := left.Rows <= 0 || left.Bytes <= 0
	if full {
		left = sources.Limits{}
	}
	var people []memory.Person
	rejected, cut := 0, false
	for _, a := range asks {
		for _, person := range a.reading.people[part.Person] {
			people = append(people, *person)
		}
		rejected += a.reading.rejected[part.Person]
		cut = cut || a.cut
	}
	found, err := memory.New(q.source.options.ID, slices.Clip(people)...).Fetch(ctx, sources.Query{Parts: []sources.Part{*part}, Limits: left})
	if err != nil {
		return sources.PartAnswer{}, 0, err
	}
	one := found.Parts[0]
	if full && len(one.Records) > 0 {
		one, found.Bytes = sources.PartAnswer{Truncated: true}, 0
	}
	one.Rejected += rejected
	one.Truncated = one.Truncated || cut
	return one, found.Bytes, nil
}

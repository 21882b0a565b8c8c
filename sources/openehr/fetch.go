package openehr

import (
	"context"
	"fmt"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/mapping"
	"onelondon/sources/memory"
	"onelondon/sources/web"
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
	request
	people  map[clinical.NHSNumber]bool
	reading *reading
	cut     bool // the cap on reading was reached
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
	answer, err := web.Answer(ctx, &query, s.options.Limits, func(i int) web.Held { return q.held(query.Parts[i].Person, q.parts[i]) })
	answer.RoundTrips = int(q.trips.Load())
	return answer, err
}

// about is the query that asks for a part's fields of a set; several people for whom the same is asked share it. Where they are asked
// different things, it asks for everything.
func (q *question) about(key string, set *set, part *sources.Part) *ask {
	told := wantedBy(&part.Filter)
	if part.Kind == clinical.KindUrgentCarePlan && q.source.plan.mapping.OneConsent {
		told = wanted{} // what was said of sharing may stand in another than those that are wanted
	}
	if q.byKey[key] == nil {
		q.byKey[key] = &ask{people: map[clinical.NHSNumber]bool{}, request: request{caller: q.caller, set: set, fields: needed(part),
			path: q.source.plan.number, wanted: told, most: q.source.options.Read.Rows, trips: &q.trips}}
		q.asks = append(q.asks, q.byKey[key])
	}
	a := q.byKey[key]
	if !a.wanted.same(&told) {
		a.wanted = wanted{}
	}
	if !a.people[part.Person] {
		a.people[part.Person] = true
		a.values = append(a.values, written(part.Person, q.source.plan.mapping.Person.Format))
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
	selected, rows, err := q.source.rows(ctx, &a.request)
	if err != nil {
		return err
	}
	if a.cut = len(rows) > a.most; a.cut {
		rows = rows[:a.most]
	}
	a.reading = q.source.decoder.read(selected, rows, a.people)
	if a.reading.strange {
		return server.Garbled("an EHR of another NHS number than was asked for")
	}
	return nil
}

// held is what was read for a part.
func (q *question) held(person clinical.NHSNumber, asks []*ask) web.Held {
	var people []memory.Person
	var held web.Held
	for _, a := range asks {
		for _, one := range a.reading.people[person] {
			people = append(people, *one)
		}
		held.Rejected += a.reading.rejected[person]
		held.Cut = held.Cut || a.cut
	}
	if q.source.plan.mapping.OneConsent {
		settle(people, held.Cut)
	}
	held.Source = memory.New(q.source.options.ID, people...)
	return held
}

// settle lets what was said in one composition of sharing a person's plans hold for all. Where not all were read, a refusal may stand in one that was
// not, and none is known to be shared.
func settle(people []memory.Person, cut bool) {
	var plans []*clinical.UrgentCarePlan
	for i := range people {
		for _, record := range people[i].Records {
			if plan, is := record.(*clinical.UrgentCarePlan); is {
				plans = append(plans, plan)
			}
		}
	}
	for _, plan := range plans {
		if shared, _ := plan.Labels.Value(clinical.LabelPlanShared); shared && cut {
			plan.Labels = web.Without(plan.Labels, clinical.LabelPlanShared)
		}
	}
	web.Sharing(plans, func(plan *clinical.UrgentCarePlan) (clinical.DateTime, bool) {
		if !plan.ConsentDate.IsZero() {
			return plan.ConsentDate, true
		}
		return plan.Date, true
	})
}

package sqlsource

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/sources"
)

// Fetch answers the query with one statement, or with several in turn if more than mostBranches branches are needed.
// Parts that came short because of unreadable rows are asked again for more rows.
func (s *Source) Fetch(ctx context.Context, query sources.Query) (sources.Answer, error) {
	answer, short, err := s.fetch(ctx, &query, limitsOf(&query))
	for range mostAgain {
		if err != nil || len(short) == 0 {
			break
		}
		short, err = s.again(ctx, &query, &answer, short)
	}
	if err != nil {
		return sources.Answer{}, fmt.Errorf("query source %s: %w", s.id, err)
	}
	return answer, nil
}

// mostAgain is how often a part is asked again because of unreadable rows. If it is still short, it is marked as
// truncated.
const mostAgain = 2

// again asks the parts that came short for twice as many records, plus the number of unreadable rows.
func (s *Source) again(ctx context.Context, query *sources.Query, answer *sources.Answer, short []int) ([]int, error) {
	more := sources.Query{Caller: query.Caller, Limits: query.Limits}
	var needed []int
	for _, i := range short {
		part := query.Parts[i]
		needed = append(needed, part.Limit)
		part.Limit = 2 * (part.Limit + answer.Parts[i].Rejected)
		more.Parts = append(more.Parts, part)
	}
	second, shortAgain, err := s.fetch(ctx, &more, needed)
	answer.RoundTrips += second.RoundTrips
	answer.Bytes += second.Bytes
	if err != nil {
		return nil, err
	}
	for j, i := range short {
		part := second.Parts[j]
		part.Records = part.Records[:min(len(part.Records), query.Parts[i].Limit)]
		answer.Parts[i] = part
	}
	for k, j := range shortAgain {
		shortAgain[k] = short[j]
	}
	return shortAgain, nil
}

func limitsOf(query *sources.Query) []int {
	limits := make([]int, len(query.Parts))
	for i := range limits {
		limits[i] = query.Parts[i].Limit
	}
	return limits
}

// fetch asks once, and says which parts came short.
func (s *Source) fetch(ctx context.Context, query *sources.Query, needed []int) (answer sources.Answer, short []int, err error) {
	p := s.planFor(query)
	r := &reading{source: s, query: query, limits: s.limits(query), parts: make([]partReading, len(query.Parts)), needed: needed}
	answer.Parts = make([]sources.PartAnswer, len(query.Parts))
	for i := range p.steps {
		r.begin(&p.steps[i])
		trips, err := s.send(ctx, r)
		answer.RoundTrips += trips
		r.endBranch()
		if errors.Is(err, errCapReached) {
			r.cut(p.steps[i:])
			break
		}
		if err != nil {
			return answer, nil, err
		}
	}
	answer.Bytes = r.bytes
	for i := range answer.Parts {
		if r.parts[i].short && !r.parts[i].truncated {
			short = append(short, i)
		}
		answer.Parts[i] = r.parts[i].finish(&query.Parts[i])
	}
	return answer, short, nil
}

// send sends the statement of a step. Its values are bound in a reused buffer, which is cleared afterwards.
func (s *Source) send(ctx context.Context, r *reading) (trips int, err error) {
	space := s.arguments.Get().(*[]any)
	defer func() {
		clear(*space)
		s.arguments.Put(space)
	}()
	*space = s.bind((*space)[:0], r.step.slots, r.query)
	return s.connection.Query(ctx, r.step.statement, *space, r.row)
}

// errCapReached ends the reading of an answer that exceeds a limit.
var errCapReached = errors.New("cap on rows or bytes reached")

// placed is a record with the moment by which it is ordered.
type placed struct {
	record clinical.Record
	date   clinical.DateTime
}

// compare orders records of one source.
func (p placed) compare(other placed) int {
	if order := other.date.Compare(p.date); order != 0 {
		return order
	}
	return strings.Compare(string(p.record.About().ID), string(other.record.About().ID))
}

// finish merges the branches of a part and cuts the result to the requested number.
func (p *partReading) finish(part *sources.Part) sources.PartAnswer {
	if p.branches > 1 && !slices.IsSortedFunc(p.records, placed.compare) {
		slices.SortStableFunc(p.records, placed.compare)
	}
	records := make([]clinical.Record, min(len(p.records), max(part.Limit, 0)))
	for i := range records {
		records[i] = p.records[i].record
	}
	return sources.PartAnswer{Records: records, Rejected: p.rejected, Truncated: p.truncated || p.short}
}

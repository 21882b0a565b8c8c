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

// Fetch answers the query with one statement, or with several in turn where it needs more than mostBranches branches.
// Where rows that cannot be read took the place of records, it asks those parts again for as many rows more.
func (s *Source) Fetch(ctx context.Context, query sources.Query) (sources.Answer, error) {
	answer, err := s.fetch(ctx, &query)
	for range mostAgain {
		if err != nil {
			break
		}
		short := shortOf(&answer, &query)
		if len(short) == 0 {
			break
		}
		err = s.again(ctx, &query, &answer, short)
	}
	if err != nil {
		return sources.Answer{}, fmt.Errorf("query source %s: %w", s.id, err)
	}
	return answer, nil
}

// mostAgain is how often unreadable rows are worked around. What is still short then is marked as truncated.
const mostAgain = 2

// shortOf lists the parts that unreadable rows kept from being filled.
func shortOf(answer *sources.Answer, query *sources.Query) []int {
	var short []int
	for i := range answer.Parts {
		part := &answer.Parts[i]
		if part.Truncated && part.Rejected > 0 && len(part.Records) < query.Parts[i].Limit {
			short = append(short, i)
		}
	}
	return short
}

func (s *Source) again(ctx context.Context, query *sources.Query, answer *sources.Answer, short []int) error {
	more := sources.Query{Caller: query.Caller, Limits: query.Limits}
	for _, i := range short {
		part := query.Parts[i]
		part.Limit += 2 * answer.Parts[i].Rejected
		more.Parts = append(more.Parts, part)
	}
	second, err := s.fetch(ctx, &more)
	answer.RoundTrips += second.RoundTrips
	answer.Bytes += second.Bytes
	for j, i := range short[:len(second.Parts)] {
		part := second.Parts[j]
		if limit := query.Parts[i].Limit; len(part.Records) >= limit {
			part.Records, part.Truncated = part.Records[:limit], false
		}
		answer.Parts[i] = part
	}
	return err
}

func (s *Source) fetch(ctx context.Context, query *sources.Query) (sources.Answer, error) {
	p := s.planFor(query)
	r := &reading{source: s, query: query, limits: s.limits(query), parts: make([]partReading, len(query.Parts))}
	answer := sources.Answer{Parts: make([]sources.PartAnswer, len(query.Parts))}
	for i := range p.steps {
		r.step, r.seen = &p.steps[i], 0
		r.decoder = decoder{source: s.id, codings: make([]clinical.Coding, 0, r.step.wide)}
		trips, err := s.connection.Query(ctx, r.step.statement, s.bind(r.step.slots, query), r.row)
		answer.RoundTrips += trips
		if errors.Is(err, errCapReached) {
			r.cut(p.steps[i:])
			break
		}
		if err != nil {
			return sources.Answer{RoundTrips: answer.RoundTrips}, err
		}
	}
	answer.Bytes = r.bytes
	for i := range answer.Parts {
		answer.Parts[i] = r.parts[i].finish(&query.Parts[i])
	}
	return answer, nil
}

// errCapReached ends the reading of an answer that is larger than allowed.
var errCapReached = errors.New("cap on rows or bytes reached")

// placed is a record with the moment it is ordered by.
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

// finish merges what the branches of a part gave and cuts it to what was asked for.
func (p *partReading) finish(part *sources.Part) sources.PartAnswer {
	answer := sources.PartAnswer{Rejected: p.rejected, Truncated: p.truncated}
	if p.branches > 1 && !slices.IsSortedFunc(p.records, placed.compare) {
		slices.SortStableFunc(p.records, placed.compare)
	}
	full := p.most >= part.Limit
	answer.Records = make([]clinical.Record, 0, min(len(p.records), max(part.Limit, 0)))
	for i := range p.records {
		if len(answer.Records) == part.Limit {
			return answer
		}
		if i > 0 && p.records[i].record.About().ID == p.records[i-1].record.About().ID {
			continue
		}
		answer.Records = append(answer.Records, p.records[i].record)
	}
	// Rows that could not be read took the place of rows that could have been.
	answer.Truncated = answer.Truncated || full && len(answer.Records) < part.Limit
	return answer
}

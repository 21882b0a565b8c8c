package web

import (
	"cmp"
	"context"
	"time"

	"onelondon/sources"
	"onelondon/sources/memory"
)

// Usual holds the default limits of a source over HTTP.
type Usual struct {
	Limits  sources.Limits // of a question that sets none of its own
	Read    sources.Limits // on what may be read for a question before filtering
	Page    int            // how many records to request at once
	Timeout time.Duration  // of a request whose context has no deadline
}

// Filled replaces zeros by the defaults: 10,000 rows and 16 MiB, 20,000 rows and 64 MiB, 500 records and one minute.
func (u Usual) Filled() Usual {
	return Usual{Limits: filled(u.Limits, sources.Limits{Rows: 10_000, Bytes: 16 << 20}), Read: filled(u.Read, sources.Limits{Rows: 20_000, Bytes: 64 << 20}),
		Page: cmp.Or(max(u.Page, 0), 500), Timeout: cmp.Or(max(u.Timeout, 0), time.Minute)}
}

func filled(limits, usual sources.Limits) sources.Limits {
	return sources.Limits{Rows: cmp.Or(max(limits.Rows, 0), usual.Rows), Bytes: cmp.Or(max(limits.Bytes, 0), usual.Bytes)}
}

// Held is what was read for one part of a question. It may contain more than the part asks for, but never less unless
// Cut is set.
type Held struct {
	Source   *memory.Source
	Rejected int  // rows that could not be read as a record
	Cut      bool // the cap on reading was reached
}

// Answer answers each part by applying the reference source to what was read for it, within the question's limits or
// else the usual ones.
func Answer(ctx context.Context, query *sources.Query, usual sources.Limits, held func(part int) Held) (sources.Answer, error) {
	limits := filled(query.Limits, usual)
	answer := sources.Answer{Parts: make([]sources.PartAnswer, len(query.Parts))}
	rows := 0
	for i := range query.Parts {
		left := sources.Limits{Rows: limits.Rows - rows, Bytes: limits.Bytes - answer.Bytes}
		one, bytes, err := judged(ctx, &query.Parts[i], held(i), left)
		if err != nil {
			return sources.Answer{}, err
		}
		answer.Parts[i] = one
		rows += len(one.Records)
		answer.Bytes += bytes
	}
	return answer, ctx.Err()
}

func judged(ctx context.Context, part *sources.Part, held Held, left sources.Limits) (sources.PartAnswer, int, error) {
	full := left.Rows <= 0 || left.Bytes <= 0
	if full {
		left = sources.Limits{}
	}
	found, err := held.Source.Fetch(ctx, sources.Query{Parts: []sources.Part{*part}, Limits: left})
	if err != nil {
		return sources.PartAnswer{}, 0, err
	}
	one := found.Parts[0]
	if full && len(one.Records) > 0 {
		one, found.Bytes = sources.PartAnswer{Truncated: true}, 0
	}
	one.Rejected += held.Rejected
	one.Truncated = one.Truncated || held.Cut
	return one, found.Bytes, nil
}

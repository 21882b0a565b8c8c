package sources_test

import (
	"bytes"
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/sources"
)

// fake is a source that does as the test says.
type fake struct {
	id     clinical.SourceID
	fetch  func(ctx context.Context, query sources.Query) (sources.Answer, error)
	calls  atomic.Int64
	closed atomic.Int64
	later  atomic.Pointer[fake] // what it has become
}

var _ sources.Source = (*fake)(nil)

func (f *fake) Fetch(ctx context.Context, query sources.Query) (sources.Answer, error) {
	f.calls.Add(1)
	if other := f.later.Load(); other != nil {
		return other.fetch(ctx, query)
	}
	return f.fetch(ctx, query)
}

func (f *fake) Close() error {
	f.closed.Add(1)
	return nil
}

// answering gives every part one condition after wait, heeding the context.
func answering(id clinical.SourceID, wait time.Duration) *fake {
	return &fake{id: id, fetch: func(ctx context.Context, query sources.Query) (sources.Answer, error) {
		select {
		case <-time.After(wait):
			return one(id, query), nil
		case <-ctx.Done():
			return sources.Answer{}, ctx.Err()
		}
	}}
}

// deaf ignores its context and answers after wait.
func deaf(id clinical.SourceID, wait time.Duration) *fake {
	return &fake{id: id, fetch: func(_ context.Context, query sources.Query) (sources.Answer, error) {
		time.Sleep(wait)
		return one(id, query), nil
	}}
}

func failing(id clinical.SourceID, err error) *fake {
	return &fake{id: id, fetch: func(context.Context, sources.Query) (sources.Answer, error) { return sources.Answer{}, err }}
}

func one(id clinical.SourceID, query sources.Query) sources.Answer {
	answer := sources.Answer{RoundTrips: 1}
	for range query.Parts {
		answer.Parts = append(answer.Parts, sources.PartAnswer{Records: []clinical.Record{problem(id, "p1", "2020-05-17")}})
	}
	return answer
}

func problem(id clinical.SourceID, local clinical.Text, day string) *clinical.Condition {
	date, _ := clinical.ParseDateTime(day)
	return &clinical.Condition{Meta: clinical.Meta{Source: id, ID: local, Date: date}, Severity: "mild"}
}

func person(t testing.TB, digits string) clinical.NHSNumber {
	t.Helper()
	number, err := clinical.ParseNHSNumber(digits)
	if err != nil {
		t.Fatal(err)
	}
	return number
}

func problems(t testing.TB) sources.Query {
	t.Helper()
	return sources.Query{Caller: sources.Caller{RequestID: "request-7"}, Parts: []sources.Part{{Kind: clinical.KindCondition,
		Person: person(t, "9990000018"), Fields: clinical.KindCondition.Descriptor().All(), Condition: condition.Always(), Limit: 10}}}
}

func asks(t testing.TB, ids ...clinical.SourceID) []sources.Ask {
	t.Helper()
	all := make([]sources.Ask, len(ids))
	for i, id := range ids {
		all[i] = sources.Ask{Source: id, Query: problems(t)}
	}
	return all
}

// catalogue makes a catalogue of fakes; shape changes each one's configuration.
func catalogue(t testing.TB, shape func(*sources.Spec), fakes ...*fake) (*sources.Catalogue, *bytes.Buffer) {
	t.Helper()
	var log bytes.Buffer
	entries := make([]sources.Entry, len(fakes))
	for i, f := range fakes {
		entries[i] = sources.Entry{Spec: sources.Spec{ID: f.id}, Source: f}
		if shape != nil {
			shape(&entries[i].Spec)
		}
	}
	c, err := sources.NewCatalogue(slog.New(slog.NewTextHandler(&log, nil)), entries...)
	if err != nil {
		t.Fatal(err)
	}
	return c, &log
}

func outcomes(replies []sources.Reply) []string {
	all := make([]string, len(replies))
	for i, reply := range replies {
		all[i] = string(reply.Source) + " " + string(reply.Outcome) + " " + string(reply.Class)
	}
	return all
}

// inBubble runs test under a fake clock and then lets time pass until every deaf fake has returned.
func inBubble(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		test(t)
		time.Sleep(3 * time.Hour)
	})
}

// fixed answers with answer whatever is asked. Answers are handed out by value; the records are the same each time.
func fixed(answer sources.Answer) func(context.Context, sources.Query) (sources.Answer, error) {
	return func(context.Context, sources.Query) (sources.Answer, error) { return answer, nil }
}

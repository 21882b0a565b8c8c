package sqlsource

import (
	"context"
	"errors"
	"fmt"

	"onelondon/internal/clinical"
	"onelondon/sources"
)

// Events runs one statement for each set, over all of the mapping's record sets of its kind, and streams the rows
// without keeping any. If codes are in a table of their own, that table is queried first.
func (s *Source) Events(ctx context.Context, query sources.EventQuery, each func(set int, event sources.Event) error) error {
	return s.studying(ctx, "count events", func() error {
		caller, looked := callerText(&query.Caller), map[string][]string{}
		people := newPseudonyms(query.Stand, s.mapping.Person.Format)
		for i := range query.Sets {
			statements, err := s.count(ctx, &query.Sets[i], caller, looked)
			if err != nil {
				return err
			}
			r := &eventReading{source: s.id, wanted: &query.Sets[i], people: people, organisations: numbering{of: query.Organisation},
				each: func(event sources.Event) error { return each(i, event) }}
			for j := range statements {
				r.layouts = statements[j].layouts
				if err := s.connection.Stream(ctx, statements[j].statement, statements[j].args, caller, r.row); err != nil {
					return r.fault(err)
				}
			}
		}
		return nil
	})
}

// stopped wraps an error of the caller's own, which is returned unchanged.
type stopped struct{ error }

// studying admits one counting question at a time, and adds to an error what was being done.
func (s *Source) studying(ctx context.Context, what string, question func() error) error {
	select {
	case s.counting <- struct{}{}:
	case <-ctx.Done():
		return fmt.Errorf("%s of source %s: %w", what, s.id, ctx.Err())
	}
	defer func() { <-s.counting }()
	err := question()
	var own stopped
	switch {
	case errors.As(err, &own):
		return own.error
	case err != nil:
		return fmt.Errorf("%s of source %s: %w", what, s.id, err)
	}
	return nil
}

// eventReading turns rows into events.
type eventReading struct {
	source        clinical.SourceID
	wanted        *sources.RecordedSet
	layouts       []*eventLayout
	people        *pseudonyms
	organisations numbering
	each          func(sources.Event) error
	stopped       error
}

func (r *eventReading) fault(err error) error {
	if r.stopped != nil {
		return stopped{r.stopped}
	}
	return err
}

// row turns a row into an event and passes it on, unless it belongs to somebody who is not counted or is not a valid
// record.
func (r *eventReading) row(row [][]byte) error {
	branch, ok := branchOfRow(row, len(r.layouts), r.layouts[0].alone)
	if !ok {
		return nil
	}
	l := r.layouts[branch]
	person, counts := r.people.of(row[columnPerson])
	if !counts {
		return nil
	}
	event, ok := r.event(l, row)
	if !ok {
		return nil
	}
	event.Person = person
	r.stopped = r.each(event)
	return r.stopped
}

// branchOfRow is the branch of a row: its last column says so, unless there is only one branch.
func branchOfRow(row [][]byte, branches int, alone bool) (branch int, ok bool) {
	if alone {
		return 0, true
	}
	branch = branchNumber(row[len(row)-1])
	return branch, branch >= 0 && branch < branches
}

// event reads the wanted fields; ok is false for a row that is not a valid record or is out of bounds.
func (r *eventReading) event(l *eventLayout, row [][]byte) (event sources.Event, ok bool) {
	start, ok := l.date.read(row)
	if !ok {
		return event, false
	}
	end, ok := l.end.read(row)
	if !ok || !l.grouped && !withinDays(start.Day(), r.wanted) {
		return event, false
	}
	value := numberOf(l.value.of(row))
	if !sources.Within(&r.wanted.Value, value, l.unit.of(row)) {
		return event, false
	}
	r.fill(&event, l, row, start, end)
	if r.wanted.Wanted&sources.WantValue != 0 {
		event.Value = value
	}
	if r.wanted.Wanted&sources.WantMark != 0 {
		event.Mark = r.mark(l, row, value, start, end)
	}
	return event, true
}

func (r *eventReading) fill(event *sources.Event, l *eventLayout, row [][]byte, start, end clinical.DateTime) {
	wanted := r.wanted.Wanted
	if wanted&sources.WantDay != 0 {
		event.Day = start.Day()
	}
	if wanted&sources.WantEnd != 0 {
		event.End = end.Day()
		if end.IsZero() {
			event.End = start.Day()
		}
	}
	if wanted&sources.WantOrganisation != 0 {
		event.Organisation = r.organisations.number(valid(l.organisation.of(row)))
	}
}

func withinDays(day clinical.Day, wanted *sources.RecordedSet) bool {
	if wanted.From == clinical.NoDay && wanted.Until == clinical.NoDay {
		return true
	}
	if day == clinical.NoDay {
		return wanted.Undated
	}
	return day >= wanted.From && (wanted.Until == clinical.NoDay || day <= wanted.Until)
}

// mark computes the mark of the row's record.
func (r *eventReading) mark(l *eventLayout, row [][]byte, value float64, start, end clinical.DateTime) uint64 {
	saying := sources.Saying[[]byte]{Source: r.source, Value: value, Unit: valid(l.unit.of(row))}
	for i := range l.codings {
		code := valid(l.codings[i].code.of(row))
		if len(code) == 0 {
			continue
		}
		system := l.codings[i].system.of(row)
		shared := sources.Shared(system)
		if saying.Code == nil || shared {
			saying.System, saying.Code = system, code
		}
		if shared {
			break
		}
	}
	if sources.IsVisit(r.wanted.Kind) {
		saying.Organisation, saying.Start, saying.End = valid(l.organisation.of(row)), start, end
	}
	return saying.Mark()
}

// numbering maps organisations to numbers and caches the result: there are few organisations and many rows.
type numbering struct {
	of    func(clinical.Text) uint32
	known map[string]uint32
}

func (n *numbering) number(code []byte) uint32 {
	if len(code) == 0 {
		return 0
	}
	if number, ok := n.known[string(code)]; ok {
		return number
	}
	if n.known == nil {
		n.known = map[string]uint32{}
	}
	number := n.of(clinical.Text(code))
	n.known[string(code)] = number
	return number
}

package openehr

import (
	"context"
	"maps"
	"slices"
	"sync/atomic"

	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/mapping"
	"onelondon/sources/memory"
	"onelondon/sources/openehr/aql"
	"onelondon/sources/web"
)

// idlePages is how many pages in a row may hold nothing new while a walk goes through every EHR.
const idlePages = 10

// ehrs goes through every EHR that may be seen, a page at a time, with what its mapping says of the person. An error of each is
// returned as it is. Pages are in the order of ids, and each begins with the last of the one before: where that has moved, an EHR was
// made or went meanwhile, and the walk begins again at the place where both agree.
func (s *Source) ehrs(ctx context.Context, caller *sources.Caller, each func(ids []string, read *reading) error) error {
	everybody := &set{bare: true, from: aql.Containment{Class: "EHR", Variable: s.plan.mapping.Person.From.Alias}, RecordSet: &mapping.RecordSet{}}
	selected := s.plan.selecting(everybody, 0)
	selected.query.Order = []aql.Order{{Path: selected.query.Select[columnEHR].Path}}
	seen := map[string]bool{}
	for offset, idle := 0, 0; ; {
		query := selected.query
		query.Limit, query.Offset = s.options.Page+1, offset
		rows, _, err := s.client.ask(ctx, caller, &statement{Q: query.String(), Parameters: selected.values}, len(query.Select))
		if err != nil {
			return err
		}
		if offset > 0 && (len(rows) == 0 || !seen[textOf(plain(rows[0][columnEHR]))]) {
			offset = max(offset-s.options.Page, 0)
			continue
		}
		var ids []string
		fresh := rows[:0:0]
		for _, row := range rows {
			if id := textOf(plain(row[columnEHR])); id != "" && !seen[id] {
				seen[id] = true
				ids, fresh = append(ids, id), append(fresh, row)
			}
		}
		if err := each(ids, s.decoder.read(selected, fresh, nil)); err != nil {
			return err
		}
		if len(rows) <= s.options.Page {
			return nil
		}
		// EHRs made meanwhile push back what was seen already, more than a page of it at times; a server that pays no heed to OFFSET does so
		// for ever.
		if idle++; len(fresh) > 0 {
			idle = 0
		}
		if idle == idlePages {
			return server.Garbled("pages without an end")
		}
		offset += s.options.Page
	}
}

// People lists every EHR of somebody with a valid number.
func (s *Source) People(ctx context.Context, yield func(sources.Membership) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.ehrs(ctx, &sources.Caller{}, func(_ []string, read *reading) error {
		for _, registrations := range read.people {
			for _, one := range registrations {
				if err := yield(membership(one)); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// Watermark asks each place that the mapping names for its newest moment. A mapping that names none gives a missing date.
func (s *Source) Watermark(ctx context.Context) (clinical.DateTime, error) {
	var newest clinical.DateTime
	for _, m := range s.plan.marks {
		query := aql.Query{Select: []aql.Item{{Function: "MAX", Path: m.path}}, From: m.from}
		rows, _, err := s.client.ask(ctx, &sources.Caller{}, &statement{Q: query.String()}, 1)
		if err != nil {
			return clinical.DateTime{}, err
		}
		for _, cells := range rows {
			if at, ok := web.Moment(textOf(plain(cells[0])), s.decoder.london); ok && at.Compare(newest) > 0 {
				newest = at
			}
		}
	}
	return newest, ctx.Err()
}

// Events reads the records of everybody, some EHRs at a time, and hands over what the reference source makes of them.
func (s *Source) Events(ctx context.Context, query sources.EventQuery, each func(set int, event sources.Event) error) error {
	ids, err := s.everybody(ctx, &query.Caller)
	if err != nil {
		return web.Ended(ctx, err)
	}
	for i := range query.Sets {
		wanted := &query.Sets[i]
		one := sources.EventQuery{Caller: query.Caller, Sets: []sources.RecordedSet{*wanted}, Stand: query.Stand, Organisation: query.Organisation}
		for _, set := range s.plan.sets[wanted.Kind] {
			asked := s.everywhere(&query.Caller, set, counted(wanted))
			asked.wanted = counting(wanted)
			err := s.chunks(ctx, asked, ids, func(people []memory.Person) error {
				return memory.New(s.options.ID, people...).Events(ctx, one, func(_ int, event sources.Event) error { return web.Theirs(each(i, event)) })
			})
			if err != nil {
				return web.Ended(ctx, err)
			}
		}
	}
	return web.Ended(ctx, ctx.Err())
}

// Facts hands over what every registration says.
func (s *Source) Facts(ctx context.Context, query sources.FactQuery, each func(sources.Facts) error) error {
	ids, err := s.everybody(ctx, &query.Caller)
	if err != nil {
		return web.Ended(ctx, err)
	}
	for _, set := range s.plan.sets[clinical.KindRegistration] {
		err := s.chunks(ctx, s.everywhere(&query.Caller, set, clinical.KindRegistration.Descriptor().All()), ids, func(people []memory.Person) error {
			return memory.New(s.options.ID, people...).Facts(ctx, query, func(facts sources.Facts) error { return web.Theirs(each(facts)) })
		})
		if err != nil {
			return web.Ended(ctx, err)
		}
	}
	return web.Ended(ctx, ctx.Err())
}

// everybody are the ids of all EHRs.
func (s *Source) everybody(ctx context.Context, caller *sources.Caller) ([]string, error) {
	var all []string
	err := s.ehrs(ctx, caller, func(ids []string, _ *reading) error {
		all = append(all, ids...)
		return nil
	})
	return all, err
}

// everywhere asks about EHRs by their ids.
func (s *Source) everywhere(caller *sources.Caller, set *set, fields clinical.FieldSet) request {
	return request{caller: caller, set: set, fields: fields, path: path(s.plan.mapping.Person.From.Alias, "ehr_id", "value"), most: s.options.Read.Rows,
		trips: new(atomic.Int64)}
}

// chunks reads a set of records of some EHRs at a time; where those have more rows than may be read, of fewer.
func (s *Source) chunks(ctx context.Context, r request, ids []string, each func([]memory.Person) error) error {
	for r.values = range slices.Chunk(ids, s.options.Page) {
		if err := s.chunk(ctx, r, each); err != nil {
			return err
		}
	}
	return nil
}

func (s *Source) chunk(ctx context.Context, r request, each func([]memory.Person) error) error {
	selected, rows, err := s.rows(ctx, &r)
	switch ids := r.values; {
	case err != nil:
		return err
	case len(rows) > r.most && len(ids) == 1:
		return server.Garbled("more rows of one EHR than may be read")
	case len(rows) > r.most:
		half := len(ids) / 2
		if r.values = ids[:half]; half > 0 {
			err = s.chunk(ctx, r, each)
		}
		if r.values = ids[half:]; err == nil {
			err = s.chunk(ctx, r, each)
		}
		return err
	}
	read := s.decoder.read(selected, rows, nil)
	var people []memory.Person
	for _, number := range slices.SortedFunc(maps.Keys(read.people), func(a, b clinical.NHSNumber) int { return slices.Compare([]byte(a.Reveal()), []byte(b.Reveal())) }) {
		for _, one := range read.people[number] {
			people = append(people, *one)
		}
	}
	return each(people)
}

// counted are the fields that decide on an event and say what is wanted of it. All that tells events apart is among them.
func counted(set *sources.RecordedSet) clinical.FieldSet {
	descriptor := set.Kind.Descriptor()
	return descriptor.Set("code", "date", "end", "status", "value", "unit", "valueText", "class", "publisher", "planId") | decisive(&set.Condition, descriptor)
}

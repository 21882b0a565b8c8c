package fhir

import (
	"context"
	"net/url"
	"sync"

	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/memory"
	"onelondon/sources/web"
)

// patients goes through every Patient that may be seen, a page at a time. An error of each is returned as it is.
func (s *Source) patients(ctx context.Context, caller *sources.Caller, each func(resource object, one person) error) error {
	return s.asking(caller).patients(ctx, each)
}

func (a *asking) patients(ctx context.Context, each func(resource object, one person) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	all := a.source.everything(of(clinical.KindRegistration)[0])
	err := a.through(ctx, all, func(page []object) (bool, error) {
		for _, resource := range page {
			if one, ok := personOf(resource); ok {
				if err := each(resource, one); err != nil {
					return false, err
				}
			}
		}
		return true, nil
	})
	return all.whole(err)
}

// whole is an error where the server gave fewer resources than it says there are: whoever lists or counts takes them for all.
func (s *search) whole(err error) error {
	if err == nil && s.cut {
		return server.Garbled("fewer resources than it says there are")
	}
	return err
}

// People lists every registration with a valid number.
func (s *Source) People(ctx context.Context, yield func(sources.Membership) error) error {
	err := s.patients(ctx, &sources.Caller{}, func(_ object, one person) error {
		_ = s.directory.called(one.hold)
		if member, ok := one.membership(); ok {
			return yield(member)
		}
		return nil
	})
	if err == nil {
		s.nameOrganisations(ctx, &sources.Caller{})
	}
	return err
}

// Watermark asks each type for what was changed last. A server that cannot sort by that gives some moment, none later than the newest.
func (s *Source) Watermark(ctx context.Context) (clinical.DateTime, error) {
	var searches []*search
	for _, l := range layouts {
		if s.can.types[l.resource] {
			searches = append(searches, &search{layout: l, resource: l.resource, params: url.Values{"_sort": {"-_lastUpdated"}, "_count": {"1"}}})
		}
	}
	var newest clinical.DateTime
	var mu sync.Mutex
	a := s.asking(&sources.Caller{})
	err := a.each(ctx, searches, func(ctx context.Context, i int) error {
		return a.through(ctx, searches[i], func(page []object) (bool, error) {
			mu.Lock()
			defer mu.Unlock()
			for _, resource := range page {
				meta, _ := resource["meta"].(object)
				if at, ok := moment(text(meta["lastUpdated"]), s.london); ok && at.Compare(newest) > 0 {
					newest = at
				}
			}
			return false, nil
		})
	})
	return newest, web.Ended(ctx, err)
}

// Events reads every resource of the sets' kinds, a page at a time, and hands over what the reference source makes of each page.
func (s *Source) Events(ctx context.Context, query sources.EventQuery, each func(set int, event sources.Event) error) error {
	known, err := s.everybody(ctx, &query.Caller)
	if err != nil {
		return web.Ended(ctx, err)
	}
	for i := range query.Sets {
		set := &query.Sets[i]
		one := sources.EventQuery{Caller: query.Caller, Sets: []sources.RecordedSet{*set}, Stand: query.Stand, Organisation: query.Organisation}
		for _, l := range s.can.layouts(set.Kind) {
			found := s.everything(l)
			found.narrowed(&s.can, set.Codes, startOf(set), endOf(set))
			err := s.pages(ctx, &query.Caller, found, known, func(page *memory.Source) error {
				return page.Events(ctx, one, func(_ int, event sources.Event) error { return web.Theirs(each(i, event)) })
			})
			if err != nil {
				return web.Ended(ctx, err)
			}
		}
	}
	return nil
}

// everybody are the Patients with a number, by the keys that resources name them by. One that is replaced leads to the one to be used.
func (s *Source) everybody(ctx context.Context, caller *sources.Caller) (map[string]*person, error) {
	byKey, byNumbers := map[string]*person{}, map[clinical.NHSNumber][]person{}
	err := s.patients(ctx, caller, func(_ object, one person) error {
		switch {
		case one.number.IsZero():
		case one.replaced():
			byNumbers[one.number] = append(byNumbers[one.number], one)
		default:
			byKey[one.id] = &one
			byKey[byNumber+one.number.Reveal()] = &one
		}
		return nil
	})
	if len(byNumbers) == 0 {
		return byKey, err
	}
	known := map[clinical.NHSNumber][]person{}
	for key, one := range byKey {
		if key == one.id && len(byNumbers[one.number]) > 0 {
			known[one.number] = append(known[one.number], *one)
		}
	}
	for number, replaced := range byNumbers {
		for old, last := range settled(replaced, known[number]) {
			byKey[old] = byKey[last]
		}
	}
	return byKey, err
}

// pages makes a reference source of each page of a search.
func (s *Source) pages(ctx context.Context, caller *sources.Caller, found *search, known map[string]*person, each func(*memory.Source) error) error {
	a := s.asking(caller)
	err := a.through(ctx, found, func(page []object) (bool, error) {
		d := s.decoder(a.medications)
		d.who = known
		theirs := map[*person][]clinical.Record{}
		for _, e := range d.reading(found.layout, page).entries {
			met := map[*person]bool{}
			for _, key := range e.patients {
				if one := known[key]; one != nil && !met[one] {
					met[one] = true
					theirs[one] = append(theirs[one], e.records...)
				}
			}
		}
		var people []memory.Person
		for one, records := range theirs {
			people = append(people, one.registration(one.number, records))
		}
		return true, each(memory.New(s.options.ID, people...))
	})
	return found.whole(err)
}

// Facts hands over what every Patient says.
func (s *Source) Facts(ctx context.Context, query sources.FactQuery, each func(sources.Facts) error) error {
	l := of(clinical.KindRegistration)[0]
	d := s.decoder(nil)
	return web.Ended(ctx, s.patients(ctx, &query.Caller, func(resource object, one person) error {
		records, ok := d.records(l, resource)
		if !ok || one.number.IsZero() || one.replaced() {
			return nil
		}
		alone := memory.New(s.options.ID, one.registration(one.number, records))
		return alone.Facts(ctx, query, func(facts sources.Facts) error { return web.Theirs(each(facts)) })
	}))
}

// startOf and endOf bound a set's days, as far as undated records are not wanted beside them.
func startOf(set *sources.RecordedSet) clinical.DateTime { return bound(set, set.From) }

func endOf(set *sources.RecordedSet) clinical.DateTime {
	if set.Until == clinical.NoDay {
		return clinical.DateTime{}
	}
	return bound(set, set.Until+1)
}

func bound(set *sources.RecordedSet, day clinical.Day) clinical.DateTime {
	if set.Undated || day == clinical.NoDay {
		return clinical.DateTime{}
	}
	return clinical.NewDateTime(day.Time(), clinical.PrecisionDay)
}

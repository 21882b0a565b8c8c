package fhir

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"onelondon/internal/clinical"
	"onelondon/sources"
)

// atOnce is how many searches of one question run at the same time.
const atOnce = 2

// search is one search and what it found.
type search struct {
	layout   *layout
	resource string
	params   url.Values
	fields   clinical.FieldSet // wanted by whoever asks
	whose    clinical.NHSNumber
	one      bool // a single resource is enough

	resources []object
	cut       bool // the cap on reading was reached
	beyond    int  // resources of Patients that may be the same person, see lookBeyond
}

// asking is one question's talk with the server.
type asking struct {
	source *Source
	caller *sources.Caller

	mu                 sync.Mutex
	trips, rows, bytes int
	strange            int // resources that came under another server's address
	medications        map[string]object
	origins            origins
}

func (s *Source) asking(caller *sources.Caller) *asking {
	return &asking{source: s, caller: caller, medications: map[string]object{}, origins: origins{}}
}

// do sends a request and counts it.
func (a *asking) do(ctx context.Context, e exchange, target any) error {
	bytes, err := a.source.client.do(ctx, a.caller, e, target)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.trips++
	a.bytes += bytes
	return err
}

// together sends all searches as one batch, and then for whatever pages follow.
func (a *asking) together(ctx context.Context, searches []*search) error {
	if len(searches) == 0 {
		return nil
	}
	var reply batchReply
	if err := a.do(ctx, a.source.client.batch(searches), &reply); err != nil {
		return err
	}
	pages, err := reply.found(len(searches))
	if err != nil {
		return err
	}
	return a.each(ctx, searches, func(ctx context.Context, i int) error {
		return a.pages(ctx, searches[i], pages[i], a.collect(searches[i]))
	})
}

// apart sends each search by itself.
func (a *asking) apart(ctx context.Context, searches []*search) error {
	return a.each(ctx, searches, func(ctx context.Context, i int) error { return a.through(ctx, searches[i], a.collect(searches[i])) })
}

func (a *asking) each(ctx context.Context, searches []*search, do func(context.Context, int) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	for i := range searches {
		group.Go(func() error { return do(ctx, i) })
	}
	return group.Wait()
}

// through goes through all pages of one search.
func (a *asking) through(ctx context.Context, s *search, each func([]object) (more bool, err error)) error {
	var page bundle
	if err := a.do(ctx, a.source.client.form(s.resource, s.params), &page); err != nil {
		return err
	}
	return a.pages(ctx, s, &page, each)
}

// pages hands over the page and those that follow it, until each has enough. A server whose pages lead round in a circle has failed, and one that says
// how many there are and gives fewer has cut the search.
func (a *asking) pages(ctx context.Context, s *search, page *bundle, each func([]object) (more bool, err error)) error {
	seen := map[string]bool{}
	for total, given := page.total(), 0; ; {
		if err := page.check(); err != nil {
			return err
		}
		resources, strange := a.source.client.own(page)
		a.mu.Lock()
		a.strange += strange
		a.mu.Unlock()
		a.note(resources)
		for _, resource := range resources {
			if text(resource["resourceType"]) == s.resource {
				given++
			}
		}
		link := page.next()
		more, err := each(resources)
		if err == nil && more && link == "" && given < total {
			s.cut = true
		}
		if err != nil || !more || link == "" {
			return err
		}
		if seen[link] {
			return server.Garbled("pages without an end")
		}
		seen[link] = true
		to, err := a.source.client.follow(link)
		if err != nil {
			return err
		}
		page = &bundle{}
		if err := a.do(ctx, to, page); err != nil {
			return err
		}
	}
}

// note keeps what came along: medicines, and where records come from.
func (a *asking) note(resources []object) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, resource := range resources {
		switch id := text(resource["id"]); {
		case id == "":
		case text(resource["resourceType"]) == "Medication":
			a.medications[id] = resource
		case text(resource["resourceType"]) == "Provenance":
			a.origins.add(resource)
		}
	}
}

// collect keeps a search's resources, up to the cap on reading.
func (a *asking) collect(s *search) func([]object) (bool, error) {
	return func(page []object) (bool, error) {
		a.mu.Lock()
		defer a.mu.Unlock()
		most := &a.source.options.Read
		for _, resource := range page {
			if text(resource["resourceType"]) != s.resource {
				continue
			}
			if a.rows == most.Rows {
				s.cut = true
				return false, nil
			}
			a.rows++
			s.resources = append(s.resources, resource)
		}
		if s.one && len(s.resources) > 0 {
			return false, nil
		}
		if a.bytes >= most.Bytes {
			s.cut = true
		}
		return !s.cut, nil
	}
}

// everything searches for all resources of a layout's type.
func (s *Source) everything(l *layout) *search {
	found := &search{layout: l, resource: l.resource, params: url.Values{"_count": {strconv.Itoa(s.options.Page)}}}
	if s.can.includes[l.include] {
		found.params.Set("_include", l.include)
	}
	return found
}

// key tells searches apart, and what their resources are read as.
func (s *search) key() string {
	return s.layout.kind.String() + " " + s.resource + "?" + s.params.Encode()
}

// only asks for nothing but some elements, where the server can.
func (s *search) only(can *ability, elements []string) {
	if can.narrows(s.resource, "_elements") {
		s.params.Set("_elements", strings.Join(elements, ","))
	}
}

package fhir

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
	_ "time/tzdata" // moments have offsets, and records London's civil time, whatever the machine knows

	"onelondon/internal/clinical"
	"onelondon/sources"
)

var (
	_ sources.Source      = (*Source)(nil)
	_ sources.Pinger      = (*Source)(nil)
	_ sources.Holder      = (*Source)(nil)
	_ sources.Lister      = (*Source)(nil)
	_ sources.Watermarked = (*Source)(nil)
	_ sources.Counter     = (*Source)(nil)
)

// Source is a FHIR R4 server as a source of records. It is safe for concurrent use.
type Source struct {
	options Options
	client  *client
	can     ability
	says    string // the address that the server says it has, "" where it says none
	london  *time.Location

	organisations organisations
	directory     directory
}

// Open reads the server's CapabilityStatement and fails where the server is not of FHIR R4 or cannot search for patients.
func Open(ctx context.Context, options Options) (*Source, error) {
	options = options.filled()
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		return nil, fmt.Errorf("open FHIR source %s: %w", options.ID, err)
	}
	asked, err := newClient(&options)
	if err != nil {
		return nil, fmt.Errorf("open FHIR source %s: %w", options.ID, err)
	}
	s := &Source{options: options, client: asked, london: london}
	says, err := s.capability(ctx)
	if err != nil {
		return nil, fmt.Errorf("open FHIR source %s: %w", options.ID, err)
	}
	s.says = says.Implementation.URL
	if s.can = abilityOf(says); !s.can.types["Patient"] {
		return nil, fmt.Errorf("open FHIR source %s: %w", options.ID, server.Garbled("no search for Patient in its CapabilityStatement"))
	}
	if s.can.batch = !options.NoBatch && (s.can.batch || s.can.bundles && s.takesBatches(ctx)); ctx.Err() != nil {
		return nil, fmt.Errorf("open FHIR source %s: %w", options.ID, ctx.Err())
	}
	return s, nil
}

// takesBatches tries a batch on a server that states transactions alone, as HAPI FHIR does of both.
func (s *Source) takesBatches(ctx context.Context) bool {
	nobody := &search{resource: "Patient", params: url.Values{"_id": {"nobody"}}}
	return s.asking(&sources.Caller{}).together(ctx, []*search{nobody}) == nil
}

func (s *Source) capability(ctx context.Context) (*capability, error) {
	var says capability
	if _, err := s.client.do(ctx, &sources.Caller{}, exchange{http.MethodGet, s.client.base.String() + "/metadata", "", nil}, &says); err != nil {
		return nil, err
	}
	if says.ResourceType != "CapabilityStatement" || !strings.HasPrefix(says.FHIRVersion, "4.0") {
		return nil, server.Garbled("no CapabilityStatement of FHIR R4")
	}
	return &says, nil
}

// Holds lists the kinds that the server can search for.
func (s *Source) Holds() []clinical.Kind {
	var held []clinical.Kind
	for _, kind := range clinical.Kinds() {
		if len(s.can.layouts(kind)) > 0 {
			held = append(held, kind)
		}
	}
	return held
}

// Batches reports whether the server is asked for all kinds of a question in one batch.
func (s *Source) Batches() bool { return s.can.batch }

// Ping reads the CapabilityStatement again.
func (s *Source) Ping(ctx context.Context) error {
	_, err := s.capability(ctx)
	return err
}

// Close closes idle connections.
func (s *Source) Close() error {
	s.client.web.Close()
	return nil
}

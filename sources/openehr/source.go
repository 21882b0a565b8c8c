package openehr

import (
	"context"
	"fmt"
	"time"
	_ "time/tzdata" // moments have offsets, and records London's civil time, whatever the machine knows

	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/openehr/aql"
)

var (
	_ sources.Source      = (*Source)(nil)
	_ sources.Pinger      = (*Source)(nil)
	_ sources.Holder      = (*Source)(nil)
	_ sources.Lister      = (*Source)(nil)
	_ sources.Watermarked = (*Source)(nil)
	_ sources.Counter     = (*Source)(nil)
)

// Source is an openEHR server as a source of records. It is safe for concurrent use.
type Source struct {
	options Options
	client  *client
	plan    *plan
	decoder *decoder
}

// Open makes the mapping ready and asks the server whether it is there.
func Open(ctx context.Context, options Options) (*Source, error) {
	options = options.filled()
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		return nil, fmt.Errorf("open openEHR source %s: %w", options.ID, err)
	}
	made, err := compile(options.Mapping.System, options.Mapping)
	if err != nil {
		return nil, fmt.Errorf("open openEHR source %s: %w", options.ID, err)
	}
	asked, err := newClient(&options)
	if err != nil {
		return nil, fmt.Errorf("open openEHR source %s: %w", options.ID, err)
	}
	s := &Source{options: options, client: asked, plan: made, decoder: &decoder{person: &made.mapping.Person, london: london}}
	if err := s.Ping(ctx); err != nil {
		return nil, fmt.Errorf("open openEHR source %s: %w", options.ID, err)
	}
	return s, nil
}

// Holds lists the kinds that the mapping has.
func (s *Source) Holds() []clinical.Kind {
	var held []clinical.Kind
	for _, kind := range clinical.Kinds() {
		if len(s.plan.sets[kind]) > 0 {
			held = append(held, kind)
		}
	}
	return held
}

// Ping asks for any one EHR's id.
func (s *Source) Ping(ctx context.Context) error {
	query := aql.Query{Select: []aql.Item{{Path: path("e", "ehr_id", "value")}}, From: aql.Containment{Class: "EHR", Variable: "e"}, Limit: 1}
	_, _, err := s.client.ask(ctx, &sources.Caller{}, &statement{Q: query.String()}, 1)
	return err
}

// Close closes idle connections.
func (s *Source) Close() error {
	s.client.web.Close()
	return nil
}

package openehr_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"onelondon/sources"
	"onelondon/sources/mapping"
	"onelondon/sources/openehr"
	"onelondon/sources/openehr/ehrstore"
	"onelondon/sources/sourcetest"
)

func TestTheDriverPassesTheConformanceSuite(t *testing.T) {
	sourcetest.RunAs(t, sourcetest.Manner{ManyRoundTrips: true}, func(t *testing.T, data sourcetest.Dataset) sources.Source {
		store := ehrstore.New("test", time.Now)
		if err := load(store, data); err != nil {
			t.Fatal(err)
		}
		return open(t, serve(t, store), mappingYAML(), openehr.Options{})
	})
}

// serve serves an openEHR server below a path of its own, as real ones are.
func serve(t *testing.T, server http.Handler) (base string) {
	t.Helper()
	served := httptest.NewServer(http.StripPrefix("/rest/openehr", server))
	t.Cleanup(served.Close)
	return served.URL + "/rest/openehr"
}

func open(t *testing.T, base, yaml string, options openehr.Options) *openehr.Source {
	t.Helper()
	options.ID, options.Base, options.Mapping = sourcetest.SampleSource, base, mappingOf(t, yaml)
	source, err := openehr.Open(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = source.Close() })
	return source
}

func mappingOf(t *testing.T, yaml string) *mapping.Mapping {
	t.Helper()
	m, err := mapping.LoadPaths("test.yaml", []byte(yaml), nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

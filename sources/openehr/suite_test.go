package openehr_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"onelondon/internal/clinical"
	"onelondon/internal/testkit"
	"onelondon/sources"
	"onelondon/sources/mapping"
	"onelondon/sources/openehr"
	"onelondon/sources/openehr/ehrstore"
	"onelondon/sources/sourcetest"
)

// TestTheDriverPassesTheConformanceSuite tells the server whatever it can be told, however few rows there are: more may go wrong than where
// everything is read as it is, which the long form asks besides.
func TestTheDriverPassesTheConformanceSuite(t *testing.T) {
	passes := func(options openehr.Options) func(*testing.T) {
		return func(t *testing.T) {
			sourcetest.RunAs(t, sourcetest.Manner{ManyRoundTrips: true}, func(t *testing.T, data sourcetest.Dataset) sources.Source {
				store := ehrstore.New("test", time.Now)
				if err := load(store, data); err != nil {
					t.Fatal(err)
				}
				return open(t, serve(t, store), mappingYAML(), options)
			})
		}
	}
	t.Run("told what is wanted", passes(openehr.Options{Whole: 1}))
	if testkit.Proving() {
		t.Run("read as it is", passes(openehr.Options{}))
		t.Run("told nothing", passes(openehr.Options{Wide: true}))
	}
}

// TestEachPlaceOfTheWatermarkIsRead asks for the watermark of one kind alone, of each.
func TestEachPlaceOfTheWatermarkIsRead(t *testing.T) {
	store := ehrstore.New("test", time.Now)
	if err := load(store, sourcetest.Sample()); err != nil {
		t.Fatal(err)
	}
	base := serve(t, store)
	for kind, yaml := range watermarks() {
		if at, err := open(t, base, yaml, openehr.Options{}).Watermark(t.Context()); err != nil || at.IsZero() {
			t.Errorf("%s: %v, %v", kind, at, err)
		}
	}
}

// watermarks are the suite's mapping with the watermark of one kind alone, of each.
func watermarks() map[clinical.Kind]string {
	before, marks, _ := strings.Cut(mappingYAML(), "watermark:\n")
	lines, all := strings.SplitAfter(marks, "\n"), map[clinical.Kind]string{}
	for i, kind := range clinical.Kinds() {
		all[kind] = before + "watermark:\n" + lines[i]
	}
	return all
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

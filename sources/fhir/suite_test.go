package fhir_test

import (
	"testing"

	"onelondon/sources"
	"onelondon/sources/fhir"
	"onelondon/sources/sourcetest"
)

func TestTheDriverPassesTheConformanceSuite(t *testing.T) {
	sourcetest.Run(t, func(t *testing.T, data sourcetest.Dataset) sources.Source {
		return open(t, serve(t, resourcesOf(data)...), fhir.Options{})
	})
}

func open(t *testing.T, s *server, options fhir.Options) *fhir.Source {
	t.Helper()
	options.ID, options.Base = sourcetest.SampleSource, s.base()
	source, err := fhir.Open(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = source.Close() })
	return source
}

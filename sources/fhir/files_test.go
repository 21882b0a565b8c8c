package fhir_test

import (
	"testing"

	"onelondon/internal/testkit"
	"onelondon/sources"
	"onelondon/sources/fhir"
	"onelondon/sources/fhir/fhirstore"
	"onelondon/sources/sourcetest"
	"onelondon/sources/web"
)

func TestFilesOfAServerPassTheConformanceSuite(t *testing.T) {
	run := sourcetest.RunBriefly // it differs in nothing but how its server is reached
	if testkit.Proving() {
		run = sourcetest.RunOverAs
	}
	run(t, legal(), sourcetest.Manner{}, func(t *testing.T, data sourcetest.Dataset) sources.Source {
		dir := t.TempDir()
		if err := fhirstore.New(fhirstore.Options{}, resourcesOf(data)...).Write(dir); err != nil {
			t.Fatal(err)
		}
		store, err := fhirstore.Read(dir)
		if err != nil {
			t.Fatal(err)
		}
		source, err := fhir.Open(t.Context(), fhir.Options{ID: sourcetest.SampleSource, Base: "http://files.invalid" + fhirstore.Base, Transport: web.InProcess(store)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = source.Close() })
		return source
	})
}

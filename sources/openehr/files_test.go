package openehr_test

import (
	"testing"
	"time"

	"onelondon/internal/testkit"
	"onelondon/sources"
	"onelondon/sources/openehr"
	"onelondon/sources/openehr/ehrstore"
	"onelondon/sources/sourcetest"
	"onelondon/sources/web"
)

func TestFilesOfAServerPassTheConformanceSuite(t *testing.T) {
	run := sourcetest.RunBriefly // it differs in nothing but how its server is reached
	if testkit.Proving() {
		run = sourcetest.RunOverAs
	}
	run(t, sourcetest.Sample(), sourcetest.Manner{ManyRoundTrips: true}, func(t *testing.T, data sourcetest.Dataset) sources.Source {
		store, dir := ehrstore.New("test", time.Now), t.TempDir()
		if err := load(store, data); err != nil {
			t.Fatal(err)
		}
		if err := store.Write(dir); err != nil {
			t.Fatal(err)
		}
		read, err := ehrstore.Read(dir)
		if err != nil {
			t.Fatal(err)
		}
		source, err := openehr.Open(t.Context(), openehr.Options{ID: sourcetest.SampleSource, Base: "http://files.invalid", Mapping: mappingOf(t, mappingYAML()),
			Transport: web.InProcess(read)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = source.Close() })
		return source
	})
}

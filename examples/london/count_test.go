package london_test

import (
	"testing"

	"onelondon/examples/london"
	"onelondon/internal/clinical"
	"onelondon/sources/sourcetest"
)

// TestAMappingCountsWhatItShows holds what each source counts to what it shows of everybody, one by one.
func TestAMappingCountsWhatItShows(t *testing.T) {
	options := london.Options{People: 90, Seed: 3}
	site := build(t, t.TempDir(), options)
	population := london.Imagine(options)
	for _, server := range servers() {
		for _, source := range site.Sources {
			t.Run(server.name+"/"+string(source.ID), func(t *testing.T) {
				opened := server.open(t, population, source)
				var numbers []clinical.NHSNumber
				asked := map[string]bool{}
				for _, person := range population.Held[string(source.ID)] {
					if number, err := clinical.ParseNHSNumber(person.NHSNumber); err == nil && !asked[person.NHSNumber] {
						asked[person.NHSNumber] = true
						numbers = append(numbers, number)
					}
				}
				if events := sourcetest.CountsWhatItShows(t, opened, source.ID, numbers); events < 100 { // of a store of plans, whose parts do not count, little else is left
					t.Errorf("only %d events were compared", events)
				}
			})
		}
	}
}

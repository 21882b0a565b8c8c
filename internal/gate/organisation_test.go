package gate_test

import (
	"testing"

	"onelondon/internal/clinical"
)

// What the configuration calls an organisation is shown where the source knows its code alone, or has the code in the place of the name.
func TestAnOrganisationIsNamedWhereItsSourceDoesNotNameIt(t *testing.T) {
	s := smallTown(t)
	for _, person := range s.people["emis"] {
		for i, record := range person.Records {
			record.About().Organisation.Name = []clinical.Text{"", "F84003", "Their own words"}[i%3]
		}
	}
	s.names = map[clinical.Text]clinical.Text{"F84003": "LIME TREE SURGERY"}
	s.open(t)
	person := s.ask(t, gpCaller, conditionsOf(t, amina))
	seen := map[clinical.Text]bool{}
	for _, record := range person.Pages[0].Records {
		if of := record.About().Organisation; of.Code == "F84003" {
			seen[of.Name] = true
		} else if of.Name != "" {
			t.Errorf("%s is of %+v", record.About().ID, of)
		}
	}
	if !seen["LIME TREE SURGERY"] || !seen["Their own words"] || len(seen) != 2 {
		t.Errorf("called %v", seen)
	}
	if of := person.Registrations[len(person.Registrations)-1].Organisation; of.Code == "F84003" && of.Name != "LIME TREE SURGERY" {
		t.Errorf("registered with %+v", of)
	}
	infos, err := s.gate.Catalogue(t.Context(), gpCaller)
	if err != nil {
		t.Fatal(err)
	}
	for _, info := range infos {
		if want := s.names[info.Organisation.Code]; info.Organisation.Name != want {
			t.Errorf("%s is of %+v", info.ID, info.Organisation)
		}
	}
}

package gate

import (
	"strings"

	"onelondon/internal/clinical"
)

// noKnownAllergy holds the SNOMED CT situations that state an absence of allergies.
func noKnownAllergy(code clinical.Text) bool {
	switch code {
	case "716186003", // no known allergy
		"409137002", // no known drug allergy
		"428607008", // no known environmental allergy
		"429625007": // no known food allergy
		return true
	}
	return false
}

// conflicts finds an allergy in one record and the statement that none is known in another. Both are shown either way; the
// conflict makes sure that nobody reads one without the other.
func (q *inquiry) conflicts(seen []clinical.Record) []Conflict {
	allergy := clinical.KindAllergyIntolerance
	if q.decision.Release(allergy).Masked&allergy.Descriptor().Set("code", "status") != 0 {
		return nil // it would tell what the records are about
	}
	var allergies, none []clinical.Record
	for _, record := range seen {
		meta := record.About()
		if !q.released(record) || over(meta.Status) || meta.Code.IsZero() {
			continue
		}
		if noKnownAllergy(meta.Code.Code) {
			none = append(none, record)
		} else {
			allergies = append(allergies, record)
		}
	}
	if len(allergies) == 0 || len(none) == 0 {
		return nil
	}
	return []Conflict{{Kind: AllergyAndNone, Records: append(allergies, none...),
		Message: "Allergies are recorded by " + holders(allergies) + ", but " + holders(none) + " states that none is known."}}
}

func over(status clinical.Status) bool {
	switch status {
	case clinical.StatusInactive, clinical.StatusResolved, clinical.StatusInError:
		return true
	}
	return false
}

// holders names the organisations of records, each once, by name where one is known.
func holders(records []clinical.Record) string {
	var names []string
	for _, record := range records {
		organisation := record.About().Organisation
		name := string(organisation.Name)
		if name == "" {
			name = string(organisation.Code)
		}
		if name == "" {
			name = string(record.About().Origin())
		}
		if !contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, " and ")
}

func contains(names []string, name string) bool {
	for _, other := range names {
		if other == name {
			return true
		}
	}
	return false
}

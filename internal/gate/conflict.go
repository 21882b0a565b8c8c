package gate

import (
	"strings"

	"onelondon/internal/clinical"
)

// noKnownAllergy reports whether a SNOMED CT situation states the absence of allergies.
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

// conflicts pairs an allergy in one record with a statement in another that none is known. Both are shown in any case;
// the conflict warns against reading one without the other.
func (q *inquiry) conflicts(seen []clinical.Record) []Conflict {
	allergy := clinical.KindAllergyIntolerance
	if q.decision.Release(allergy).Masked&allergy.Descriptor().Set("code", "status") != 0 {
		return nil // a conflict would reveal what the masked code says
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

// holders lists the organisations that hold the records, each once, by name where known.
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

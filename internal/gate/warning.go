package gate

import (
	"slices"
	"strings"

	"onelondon/internal/clinical"
)

// warnings says where sources disagree about the person's identity. It names sources but never values, and considers
// only registrations that may be shown.
func (q *inquiry) warnings(registrations []*clinical.Registration) []Warning {
	var warnings []Warning
	add := func(kind WarningKind, message string, ids []clinical.SourceID) {
		if len(ids) > 0 {
			warnings = append(warnings, Warning{Kind: kind, Message: message, Sources: ids})
		}
	}
	if q.superseded {
		warnings = append(warnings, Warning{Kind: NumberSuperseded,
			Message: "The number asked for was superseded; the record is shown under the person's current number."})
	}
	add(BirthDateDiffers, "Sources disagree on the date of birth. Make sure that they speak of the same person.",
		disagree(registrations, birthDay))
	add(FamilyNameDiffers, "Sources disagree on the family name. Make sure that they speak of the same person.",
		disagree(registrations, familyName))
	add(DeathDiffers, "Sources disagree on whether the person has died.", disagree(registrations, death))
	add(SeveralLocalRecords, "A source holds the person under several local identifiers; their records are shown together.",
		several(registrations))
	return warnings
}

// disagree returns the sources whose registrations give different values, or none if all given values agree.
func disagree(registrations []*clinical.Registration, value func(*clinical.Registration) string) []clinical.SourceID {
	var ids []clinical.SourceID
	var values []string
	for _, registration := range registrations {
		if v := value(registration); v != "" {
			values = append(values, v)
			ids = append(ids, registration.Origin())
		}
	}
	if !contradict(values) {
		return nil
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// contradict reports whether two values cannot both be right. A less precise value, such as a year of birth,
// contradicts only values that do not begin with it.
func contradict(values []string) bool {
	for i, a := range values {
		for _, b := range values[i+1:] {
			if !strings.HasPrefix(a, b) && !strings.HasPrefix(b, a) {
				return true
			}
		}
	}
	return false
}

func birthDay(r *clinical.Registration) string {
	return r.BirthDate.Cut(clinical.PrecisionDay).String()
}

func familyName(r *clinical.Registration) string {
	return strings.ToUpper(strings.TrimSpace(string(r.FamilyName)))
}

// death compares only whether the person has died, since sources hear of it on different days. A source without a date
// of death vouches for the living only while its registration is active.
func death(r *clinical.Registration) string {
	switch {
	case !r.DeathDate.IsZero():
		return "died"
	case r.Status == clinical.StatusActive:
		return "alive"
	}
	return ""
}

// several returns the sources in which one organisation holds more than one current local record of the person.
func several(registrations []*clinical.Registration) []clinical.SourceID {
	type holder struct {
		source       clinical.SourceID
		organisation clinical.Text
	}
	local := map[holder]clinical.Text{}
	var ids []clinical.SourceID
	for _, r := range registrations {
		if r.Status == clinical.StatusInactive {
			continue
		}
		at := holder{r.Origin(), r.Organisation.Code}
		if id, ok := local[at]; ok && id != r.ID && !slices.Contains(ids, r.Origin()) {
			ids = append(ids, r.Origin())
		}
		local[at] = r.ID
	}
	slices.Sort(ids)
	return ids
}

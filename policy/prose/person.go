package prose

import (
	"onelondon/policy"
	"onelondon/policy/specimen"
)

// Objection describes the state of a person's objection to the shared record.
func Objection(objection string) string {
	switch objection {
	case "none":
		return "the person has not objected to the shared record"
	case "requested":
		return "the person has objected to the shared record, and nobody has decided about it yet"
	case "upheld":
		return "the person's objection to the shared record was upheld"
	case "not_upheld":
		return "the person's objection to the shared record was considered and not upheld"
	}
	return "the register does not say whether the person objects to the shared record"
}

// Preference describes a person's decision about a category: "the person denies records about HIV to the role R0260".
func (t *Teller) Preference(preference policy.Preference) string {
	return "the person " + effect(preference) + " " + t.what(preference)
}

// what says which records, and to whom.
func (t *Teller) what(preference policy.Preference) string {
	records := "all records"
	if preference.Category != "all" {
		records = "records about " + specimen.Category(t.tables, preference.Category)
	}
	party := "everybody"
	switch preference.Party {
	case "organisation":
		party = "the organisation " + preference.Code
	case "role":
		party = "the role " + t.role(preference.Code)
	}
	return records + " to " + party
}

// NoLonger says that a person takes back a preference: "the person no longer denies records about HIV to everybody".
func (t *Teller) NoLonger(preference policy.Preference) string {
	return "the person no longer " + effect(preference) + " " + t.what(preference)
}

func effect(preference policy.Preference) string {
	switch preference.Effect {
	case "allow":
		return "allows"
	case "deny":
		return "denies"
	}
	return preference.Effect
}

func (t *Teller) role(code string) string {
	if title, known := t.titles[code]; known {
		return title + " (" + code + ")"
	}
	return code
}

// Age describes an age band.
func Age(age policy.Age) string {
	switch age {
	case policy.AgeUnder11:
		return "the person is under 11"
	case policy.Age11And12:
		return "the person is 11 or 12"
	case policy.Age13To15:
		return "the person is 13, 14 or 15"
	case policy.Age16AndUp:
		return "the person is 16 or over"
	}
	return "the person's age is not known"
}

// Capacity describes the finding on a person's capacity.
func Capacity(capacity policy.Capacity) string {
	switch capacity {
	case policy.CapacityCompetent:
		return "the person, a child, was found competent to decide"
	case policy.CapacityLacking:
		return "the person was found to lack capacity"
	}
	return "the person is presumed to have capacity"
}

// Authority describes the right by which a proxy acts.
func Authority(authority policy.Authority) string {
	switch authority {
	case policy.AuthorityParent:
		return "the proxy has parental responsibility"
	case policy.AuthorityAttorney:
		return "the proxy has power of attorney for health and welfare, or is a deputy"
	}
	return "nobody has authority over the person's record"
}

package prose

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"onelondon/policy"
	"onelondon/policy/specimen"
)

// Teller describes things in the words of one policy's tables. It is immutable and safe for concurrent use.
type Teller struct {
	tables map[string]any
	groups map[string]string // the group of each role, by the role's code
	titles map[string]string // the title of each role, by code
}

// New makes a teller for a policy's tables.
func New(tables map[string]any) *Teller {
	t := &Teller{tables: tables, groups: map[string]string{}, titles: map[string]string{}}
	groups, _ := tables["roles"].(map[string]any)
	for name, entry := range groups {
		group, _ := entry.(map[string]any)
		roles, _ := group["roles"].(map[string]any)
		for code, title := range roles {
			t.groups[code], t.titles[code] = name, fmt.Sprint(title)
		}
	}
	return t
}

// Group is the group to which a role belongs; "" if none.
func (t *Teller) Group(role string) string { return t.groups[role] }

// Spaced turns a code such as other_clinical into words: "other clinical".
func Spaced(code string) string { return strings.ReplaceAll(code, "_", " ") }

// Activity is the code of an activity and what the table calls it, up to a colon: "B0082 (Legal Override of Consent)".
func (t *Teller) Activity(code string) string {
	table, _ := t.tables["activities"].(map[string]any)
	entry, _ := table[code].(map[string]any)
	title, _ := entry["title"].(string)
	title, _, _ = strings.Cut(title, ":")
	if title == "" || strings.HasPrefix(title, code) {
		return code
	}
	return code + " (" + title + ")"
}

// Question describes who asks, why, and what is known about the person, in a sentence each.
func (t *Teller) Question(input policy.Input) []string {
	sentences := []string{fmt.Sprintf("%s asks %s.", t.Caller(input), Purpose(input.Purpose)),
		capital(Relationship(input.Relationship)) + "."}
	if len(input.Activities) > 0 {
		named := make([]string, len(input.Activities))
		for i, code := range input.Activities {
			named[i] = t.Activity(code)
		}
		sentences = append(sentences, "The caller's role has the activities "+specimen.Listed(named)+".")
	}
	if input.Emergency {
		sentences = append(sentences, "The caller has broken the glass.")
	}
	for _, said := range t.Person(input.Person) {
		sentences = append(sentences, capital(said)+".")
	}
	return sentences
}

// Caller describes who asks: "A General Medical Practitioner (R0260) of F84010".
func (t *Teller) Caller(input policy.Input) string {
	if input.Citizen {
		return "A citizen"
	}
	from := ""
	if input.Organisation != "" {
		from = " of " + input.Organisation
	}
	switch title, known := t.titles[input.Role]; {
	case known:
		return article(title) + " " + title + " (" + input.Role + ")" + from
	case input.Role != "":
		return "Somebody in the role " + input.Role + ", which no group lists," + from
	}
	return "Somebody without a role" + from
}

func article(noun string) string {
	if strings.ContainsAny(noun[:1], "AEIOaeio") {
		return "An"
	}
	return "A"
}

func capital(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

// Purpose describes why somebody asks: "for treatment (TREAT)".
func Purpose(purpose policy.Purpose) string {
	words := map[policy.Purpose]string{
		policy.Treatment: "for treatment", policy.EmergencyTreatment: "for emergency treatment",
		policy.PatientRequest: "at the person's own request", policy.Operations: "for planning and running services",
		policy.Research: "for research", policy.PublicHealth: "for public health",
	}
	switch said, known := words[purpose]; {
	case purpose == "":
		return "without saying why"
	case known:
		return said + " (" + string(purpose) + ")"
	}
	return "for " + string(purpose)
}

// Relationship describes how the caller stands to the person, as a clause: "the person is registered at the caller's
// practice".
func Relationship(relationship policy.Relationship) string {
	words := map[policy.Relationship]string{
		policy.RelationshipSelf:       "the caller is the person",
		policy.RelationshipRegistered: "the person is registered at the caller's practice",
		policy.RelationshipRecord:     "the caller's organisation holds a record of the person",
		policy.RelationshipReferral:   "the person has an open referral to the caller's organisation",
		policy.RelationshipClaimed:    "the caller says that they care for the person, and gives a reason",
		policy.RelationshipProxy:      "the caller is a proxy on whom the register puts authority over the person's record",
		policy.RelationshipNone:       "nothing connects the caller with the person",
	}
	if said, known := words[relationship]; known {
		return said
	}
	return "how the caller stands to the person is not known"
}

// Person describes what is known about the person, in a clause each. The usual case is left out: no objection, capacity
// presumed, an adult or of unknown age.
func (t *Teller) Person(person policy.Person) []string {
	var said []string
	if clause := Objection(person.Objection); person.Objection != "none" {
		said = append(said, clause)
	}
	for _, preference := range person.Preferences {
		said = append(said, t.Preference(preference))
	}
	if person.Flagged {
		said = append(said, "the person carries an S-flag")
	}
	if person.Deceased {
		said = append(said, "the person has died")
	}
	if person.Age != policy.AgeUnknown && person.Age != policy.Age16AndUp {
		said = append(said, Age(person.Age))
	}
	if person.Capacity != "" && person.Capacity != policy.CapacityPresumed {
		said = append(said, Capacity(person.Capacity))
	}
	if person.Authority != policy.AuthorityNone {
		said = append(said, Authority(person.Authority))
	}
	return said
}

// RoleGroup is one group of roles of a policy.
type RoleGroup struct {
	Name  string
	Roles []string // codes, in order; at least one
}

// Groups lists the groups of roles, in order of their names.
func (t *Teller) Groups() []RoleGroup {
	byName := map[string][]string{}
	for _, role := range slices.Sorted(maps.Keys(t.groups)) {
		byName[t.groups[role]] = append(byName[t.groups[role]], role)
	}
	var all []RoleGroup
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		all = append(all, RoleGroup{name, byName[name]})
	}
	return all
}

// Joined joins sentences with blanks.
func Joined(sentences []string) string { return strings.Join(sentences, " ") }

package check

import (
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"onelondon/internal/clinical"
	"onelondon/policy"
)

// organisations nearly equal each other, so that inexact comparisons are found.
var organisations = [...]string{"F84010", "RYJ", "ryj", "RYJ ", "R1H"}

// random makes questions and records from the words that the policy knows, and a few that it does not.
type random struct {
	*rand.Rand
	roles      []string
	activities []string
	codes      []clinical.Coding
}

func newRandom(source *rand.Rand, tables map[string]any) *random {
	r := &random{Rand: source, roles: []string{"", "R9999"}}
	codes := map[string]bool{}
	for _, text := range policy.Texts(tables) {
		switch {
		case isCode(text, 'B'):
			r.activities = append(r.activities, text)
		case isCode(text, 'R'):
			r.roles = append(r.roles, text)
		case isNumber(text):
			codes[text] = true
		}
	}
	for _, code := range slices.Sorted(maps.Keys(codes)) {
		r.codes = append(r.codes, clinical.Coding{System: clinical.SNOMED, Code: clinical.Text(code)})
	}
	for _, system := range clinical.CodeSystems() {
		r.codes = append(r.codes, clinical.Coding{System: system, Code: "720"})
	}
	return r
}

// isCode reports whether text has the form of the code of a role (R) or an activity (B): a letter and four digits.
func isCode(text string, letter byte) bool {
	return len(text) == 5 && text[0] == letter && isNumber(text[1:])
}

func isNumber(text string) bool {
	for _, digit := range text {
		if digit < '0' || digit > '9' {
			return false
		}
	}
	return len(text) > 3
}

func one[T any](r *random, from []T) T { return from[r.IntN(len(from))] }

// mostly is the first of from half of the time, so that enough questions are permitted for the results to be useful.
func mostly[T any](r *random, from []T) T {
	if r.IntN(2) == 0 {
		return from[0]
	}
	return one(r, from)
}

// input is a random question. One in four is a citizen's.
func (r *random) input() policy.Input {
	input := policy.Input{
		Role:         one(r, r.roles),
		Organisation: one(r, organisations[:]),
		Purpose:      mostly(r, append(policy.Purposes(), "")),
		Relationship: one(r, policy.Relationships()),
		Emergency:    r.IntN(4) == 0,
		Person:       r.person(),
	}
	if len(r.activities) > 0 && r.IntN(2) == 0 {
		input.Activities = []string{one(r, r.activities)}
	}
	if r.IntN(4) == 0 {
		input.Citizen, input.Role, input.Organisation, input.Activities = true, "", "", nil
		input.Purpose = policy.PatientRequest
		input.Relationship = mostly(r, []policy.Relationship{policy.RelationshipSelf, policy.RelationshipProxy})
	}
	return input
}

func (r *random) person() policy.Person {
	person := policy.Person{
		Objection: mostly(r, append(policy.Objections(), "")),
		Flagged:   r.IntN(8) == 0,
		Deceased:  r.IntN(8) == 0,
		Age:       one(r, policy.Ages()),
		Capacity:  mostly(r, policy.Capacities()),
		Authority: one(r, policy.Authorities()),
	}
	for range r.IntN(4) {
		person.Preferences = append(person.Preferences, r.preference())
	}
	return person
}

func (r *random) preference() policy.Preference {
	preference := policy.Preference{Effect: one(r, policy.Effects()), Category: "all", Party: one(r, policy.Parties())}
	if r.IntN(4) > 0 {
		preference.Category = string(one(r, clinical.Categories()))
	}
	switch preference.Party {
	case "organisation":
		preference.Code = one(r, organisations[:])
	case "role":
		preference.Code = one(r, r.roles)
	}
	return preference
}

// record is a random record of any kind, with about half of its properties missing.
func (r *random) record(input policy.Input) clinical.Record {
	record := one(r, clinical.Kinds()).Descriptor().New()
	meta := record.About()
	meta.Source = clinical.SourceID(one(r, []string{"gp", "barts"}))
	if r.IntN(4) > 0 {
		meta.Organisation.Code = clinical.Text(one(r, append(organisations[:], input.Organisation)))
	}
	if r.IntN(2) == 0 {
		meta.Publisher = clinical.Text(one(r, organisations[:]))
	}
	if r.IntN(2) == 0 {
		meta.Code.Coding = one(r, r.codes)
	}
	if r.IntN(2) == 0 {
		meta.Status = one(r, clinical.Statuses())
	}
	if r.IntN(4) > 0 {
		meta.Date = clinical.NewDateTime(time.Date(2018+r.IntN(4), time.Month(1+r.IntN(12)), 1+r.IntN(28), 0, 0, r.IntN(2), 0, time.UTC),
			clinical.Precision(r.IntN(6)))
	}
	// Labels are mostly known and mostly not set; otherwise hardly any record would be released.
	for _, label := range clinical.Labels() {
		if choice := r.IntN(16); choice < 15 {
			meta.Labels.Put(label, choice == 0)
		}
	}
	return record
}

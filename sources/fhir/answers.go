package fhir

import (
	"slices"
	"strings"

	"onelondon/internal/clinical"
)

// What a person would like, and what was said when resuscitation was decided on, stands in NHS England's End of Life API in a
// QuestionnaireResponse each, whose items go by these names (EOL-Preferences-QuestionnaireResponse-1, EOL-CPRStatus-QuestionnaireResponse-1).
const (
	deathCoded  = "preferredPlaceOfDeathCoded"
	deathWords  = "preferredPlaceOfDeathText"
	preferences = "preferencesAndWishes"
	homeAccess  = "domesticAccessAndInformation"
	ableToSay   = "cPRStatusMentalCapacity"
	decidedBy   = "professionalsInvolvedInDecision"
	endorsedBy  = "professionalEndorsingStatus"
)

// answerable are the fields that answers fill.
func answerable() []string {
	return []string{"preferredPlaceOfDeathFirst", "preferredPlaceOfDeathSecond", "whatMattersToMe", "accessToHome", "capacityFinding", "capacityDate",
		"cprOthersInvolved", "cprResponsible"}
}

// answers reports whether a QuestionnaireResponse has an item of one of the names.
func (u *atom) answers() bool {
	return slices.ContainsFunc([]string{deathCoded, deathWords, preferences, homeAccess, ableToSay, decidedBy, endorsedBy},
		func(name string) bool { return len(answered(u.resource, name)) > 0 })
}

// answer fills what QuestionnaireResponses tell, the newest of each.
func (s *sheet) answer() {
	p := s.plan
	for _, unit := range s.units["QuestionnaireResponse"] {
		if where := answerConcept(unit.resource, deathCoded); !where.IsZero() {
			s.prefer(where)
		} else if where := answerWords(unit.resource, deathWords); where != "" {
			s.prefer(clinical.Concept{Text: where})
		}
		fill := func(field *clinical.Text, name string) {
			if *field == "" {
				*field = answerWords(unit.resource, name)
			}
		}
		fill(&p.WhatMattersToMe, preferences)
		fill(&p.AccessToHome, homeAccess)
		fill(&p.CPROthersInvolved, decidedBy)
		fill(&p.CPRResponsible, endorsedBy)
		if found := answerConcept(unit.resource, ableToSay); p.CapacityFinding.IsZero() && !found.IsZero() {
			p.CapacityFinding, p.CapacityDate = found, unit.from
		}
	}
}

// answered are the answers to the item of a name, wherever it stands.
func answered(of object, name string) []object {
	var all []object
	for _, item := range codings(of["item"]) {
		answers := codings(item["answer"])
		if text(item["linkId"]) == name {
			all = append(all, answers...)
		}
		all = append(all, answered(item, name)...)
		for _, answer := range answers {
			all = append(all, answered(answer, name)...)
		}
	}
	return all
}

// answerConcept is an answer that is coded, else its words.
func answerConcept(of object, name string) clinical.Concept {
	for _, answer := range answered(of, name) {
		if coding, ok := answer["valueCoding"].(object); ok {
			return concept([]any{object{"coding": []any{coding}}})
		}
	}
	return clinical.Concept{Text: answerWords(of, name)}
}

func answerWords(of object, name string) clinical.Text {
	var all []string
	for _, answer := range answered(of, name) {
		for _, paths := range [][]path{parsePaths("valueString"), parsePaths("valueCoding@words"), parsePaths("valueReference@who")} {
			if said := words(paths, answer, ", "); said != "" {
				all = append(all, said)
			}
		}
	}
	return clean(strings.Join(all, ", "))
}

// treat fills how far treatment is to go from the activities of a CarePlan, as the End of Life API has it: a level in words as an activity's code,
// and what is advised as its description. A code of a terminology is an intervention and no level. What must not be done says so.
func (s *sheet) treat() {
	var lines []string
	for _, activity := range codings(s.head["activity"]) {
		detail, ok := activity["detail"].(object)
		if !ok || slices.Contains([]string{"cancelled", "stopped", "entered-in-error"}, text(detail["status"])) {
			continue
		}
		level, what := concept([]any{detail["code"]}), text(detail["description"])
		never := text(detail["doNotPerform"]) == "true"
		if level.Code == "" && level.Text != "" && !never && s.plan.CeilingDecision.IsZero() {
			s.plan.CeilingDecision = level
		} else if named := words(parsePaths("code@words"), detail, ", "); named != "" {
			what = strings.TrimSuffix(named+": "+what, ": ")
		}
		if never && what != "" {
			what = "Not to be done: " + what
		}
		if what != "" {
			lines = append(lines, what)
		}
	}
	if s.plan.CeilingDetail == "" {
		s.plan.CeilingDetail = clean(strings.Join(lines, "\n"))
	}
}

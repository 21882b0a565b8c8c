package scaffold

import (
	"fmt"
	"strings"

	"onelondon/internal/clinical"
)

// spoken finds the column of a table of codes in which the words of a vocabulary are.
func (s *scope) spoken(link Link, alias string, known any) (Place, string) {
	best, most := Place{link.To.Table, s.g.labelled(link.To.Table)}, 0
	for j := range s.g.c.Tables[link.To.Table].Columns {
		at := Place{link.To.Table, j}
		if stats := s.g.c.stats(at); stats.mostly(stats.Truth) || j == link.To.Column {
			continue
		}
		values := 0
		switch words := known.(type) {
		case map[string]clinical.Gender:
			_, values = heard(s.g.c.stats(at), words)
		case map[string]clinical.Status:
			_, values = heard(s.g.c.stats(at), words)
		case map[string]clinical.EncounterClass:
			_, values = heard(s.g.c.stats(at), words)
		case map[string]clinical.Kind:
			_, values = heard(s.g.c.stats(at), words)
		}
		if values > most {
			best, most = at, values
		}
	}
	return best, reference(alias, s.g.c.name(best))
}

// status translates a column of states, or goes by a flag or an end, or by what a kind of record always is.
func (s *scope) status(kind clinical.Kind, words []string, end claim) claim {
	field := &fieldGuide{name: "status", want: wantAny, words: "@ status|status|status description|lifecycle status|did not attendance|attendance dna|attendance status", avoid: "active ind date updated record reason payment withheld marital validity registration recorded consent"}
	if c, ok := s.g.choose(s.base, words, field); ok {
		at, from := c.at, s.column(c.at)
		before := len(s.joins)
		if at := s.g.columns[c.at.Table][c.at.Column]; at["attendance"] && at.any("dna", "did") && !s.g.c.stats(c.at).mostly(s.g.c.stats(c.at).Truth) {
			return claim{`{from: ` + scalar(from, true) + `, values: {"0": PLANNED, "2": CANCELLED, "4": CANCELLED, "3": DID_NOT_ATTEND, "7": DID_NOT_ATTEND, "5": COMPLETED, "6": COMPLETED}}`, c.sure,
				c.reason + "; taken to be the NHS Data Dictionary's ATTENDED OR DID NOT ATTEND CODE"}
		}
		link, points := s.lookup(c.at)
		if points {
			at, from = s.spoken(link, s.follow(link, true), statusWords())
		}
		if spelled, _ := heard(s.g.c.stats(at), statusWords()); len(spelled) > 0 {
			return claim{translation(from, spelled, func(word string) string { return string(statusWords()[strings.ToLower(word)]) }, ""), c.sure,
				fmt.Sprintf("%s; %d words are known; could not guess: what others mean", c.reason, len(spelled))}
		}
		if points {
			s.unfollow(link, before)
		}
	}
	active := &fieldGuide{name: "status", want: wantTruth, words: "active", avoid: "date ind"}
	if c, ok := s.g.choose(s.base, words, active); ok && !s.g.columns[c.at.Table][c.at.Column]["ind"] {
		return claim{"{from: " + s.column(c.at) + ", values: {true: ACTIVE}, else: INACTIVE}", c.sure, c.reason}
	}
	over := map[clinical.Kind]string{clinical.KindCondition: "RESOLVED", clinical.KindMedication: "COMPLETED", clinical.KindAlert: "INACTIVE", clinical.KindAllergyIntolerance: "INACTIVE", clinical.KindCarePlan: "COMPLETED", clinical.KindEncounter: "COMPLETED"}[kind]
	if column := s.g.read[end.value]; over != "" && column != "" {
		still := pick(kind == clinical.KindEncounter, "IN_PROGRESS", "ACTIVE")
		return claim{"{from: " + scalar("coalesce(text("+column+"), '') = ''", true) + ", values: {true: " + still + "}, else: " + over + "}", 0.6, "by whether it has ended"}
	}
	switch kind {
	case clinical.KindObservation, clinical.KindImmunisation, clinical.KindProcedure, clinical.KindDocument, clinical.KindEncounter:
		return claim{"COMPLETED", 0.5, "what is recorded of this kind has happened; could not guess: a column that says otherwise"}
	case clinical.KindAllergyIntolerance, clinical.KindContact:
		return claim{"ACTIVE", 0.4, "taken to hold; could not guess: a column that says otherwise"}
	}
	return claim{}
}

// class says what sort of encounter a table holds: by a column's words, or by the table's name.
func (s *scope) class(own []string) claim {
	field := &fieldGuide{name: "class", want: wantAny, words: "encounter type|type|class|patient class|type code|encounter class", avoid: "date sub point"}
	if c, ok := s.g.choose(s.base, own, field); ok {
		at, from := c.at, s.column(c.at)
		before := len(s.joins)
		link, points := s.lookup(c.at)
		if points {
			at, from = s.spoken(link, s.follow(link, true), classWords())
		}
		if spelled, _ := heard(s.g.c.stats(at), classWords()); len(spelled) > 0 {
			return claim{translation(from, spelled, func(word string) string { return string(classWords()[strings.ToLower(word)]) }, "OTHER"), c.sure, fmt.Sprintf("%s; %d words are known", c.reason, len(spelled))}
		}
		if points {
			s.unfollow(link, before)
		}
	}
	for _, known := range []struct{ word, class string }{{"emergency", "EMERGENCY"}, {"outpatient", "OUTPATIENT"}, {"consultation", "CONSULTATION"},
		{"inpatient", "INPATIENT"}, {"spell", "INPATIENT"}, {"admission", "INPATIENT"}, {"episode", "INPATIENT"}} {
		if s.g.bags[s.base][known.word] {
			return claim{known.class, 0.7, "by the table's name"}
		}
	}
	return claim{"OTHER", 0, "what sort of encounter it is"}
}

// intent tells plans from orders by the table's name.
func (s *scope) intent() claim {
	if s.g.bags[s.base].any("issue", "order", "dispensing", "care") && !s.g.bags[s.base].any("template") {
		return claim{"'order'", 0.5, "by the table's name"}
	}
	if s.g.bags[s.base].any("template", "repeat", "statement", "plan", "recorded", "request") {
		return claim{"'plan'", 0.5, "by the table's name"}
	}
	return claim{}
}

package scaffold

import (
	"fmt"
	"slices"
	"strings"

	"onelondon/internal/clinical"
)

// candidate is a table that may hold a kind of record.
type candidate struct {
	table  int
	sure   float64
	reason string
	path   []step
}

// guide says by which words a kind of record is known.
type guide struct {
	kind   clinical.Kind
	strong []string // a table named so holds the kind
	weak   []string // a table named so may
}

func guides() []guide {
	return []guide{
		{clinical.KindAllergyIntolerance, words("allergy intolerance sensitivity reaction"), nil},
		{clinical.KindCondition, words("condition problem diagnosis"), nil},
		{clinical.KindMedication, words("medication"), words("issue order dispensing")},
		{clinical.KindObservation, words("observation measurement result"), words("effective journal finding assessment investigation code")},
		{clinical.KindDiagnosticReport, words("diagnostic report radiology imaging"), words("investigation pathology")},
		{clinical.KindEncounter, words("encounter consultation attendance spell episode visit admission emergency inpatient outpatient"), words("effective activity contact case caselog")},
		{clinical.KindProcedure, words("procedure device"), nil},
		{clinical.KindImmunisation, words("immunisation"), nil},
		{clinical.KindAppointment, words("appointment"), words("outpatient schedule")},
		{clinical.KindReferral, words("referral"), nil},
		{clinical.KindDocument, words("document"), words("note")},
		{clinical.KindAlert, words("alert risk"), words("special")},
		{clinical.KindContact, words("relationship kin carer"), nil},
		{clinical.KindCarePlan, words("plan"), nil},
	}
}

func words(text string) []string { return strings.Fields(text) }

// aside are words of tables that say something about records and are not records themselves.
var aside = words("history status deleted audit lookup link additional reason staff organisation parameters consent map mapping tag property period template " +
	"participant location identifier pseudo log error archive file batch detail item requirement assurance data header metadata concept index stage question address telephone frequency performance skill skillset set review allocation outcome tracking indicator tail")

const sureEnough = 0.55

// classify finds for every kind the tables that seem to hold it.
func (g *guesser) classify() map[clinical.Kind][]candidate {
	found := map[clinical.Kind][]candidate{}
	pointed := g.pointedAt()
	for i := range g.c.Tables {
		if i == g.person.table && (g.bags[i].any("patient", "person", "demographics") || headOf(g.names[i]) == "") {
			continue
		}
		path, tied := g.path(i)
		if !tied {
			continue
		}
		for _, one := range guides() {
			sure, reason := g.holds(i, one)
			if one.kind == clinical.KindEncounter && sure > 0 && pointed[i] >= 4 {
				sure, reason = min(sure+0.3, 0.97), fmt.Sprintf("%s; %d tables point at it", reason, pointed[i])
			}
			if sure >= sureEnough {
				found[one.kind] = append(found[one.kind], candidate{i, sure, reason, path})
			}
		}
	}
	for kind := range found {
		slices.SortStableFunc(found[kind], func(a, b candidate) int { return compare(b.sure, a.sure) })
		best := found[kind][0].sure
		found[kind] = slices.DeleteFunc(found[kind], func(one candidate) bool { return one.sure < best-0.25 })
	}
	return found
}

// holds says how likely a table holds a kind of record.
func (g *guesser) holds(table int, one guide) (float64, string) {
	name := g.names[table]
	sure, reason := 0.0, ""
	head := headOf(name)
	switch {
	case slices.Contains(one.strong, head):
		sure, reason = 0.8, "named for it"
	case slices.Contains(one.weak, head):
		sure, reason = 0.5, "named a little like it"
	case head == "":
		sure, reason = g.votes(table, one)
	case g.bags[table].any(one.strong...):
		sure, reason = 0.5, "its name has the word"
	}
	if sure == 0 {
		return 0, ""
	}
	evidence, told := g.evidence(table, one.kind)
	sure += evidence
	if told != "" {
		reason += "; " + told
	}
	for _, word := range name {
		if slices.Contains(aside, word) && !slices.Contains(one.strong, word) && !slices.Contains(one.weak, word) && !(word == "template" && one.kind == clinical.KindMedication) {
			sure -= 0.2
		}
	}
	return min(sure, 0.95), reason
}

// headOf is the last word of a name that stands for a kind of record: a referral of an observation is a referral.
func headOf(name []string) string {
	for i := len(name) - 1; i >= 0; i-- {
		for _, one := range guides() {
			if slices.Contains(one.strong, name[i]) {
				return name[i]
			}
		}
	}
	for i := len(name) - 1; i >= 0; i-- {
		for _, one := range guides() {
			if slices.Contains(one.weak, name[i]) {
				return name[i]
			}
		}
	}
	return ""
}

// votes goes by the columns where a table's name says nothing: what its key is named for, and which word most columns have.
func (g *guesser) votes(table int, one guide) (float64, string) {
	columns := g.columns[table]
	with, strongest := 0, 0
	counts := map[string]int{}
	for _, column := range columns {
		for word := range column {
			counts[word]++
		}
	}
	for _, word := range one.strong {
		with = max(with, counts[word])
	}
	for _, other := range guides() {
		for _, word := range other.strong {
			strongest = max(strongest, counts[word])
		}
	}
	key := -1
	if len(g.keys[table]) > 0 {
		key = g.keys[table][0]
	}
	switch {
	case key >= 0 && columns[key].any(one.strong...):
		return 0.65, "its key is named for it"
	case with >= 4 && with == strongest && with*8 >= len(columns):
		return 0.5, fmt.Sprintf("%d of %d columns have its word", with, len(columns))
	}
	return 0, ""
}

// evidence looks for columns that a kind of record has.
func (g *guesser) evidence(table int, kind clinical.Kind) (float64, string) {
	has := func(words ...string) bool {
		return slices.ContainsFunc(g.columns[table], func(b bag) bool { return b.any(words...) })
	}
	sure, told := 0.0, []string{}
	note := func(by float64, is bool, what string) {
		if is {
			sure += by
			told = append(told, what)
		}
	}
	note(0.05, has("date"), "has dates")
	switch kind {
	case clinical.KindObservation:
		note(0.15, has("value", "result") && has("unit", "range", "numeric"), "has values with units")
		note(-0.3, !has("value", "result", "numeric", "finding"), "has no values")
	case clinical.KindMedication:
		note(0.1, has("dosage", "quantity"), "has doses or quantities")
		note(0.2, has("mnem", "mnemonic", "catalog", "catalogue"), "has a catalogue of orders")
		note(-0.2, !has("dosage", "quantity", "medication", "dmd"), "has neither dose nor quantity")
	case clinical.KindEncounter:
		note(0.1, has("admission", "discharge", "arrival", "consultation", "effective", "type"), "has what happens at one")
	case clinical.KindAppointment:
		note(0.1, has("appointment", "booked", "status"), "has bookings")
		note(-0.4, !has("status", "appointment", "outcome", "cancelled", "booked"), "has no bookings")
	case clinical.KindContact:
		note(-0.4, !has("name", "surname", "telephone"), "names nobody")
	case clinical.KindAllergyIntolerance, clinical.KindCondition, clinical.KindProcedure, clinical.KindImmunisation:
		note(0.1, has("code", "concept", "term", "snomed", "read", "diagnosis"), "has codes")
	}
	return sure, strings.Join(told, ", ")
}

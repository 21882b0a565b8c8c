package leaks_test

import (
	"fmt"
	"strings"

	"onelondon/internal/clinical"
)

// document is a question, and what its answer must hold whole.
type document struct {
	name, query string
	variables   map[string]any
	whole       []clinical.Kind // kinds of which every record that may be seen must come, with every field
	walks       bool            // page after page
	ofNobody    bool            // no record at all may come
	echoed      bool            // names in the question come back in errors, and are the caller's own
}

// lists names the list of each kind.
func lists() map[clinical.Kind]string {
	return map[clinical.Kind]string{clinical.KindAllergyIntolerance: "allergies", clinical.KindCondition: "conditions",
		clinical.KindMedication: "medications", clinical.KindObservation: "observations", clinical.KindDiagnosticReport: "diagnosticReports",
		clinical.KindEncounter: "encounters", clinical.KindProcedure: "procedures", clinical.KindImmunisation: "immunisations",
		clinical.KindAppointment: "appointments", clinical.KindReferral: "referrals", clinical.KindDocument: "documents",
		clinical.KindAlert: "alerts", clinical.KindContact: "contacts", clinical.KindCarePlan: "carePlans"}
}

// everyField selects all of a record, what stands in a group of a plan in it.
func everyField(kind clinical.Kind) string {
	selection := "id provenance { source localId organisation { code name } }"
	groups := map[string]string{}
	for _, field := range kind.Descriptor().Fields {
		group, name := grouped(kind, field.Name)
		if field.Type == clinical.TypeConcept {
			name += " { system code display text translations { system code display } }"
		}
		if groups[group] += " " + name; group == "" {
			selection += " " + name
		}
	}
	for _, group := range clinical.PlanGroups() {
		if groups[group] != "" {
			selection += " " + group + " {" + groups[group] + " }"
		}
	}
	return selection
}

// grouped is the group that a field stands in, if any, and its name there.
func grouped(kind clinical.Kind, name string) (group, own string) {
	for _, group := range clinical.PlanGroups() {
		if rest, ok := strings.CutPrefix(name, group); ok && kind == clinical.KindUrgentCarePlan {
			return group, strings.ToLower(rest[:1]) + rest[1:]
		}
	}
	return "", name
}

func item(kind clinical.Kind) string {
	return "edges { cursor } nodes { contributors { " + everyField(kind) + " } } pageInfo { hasNextPage endCursor } " +
		"conflicts { message records } sources { source outcome records rejected }"
}

const (
	person = "($n: NHSNumber!, $claim: String, $grant: EmergencyGrant) { patient(nhsNumber: $n, claimedRelationship: $claim, emergencyGrant: $grant) "
	about  = "nhsNumber warnings { kind message sources } sources { source outcome records } receipt { reasons withheldKinds relationship digest } "
)

// urgent is a view of the plans, with everything that is part of them.
func urgent() string {
	return fmt.Sprintf(" urgentCarePlan { plans { plan { %s } standing reviewDue contacts { %s } contingencyPlans { %s } anticipatoryMedicines { %s } } "+
		"cpr { plan { id } contacts { id } } adrt { plan { id } } ceilingOfTreatment { plan { id } } conflicts { message records } "+
		"sources { source outcome records rejected } complete }", everyField(clinical.KindUrgentCarePlan), everyField(clinical.KindContact),
		everyField(clinical.KindCarePlan), everyField(clinical.KindMedication))
}

// draw draws a question; codes are some that records may have, and mark one that somebody may have heard of.
func (d dice) draw(codes []clinical.Coding, mark string) document {
	return one(d, d.whole, d.whole, d.whole, d.walk, d.filtered(codes, mark), d.registrations, d.wrong(mark), d.twice(mark), d.office)()
}

func (d dice) whole() document {
	doc := document{name: "whole lists"}
	body := about
	for _, i := range d.Perm(14)[:3] {
		kind := clinical.Kinds()[1+i]
		doc.whole = append(doc.whole, kind)
		body += fmt.Sprintf(" %s(first: 40) { %s }", lists()[kind], item(kind))
	}
	if d.chance(2) {
		doc.whole = append(doc.whole, clinical.KindUrgentCarePlan)
		body += urgent()
	}
	doc.query = "query" + person + "{ " + body + " } }"
	return doc
}

func (d dice) walk() document {
	body := ""
	for _, kind := range clinical.Kinds()[1:] {
		body += fmt.Sprintf(" ... on %s { contributors { %s } }", kind, everyField(kind))
	}
	return document{name: "timeline, page after page", walks: true, whole: clinical.Kinds()[1:],
		query: fmt.Sprintf("query%s{ %s timeline(first: %d, after: $after) { edges { cursor } nodes { __typename id %s } "+
			"pageInfo { hasNextPage endCursor } sources { source outcome records } } } }", strings.Replace(person, "(", "($after: Cursor, ", 1), about,
			5+d.IntN(9), body)}
}

// filtered narrows a list in ways that tell what is there, if what is withheld is narrowed too.
func (d dice) filtered(codes []clinical.Coding, mark string) func() document {
	return func() document {
		kind := clinical.Kinds()[1+d.IntN(14)]
		filter := one(d, fmt.Sprintf(`codes: [{system: SNOMED_CT, code: %q}]`, one(d, codes...).Code), fmt.Sprintf("codes: [{code: %q}]", mark),
			`from: "1971-01-01", until: "1999"`, "status: [ACTIVE]", `codes: [{system: SNOMED_CT, code: "38341003"}], status: [ACTIVE, RESOLVED]`)
		return document{name: "a filter", query: fmt.Sprintf("query%s{ %s %s(first: %d, filter: {%s}) { %s } } }", person, about, lists()[kind],
			1+d.IntN(6), filter, item(kind))}
	}
}

func (d dice) registrations() document {
	return document{name: "who it is", whole: []clinical.Kind{clinical.KindRegistration}, query: "query" + person + "{ " + about +
		"demographics { familyName givenName title birthDate deathDate gender address postcode telephone email practice provenance { localId source } } registrations { " +
		everyField(clinical.KindRegistration) + " } } }"}
}

// wrong are questions that are refused, in whole or in part.
func (d dice) wrong(mark string) func() document {
	return func() document {
		body := one(d, `allergies(first: 0) { nodes { id } }`, `allergies(after: "AAAA") { nodes { id } }`, `conditions { nodes { `+mark+` } }`,
			`conditions(filter: {from: "`+mark+`"}) { nodes { id } }`, `timeline(kinds: [SECRET]) { nodes { id } }`, `documents(first: 201) { nodes { id note } }`,
			`encounters(filter: {codes: [{code: ""}]}) { nodes { id } }`, `alerts(first: -1) { nodes { id note } }`)
		return document{name: "a question that is refused", echoed: true, query: "query" + person + "{ nhsNumber " + body + " observations { nodes { id } } } }"}
	}
}

// twice asks for the same under other names, and for what is there once more beside it.
func (d dice) twice(mark string) func() document {
	return func() document {
		kind := clinical.Kinds()[1+d.IntN(14)]
		list := lists()[kind]
		return document{name: "other names", whole: []clinical.Kind{kind}, query: fmt.Sprintf(
			"query%s{ a: %s(first: 40) { %s } b: %s(first: 1) { nodes { id } } c: %s(filter: {codes: [{code: %q}]}) { nodes { id date } } } }",
			person, list, item(kind), list, list, mark)}
	}
}

// office asks what is kept of accesses. No record may come of it.
func (d dice) office() document {
	const access = "nodes { summary who userId purpose relationship claimedReason kinds withheldKinds rules { reason words } outcome requestId }"
	const choices = "{ proxies { name authority means recorded { words reason evidence } } capacity { means } sharing { means } }"
	return document{name: "what is kept of accesses", ofNobody: true, query: one(d,
		"query($n: NHSNumber!) { accesses(of: {person: $n}) { "+access+" } alerts { "+access+" } }",
		"query($n: NHSNumber!) { myRecord(nhsNumber: $n) { accesses { "+access+" } choices { consentRevision } } }",
		"query($n: NHSNumber!) { myRecord(nhsNumber: $n) { previewPreference(preference: {effect: DENY, party: {kind: ANYONE}}) { words changes { who } } } }",
		"query { sources { id name kinds health } policy { revision } }",
		"query($n: NHSNumber!) { choicesOf(nhsNumber: $n) "+choices+" }",
		"query($n: NHSNumber!) { myRecord(nhsNumber: $n) { choices "+choices+" } }",
		// What lacks evidence is never recorded, so these change nothing that the reference knows.
		`mutation($n: NHSNumber!) { appointProxy(input: {nhsNumber: $n, proxy: "9990000018", name: "x", authority: PARENT, reason: "seen at the desk"}) { inForce myRecord { choices `+choices+` } } }`,
		`mutation($n: NHSNumber!) { recordCapacity(input: {nhsNumber: $n, finding: LACKING, reason: "seen at the desk"}) { inForce myRecord { choices `+choices+` } } }`)}
}

// aliased puts two people into one document.
func aliased(query string) string {
	head, rest, _ := strings.Cut(query, "{ patient(")
	arguments, selection, _ := strings.Cut(rest, ") ")
	selection = strings.TrimSuffix(strings.TrimSpace(selection), "}")
	return strings.Replace(head, "($n", "($m: NHSNumber!, $n", 1) + "{ one: patient(" + arguments + ") " + selection +
		" two: patient(" + strings.Replace(arguments, "$n", "$m", 1) + ") " + selection + " }"
}

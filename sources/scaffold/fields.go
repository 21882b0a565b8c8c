package scaffold

import (
	"fmt"
	"slices"
	"strings"

	"onelondon/internal/clinical"
)

// want is what a column must look like to fill a field.
type want int

const (
	wantAny want = iota
	wantText
	wantDate
	wantNumber
	wantTruth
)

// fieldGuide says by which words a field is known: alternatives, the best first, parted by |; @ is any word of the kind itself.
// A column that has a word to avoid is hardly ever meant.
type fieldGuide struct {
	name   string
	want   want
	words  string
	avoid  string
	tables string // words of other tables of the person that may hold it, for a Registration
}

// contrary are words that turn a column's meaning, whatever the field.
const contrary = "previous mother father baby parent birth death relationship kin carer second secondary withheld previous status reason sender precision old review"

func registrationFields() []fieldGuide {
	return []fieldGuide{
		{"familyName", wantText, "surname", "forename staff recipient middle", "name"},
		{"givenName", wantText, "forename|forename name", "surname staff recipient middle", "name"},
		{"title", wantText, "title", "staff recipient suffix", "name"},
		{"birthDate", wantDate, "birth date|birth", "place order month week year age", "birth demographics"},
		{"deathDate", wantDate, "death date|death", "place cause discharge", "death"},
		{"gender", wantAny, "gender|gender code|gender administration", "identity source stated", "demographics"},
		{"address", wantText, "address line 1|address 1|house number|house name|number street|house|street|road|address line|address", "type id email end start date code", "address"},
		{"postcode", wantText, "postcode", "usual organisation staff practice", "address"},
		{"telephone", wantText, "telephone mobile|telephone number|telephone", "consent type staff work extension date", "telephone contact"},
		{"email", wantText, "email address|email", "consent", "contact email telephone"},
		{"practice", wantAny, "practice code|recorded practice organisation|practice organisation|practice|staff practice organisation", "name date type", "practice registration recorded staff"},
		{"date", wantDate, "recorded date start|recorded date|start date", "effective end birth death updated", "registration recorded episode period"},
		{"end", wantDate, "recorded date end|deregistration date|de recorded date|dateof deactivation|deactivation date|deactivation|end date", "birth death", "registration recorded episode period"},
	}
}

func metaFields(kind clinical.Kind) []fieldGuide {
	date := fieldGuide{"date", wantDate, "effective date|@ start date|start date|@ date|onset date|arrival date|admission date|performed date|requested date|contact date|issue date|date|applied date|recorded date", "beg recorded end booked verified extract load cancelled discharge departure due expected updated finalised reviewed removed approved seen closed time", ""}
	fields := []fieldGuide{date,
		{"end", wantDate, "@ end date|end date|discharge date|departure date|resolved date|closed date|cancelled date|completed date|removed date|deleted date", "precision effective expected planned", ""},
		{"recorded", wantDate, "recorded date|performed date|verified date|updated date", "booked practice end", ""},
		{"encounterId", wantAny, "encounter id|consultation id|visit id|attendance id|spell id|effective id|episode id", "", ""},
		{"problemId", wantAny, "problem id|condition id", "", ""},
		{"appointmentId", wantAny, "appointment id", "", ""},
		{"author", wantAny, "staff name|staff id|performed staff|performed by|consultant|author|staff|responsible staff|provider id|provider name|authorised by", "recorded organisation updated extract specialty care main mnem number status", ""},
		{"publisher", wantAny, "organisation id|organisation code|publisher organisation|performed organisation", "recipient target source service provider recorded practice sender end type name ccg", ""},
		{"note", wantText, "note|text free|@ note", "", ""},
	}
	if kind == clinical.KindContact {
		return []fieldGuide{{"recorded", wantDate, "recorded date", "", ""}}
	}
	return fields
}

// ownFields are the fields of one kind beside those that all kinds share.
func ownFields(kind clinical.Kind) []fieldGuide {
	switch kind {
	case clinical.KindAllergyIntolerance:
		return []fieldGuide{{"category", wantText, "category|@ type", "", ""}, {"severity", wantText, "severity", "", ""}, {"reaction", wantText, "reaction|reaction description", "date id", ""}}
	case clinical.KindCondition:
		return []fieldGuide{{"category", wantText, "significance|category|@ type|class", "date", ""}, {"severity", wantText, "severity", "", ""}}
	case clinical.KindMedication:
		return []fieldGuide{{"dosage", wantText, "dosage|dosage text", "unit form supervised unsupervised value", ""},
			{"quantity", wantNumber, "quantity value|quantity|@ quantity", "unit text", ""}, {"quantityUnit", wantText, "quantity unit|dosage unit|unit", "", ""},
			{"courseDays", wantNumber, "course duration days|duration days|days supply|duration course|duration|days", "date", ""},
			{"issuesAuthorised", wantNumber, "issue authorised|refills|maximum issue|max issue|high issue|authorised number|repeats", "date", ""}}
	case clinical.KindObservation:
		return []fieldGuide{{"value", wantNumber, "value numeric|numeric value|result value|value number|result number|value|result", "low high concept id date range", ""},
			{"comparator", wantAny, "comparator|operator", "", ""}, {"unit", wantText, "unit result|unit value|unit", "organisation", ""},
			{"valueText", wantText, "result text|value text|value string|text result|value concept|result concept", "code unit normal low high", ""},
			{"referenceLow", wantNumber, "range low|low normal|low reference|low", "", ""}, {"referenceHigh", wantNumber, "range high|high normal|high reference|high", "", ""},
			{"interpretation", wantText, "abnormal|normalcy|interpretation|abnormal flag", "", ""}}
	case clinical.KindDiagnosticReport:
		return []fieldGuide{{"category", wantText, "category|@ type|class", "", ""}, {"conclusion", wantText, "conclusion|result text|report text|findings|impression|result", "concept id date unit", ""}}
	case clinical.KindEncounter:
		return []fieldGuide{{"reason", wantText, "reason visit|chief reason|presenting reason|reason|reason encounter|presenting problem", "date leaving", ""},
			{"specialty", wantText, "specialty|main specialty|admission specialty", "staff date", ""},
			{"location", wantText, "hospital name|location name|care site|location|admission hospital name|service provider organisation|location effective", "date type change room bed", ""},
			{"admissionMethod", wantText, "admission method|arrival mode|admission source|method admission|admitted source", "date", ""},
			{"discharge", wantText, "discharge destination|discharge disposition|discharge to source|attendance disposal|discharge method|disposal", "date", ""}}
	case clinical.KindProcedure:
		return []fieldGuide{{"category", wantText, "category|@ type", "date", ""}}
	case clinical.KindImmunisation:
		return []fieldGuide{{"dose", wantText, "dosage|dosage number|dose sequence", "unit", ""}, {"batch", wantText, "batch number|batch", "", ""},
			{"site", wantText, "site|body site|location|route", "care", ""}, {"expiry", wantDate, "end date|batch end date", "", ""}}
	case clinical.KindAppointment:
		return []fieldGuide{{"location", wantText, "hospital name|location|location name|clinic name", "date", ""},
			{"service", wantText, "service|specialty|clinic name|service setting|schedule name|name|national category name|description", "date staff hospital site", ""},
			{"minutes", wantNumber, "planned duration|duration minutes|actual duration|expected duration|duration|minutes", "wait delay", ""},
			{"booked", wantDate, "booked date|booked", "", ""}}
	case clinical.KindReferral:
		return []fieldGuide{{"priority", wantText, "urgency", "", ""}, {"service", wantText, "service type|service offered|service|request type|specialty|@ type", "date provider", ""},
			{"recipient", wantAny, "recipient organisation|recipient id|recipient|target organisation|to organisation|receiving organisation", "type title forename", ""}}
	case clinical.KindDocument:
		return []fieldGuide{{"title", wantText, "title|file name|document name|type communication|description|name", "sender recipient", ""}, {"direction", wantText, "direction", "", ""}}
	case clinical.KindAlert:
		return []fieldGuide{{"category", wantText, "category|@ type description|@ type|type", "", ""}, {"risk", wantText, "risk level|risk|severity", "", ""}}
	case clinical.KindContact:
		return []fieldGuide{{"name", wantText, "name|surname|relationship name", "organisation house road town file", ""},
			{"relationship", wantText, "relationship type|relationship|relationship code", "id date", ""},
			{"telephone", wantText, "telephone mobile|telephone number|telephone", "work", ""}}
	case clinical.KindCarePlan:
		return []fieldGuide{{"title", wantText, "plan name|name plan|title|name", "staff", ""}, {"aim", wantText, "aim|goal", "", ""}, {"outcome", wantText, "outcome", "", ""}}
	}
	return nil
}

// chosen is a column with why it was chosen.
type chosen struct {
	at     Place
	sure   float64
	reason string
}

// least is how sure a guess must be to stand in a draft.
const least = 0.45

// choose finds the column of a table that best fits a field.
func (g *guesser) choose(table int, own []string, field *fieldGuide) (chosen, bool) {
	best := chosen{}
	for j := range g.c.Tables[table].Columns {
		at := Place{table, j}
		if !g.fits(at, field.want) || table == g.person.table && j == g.person.number {
			continue
		}
		named := g.named1(at, own, field)
		if named == 0 {
			continue
		}
		sure, told := g.shape(at, field.want, named)
		if sure > best.sure+0.001 {
			best = chosen{at, sure, told}
		}
	}
	return best, best.sure >= least
}

// named1 says how well a column's name fits, 0 for not at all.
func (g *guesser) named1(at Place, own []string, field *fieldGuide) float64 {
	column := g.columns[at.Table][at.Column]
	best := 0.0
	for rank, alternative := range strings.Split(field.words, "|") {
		needed := strings.Fields(alternative)
		score := 0.95 - 0.03*float64(rank)
		for _, word := range needed {
			if word == "@" && !column.any(own...) || word != "@" && !column[word] {
				score = 0
				break
			}
		}
		if score > 0 {
			best = max(best, score-g.strange(at, own, needed, field.avoid))
		}
	}
	return best
}

// strange is how much the other words of a column's name take away.
func (g *guesser) strange(at Place, own, needed []string, avoid string) float64 {
	cost := 0.0
	words := g.words[at.Table][at.Column]
	for i, word := range words {
		switch {
		case slices.Contains(needed, word), slices.Contains(words[:i], word):
		case slices.Contains(strings.Fields(avoid), word):
			cost += 0.4
		case slices.Contains(own, word) || g.bags[at.Table][word]:
			cost += 0.01
		case slices.Contains(strings.Fields(contrary), word):
			cost += 0.35
		case slices.Contains([]string{"text", "name", "description", "display", "id", "code", "alert", "value", "number", "ind", "is", "term"}, word):
			cost += 0.03
		case ofAnotherKind(word):
			cost += 0.45
		default:
			cost += 0.06
		}
	}
	return cost
}

// ofAnotherKind reports whether a word names a kind of record, and so makes a column one of that kind's.
func ofAnotherKind(word string) bool {
	return slices.Contains([]string{"problem", "diagnosis", "procedure", "immunisation", "referral", "appointment", "allergy", "alert", "document"}, word)
}

// fits reports whether a column can hold what a field wants, by its type and by its sample.
func (g *guesser) fits(at Place, wanted want) bool {
	s, typ, name := g.c.stats(at), g.c.Tables[at.Table].Columns[at.Column].Type, g.columns[at.Table][at.Column]
	isDate := dated(typ) || s.mostly(s.dates())
	switch wanted {
	case wantDate:
		return isDate || s.Filled == 0 && !numeric(typ) && name["date"]
	case wantNumber:
		return numeric(typ) && !name["id"] || !isDate && (s.mostly(s.Number) || s.Filled == 0 && !name["date"])
	case wantTruth:
		return typ == "boolean" || strings.HasPrefix(typ, "bit") || s.mostly(s.Truth) || s.Filled == 0
	case wantText:
		return !isDate && !(s.Filled == 0 && name["date"])
	}
	return true
}

// shape turns how well a name fits into a confidence, with what the sample says.
func (g *guesser) shape(at Place, wanted want, named float64) (float64, string) {
	s := g.c.stats(at)
	told := "by its name"
	switch {
	case s.Filled == 0 && g.c.Tables[at.Table].Rows > 0:
		return named - 0.15, told + "; the sample has no value of it"
	case s.Filled == 0:
		return named - 0.05, told + "; the table is empty"
	case wanted == wantDate && s.dates() > 0:
		return named, fmt.Sprintf("%s; %d of %d values are dates", told, s.dates(), s.Filled)
	case wanted == wantNumber:
		return named, fmt.Sprintf("%s; %d of %d values are numbers", told, s.Number, s.Filled)
	}
	return named, fmt.Sprintf("%s; %d of %d rows have it", told, s.Filled, g.c.Tables[at.Table].Rows)
}

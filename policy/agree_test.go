package policy_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"onelondon/internal/clinical"
	"onelondon/policy"
)

// texts are near misses of each other, and what SQL and Rego quote differently.
var texts = []string{"F84010", "RYJ", "ryj", "RYJ ", "RY", "O'X", `a\b`, `"`, "é", "720"}

const recordsPerInput = 250

// What the engine releases of a record is what plain Rego releases of it, for whomever and whatever is missing.
func TestConditionsAgreeWithPlainRegoOnEveryRecord(t *testing.T) {
	engine := open(t, policy.Embedded())
	plain := policy.WholePolicy(t, policy.Embedded())
	decided, released := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		input := drawInput(t)
		decision, err := engine.Decide(t.Context(), input)
		if err != nil {
			t.Fatal(err)
		}
		// One draw seeds many records: rapid shrinks the input, and the message shows the record.
		seed := rapid.Uint64().Draw(t, "seed")
		for i := range uint64(recordsPerInput) {
			record := recordFrom(seed + i*0x9e3779b97f4a7c15)
			got := decision.Release(record.Kind()).Condition.Match(record)
			if want := plain(input, record); got != want {
				t.Fatalf("%+v\n%s: condition says %v, Rego %v", input, policy.Document(input, record), got, want)
			}
			decided++
			if got {
				released++
			}
		}
	})
	t.Logf("%d decisions, %d releases", decided, released)
	if decided < 20_000 || released < decided/50 || released > decided/2 {
		t.Errorf("%d decisions with %d releases: too few or too lopsided to prove anything", decided, released)
	}
}

// Rules that nobody has written yet are translated without loss too.
func TestRandomRowRulesAgreeWithPlainRego(t *testing.T) {
	outer, decided, released := t, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		var body strings.Builder
		for range rapid.IntRange(1, 4).Draw(t, "grounds") {
			body.WriteString("released if {\n")
			for n := range rapid.IntRange(1, 3).Draw(t, "conditions") {
				body.WriteString("\t" + drawComparison(t, fmt.Sprint("x", n)) + "\n")
			}
			body.WriteString("}\n\n")
		}
		translated, plain := policy.Rows(outer, withRows(outer, body.String()))
		input := drawInput(t)
		seed := rapid.Uint64().Draw(t, "seed")
		for i := range uint64(recordsPerInput) {
			record := recordFrom(seed + i*0x9e3779b97f4a7c15)
			condition, err := translated(input, record.Kind())
			if err != nil {
				t.Fatalf("%s\n%v", body.String(), err)
			}
			got := condition.Match(record)
			if want := plain(input, record); got != want {
				t.Fatalf("%s\n%s: condition says %v, Rego %v", body.String(), policy.Document(input, record), got, want)
			}
			decided++
			if got {
				released++
			}
		}
	})
	t.Logf("%d decisions, %d releases", decided, released)
	if released < decided/50 || released > decided*9/10 {
		t.Errorf("%d decisions with %d releases: too lopsided to prove anything", decided, released)
	}
}

func drawInput(t *rapid.T) policy.Input {
	input := policy.Input{
		Role:         rapid.SampledFrom([]string{"R0260", "R0260", "R9102", "R1730", "R1330", "R9999", ""}).Draw(t, "role"),
		Organisation: rapid.SampledFrom(append(texts, "")).Draw(t, "organisation"),
		Citizen:      rapid.IntRange(0, 4).Draw(t, "citizen") == 0,
		Purpose: rapid.SampledFrom([]policy.Purpose{policy.Treatment, policy.Treatment, policy.EmergencyTreatment,
			policy.Research, ""}).Draw(t, "purpose"),
		Relationship: rapid.SampledFrom([]policy.Relationship{policy.RelationshipRegistered, policy.RelationshipRecord,
			policy.RelationshipClaimed, policy.RelationshipNone}).Draw(t, "relationship"),
		Person: policy.Person{Objection: rapid.SampledFrom(append(policy.Objections(), "")).Draw(t, "objection")},
	}
	if input.Citizen && rapid.Bool().Draw(t, "well formed") {
		input.Role, input.Organisation = "", ""
		input.Purpose, input.Relationship = policy.PatientRequest, policy.RelationshipSelf
	}
	return input
}

// recordFrom makes a record of any kind out of seed's digits. About half of everything is missing.
func recordFrom(seed uint64) clinical.Record {
	// splitmix64, so that neighbouring seeds differ in every digit.
	seed = (seed ^ seed>>30) * 0xbf58476d1ce4e5b9
	seed = (seed ^ seed>>27) * 0x94d049bb133111eb
	seed ^= seed >> 31
	pick := func(n int) int {
		choice := int(seed % uint64(n))
		seed /= uint64(n)
		return choice
	}
	some := func(from []string) string {
		if i := pick(len(from) * 3 / 2); i < len(from) {
			return from[i]
		}
		return ""
	}
	kinds := clinical.Kinds()
	record := kinds[pick(len(kinds))].Descriptor().New()
	meta := record.About()
	meta.Source = clinical.SourceID(texts[pick(4)])
	meta.Organisation.Code = clinical.Text(some(texts))
	meta.Publisher = clinical.Text(some(texts))
	meta.Code.Code = clinical.Text(some(texts[:4]))
	if pick(2) == 0 {
		meta.Code.System = clinical.CodeSystems()[pick(3)]
	}
	if pick(2) == 0 {
		meta.Status = clinical.Statuses()[pick(3)]
	}
	precision := clinical.Precision(pick(6))
	meta.Date = clinical.NewDateTime(time.Date(2018+pick(3), time.Month(1+pick(2)), 1+pick(2), pick(2), 0, pick(2), 0, time.UTC), precision)
	for _, label := range clinical.Labels() {
		if choice := pick(3); choice < 2 {
			meta.Labels.Put(label, choice == 1)
		}
	}
	return record
}

// drawComparison draws one condition inside the fragment, in any of the forms an author may write. Where the form needs a
// variable, it is the one given.
func drawComparison(t *rapid.T, variable string) string {
	text := func() string { return fmt.Sprintf("%q", rapid.SampledFrom(texts).Draw(t, "text")) }
	date := fmt.Sprintf(`"%d-0%d-0%dT0%d:00:00"`, rapid.IntRange(2018, 2020).Draw(t, "year"), rapid.IntRange(1, 2).Draw(t, "month"),
		rapid.IntRange(1, 2).Draw(t, "day"), rapid.IntRange(0, 1).Draw(t, "hour"))
	property := "input.record." + rapid.SampledFrom([]string{"source", "organisation", "publisher", "code"}).Draw(t, "property")
	label := "input.record.labels." + string(rapid.SampledFrom(clinical.Labels()).Draw(t, "label"))
	kind := fmt.Sprintf("%q", rapid.SampledFrom(clinical.Kinds()).Draw(t, "kind").String())
	order := rapid.SampledFrom([]string{"<", "<=", ">", ">=", "==", "!="}).Draw(t, "order")
	return rapid.SampledFrom([]string{
		property + " == " + text(),
		text() + " == " + property,
		property + " != " + text(),
		property + " in {" + text() + ", " + text() + "}",
		property + " in [" + text() + ", " + text() + "]",
		property + " in set()",
		property + ` == ""`,
		"some " + variable + " in [" + text() + ", " + text() + "]; " + property + " == " + variable,
		"every " + variable + " in [" + text() + ", " + text() + "] { " + property + " != " + variable + " }",
		property + " == input.caller.organisation",
		"input.record.date " + order + " " + date,
		date + " " + order + " input.record.date",
		label + " == " + fmt.Sprint(rapid.Bool().Draw(t, "yes")),
		label + " != true",
		"not input.record.source == " + text(),
		"not input.record.source in {" + text() + ", " + text() + "}",
		"input.record.kind == " + kind,
		"input.record.kind != " + kind,
		"not input.record.kind in {" + kind + `, "Alert"}`,
		`input.record.status in {"ACTIVE", "RESOLVED"}`,
		`input.record.system == "SNOMED_CT"`,
		`input.purpose == "TREAT"`,
		"not input.purpose == " + text(),
	}).Draw(t, "comparison")
}

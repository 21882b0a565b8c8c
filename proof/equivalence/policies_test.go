package equivalence_test

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"onelondon/internal/clinical"
	"onelondon/policy"
)

// rowsFile is where the rule about single records stands.
const rowsFile = "rego/rows/rows.rego"

// withRows is the policy that ships with another rule about single records.
func withRows(t *testing.T, body string) fs.FS {
	t.Helper()
	changed := fstest.MapFS{}
	err := fs.WalkDir(policy.Embedded(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(policy.Embedded(), name)
		changed[name] = &fstest.MapFile{Data: content}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if changed[rowsFile] == nil {
		t.Fatalf("the policy has no %s", rowsFile)
	}
	changed[rowsFile].Data = []byte("package onelondon.rows\n\n" + body)
	return changed
}

// drawRules draws what a policy may say about single records: a few grounds of a few conditions each. One policy in four does
// more with the organisation of whoever asks than compare it.
func drawRules(t *rapid.T) string {
	var grounds, also strings.Builder
	for range rapid.IntRange(1, 4).Draw(t, "grounds") {
		grounds.WriteString("released if {\n")
		for n := range rapid.IntRange(1, 3).Draw(t, "conditions") {
			grounds.WriteString("\t" + drawCondition(t, fmt.Sprint("x", n)) + "\n")
		}
		grounds.WriteString("}\n\n")
	}
	if rapid.IntRange(0, 3).Draw(t, "tells organisations apart") == 0 {
		grounds.WriteString("released if {\n\tstartswith(input.caller.organisation, \"R\")\n\t" + drawCondition(t, "x") + "\n}\n\n")
	}
	for _, category := range clinical.Categories() {
		if strings.Contains(grounds.String(), "_free_"+string(category)) {
			fmt.Fprintf(&also, "_free_%[1]s if not %[1]q in _denied\n\n_free_%[1]s if input.record.labels.%[1]s == false\n\n", category)
		}
	}
	if also.Len() > 0 {
		also.WriteString("_denied contains each.category if {\n\tsome each in input.person.preferences\n\teach.effect == \"deny\"\n}\n")
	}
	return grounds.String() + also.String()
}

// drawCondition draws one condition inside the fragment, in any of the forms an author may write. Where the form needs a
// variable, it is the one given.
func drawCondition(t *rapid.T, variable string) string {
	text := func() string { return fmt.Sprintf("%q", rapid.SampledFrom(odd).Draw(t, "text")) }
	date := fmt.Sprintf(`"%d-0%d-0%dT0%d:00:00"`, rapid.IntRange(2018, 2020).Draw(t, "year"), rapid.IntRange(1, 2).Draw(t, "month"),
		rapid.IntRange(1, 2).Draw(t, "day"), rapid.IntRange(0, 1).Draw(t, "hour"))
	property := "input.record." + rapid.SampledFrom([]string{"source", "organisation", "publisher", "code"}).Draw(t, "property")
	category := string(rapid.SampledFrom(clinical.Categories()).Draw(t, "category"))
	label := "input.record.labels." + string(rapid.SampledFrom(clinical.Labels()).Draw(t, "label"))
	kind := fmt.Sprintf("%q", rapid.SampledFrom(clinical.Kinds()).Draw(t, "kind").String())
	order := rapid.SampledFrom([]string{"<", "<=", ">", ">=", "==", "!="}).Draw(t, "order")
	return rapid.SampledFrom([]string{
		property + " == " + text(),
		property + " != " + text(),
		text() + " != " + property,
		property + " in {" + text() + ", " + text() + ", " + text() + "}",
		"some " + variable + " in [" + text() + ", " + text() + "]; " + property + " == " + variable,
		"every " + variable + " in [" + text() + ", " + text() + "] { " + property + " != " + variable + " }",
		"input.record.organisation == input.caller.organisation",
		"input.caller.organisation == input.record.publisher",
		"input.caller.organisation != " + text(),
		"input.caller.organisation == input.person.preferences[_].code",
		"not " + text() + " == input.caller.organisation",
		"input.record.date " + order + " " + date,
		date + " " + order + " input.record.date",
		label + " == " + fmt.Sprint(rapid.Bool().Draw(t, "yes")),
		label + " != true",
		"input.record.labels." + category + " == false",
		"input.record.labels." + category + " == true",
		"_free_" + category,
		"_free_" + category,
		"not input.record.source == " + text(),
		"input.record.kind == " + kind,
		"not input.record.kind in {" + kind + `, "Alert"}`,
		`input.record.status in {"ACTIVE", "RESOLVED"}`,
		`input.record.system == "SNOMED_CT"`,
		`input.purpose == "TREAT"`,
		"input.emergency == false",
	}).Draw(t, "condition")
}

// drawInput draws a caller and a person. Most callers may see something, since nothing is proved by those who may not.
func drawInput(t *rapid.T) policy.Input {
	pick := func(name string, all ...string) string { return rapid.SampledFrom(all).Draw(t, name) }
	input := policy.Input{
		Role:         pick("role", "R0260", "R0260", "R9102", "R0620", "R1290", "R1730", "R1330", "R9999"),
		Activities:   rapid.SliceOfN(rapid.SampledFrom([]string{"B0082", "B0264", "B0360", "B0370", "B1611"}), 0, 3).Draw(t, "activities"),
		Organisation: pick("organisation", odd...),
		Purpose:      policy.Purpose(pick("purpose", "TREAT", "TREAT", "TREAT", "ETREAT", "HRESCH")),
		Relationship: policy.Relationship(pick("relationship", "registered", "record", "referral", "claimed", "none")),
		Emergency:    rapid.IntRange(0, 3).Draw(t, "glass") == 0,
		Person: policy.Person{
			Objection:   pick("objection", "none", "none", "requested", "upheld", "not_upheld", ""),
			Preferences: rapid.SliceOfN(rapid.Custom(drawPreference), 0, 4).Draw(t, "preferences"),
			Flagged:     rapid.IntRange(0, 9).Draw(t, "flag") == 0,
			Deceased:    rapid.IntRange(0, 9).Draw(t, "dead") == 0,
			Age:         policy.Age(pick("age", "", "under_11", "11_to_12", "13_to_15", "16_and_over", "16_and_over")),
			Capacity:    policy.Capacity(pick("capacity", "presumed", "presumed", "competent", "lacking")),
		},
	}
	if rapid.IntRange(0, 3).Draw(t, "citizen") == 0 {
		input.Citizen, input.Role, input.Organisation, input.Activities = true, "", "", nil
		input.Purpose, input.Relationship, input.Emergency = policy.PatientRequest, policy.RelationshipSelf, false
		if input.Person.Authority = policy.Authority(pick("authority", "", "", "parent", "attorney")); input.Person.Authority != "" {
			input.Relationship = policy.RelationshipProxy
		}
	}
	return input
}

// drawAskers draws askers, each with others who differ in nothing but whose organisation asks: what was decided for one of them is
// not used for another whom rules can tell from it.
func drawAskers(t *rapid.T, count int) []policy.Input {
	var all []policy.Input
	for len(all) < count {
		input := drawInput(t)
		all = append(all, input)
		for range 2 {
			if input.Citizen || len(all) == count {
				break
			}
			input.Organisation = rapid.SampledFrom(odd).Draw(t, "colleagues elsewhere")
			all = append(all, input)
		}
	}
	return all
}

// drawPreference draws what somebody may have said of one category, often of the caller drawn beside it.
func drawPreference(t *rapid.T) policy.Preference {
	p := policy.Preference{Effect: rapid.SampledFrom([]string{"allow", "deny", "deny"}).Draw(t, "effect"),
		Category: string(rapid.SampledFrom(append(slices.Clone(clinical.Categories()), "all")).Draw(t, "of")),
		Party:    rapid.SampledFrom([]string{"anyone", "organisation", "role"}).Draw(t, "party")}
	switch p.Party {
	case "organisation":
		p.Code = rapid.SampledFrom(odd).Draw(t, "ods")
	case "role":
		p.Code = rapid.SampledFrom([]string{"R0260", "R9102", "R1290"}).Draw(t, "held")
	}
	return p
}

package policy_test

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"onelondon/policy"
	"onelondon/policy/casebook"
)

// changed is the embedded policy with some files replaced or added.
func changed(t testing.TB, replaced map[string]string) fs.FS {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(policy.Embedded(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(policy.Embedded(), name)
		files[name] = &fstest.MapFile{Data: content}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range replaced {
		files[name] = &fstest.MapFile{Data: []byte(content)}
	}
	return files
}

// edited is a file of the embedded policy with one place of it changed.
func edited(t testing.TB, name, old, new string) string {
	t.Helper()
	content, err := fs.ReadFile(policy.Embedded(), name)
	if err != nil || !strings.Contains(string(content), old) {
		t.Fatalf("%s does not hold %q: %v", name, old, err)
	}
	return strings.Replace(string(content), old, new, 1)
}

const rowsFile = "rego/rows/rows.rego"

// withRows is the embedded policy with another rule about records; body starts at line 3 of its file.
func withRows(t testing.TB, body string) fs.FS {
	return changed(t, map[string]string{rowsFile: "package onelondon.rows\n\n" + body + "\n"})
}

func TestRowRulesOutsideTheFragmentAreRefusedAtLoad(t *testing.T) {
	const line3, line4 = rowsFile + ":3: ", rowsFile + ":4: "
	for _, test := range []struct{ name, body, place, message, advice string }{
		{"a negated label, which a missing one would satisfy", "released if not input.record.labels.sealed == true",
			line3, "not would release records in which the property is missing", "input.record.labels.sealed == false"},
		{"a negated bare label", "released if not input.record.labels.sealed", line3, "is not a comparison", "== true or == false"},
		{"a negated organisation", "released if {\n\tnot input.record.organisation == \"X\"\n}", line4,
			"not would release records in which the property is missing", "say what must be there"},
		{"a negated look-up", `released if not input.record.code in {"a", "b"}`, line3, "property is missing", "say what"},
		{"a bare label", "released if input.record.labels.sealed", line3, "is not a comparison", "== true or == false"},
		{"the record as a whole", `released if input.record == {"kind": "Alert"}`, line3, "rego_type_error", ""},
		{"all labels together", `released if input.record.labels == {"sealed": false}`, line3, "rego_type_error", ""},
		{"two properties of the record", "released if input.record.publisher == input.record.organisation", line3,
			"not a text", "compare one property"},
		{"a function of a property", `released if lower(input.record.organisation) == "x"`, line3, "", "compare one property"},
		{"the start of a text", `released if startswith(input.record.code, "E1")`, line3, "databases do not share", "compare one"},
		{"a regular expression", `released if regex.match("^E", input.record.code)`, line3, "databases do not share", "compare one"},
		{"a text that comes before another", `released if input.record.code < "E"`, line3, "only a date", "compare one"},
		{"a label that comes before another", "released if input.record.labels.sealed < true", line3, "only a date", "compare"},
		{"a known value in a property", `released if "x" in input.record.code`, "", "", ""},
		{"a status that does not exist", `released if input.record.status == "ACTIVEE"`, line3, `"ACTIVEE" is not a value`, "compare"},
		{"a terminology that does not exist", `released if input.record.system == "SNOMED"`, line3, `"SNOMED" is not a value`, ""},
		{"a kind that does not exist", `released if input.record.kind == "Diagnosis"`, line3, `"Diagnosis" is not a value`, ""},
		{"a date of another form", `released if input.record.date < "2019-01-01"`, line3, "YYYY-MM-DDThh:mm:ss", "compare"},
		{"a date with a blank before the time", `released if input.record.date < "2019-01-01 00:00:00"`, line3, "YYYY-MM-DDThh:mm:ss", ""},
		{"a date that the calendar lacks", `released if input.record.date < "2019-02-30T00:00:00"`, line3, "YYYY-MM-DD", ""},
		{"an empty text", `released if input.record.publisher != ""`, line3, "empty text", "never empty"},
		{"a default", "default released := false\n\nreleased if input.record.source == \"a\"", rowsFile + ": ", "a default, an else", "of its own"},
		{"an else", "released if input.record.source == \"a\"\n\nelse := false", rowsFile + ": ", "a default or an else", "rule of its own"},
		{"a negated helper with two conditions",
			"released if not _hidden\n\n_hidden if {\n\tinput.record.source == \"a\"\n\tinput.record.code == \"b\"\n}", rowsFile,
			"property is missing", "say what must be there"},
		{"a negated helper whose conditions hang together",
			"released if not _hidden\n\n_hidden if {\n\tx := input.record.code\n\tx == \"a\"\n\tinput.record.publisher == x\n}", rowsFile, "", ""},
		{"a value instead of a truth", "released := input.record.labels.sealed", rowsFile, "is not a comparison", "== true"},
		{"with", `released if input.record.code == "a" with input.purpose as "x"`, "", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := policy.Open(t.Context(), withRows(t, test.body), policy.Options{})
			mustRefuse(t, err, test.place, test.message, test.advice)
		})
	}
}

// The hazards that OPA's own filters have (measured on 1.22.2) are refused here, or mean what they say.
func TestHazardsOfFiltersDoNotRelease(t *testing.T) {
	for _, test := range []struct{ name, body string }{
		{"H2: a numeric key beside a true condition", `released if {
			input.record.source == "a"
			input.record[0] == "x"
		}`},
		{"H3: a negated numeric key", `released if not input.record[0] == "x"`},
		{"H4: a key that is a variable", `released if {
			some k
			input.record[k] == "x"
		}`},
		{"H5: a negated comparison with a missing claim", "released if not input.record.organisation == input.caller.nosuch"},
		{"H5: a comparison with a missing claim", "released if input.record.organisation == input.caller.nosuch"},
		{"H5: a negated function that fails on the input", "released if not to_number(input.caller.organisation) == 5"},
		{"H6: a number for a text", "released if input.record.code == 1"},
		{"H6: a number that a date is compared with", "released if input.record.date > 20190101"},
		{"H7: a number beyond 2^53", "released if input.record.code in {9007199254740993}"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := policy.Open(t.Context(), withRows(t, test.body), policy.Options{})
			mustRefuse(t, err, rowsFile+":")
		})
	}
}

func TestNoRowRuleSatisfiedReleasesNothingAndTrueReleasesAll(t *testing.T) {
	gp := policy.Input{Role: "R0260", Organisation: "F84010", Purpose: policy.Treatment,
		Relationship: policy.RelationshipRegistered, Person: policy.Person{Objection: "none"}}
	for body, want := range map[string]string{
		`released if input.purpose == "HRESCH"`:  "nothing", // H1: no query left
		"released if true":                       "everything",
		`released if input.record.code in set()`: "nothing",
		"released if {\n\tinput.record.labels.sealed == false\n}\n\nreleased if input.purpose == \"TREAT\"": "everything",
	} {
		decision, err := open(t, withRows(t, body)).Decide(t.Context(), gp)
		if err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		if got := casebook.Released(decision.Release(0)); got != want {
			t.Errorf("%s: %s released, expected %s", body, got, want)
		}
	}
}

func TestPoliciesWithFaultsAreRefusedWithTheirPlace(t *testing.T) {
	const decision = "rego/decision/decision.rego"
	roles := "roles:\n  doctor: {clinical: true, roles: {R0260: GP}}\n"
	for _, test := range []struct{ name, file, content, place, message string }{
		{"a typing error", rowsFile, "package onelondon.rows\n\nreleased if {", rowsFile + ":3", "rego_parse_error"},
		{"old Rego", rowsFile, "package onelondon.rows\n\nreleased { true }", rowsFile + ":3", "`if` keyword is required"},
		{"input that does not exist", rowsFile, "package onelondon.rows\n\nreleased if input.callr.citizen", rowsFile + ":3", "undefined ref: input.callr"},
		{"an unused import", rowsFile, "package onelondon.rows\n\nimport data.onelondon.sealed\n\nreleased if true", rowsFile + ":3", "unused"},
		{"the network", rowsFile, "package onelondon.rows\n\nreleased if http.send({}).ok", rowsFile + ":3", "undefined function http.send"},
		{"the clock", rowsFile, "package onelondon.rows\n\nreleased if time.now_ns() > 1", rowsFile + ":3", "undefined function time.now_ns"},
		{"dice", rowsFile, "package onelondon.rows\n\nreleased if rand.intn(\"x\", 2) == 1", rowsFile + ":3", "undefined function rand.intn"},
		{"no rule about records", rowsFile, "package onelondon.rows\n\nother if true", "", "no rule data.onelondon.rows.released"},
		{"a misspelt member of a table", "data/role_kinds.yaml", "role_kinds: {doctor: {kinds: [], maskd: {}}}", "data/role_kinds", "masked is required"},
		{"a mask of a field that does not exist", "data/role_kinds.yaml", "role_kinds: {doctor: {kinds: [Contact], masked: {Contact: [nte]}}}",
			"data/role_kinds.yaml", `doctor masks "nte" of Contact, which is not a field`},
		{"a mask of a kind that is not seen", "data/role_kinds.yaml", "role_kinds: {doctor: {kinds: [Contact], masked: {Alert: [note]}}}",
			"data/role_kinds.yaml", "doctor masks Alert, which it does not see"},
		{"a kind that does not exist", "data/role_kinds.yaml", "role_kinds: {doctor: {kinds: [Diagnosis], masked: {}}}", "data/role_kinds", "kinds.0"},
		{"a key twice", "data/purposes.yaml", "purposes:\n  TREAT: 1\n  TREAT: 2\n", "data/purposes.yaml", "already defined"},
		{"a purpose that does not exist", "data/purposes.yaml", "purposes: {TREATMENT: {title: x, asked_by: [staff], gives: identifiable, expectation: x}}", "data/purposes", "TREATMENT"},
		{"a role in two groups", "data/roles.yaml", roles + "  nurse: {clinical: true, roles: {R0260: GP}}\n", "data/roles.yaml", "role R0260 is in doctor and in nurse"},
		{"a law that opens to a group that does not exist", "data/restricted.yaml",
			edited(t, "data/restricted.yaml", "[doctor, nurse]", "[doctors]"), "data/restricted.yaml", "venereal_disease is open to doctors"},
		{"an opt-out list that may be a month old", "data/optouts.yaml",
			edited(t, "data/optouts.yaml", "most_days: 7", "most_days: 31"), "data/optouts", "most_days"},
		{"numbers that are hardly redacted", "data/disclosure.yaml",
			edited(t, "data/disclosure.yaml", "redact_up_to: 7", "redact_up_to: 2"), "data/disclosure", "redact_up_to"},
		{"a table without a schema", "data/extra.yaml", "extra: 1", "data/extra", "no schema describes this table"},
		{"a table under another name", "data/purposes.yaml", "purpose: {staff: [TREAT]}", "data/purposes.yaml", "begin it with purposes:"},
		{"two tables in a file", "data/purposes.yaml", "purposes: {staff: [TREAT], citizen: []}\nother: 1", "data/purposes.yaml", "one table"},
		{"a table twice", "data/roles.json", "{}", "data/roles.yaml", "another data file of this name"},
		{"a file that is none of a policy's", "data/notes.txt", "x", "data/notes.txt", "not a file of a policy"},
		{"a table that is not YAML", "data/words.yaml", "a: [", "data/words.yaml", "not valid YAML"},
		{"a schema that is not JSON", "schema/words.json", "{", "schema/words.json", "not valid JSON"},
		{"a reason without words", "data/words.yaml", "words: {own_record: {words: Yours., expectation: CS-15}}\n", "data/words.yaml", "has no words"},
		{"a decision with a kind nobody knows", "rego/decision/decision.rego",
			edited(t, decision, "kinds := role.kinds if permitted", `kinds := {"Diagnosis": {"masked": set()}} if permitted`), "", `"Diagnosis" is not a kind`},
		{"a decision with a mask nobody knows", "rego/decision/decision.rego",
			edited(t, decision, "kinds := role.kinds if permitted", `kinds := {"Alert": {"masked": {"nte"}}} if permitted`), "", `masked field "nte" of Alert`},
		{"a decision without masks", "rego/decision/decision.rego",
			edited(t, decision, "kinds := role.kinds if permitted", `kinds := {"Alert": {}} if permitted`), "", `"Alert" is not a kind of record with a list`},
		{"a decision with more than is known", "rego/decision/decision.rego", edited(t, decision, `"alert": alert,`, `"alert": alert, "obligation": true,`), "", "obligation"},
		{"a decision with less than is needed", "rego/decision/decision.rego", edited(t, decision, `"kinds": kinds,`, ""), "", "must have permitted"},
		{"two answers to one question", "rego/decision/decision.rego", edited(t, decision, "", "") + "\nkinds := {} if permitted\n", "rego/decision/decision.rego", "conflicting values"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := policy.Open(t.Context(), changed(t, map[string]string{test.file: test.content}), policy.Options{})
			mustRefuse(t, err, test.place, test.message)
		})
	}
}

func TestAFolderThatIsNoPolicyIsRefused(t *testing.T) {
	for _, files := range []fs.FS{fstest.MapFS{}, fstest.MapFS{"rego/a.rego": {Data: []byte("package a")}}} {
		if _, err := policy.Open(t.Context(), files, policy.Options{}); err == nil {
			t.Errorf("%v was opened", files)
		}
	}
}

func TestAFaultSaysPlaceMessageAndAdvice(t *testing.T) {
	fault := &policy.Fault{File: "data/roles.yaml", Line: 3, Message: "role R1 is nobody", Advice: "name somebody"}
	if got, want := fmt.Sprint(fault), "data/roles.yaml:3: role R1 is nobody; name somebody"; got != want {
		t.Errorf("got %q, expected %q", got, want)
	}
}

func mustRefuse(t *testing.T, err error, holds ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("the policy was accepted")
	}
	for _, text := range holds {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("the message does not say %q:\n%v", text, err)
		}
	}
}

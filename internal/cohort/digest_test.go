package cohort_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
)

func parse(t *testing.T, text string) *cohort.Definition {
	t.Helper()
	parsed, err := cohort.Parse("test.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func TestADefinitionSurvivesBeingWrittenAndReadAgain(t *testing.T) {
	first := parse(t, everything)
	for name, indent := range map[string]string{"by tabs": "\t", "by blanks": "  ", "on one line": ""} {
		data, err := json.MarshalIndent(first, "", indent)
		if err != nil {
			t.Fatal(err)
		}
		second, err := cohort.Parse("again.json", data)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		compare := cmp.AllowUnexported(cohort.Moment{})
		if diff := cmp.Diff(first, second, compare); diff != "" {
			t.Errorf("%s (-first +second):\n%s", name, diff)
		}
		var third cohort.Definition
		if err := json.Unmarshal(data, &third); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(first, &third, compare); diff != "" {
			t.Errorf("%s, decoded (-first +third):\n%s", name, diff)
		}
	}
}

func TestALongListOfCodesIsWrittenAndReadAgain(t *testing.T) {
	long := sample(t)
	for code := range 20_500 {
		long.Codelists[0].Codes = append(long.Codelists[0].Codes, cohort.CodelistEntry{System: clinical.LocalCode, Code: clinical.Text(strconv.Itoa(code))})
	}
	written, err := json.MarshalIndent(long, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	read, err := cohort.Parse("long.json", written)
	if err != nil {
		t.Fatal(err)
	}
	if read.Digest() != long.Digest() {
		t.Error("another digest after it was written and read")
	}
}

func TestWhatMeansTheSameHasTheSameDigest(t *testing.T) {
	want := parse(t, everything).Digest()
	for name, change := range map[string][2]string{
		"another title":                {"Each part of", "Every part of"},
		"codes in another order":       {`{system: SNOMED_CT, code: "44054006"}, {code: E11.9}`, `{code: E11.9}, {system: SNOMED_CT, code: "44054006"}`},
		"a code twice":                 {`{code: E11.9}`, `{code: E11.9}, {code: E11.9}`},
		"lists in another order":       {"[diabetes, inline]", "[inline, diabetes]"},
		"organisations rearranged":     {"[R1H, RQX]", "[RQX, R1H]"},
		"a day for a distance":         {"until: -3 months", "until: 2026-08-26"},
		"months for a year":            {"until: -1 years", "until: -12 months"},
		"a unit in capitals":           {"units: [mmHg,", "units: [MMHG,"},
		"criteria in another order":    {"[{age: {from: 18, until: 64}}, {sex: [FEMALE, UNKNOWN]}]", "[{sex: [UNKNOWN, FEMALE]}, {age: {until: 64, from: 18}}]"},
		"a default that is written":    {"atMost: 0}", "atLeast: 0, atMost: 0}"},
		"another default":              {"{has: {events: first-diabetes, until: -365}}", "{has: {events: first-diabetes, until: -365, atLeast: 1}}"},
		"sets that are taken the same": {"of: [pressures, diabetes]", "of: [diabetes, pressures]"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := parse(t, replaced(t, change)).Digest(); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

// others are changes after which everything means another thing.
func others() map[string][2]string {
	return map[string][2]string{
		"version":                 {"version: 2", "version: 3"},
		"name":                    {"name: everything", "name: something"},
		"day":                     {"asAt: 2026-11-26", "asAt: 2026-11-25"},
		"a registered list":       {"diabetes-register", "diabetes-other"},
		"a code":                  {"E11.9", "E11.8"},
		"a terminology":           {"{code: E11.9}", "{system: ICD_10, code: E11.9}"},
		"a bound":                 {"over: 140", "over: 141"},
		"which bound":             {"over: 140", "atLeast: 140"},
		"a window":                {"until: 90,", "until: 91,"},
		"an anchor":               {"anchor: END", "anchor: START"},
		"a pick":                  {"pick: LATEST", "pick: FIRST"},
		"a run":                   {"run: 2", "run: 3"},
		"a person fact":           {"registered: true", "registered: false"},
		"how many of some":        {"some: {atLeast: 2", "some: {atLeast: 3"},
		"all for any":             {"{any: [{age", "{all: [{age"},
		"what is counted":         {"{kind: MEDIAN", "{kind: QUARTILES"},
		"a band":                  {"[0, 18, 65]", "[0, 18, 60]"},
		"in which days stays end": {"ending: {from: 0", "ending: {from: 1"},
		"measures rearranged":     {"  - {kind: PEOPLE}\n  - {kind: EVENTS, events: stays}\n", "  - {kind: EVENTS, events: stays}\n  - {kind: PEOPLE}\n"},
	}
}

func TestWhatMeansAnotherThingHasAnotherDigest(t *testing.T) {
	seen := map[string]string{parse(t, everything).Digest(): "the first"}
	for name, change := range others() {
		got := parse(t, replaced(t, change)).Digest()
		if other, taken := seen[got]; taken {
			t.Errorf("%s has the digest of %s", name, other)
		}
		seen[got] = name
		if !strings.HasPrefix(got, "sha256:") || len(got) != 71 {
			t.Errorf("%s: %q is no digest", name, got)
		}
	}
}

// replaced is everything with one part changed, which must be there.
func replaced(t *testing.T, change [2]string) string {
	t.Helper()
	if !strings.Contains(everything, change[0]) {
		t.Fatalf("there is no %q to change", change[0])
	}
	return strings.Replace(everything, change[0], change[1], 1)
}

func TestADigestLeavesTheDefinitionAsItWas(t *testing.T) {
	first, second := parse(t, everything), parse(t, everything)
	first.Digest()
	if diff := cmp.Diff(second, first, cmp.AllowUnexported(cohort.Moment{})); diff != "" {
		t.Errorf("changed (-before +after):\n%s", diff)
	}
}

func TestNeedsAreWhatHasToBeReadAndDecided(t *testing.T) {
	want := cohort.Needs{
		Kinds:     []clinical.Kind{clinical.KindCondition, clinical.KindObservation, clinical.KindEncounter},
		Codelists: []string{"diabetes-register"}, Inline: []string{"inline"},
		Dimensions: []string{"age_band", "group", "month", "organisation"},
		Narrowing:  []string{"age_band", "alive", "borough", "organisation", "practice", "registered", "sex"}, Facts: true,
	}
	if diff := cmp.Diff(want, parse(t, everything).Needs()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFactsAreNeededWhereTheyAreAskedForOrPeopleWithoutEventsAreMeant(t *testing.T) {
	const head = "name: a\nversion: 1\ntitle: b\nasAt: 2026-11-26\nevents: [{name: e, kind: Condition}]\nmeasures: [{kind: PEOPLE}]\n"
	for rest, want := range map[string]bool{
		"people: {has: {events: e}}":                                     false,
		"people: {has: {events: e, atMost: 0}}":                          true,
		"people: {has: {events: e, atLeast: 1, atMost: 3}}":              false,
		"people: {not: {has: {events: e}}}":                              true,
		"people: {all: [{has: {events: e}}, {not: {has: {events: e}}}]}": false,
		"people: {any: [{has: {events: e}}, {not: {has: {events: e}}}]}": true,
		"people: {some: {atLeast: 1, of: [{has: {events: e}}]}}":         false,
		"people: {all: [{has: {events: e}}, {alive: true}]}":             true,
		"": true,
		"people: {has: {events: e}}\nby: [{kind: SEX}]":                                                   true,
		"people: {has: {events: e}}\nby: [{kind: YEAR, events: e}]":                                       false,
		"people: {has: {events: e}}\nby: [{kind: GROUP, groups: [{name: a, where: {age: {from: 1}}}]}]":   true,
		"people: {has: {events: e}}\nby: [{kind: GROUP, groups: [{name: a, where: {has: {events: e}}}]}]": false,
	} {
		if got := parse(t, head+rest).Needs().Facts; got != want {
			t.Errorf("%q: got %t, want %t", rest, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(everything))
	f.Add([]byte("{}"))
	f.Add([]byte("name: &a [*a]"))
	f.Add([]byte("people: {not: {not: {}}}"))
	f.Add([]byte("{\n\t\"name\": \"a\"}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		parsed, err := cohort.Parse("fuzz.yaml", data)
		if (parsed == nil) == (err == nil) {
			t.Fatalf("got definition %v and error %v, want one of them", parsed, err)
		}
		if err != nil {
			return
		}
		written, err := json.Marshal(parsed)
		if err != nil {
			t.Fatal(err)
		}
		again, err := cohort.Parse("again.json", written)
		if err != nil {
			t.Fatalf("not read again: %v\n%s", err, written)
		}
		if again.Digest() != parsed.Digest() {
			t.Fatalf("another digest after it was written and read:\n%s", written)
		}
		parsed.Needs()
		if parsed.Words() == "" {
			t.Fatal("means nothing")
		}
	})
}

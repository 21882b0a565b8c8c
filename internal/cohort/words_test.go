package cohort_test

import (
	"strings"
	"testing"
)

func TestADefinitionIsSaidInPlainEnglish(t *testing.T) {
	golden(t, "testdata/everything.words", parse(t, everything).Words()+"\n")
	golden(t, "testdata/diabetes-emergencies.words", sample(t).Words()+"\n")
}

func TestWhatHasFaultsMeansNothing(t *testing.T) {
	circular := sample(t)
	circular.Events[0].Kind, circular.Events[0].Codes, circular.Events[0].Of = nil, nil, []string{"diabetes"}
	if got := circular.Words(); got != "This definition has faults and means nothing." {
		t.Errorf("got %q", got)
	}
}

// Of a list with codes of its own the words tell the number alone, and no more of a definition's name and version than its file.
func TestWhatMeansAnotherThingIsSaidInOtherWords(t *testing.T) {
	seen := map[string]string{parse(t, everything).Words(): "the first"}
	for name, change := range others() {
		switch name {
		case "name", "version", "a code", "a terminology":
			continue
		}
		words := parse(t, replaced(t, change)).Words()
		if other, taken := seen[words]; taken {
			t.Errorf("%s is said as %s is", name, other)
		}
		seen[words] = name
	}
}

func TestWindowsAroundAnEventAreSaidAsPeopleSayThem(t *testing.T) {
	const head = "name: a\nversion: 1\ntitle: b\nasAt: 2026-11-26\nmeasures: [{kind: PEOPLE}]\nevents:\n  - {name: e, kind: Procedure}\n  - {name: f, kind: Encounter, classes: [INPATIENT], where: {has: {events: e"
	for window, want := range map[string]string{
		"":                                         "had a procedure.",
		", until: 0":                               "had a procedure at any time up to and on that day.",
		", until: -1":                              "had a procedure at any time before that day.",
		", until: -365":                            "had a procedure at any time at least 365 days before that day.",
		", until: 30":                              "had a procedure at any time until 30 days after that day.",
		", from: 0":                                "had a procedure on or at any time after that day.",
		", from: 1":                                "had a procedure at any time after that day.",
		", from: 30":                               "had a procedure at any time at least 30 days after that day.",
		", from: -1":                               "had a procedure at any time from 1 day before that day on.",
		", from: 0, until: 0":                      "had a procedure on that day.",
		", from: -7, until: -7":                    "had a procedure 7 days before that day.",
		", from: 7, until: 7":                      "had a procedure 7 days after that day.",
		", from: -90, until: -1":                   "had a procedure in the 90 days before that day.",
		", from: 1, until: 90, anchor: END":        "had a procedure in the 90 days after the day it ends.",
		", from: -90, until: 0":                    "had a procedure on that day or in the 90 days before.",
		", from: 0, until: 90":                     "had a procedure on that day or in the 90 days after.",
		", from: -365, until: -180":                "had a procedure 180 to 365 days before that day.",
		", from: 14, until: 28":                    "had a procedure 14 to 28 days after that day.",
		", from: -7, until: 1":                     "had a procedure from 7 days before that day to 1 day after.",
		", atMost: 0, from: -730, until: -1":       "had no procedure in the 730 days before that day.",
		", atLeast: 3":                             "had at least 3 procedures.",
		", atMost: 3":                              "had at most 3 procedures.",
		", atLeast: 3, atMost: 3":                  "had exactly 3 procedures.",
		", until: 0, ending: {from: 0}":            "had a procedure, beginning at any time up to and on that day and ending on or at any time after that day.",
		", ending: {from: 0, until: 0}, atMost: 0": "had no procedure, beginning at any time and ending on that day.",
	} {
		words := parse(t, head+window+"}}}\npeople: {has: {events: f}}\n").Words()
		if !strings.Contains(words, want) {
			t.Errorf("%s: want %q in\n%s", window, want, words)
		}
	}
}

func TestWhatIsNotSoIsSaidWithoutDoubleNegation(t *testing.T) {
	const head = "name: a\nversion: 1\ntitle: b\nasAt: 2026-11-26\nmeasures: [{kind: PEOPLE}]\nevents: [{name: e, kind: Procedure}, {name: first, of: [e], pick: FIRST}]\npeople: {not: "
	for criterion, want := range map[string]string{
		"{has: {events: e}}":                         "had no procedure.",
		"{has: {events: e, atMost: 0}}":              "had a procedure.",
		"{has: {events: e, atLeast: 2}}":             "had fewer than 2 procedures.",
		"{has: {events: e, atMost: 2}}":              "had more than 2 procedures.",
		"{has: {events: e, atLeast: 2, atMost: 4}}":  "had fewer than 2 or more than 4 procedures.",
		"{has: {events: first}}":                     "did not have their first procedure.",
		"{not: {has: {events: e}}}":                  "had a procedure.",
		"{age: {from: 18}}":                          "are not aged 18 or over.",
		"{registered: true}":                         "are not registered at any practice.",
		"{registered: false}":                        "are registered at a practice.",
		"{alive: true}":                              "have died.",
		"{alive: false}":                             "are alive.",
		"{all: [{alive: true}, {has: {events: e}}]}": "either have died or had no procedure.",
		"{any: [{alive: true}, {has: {events: e}}]}": "have died and had no procedure.",
		"{some: {atLeast: 1, of: [{alive: true}]}}":  "meet fewer than 1 of these 1: (are alive).",
	} {
		words := parse(t, head+criterion+"}\n").Words()
		if !strings.Contains(words, want) {
			t.Errorf("%s: want %q in\n%s", criterion, want, words)
		}
	}
}

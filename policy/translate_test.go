package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
	"onelondon/policy"
)

// What is left of a rule, written as Rego, and the condition that it becomes, as said says it.
func TestEachFormOfAComparisonBecomesItsCondition(t *testing.T) {
	const r, noon = "input.record.", `"2020-05-01T12:00:00"`
	for _, test := range []struct{ left, want string }{
		{r + `organisation == "RYJ"`, "organisation = RYJ"},
		{`"RYJ" == ` + r + `organisation`, "organisation = RYJ"},
		{r + `publisher = "RYJ"`, "publisher = RYJ"},
		{`"RYJ" = ` + r + `publisher`, "publisher = RYJ"},
		{r + `code != "1"`, "code != 1"},
		{`"1" != ` + r + `code`, "code != 1"},
		{r + `date < ` + noon, "date < 2020-05-01T12:00:00"},
		{r + `date <= ` + noon, "date <= 2020-05-01T12:00:00"},
		{r + `date > ` + noon, "date > 2020-05-01T12:00:00"},
		{r + `date >= ` + noon, "date >= 2020-05-01T12:00:00"},
		{r + `date == ` + noon, "date = 2020-05-01T12:00:00"},
		{noon + ` < ` + r + `date`, "date > 2020-05-01T12:00:00"},
		{noon + ` <= ` + r + `date`, "date >= 2020-05-01T12:00:00"},
		{noon + ` > ` + r + `date`, "date < 2020-05-01T12:00:00"},
		{noon + ` >= ` + r + `date`, "date <= 2020-05-01T12:00:00"},
		{r + `code in {"1", "2"}`, "code in 1 2"},
		{r + `code in ["2", "1"]`, "code in 2 1"},
		{r + `status in {"", "ACTIVE"}`, "status in ACTIVE"},
		{r + `status in set()`, "never"},
		{r + `status in {""}`, "never"},
		{r + `code == ""`, "never"},
		{r + `system == "ICD_10"`, "system = ICD_10"},
		{r + `labels.sealed == false`, "label:sealed = false"},
		{r + `labels.sealed == true`, "label:sealed = true"},
		{r + `labels.sealed != true`, "label:sealed != true"},
		{r + `labels.hiv == false`, "label:hiv = false (by codes)"},
		{`not ` + r + `source == "a"`, "source != a"},
		{`not ` + r + `source != "a"`, "source = a"},
		{`not ` + r + `source in {"a", "b"}`, "source not in a b"},
		{`not ` + r + `source in set()`, "source not in"},
		{r + `kind == "Observation"`, "always"},
		{r + `kind == "Alert"`, "never"},
		{r + `kind != "Alert"`, "always"},
		{r + `kind != "Observation"`, "never"},
		{r + `kind in {"Alert", "Observation"}`, "always"},
		{r + `kind in {"Alert", "Contact"}`, "never"},
		{`not ` + r + `kind in {"Alert", "Observation"}`, "never"},
		{`not ` + r + `kind in {"Alert", "Contact"}`, "always"},
		{`not ` + r + `kind == "Alert"`, "always"},
		{`not ` + r + `kind != "Alert"`, "never"},
		{r + `code == "1"; ` + r + `labels.sealed == false`, "code = 1 and label:sealed = false"},
		{r + `code == "1"; ` + r + `code == "1"`, "code = 1"},
		{r + `code == "1"; ` + r + `code == "2"`, "code = 1 and code = 2"},
		{r + `code == "1"; ` + r + `code == ""`, "never"},
		{r + `code == ""; ` + r + `code == "1"`, "never"},
		{r + `kind == "Alert"; ` + r + `code == "1"`, "never"},
		{r + `kind == "Alert"; ` + r + `kind == "Observation"`, "never"},
		{r + `kind == "Observation"; ` + r + `code == "1"`, "code = 1"},
	} {
		made, err := policy.Translated(t, clinical.KindObservation, test.left)
		if got := said(made); err != nil || got != test.want {
			t.Errorf("%s becomes %s, expected %s: %v", test.left, got, test.want, err)
		}
	}
}

// Kinds that come to the same share a condition, and no others do.
func TestEachFormForAllKindsAtOnceIsWhatItIsForEach(t *testing.T) {
	const a, b, c = `input.record.code == "1"`, `input.record.publisher == "2"`, `input.record.labels.hiv == false`
	for _, left := range [][]string{
		nil, {a}, {c}, {a, c}, {`input.record.kind == "Alert"`}, {`input.record.kind == "Alert"; ` + a, b}, {a + `; input.record.kind != "Alert"`, c},
		{`input.record.kind in {"Alert", "Observation"}; ` + c, `input.record.kind == "Observation"; ` + b},
		{`input.record.kind == "Alert"; input.record.kind == "Observation"`, `input.record.kind != "Document"; ` + a},
		{`input.record.kind in {"Document", "Observation"}; input.record.kind == "Observation"; ` + a},
	} {
		decision := policy.Decided(t, left...)
		for _, kind := range clinical.Kinds() {
			alone, err := policy.Translated(t, kind, left...)
			if got, want := said(decision.Release(kind).Condition), said(alone); err != nil || got != want {
				t.Errorf("%q: %s is %s, and alone %s: %v", left, kind, got, want, err)
			}
		}
	}
	if decision := policy.Decided(t, a, c); !decision.Release(clinical.KindObservation).Condition.Is(decision.Release(clinical.KindDocument).Condition) {
		t.Error("two kinds that come to the same have a condition each")
	}
}

// Alternatives are kept, save those that release nothing that another does not.
func TestAlternativesAreKeptSaveThoseThatAddNothing(t *testing.T) {
	const a, b, c = `input.record.code == "1"`, `input.record.publisher == "2"`, `input.record.labels.hiv == false`
	for _, test := range []struct {
		left []string
		kind clinical.Kind
		want string
	}{
		{nil, clinical.KindObservation, "never"},
		{[]string{a, b}, clinical.KindObservation, "code = 1 or publisher = 2"},
		{[]string{a, a}, clinical.KindObservation, "code = 1"},
		{[]string{a + ";" + b, a}, clinical.KindObservation, "code = 1"},
		{[]string{a, b + ";" + a}, clinical.KindObservation, "code = 1"},
		{[]string{a + ";" + b, b + ";" + a}, clinical.KindObservation, "code = 1 and publisher = 2"},
		{[]string{a + ";" + b, a + ";" + c, b}, clinical.KindObservation, "code = 1 and label:hiv = false (by codes) or publisher = 2"},
		{[]string{a, `input.record.kind == "Alert"; ` + b}, clinical.KindObservation, "code = 1"},
		{[]string{a, `input.record.kind == "Alert"; ` + b}, clinical.KindAlert, "code = 1 or publisher = 2"},
		{[]string{`input.record.code == ""`, b}, clinical.KindObservation, "publisher = 2"},
		{[]string{c}, clinical.KindAlert, "label:hiv = false (by codes, presuming)"},
		{[]string{a + "; " + `input.record.code != "1"`, `input.record.code != "1"`}, clinical.KindObservation, "code != 1"},
		{[]string{`input.record.code == "2"`, a + "; " + b}, clinical.KindObservation, "code = 2 or code = 1 and publisher = 2"},
	} {
		made, err := policy.Translated(t, test.kind, test.left...)
		if got := said(made); err != nil || got != test.want {
			t.Errorf("%q become %s, expected %s: %v", test.left, got, test.want, err)
		}
	}
}

// Whatever the translator does not know it refuses, and never leaves out.
func TestWhatIsNoComparisonWithAConstantIsRefused(t *testing.T) {
	const r = "input.record."
	for left, message := range map[string]string{
		r + "labels.sealed":                                  "is not a comparison",
		"data.onelondon.rows.released":                       "a default or an else",
		`startswith(input.record.code, "1")`:                 "databases do not share",
		`regex.match("1", input.record.code)`:                "databases do not share",
		`lower(input.record.code)`:                           "calls a function",
		`lower(input.record.code, x)`:                        "databases do not share",
		`count(input.record.code, 1, 2)`:                     "calls a function",
		`not input.record.code == "1"`:                       "the property is missing",
		`not input.record.labels.sealed == true`:             "the property is missing",
		`not input.record.date < "2020-05-01T12:00:00"`:      "the property is missing",
		`not input.record.source < "a"`:                      "only a date can come before",
		r + `code < "1"`:                                     "only a date can come before",
		r + `code <= "1"`:                                    "only a date can come before",
		r + `code > "1"`:                                     "only a date can come before",
		r + `code >= "1"`:                                    "only a date can come before",
		r + `code in "1"`:                                    "not a set or an array",
		`not input.record.source in "a"`:                     "not a set or an array",
		`"1" in input.record.code`:                           "does not speak of a known property",
		r + `code != ""`:                                     "empty text",
		`not input.record.source in {""}`:                    "empty text",
		`not input.record.source == ""`:                      "empty text",
		r + `code == 1`:                                      "not a text",
		r + `code in {1}`:                                    "not a text",
		r + `labels.sealed == "true"`:                        "not true or false",
		r + `labels.sealed in {1}`:                           "not true or false",
		r + `status == "ACTIVEE"`:                            "is not a value",
		r + `system == "SNOMED"`:                             "is not a value",
		r + `kind == "Diagnosis"`:                            "is not a value",
		r + `date < "2020-05-01"`:                            "YYYY-MM-DD",
		r + `date < "2020-05-01 12:00:00"`:                   "YYYY-MM-DD",
		r + `date < "2020-05-32T12:00:00"`:                   "YYYY-MM-DD",
		`input.recorded.code == "1"`:                         "does not speak of a known property",
		`data.record.code == "1"`:                            "does not speak of a known property",
		`input.record == "1"`:                                "does not speak of a known property",
		`input.record.colour == "1"`:                         "does not speak of a known property",
		`input.record.labels.secret == true`:                 "does not speak of a known property",
		`input.record.labels == true`:                        "does not speak of a known property",
		`input.record.code.system == "1"`:                    "does not speak of a known property",
		`input.record.code.sealed == true`:                   "does not speak of a known property",
		`input.record.labels.sealed.since == true`:           "does not speak of a known property",
		`input.record[0] == "1"`:                             "does not speak of a known property",
		`input.record[k] == "1"`:                             "does not speak of a known property",
		`input == "1"`:                                       "does not speak of a known property",
		`data.onelondon.lowered(input.record.code)`:          "calls a function",
		`"1" == "2"`:                                         "does not speak of a known property",
		`input.record.publisher == input.record.code`:        "not a text",
		`input.record.code == "1" with input.purpose as "x"`: "uses with",
	} {
		for _, query := range []string{left, `input.record.source == "a"; ` + left} {
			made, err := policy.Translated(t, clinical.KindObservation, `input.record.source == "b"`, query)
			if err == nil || !strings.Contains(err.Error(), message) {
				t.Errorf("%s becomes %s, expected a fault that says %q: %v", query, said(made), message, err)
			}
		}
	}
}

// said says a condition.
func said(c condition.Condition) string {
	switch {
	case c.IsAlways():
		return "always"
	case c.IsNever():
		return "never"
	}
	var clauses []string
	for _, clause := range c.Clauses() {
		var atoms []string
		for i := range clause {
			atoms = append(atoms, saidAtom(&clause[i]))
		}
		clauses = append(clauses, strings.Join(atoms, " and "))
	}
	return strings.Join(clauses, " or ")
}

func saidAtom(atom *condition.Atom) string {
	text := fmt.Sprint(atom.Attribute, " ", map[condition.Op]string{condition.Equal: "=", condition.NotEqual: "!=", condition.Less: "<",
		condition.LessEqual: "<=", condition.Greater: ">", condition.GreaterEqual: ">=", condition.In: "in", condition.NotIn: "not in"}[atom.Op])
	for _, value := range atom.Values {
		text += fmt.Sprint(" ", value.Get())
	}
	switch {
	case atom.Codes != nil && atom.Codes.Presumes() != condition.PresumesNothing:
		return text + " (by codes, presuming)"
	case atom.Codes != nil:
		return text + " (by codes)"
	}
	return text
}

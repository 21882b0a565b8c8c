package web_test

import (
	"strings"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/sources/web"
)

func TestARefusalHoldsForEveryPlanUnlessConsentWasGivenAfterIt(t *testing.T) {
	for said, want := range map[string]string{
		"":                              "",
		"yes 2025":                      "yes",
		"yes 2025, label 2026":          "yes no",
		"unknown 2026":                  "unknown",
		"yes 2025, unknown 2026":        "yes unknown",
		"yes 2025, no 2026":             "no no",
		"no 2025, yes 2026":             "no yes",
		"no 2025, yes 2026, no 2027":    "no no no",
		"no 2025, unknown 2026":         "no no",
		"yes, no 2025":                  "no no",
		"yes 2025, no":                  "no no",
		"yes 2025-03, no 2025":          "no no",
		"no 2025-03, yes 2025":          "no no",
		"no 2025-03, yes 2025-04":       "no yes",
		"yes 2025-03-01, no 2025-03-01": "no no",
	} {
		var plans []*clinical.UrgentCarePlan
		for _, one := range strings.Split(said, ", ") {
			word, when, _ := strings.Cut(one, " ")
			plan := &clinical.UrgentCarePlan{}
			plan.ConsentDate, _ = clinical.ParseDateTime(when)
			if word != "unknown" {
				plan.Labels.Put(clinical.LabelPlanShared, word == "yes")
			}
			if word == "label" {
				plan.Author = "a label that says no, and nobody's consent"
			}
			if word != "" {
				plans = append(plans, plan)
			}
		}
		web.Sharing(plans, func(plan *clinical.UrgentCarePlan) (clinical.DateTime, bool) {
			return plan.ConsentDate, plan.Author == ""
		})
		var got []string
		for _, plan := range plans {
			shared, known := plan.Labels.Value(clinical.LabelPlanShared)
			got = append(got, map[bool]map[bool]string{false: {false: "unknown"}, true: {false: "no", true: "yes"}}[known][shared])
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: got %v, want %s", said, got, want)
		}
	}
}

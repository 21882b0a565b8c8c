package report_test

import (
	"time"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
)

// emergencies is an answer by two dimensions, of which a source failed and some figures may not be shown.
func emergencies() *cohort.Answer {
	redacted := cohort.Figure{}
	shown := func(number float64) cohort.Figure { return cohort.Figure{Shown: true, Number: number} }
	stay := func(lower, number, upper float64) cohort.Figure {
		return cohort.Figure{Shown: true, Number: number, Lower: lower, Upper: upper}
	}
	return &cohort.Answer{
		Definition: cohort.Definition{Name: "diabetes-emergencies", Version: 2, AsAt: day("2026-11-26"),
			Title: "People with diabetes who came to A&E in the last 90 days"},
		Digest:  "sha256:5f2b7c0e9d4a41c3b6f08a0c",
		Words:   "People aged 18 or over\n  who have a record of diabetes, and\n  who have an emergency attendance in the 90 days before 26 November 2026 at any organisation whose records are asked, whoever referred them.",
		Project: "example-diabetes", AnsweredAt: time.Date(2026, 11, 26, 9, 30, 0, 0, time.UTC),
		PolicyRevision: "2026-11-01.3", ConsentRevision: 1204, MissingAtMost: 1240,
		Warnings: []string{"The opt-outs of London are a day old."},
		Result: cohort.Result{
			Columns: []string{"age band", "borough"},
			Measures: []cohort.Measure{{Kind: cohort.MeasurePeople}, {Kind: cohort.MeasureRate, Events: "emergencies"},
				{Kind: cohort.MeasureQuartiles, Events: "hba1c"}},
			Rows: []cohort.Row{
				{Key: []string{"18 to 39", "Newham"}, Figures: []cohort.Figure{shown(120), shown(1041.666), stay(44, 51.5, 60)}},
				{Key: []string{"18 to 39", `Tower "Hamlets", E`}, Figures: []cohort.Figure{redacted, redacted, redacted}},
				{Key: []string{"40 to 64", "Newham"}, Figures: []cohort.Figure{shown(2335), shown(980), redacted}},
				{Key: []string{"unknown", "Newham"}, Figures: []cohort.Figure{shown(15), redacted, redacted}},
			},
			Total: &cohort.Row{Key: []string{"", ""}, Figures: []cohort.Figure{shown(2470), shown(983.2), redacted}},
			Notes: []string{"People and events of 1 to 7 are not shown, and the rest are rounded to the nearest 5."},
		},
		Sources: []cohort.SourcePart{
			{Source: "emis-nel", Name: "EMIS Web, north east London", Answered: true, Outcome: "ANSWERED", Milliseconds: 1240, Rows: 31_000, Freshness: "2026-11-26"},
			{Source: "barts-millennium", Name: "Barts Health, Millennium", Outcome: "TIMED_OUT", Milliseconds: 60_000},
		},
	}
}

// everybody is a complete answer of one row.
func everybody() *cohort.Answer {
	answer := emergencies()
	answer.Sources, answer.MissingAtMost, answer.Warnings, answer.Words = answer.Sources[:1], 0, nil, ""
	answer.Result = cohort.Result{Measures: answer.Result.Measures[:1],
		Rows: []cohort.Row{{Key: []string{}, Figures: []cohort.Figure{{Shown: true, Number: 12_345}}}}}
	return answer
}

func day(text string) clinical.Day {
	parsed, err := clinical.ParseDay(text)
	if err != nil {
		return clinical.NoDay
	}
	return parsed
}

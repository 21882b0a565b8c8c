package plot_test

import (
	"fmt"
	"math/rand/v2"
	"time"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
)

// asked is an answer without figures.
func asked(title string, measures []cohort.Measure, columns ...string) *cohort.Answer {
	return &cohort.Answer{
		Definition: cohort.Definition{Name: "diabetes-emergencies", Version: 2, Title: title,
			AsAt:   clinical.DayOf(time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)),
			Events: []cohort.EventSet{{Name: "hba1c", Value: &cohort.ValueTest{Units: []clinical.Text{"mmol/mol"}}}, {Name: "latest-hba1c", Of: []string{"hba1c"}}}},
		Digest: "sha256:5f2b7c0e9d4a41c3b6f08a0c77d1e2f3", Words: "People with diabetes & an emergency attendance.", Project: "example-diabetes",
		AnsweredAt: time.Date(2026, 11, 26, 9, 30, 0, 0, time.UTC), PolicyRevision: "2026-11-01.3", ConsentRevision: 1204,
		Result: cohort.Result{Columns: columns, Measures: measures, Notes: []string{"People and events of 1 to 7 are not shown, and the rest are rounded to the nearest 5."}},
		Sources: []cohort.SourcePart{{Source: "emis-nel", Name: "EMIS Web, north east London", Answered: true, Outcome: "ANSWERED"},
			{Source: "barts", Name: "Barts Health, Millennium", Answered: true, Outcome: "ANSWERED"}},
	}
}

// filled gives an answer a row for each combination of values, in order, with figures about some size. Small ones are hidden.
func filled(answer *cohort.Answer, size float64, values ...[]string) *cohort.Answer {
	dice := rand.New(rand.NewPCG(1, 2))
	keys := [][]string{{}}
	for _, dimension := range values {
		var longer [][]string
		for _, key := range keys {
			for _, value := range dimension {
				longer = append(longer, append(append([]string{}, key...), value))
			}
		}
		keys = longer
	}
	for _, key := range keys {
		row := cohort.Row{Key: key}
		for _, measure := range answer.Result.Measures {
			row.Figures = append(row.Figures, drawn(dice, measure, size))
		}
		answer.Result.Rows = append(answer.Result.Rows, row)
	}
	return answer
}

func drawn(dice *rand.Rand, measure cohort.Measure, size float64) cohort.Figure {
	number := float64(int(size*(0.08+0.9*dice.Float64())/5)) * 5
	if dice.Float64() < 0.12 {
		return cohort.Figure{}
	}
	if measure.Kind == cohort.MeasureQuartiles {
		return cohort.Figure{Shown: true, Number: 48 + float64(dice.IntN(12)), Lower: 40 + float64(dice.IntN(5)), Upper: 62 + float64(dice.IntN(15))}
	}
	if measure.Kind == cohort.MeasureRate {
		number /= 3.7
	}
	return cohort.Figure{Shown: true, Number: number}
}

func months(first, count int) []string {
	var all []string
	for i := range count {
		all = append(all, time.Date(first, time.Month(1+i), 1, 0, 0, 0, 0, time.UTC).Format("2006-01"))
	}
	return all
}

func boroughs(count int) []string {
	return []string{"Barking and Dagenham", "Camden", "City of London", "Hackney", "Haringey", "Havering", "Islington", "Newham", "Redbridge",
		"Tower Hamlets", "Waltham Forest"}[:count]
}

func ages() []string { return []string{"18 to 39", "40 to 64", "65 to 79", "80 and over", "unknown"} }

func people() []cohort.Measure { return []cohort.Measure{{Kind: cohort.MeasurePeople}} }

func peopleAndRate() []cohort.Measure {
	return append(people(), cohort.Measure{Kind: cohort.MeasureRate, Events: "emergencies"})
}

func quartiles() []cohort.Measure {
	return []cohort.Measure{{Kind: cohort.MeasureQuartiles, Events: "latest-hba1c"}}
}

// series makes an answer one of time.
func series(answer *cohort.Answer) *cohort.Answer {
	answer.Result.Series = true
	return answer
}

// lacking makes an answer lack a source.
func lacking(answer *cohort.Answer) *cohort.Answer {
	answer.Sources[1].Answered, answer.Sources[1].Outcome, answer.MissingAtMost = false, "TIMED_OUT", 1240
	return answer
}

// pictures are answers of every shape, by the names of their goldens.
func pictures() map[string]*cohort.Answer {
	var practices []string
	for i := range 24 {
		practices = append(practices, fmt.Sprintf("F84%03d The Medical Centre at Number %d", i, i*7))
	}
	hidden := filled(asked("Rare things by age", people(), "age band"), 4000, ages())
	for i := range hidden.Result.Rows {
		hidden.Result.Rows[i].Figures[0] = cohort.Figure{}
	}
	return map[string]*cohort.Answer{
		"bars":         filled(asked("People with diabetes who came to A&E in the last 90 days", people(), "age band"), 4000, ages()),
		"grouped":      filled(asked("People with diabetes who came to A&E in the last 90 days", peopleAndRate(), "age band", "borough"), 4000, ages(), boroughs(4)),
		"names":        filled(asked("Palliative registers by practice", people(), "practice"), 300, practices),
		"three":        filled(asked("Valproate up to 55, by borough, age band and sex", people(), "borough", "age band", "sex"), 500, boroughs(6), ages(), []string{"FEMALE", "MALE"}),
		"quartiles":    filled(lacking(asked("Latest HbA1c of people with diabetes", quartiles(), "age band", "sex")), 60, ages(), []string{"FEMALE", "MALE", "unknown"}),
		"hidden":       hidden,
		"line":         series(filled(asked("New antidepressants with none in two years before, monthly", peopleAndRate(), "month"), 900, months(2024, 24))),
		"lines":        series(filled(lacking(asked("New antidepressants with none in two years before, monthly and by age", people(), "age band", "month")), 900, ages(), months(2024, 30))),
		"panels":       series(filled(asked("A&E attendances of people with COPD, by borough and month", people(), "borough", "month"), 300, boroughs(11), months(2024, 24))),
		"bands":        series(filled(asked("HbA1c of people with diabetes over the years", quartiles(), "sex", "year"), 60, []string{"FEMALE", "MALE"}, []string{"2017", "2018", "2019", "2020", "2022", "2023", "2024", "2025", "2026"})),
		"lying-boxes":  filled(asked("Latest HbA1c by borough", quartiles(), "borough"), 60, boroughs(11)),
		"many-by-many": filled(asked("By practice and borough", people(), "practice", "borough"), 200, practices[:12], boroughs(8)),
		"medians":      series(filled(asked("Median HbA1c by month", []cohort.Measure{{Kind: cohort.MeasureMedian, Events: "hba1c"}}, "sex", "month"), 300, []string{"FEMALE", "MALE"}, months(2020, 70))),
	}
}

package attacks_test

import (
	"encoding/json"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
)

func text(of any) string {
	data, err := json.Marshal(of)
	if err != nil {
		panic(err)
	}
	return string(data)
}

func all(of ...cohort.Criterion) cohort.Criterion    { return cohort.Criterion{All: of} }
func either(of ...cohort.Criterion) cohort.Criterion { return cohort.Criterion{Any: of} }
func not(of cohort.Criterion) cohort.Criterion       { return cohort.Criterion{Not: &of} }
func has(set string) cohort.Criterion                { return cohort.Criterion{Has: &cohort.Has{Events: set}} }

func aged(from, until int) cohort.Criterion {
	return cohort.Criterion{Age: &cohort.Range{From: &from, Until: &until}}
}

func practice(code string) cohort.Criterion {
	return cohort.Criterion{Practice: []clinical.Text{clinical.Text(code)}}
}

// just is the victim alone.
func just(p *person) cohort.Criterion {
	return all(aged(p.age, p.age), cohort.Criterion{Sex: []clinical.Gender{p.sex}}, practice(p.practice))
}

// of asks how many satisfy a criterion.
func of(where cohort.Criterion, by ...cohort.Dimension) *cohort.Definition {
	return &cohort.Definition{Name: "asked", Version: 1, People: &where, By: by}
}

package sourcetest

import (
	"math"

	"onelondon/internal/clinical"
	"onelondon/sources"
)

// set draws a set of a kind, with values some of which occur in [Sample].
func (q *questioner) set() sources.RecordedSet {
	set := anySet(pick(&q.sampler, clinical.Kinds()...), sources.EventFields(q.random.IntN(int(everyField)+1)))
	if q.random.IntN(3) == 0 {
		set.Kind = clinical.KindObservation
		set.Value = q.bounds()
	}
	set.Reduce = pick(&q.sampler, sources.ReduceNothing, sources.ReduceToAny, sources.ReduceToFirst, sources.ReduceToLast)
	if q.random.IntN(2) == 0 {
		for range 1 + q.random.IntN(3) {
			set.Codes = append(set.Codes, sources.Code{System: pick(&q.sampler, "", clinical.SNOMED, clinical.CTV3, clinical.LocalCode, clinical.DMD),
				Code: pick[clinical.Text](&q.sampler, "73211009", "C10..", "c10..", "C10.. ", "K'1", "X40J4", "none", "")})
		}
	}
	if q.random.IntN(4) == 0 {
		set.Condition = q.condition()
	}
	if q.random.IntN(3) == 0 {
		set.From = q.day()
	}
	if q.random.IntN(3) == 0 {
		set.Until = q.day()
	}
	set.Undated = q.random.IntN(3) == 0
	q.words(&set)
	return set
}

func (q *questioner) words(set *sources.RecordedSet) {
	if q.random.IntN(4) == 0 {
		set.Statuses = []clinical.Status{clinical.StatusActive, pick(&q.sampler, clinical.StatusResolved, clinical.StatusMissed)}
	}
	if q.random.IntN(4) == 0 {
		set.Organisations = []clinical.Text{pick[clinical.Text](&q.sampler, "R1H", "r1h", "R1H ", "F84003", "RAL")}
	}
	if set.Kind == clinical.KindEncounter && q.random.IntN(2) == 0 || q.random.IntN(20) == 0 {
		set.Classes = []clinical.EncounterClass{clinical.ClassEmergency}
	}
}

func (q *questioner) day() clinical.Day {
	return day(pick(&q.sampler, "1931-11-05", "2018-12-31", "2019-01-01", "2019-01-02", "2019-12-31", "2020-01-01", "2020-02-28", "2020-02-29",
		"2020-03-01", "2049-12-31", "2050-01-01"))
}

func (q *questioner) bounds() sources.ValueBounds {
	var bounds sources.ValueBounds
	limits := []float64{5.1, 0, -0.5, 120, 1e20, 99999999999999999999, 0.000001, 1e-6, 5, math.Inf(1)}
	for _, at := range []**float64{&bounds.Over, &bounds.AtLeast, &bounds.Below, &bounds.AtMost} {
		if q.random.IntN(4) == 0 {
			limit := pick(&q.sampler, limits...)
			*at = &limit
		}
	}
	if q.random.IntN(3) == 0 {
		bounds.Units = []clinical.Text{"r1H", pick[clinical.Text](&q.sampler, "7", "NAÏVE 東京 ☕", "naïve 東京 ☕", "50% \\ `X`; --", "")}
	}
	return bounds
}

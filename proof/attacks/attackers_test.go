package attacks_test

import (
	"fmt"

	"onelondon/internal/cohort"
	"onelondon/internal/cohort/disclosure"
)

// attacker learns something of a victim, or says that it cannot.
type attacker struct {
	name  string
	truth func(*world, *person) bool
	run   func(p *project, victim *person) (guess, sure bool)
	weak  []house // where it must succeed
}

func isSick(_ *world, p *person) bool { return p.sick }
func isHigh(_ *world, p *person) bool { return p.pressure >= 130 }
func isBusy(_ *world, p *person) bool { return p.visits > 10 }

// oddlySick reports whether an odd number is sick of the few around a victim: whoever knows how many are knows it.
func oddlySick(w *world, p *person) bool {
	sick := 0
	for _, other := range w.many(around(w, p)) {
		if other.sick {
			sick++
		}
	}
	return sick%2 == 1
}

// around are the victim and some of the same practice and about the same age, fewer than eight in all.
func around(w *world, p *person) cohort.Criterion {
	where := all(practice(p.practice), aged(p.age, p.age))
	for wider := 1; wider < 5; wider++ {
		if next := all(practice(p.practice), aged(p.age-wider, p.age)); len(w.many(next)) < 8 {
			where = next
		}
	}
	return where
}

func attackers() []attacker {
	return []attacker{
		{"differencing", isSick, differencing, []house{noRounding, cutsAlone}},
		{"how many of a few", oddlySick, ofFew, []house{noRounding}},
		{"repeated and rephrased", isSick, rephrasing, []house{noRounding, cutsAlone}},
		{"tracker", isSick, tracker, []house{noLedger, cutsAlone}},
		{"tracker with a code that nobody has", isSick, padded, []house{noLedger}},
		{"intersection, averaged", isSick, averaging, []house{noLedger}},
		{"equations", isSick, equations, []house{noLedger}},
		{"complement of what is redacted", isSick, complement, []house{noRounding}},
		{"a value halved by trackers", isHigh, bisection, []house{noLedger}},
		{"medians with and without", isHigh, medians, []house{noLedger}},
		{"events of one person", isBusy, dominance, []house{noShare}},
	}
}

// compareCounts guesses from the number with the victim and that without. A refusal because the two are near tells as much.
func compareCounts(with, without outcome) (guess, sure bool) {
	switch {
	case without.code == disclosure.NearAnother:
		return true, true
	case with.number() < 0 || without.number() < 0:
		return false, false
	}
	return with.number() > without.number(), true
}

func differencing(p *project, victim *person) (guess, sure bool) {
	there := all(has("sick"), cohort.Criterion{Borough: []string{victim.borough}})
	return compareCounts(p.ask(of(there)), p.ask(of(all(there, not(just(victim))))))
}

// ofFew counts with and without a few.
func ofFew(p *project, victim *person) (guess, sure bool) {
	there := all(has("sick"), cohort.Criterion{Borough: []string{victim.borough}})
	with, without := p.ask(of(there)).number(), p.ask(of(all(there, not(around(p.world, victim))))).number()
	return int(with-without)%2 != 0, with >= 0 && without >= 0
}

// rephrasing asks for the same in many ways, hoping for answers that differ, and sums them up.
func rephrasing(p *project, victim *person) (guess, sure bool) {
	with, without := 0.0, 0.0
	for i := range 5 {
		there := all(has("sick"), practice(victim.practice))
		for range i {
			there = not(not(there))
		}
		there = either(there, has(fmt.Sprint("nobody ", i)))
		a, b := p.ask(of(there)), p.ask(of(all(not(just(victim)), there)))
		if guess, sure = compareCounts(a, b); !sure || guess {
			return guess, sure
		}
		with, without = with+a.number(), without+b.number()
	}
	return with > without, true
}

// filler is people of another practice of whom so many are known to be there that one more is rounded up.
func filler(p *project, victim *person) cohort.Criterion {
	for number := range 12 {
		code := fmt.Sprintf("Y%05d", (number+p.asked)%12)
		for until := 5; code != victim.practice && until < 95; until++ {
			where := all(practice(code), aged(0, until))
			if known := len(p.world.many(where)); known >= 12 && known%5 == 2 {
				return where
			}
		}
	}
	panic("no filler")
}

// lifted asks for those who fill and the victim together: the rounding tells whether the victim is there.
func lifted(p *project, filled, asked, victim cohort.Criterion, set ...cohort.EventSet) (guess, sure bool) {
	d := of(either(asked, victim))
	d.Events = set
	number := p.ask(d).number()
	return number > float64(len(p.world.many(filled))), number >= 0
}

func tracker(p *project, victim *person) (guess, sure bool) {
	filled := filler(p, victim)
	return lifted(p, filled, filled, all(just(victim), has("sick")))
}

// padded hides from the ledger that those who fill are known to be there.
func padded(p *project, victim *person) (guess, sure bool) {
	filled := filler(p, victim)
	return lifted(p, filled, all(filled, not(has("nobody"))), all(just(victim), has("sick")))
}

func bisection(p *project, victim *person) (guess, sure bool) {
	bound, filled := 130.0, filler(p, victim)
	return lifted(p, filled, filled, all(just(victim), has("high")), cohort.EventSet{Name: "high", Value: &cohort.ValueTest{AtLeast: &bound}})
}

// averaging finds the victim where two groups meet, as the sum of both less their union, and averages over many pairs of groups.
func averaging(p *project, victim *person) (guess, sure bool) {
	sum, count := 0.0, 0
	for i := range 16 {
		here := func(where cohort.Criterion) float64 { return p.ask(of(all(has("sick"), where))).number() }
		first := either(just(victim), all(practice(victim.practice), aged(min(i, victim.age-1), victim.age-1), aged(0, victim.age-1)))
		second := either(just(victim), all(practice(victim.practice), aged(victim.age+1, max(victim.age+1, 95-i))))
		a, b, both := here(first), here(second), here(either(first, second))
		if a >= 0 && b >= 0 && both >= 0 {
			sum, count = sum+a+b-both, count+1
		}
	}
	return sum > 0.5*float64(count), count > 0
}

// complement has the victim in a redacted cell, and subtracts the others from the whole.
func complement(p *project, victim *person) (guess, sure bool) {
	here := all(has("sick"), practice(victim.practice), cohort.Criterion{Sex: just(victim).All[1].Sex})
	table := p.ask(of(here, cohort.Dimension{Kind: cohort.ByAgeBand, Bands: []int{0, victim.age, victim.age + 1}}))
	if table.code != "" {
		return table.code == disclosure.NearAnother, table.code == disclosure.NearAnother
	}
	sum := 0.0
	for _, row := range table.result.Rows {
		sum += row.Figures[0].Number
	}
	number := p.ask(of(here))
	if number.code == disclosure.NearAnother {
		return true, true
	}
	return number.number() > sum, number.number() >= 0
}

func medians(p *project, victim *person) (guess, sure bool) {
	median := func(where cohort.Criterion) float64 {
		d := of(where)
		d.Measures = []cohort.Measure{{Kind: cohort.MeasureMedian, Events: "pressure"}}
		return p.ask(d).number()
	}
	there := all(practice(victim.practice), aged(max(0, victim.age-9), victim.age+9))
	with, without := median(there), median(all(there, not(just(victim))))
	return with > without, with >= 0 && without >= 0 && with != without
}

func dominance(p *project, victim *person) (guess, sure bool) {
	d := of(either(just(victim), all(practice(victim.practice), aged(victim.age-2, victim.age+2))))
	d.Measures = []cohort.Measure{{Kind: cohort.MeasureEvents, Events: "visits"}, {Kind: cohort.MeasurePeople}}
	o := p.ask(d)
	if len(o.result.Rows) != 1 || !o.result.Rows[0].Figures[1].Shown {
		return false, false
	}
	figures := o.result.Rows[0].Figures
	return !figures[0].Shown || figures[0].Number > 2*figures[1].Number, true
}

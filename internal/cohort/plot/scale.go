package plot

import (
	"math"
	"slices"

	gonum "gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"

	"onelondon/internal/cohort"
	"onelondon/internal/cohort/report"
)

// scale is the range of a measure's numbers, the same in all its panels, and its ticks.
type scale struct {
	from, to float64
	empty    bool // no figure may be shown
}

// scaleOf finds the range of a measure. Lengths are compared from zero; quartiles, and lines of medians, by where they lie.
func scaleOf(p *picture, measure int) scale {
	least, most := math.Inf(1), math.Inf(-1)
	kind := p.answer.Result.Measures[measure].Kind
	for _, row := range p.cells {
		figure := row.Figures[measure]
		if !figure.Shown {
			continue
		}
		numbers := []float64{figure.Number}
		if kind == cohort.MeasureQuartiles {
			numbers = append(numbers, figure.Lower, figure.Upper)
		}
		numbers = slices.DeleteFunc(numbers, func(n float64) bool { return !finite(n) })
		for _, number := range numbers {
			least, most = min(least, number), max(most, number)
		}
	}
	if math.IsInf(least, 1) {
		return scale{to: 1, empty: true}
	}
	between := kind == cohort.MeasureQuartiles || kind == cohort.MeasureMedian && p.series
	if !between || least-0.25*(most-least) <= 0 && least >= 0 {
		least = min(0, least)
	}
	if most == least {
		most = least + max(1, math.Abs(least)/10)
	}
	room := 0.08 * (most - least)
	if least != 0 {
		least -= room
	}
	if kind == cohort.MeasureQuartiles {
		room *= 2 // for three numbers behind the box
	}
	return scale{from: least, to: most + room}
}

// Ticks are at round numbers, about five of them.
func (s scale) Ticks(from, to float64) []gonum.Tick {
	if s.empty {
		return nil
	}
	step := math.Pow(10, math.Floor(math.Log10((to-from)/5)))
	for _, times := range []float64{1, 2, 5, 10} {
		if (to-from)/(step*times) <= 6 {
			step *= times
			break
		}
	}
	var ticks []gonum.Tick
	for i := math.Ceil(from / step); i*step <= to; i++ {
		ticks = append(ticks, gonum.Tick{Value: i * step, Label: report.Number(i * step)})
	}
	return ticks
}

// positionTicks name the positions, as many as there is room for.
func (p *panel) positionTicks(width vg.Length) gonum.ConstantTicks {
	style := lettering(10, ink())
	var ticks gonum.ConstantTicks
	every := 1
	if p.series {
		every = p.thin(int((width - 60) / (style.Width("Jan 2025") + 14)))
	}
	for i, position := range p.positions {
		if p.series && p.skips(i, every) {
			continue
		}
		label := periodName(position)
		if !p.series {
			label = position
		}
		if p.flat {
			label = shortened(style, label, min(230, 0.45*width))
		}
		ticks = append(ticks, gonum.Tick{Value: float64(i), Label: label})
	}
	return ticks
}

// thin is of how many periods one is named, where so many have room.
func (p *panel) thin(room int) int {
	for _, every := range []int{1, 2, 3, 6, 12, 24, 60, 120} {
		if len(p.positions) <= every*max(room, 1) {
			return every
		}
	}
	return 240
}

// skips reports whether a period goes without its name: months are named from January on.
func (p *panel) skips(i, every int) bool {
	for first, position := range p.positions {
		if len(position) == len(monthly) && position[len(yearly):] == "-01" && every > 1 {
			return (i-first)%every != 0
		}
	}
	return i%every != 0
}

package attacks_test

import (
	"math/rand/v2"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
)

// equation says how many of some people are sick, as an attacker was told.
type equation struct {
	people []*person
	sick   float64
}

// solutions are what systems of equations gave for each person, once for each project and practice.
type solutions map[*person]float64

// equations asks for many overlapping breakdowns of a practice and solves them by least squares (Dinur and Nissim 2003).
func equations(p *project, victim *person) (guess, sure bool) {
	if _, known := p.solved[victim]; !known {
		p.solve(victim.practice)
	}
	share, known := p.solved[victim]
	return share > 0.5, known
}

func (p *project) solve(code string) {
	random := rand.New(rand.NewPCG(hash(code), 3))
	var told []equation
	for range 130 {
		by := cohort.Dimension{Kind: cohort.ByAgeBand}
		for at := random.IntN(16); at < 95; at += 14 + random.IntN(16) {
			by.Bands = append(by.Bands, at)
		}
		sex := cohort.Criterion{Sex: []clinical.Gender{[]clinical.Gender{"FEMALE", "MALE"}[random.IntN(2)]}}
		where := all(has("sick"), practice(code), sex)
		for _, row := range p.ask(of(where, by)).result.Rows {
			if row.Figures[0].Shown {
				told = append(told, p.equation(code, sex, &by, row))
			}
		}
	}
	if len(told) == 0 {
		return
	}
	for person, share := range leastSquares(told) {
		p.solved[person] = share
	}
}

// equation finds whom a row is about.
func (p *project) equation(code string, sex cohort.Criterion, by *cohort.Dimension, row cohort.Row) equation {
	e := equation{sick: row.Figures[0].Number}
	for _, person := range p.world.many(all(practice(code), sex)) {
		if cohort.BandName(by.Bands, person.age) == row.Key[0] {
			e.people = append(e.people, person)
		}
	}
	return e
}

// leastSquares finds what share of each person is sick, by descending along conjugate gradients from a half for everybody.
func leastSquares(told []equation) map[*person]float64 {
	share, residual := map[*person]float64{}, make([]float64, len(told))
	for _, e := range told {
		for _, person := range e.people {
			share[person] = 0.5
		}
	}
	for i, e := range told {
		residual[i] = e.sick - 0.5*float64(len(e.people))
	}
	gradient := back(told, residual)
	direction, length := gradient, square(gradient)
	for range 300 {
		if length < 1e-9 {
			break
		}
		forward, size := ahead(told, direction), 0.0
		for _, value := range forward {
			size += value * value
		}
		step := length / (size + 2*square(direction)) // everybody is drawn towards a half a little
		for person, value := range direction {
			share[person] += step * value
		}
		for i := range residual {
			residual[i] -= step * forward[i]
		}
		gradient = back(told, residual)
		for person := range gradient {
			gradient[person] -= 2 * (share[person] - 0.5)
		}
		next := square(gradient)
		turned := map[*person]float64{}
		for person := range gradient {
			turned[person] = gradient[person] + next/length*direction[person]
		}
		direction, length = turned, next
	}
	return share
}

func back(told []equation, values []float64) map[*person]float64 {
	sums := map[*person]float64{}
	for i, e := range told {
		for _, person := range e.people {
			sums[person] += values[i]
		}
	}
	return sums
}

func ahead(told []equation, of map[*person]float64) []float64 {
	sums := make([]float64, len(told))
	for i, e := range told {
		for _, person := range e.people {
			sums[i] += of[person]
		}
	}
	return sums
}

func square(of map[*person]float64) (sum float64) {
	for _, value := range of {
		sum += value * value
	}
	return sum
}

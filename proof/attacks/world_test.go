package attacks_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
)

// person is somebody of whom everybody knows the upper line, and nobody the lower.
type person struct {
	id, age           int
	sex               clinical.Gender
	borough, practice string

	sick     bool
	pressure int
	visits   int
}

// busy is of how many victims half visit very often. Nobody else does.
const busy = 60

// world is a population. Half of it is sick, half has a high pressure and half of the first victims visit very often, so that
// whoever knows nothing is right every other time.
type world struct {
	people  []*person
	victims []*person // whom their age, sex and practice tell from all others
}

func newWorld(seed uint64) *world {
	random, w := rand.New(rand.NewPCG(seed, 7)), &world{}
	for id := range 3000 {
		practice := random.IntN(12)
		w.people = append(w.people, &person{id: id, age: random.IntN(95), sex: []clinical.Gender{"FEMALE", "MALE"}[random.IntN(2)],
			borough: fmt.Sprint("Borough ", practice/3), practice: fmt.Sprintf("Y%05d", practice), sick: random.IntN(2) == 0,
			pressure: 90 + random.IntN(80), visits: random.IntN(3)})
	}
	alone := map[string][]*person{}
	for _, p := range w.people {
		key := fmt.Sprint(p.age, p.sex, p.practice)
		alone[key] = append(alone[key], p)
	}
	for _, p := range w.people {
		if len(alone[fmt.Sprint(p.age, p.sex, p.practice)]) == 1 && p.age > 3 && p.age < 92 {
			w.victims = append(w.victims, p)
		}
	}
	random.Shuffle(len(w.victims), func(i, j int) { w.victims[i], w.victims[j] = w.victims[j], w.victims[i] })
	for _, p := range w.victims[:busy] {
		if random.IntN(2) == 0 {
			p.visits = 60
		}
	}
	return w
}

// many are those who satisfy what is known of people.
func (w *world) many(where cohort.Criterion) (found []*person) {
	for _, p := range w.people {
		if p.satisfies(&cohort.Definition{}, &where) {
			found = append(found, p)
		}
	}
	return found
}

func (p *person) satisfies(d *cohort.Definition, c *cohort.Criterion) bool {
	switch {
	case c.All != nil:
		for i := range c.All {
			if !p.satisfies(d, &c.All[i]) {
				return false
			}
		}
		return true
	case c.Any != nil:
		for i := range c.Any {
			if p.satisfies(d, &c.Any[i]) {
				return true
			}
		}
		return false
	case c.Not != nil:
		return !p.satisfies(d, c.Not)
	case c.Age != nil:
		return (c.Age.From == nil || p.age >= *c.Age.From) && (c.Age.Until == nil || p.age <= *c.Age.Until)
	case c.Sex != nil:
		return slices.Contains(c.Sex, p.sex)
	case c.Borough != nil:
		return slices.Contains(c.Borough, p.borough)
	case c.Practice != nil:
		return slices.Contains(c.Practice, clinical.Text(p.practice))
	case c.Has != nil:
		return p.has(d, c.Has.Events)
	}
	panic("the attackers ask nothing else")
}

// has reports whether a person has an event of a set: "sick" who is, "nobody" nobody, "high" who has a pressure of at least so much.
func (p *person) has(d *cohort.Definition, set string) bool {
	for i := range d.Events {
		if d.Events[i].Name == set && d.Events[i].Value != nil {
			return float64(p.pressure) >= *d.Events[i].Value.AtLeast
		}
	}
	return set == "sick" && p.sick
}

// count answers a definition exactly, as the engine would.
func (w *world) count(d *cohort.Definition) *cohort.Counted {
	counted, cells := &cohort.Counted{}, map[string]*cohort.Cell{}
	members := map[string][]*person{}
	for _, p := range w.people {
		if d.People != nil && !p.satisfies(d, d.People) {
			continue
		}
		counted.Everybody = append(counted.Everybody, clinical.Pseudonym(p.id))
		key := p.key(d)
		text := strings.Join(key, "|") // no name has a bar
		if cells[text] == nil {
			cells[text] = &cohort.Cell{Key: key}
		}
		cells[text].People = append(cells[text].People, clinical.Pseudonym(p.id))
		members[text] = append(members[text], p)
	}
	for text, cell := range cells {
		for _, measure := range d.Measures {
			cell.Exact = append(cell.Exact, measured(members[text], measure))
		}
		counted.Cells = append(counted.Cells, *cell)
	}
	slices.SortFunc(counted.Cells, func(a, b cohort.Cell) int { return slices.Compare(a.Key, b.Key) })
	return counted
}

// key is where a person lies in a table. The groups that attackers and [disclosure.Known] ask by part the people.
func (p *person) key(d *cohort.Definition) []string {
	key := make([]string, len(d.By))
	for i := range d.By {
		switch d.By[i].Kind {
		case cohort.ByAgeBand:
			key[i] = cohort.BandName(d.By[i].Bands, p.age)
		case cohort.BySex:
			key[i] = string(p.sex)
		case cohort.ByPractice:
			key[i] = p.practice
		case cohort.ByBorough:
			key[i] = p.borough
		case cohort.ByGroup:
			for _, group := range d.By[i].Groups {
				if p.satisfies(d, &group.Where) {
					key[i] = group.Name
				}
			}
		}
	}
	return key
}

func measured(people []*person, measure cohort.Measure) cohort.Measured {
	m := cohort.Measured{Number: float64(len(people)), People: len(people)}
	switch measure.Kind {
	case cohort.MeasureEvents:
		m.People = 0
		for _, p := range people {
			m.Events, m.Most = m.Events+p.visits, max(m.Most, p.visits)
			if p.visits > 0 {
				m.People++
			}
		}
		m.Number = float64(m.Events)
	case cohort.MeasureMedian:
		var values []int
		for _, p := range people {
			values = append(values, p.pressure)
		}
		slices.Sort(values)
		m.Events, m.Most = len(values), 1
		m.Number = float64(values[(len(values)-1)/2]+values[len(values)/2]) / 2
	}
	return m
}

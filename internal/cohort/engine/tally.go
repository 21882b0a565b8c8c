package engine

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
)

// tally is what one worker has counted of the people it looked at.
type tally struct {
	plan      *Plan
	reader    *reader
	everybody []clinical.Pseudonym
	cells     map[string]*tallied
	wrong     Disagreements
	kept      int64 // stand-ins and values kept since the reader last asked

	unregistered int

	key    []byte
	places [][]place // by dimension, where the person is
	own    [][]place // places of the person's events, by dimension, of each combination once
}

// tallied is one cell while it is counted.
type tallied struct {
	places   []place
	people   []clinical.Pseudonym
	measured []measured
}

// measured is one measure of a cell while it is counted.
type measured struct {
	people, events, most int
	values               []float64
}

func newTally(r *reader) *tally {
	return &tally{plan: r.plan, reader: r, cells: map[string]*tallied{}, places: make([][]place, len(r.plan.cells.by))}
}

// look counts a person who satisfies the definition.
func (t *tally) look(p *person) {
	if t.reader.registered && len(p.registrations) == 0 {
		t.unregistered++
		return
	}
	if len(p.registrations) > 1 {
		t.wrong.count(p.registrations, p.facts())
	}
	if t.plan.people != nil {
		asAt := t.plan.Definition.AsAt
		if !t.plan.people.holds(p, moment{asAt, asAt}) {
			return
		}
	}
	t.everybody = append(t.everybody, p.id)
	t.kept++
	t.lay(p)
	if t.plan.cells.events < 0 {
		t.into(p, make([]place, 0, len(t.places)))
		return
	}
	t.layEvents(p)
	for _, own := range t.own {
		for i, dimension := range t.plan.cells.by {
			if byEvents(dimension.Kind) {
				t.places[i] = append(t.places[i][:0], own[i])
			}
		}
		t.into(p, make([]place, 0, len(t.places)))
	}
}

// lay finds where the person is in dimensions that do not go by events.
func (t *tally) lay(p *person) {
	asAt := t.plan.Definition.AsAt
	for i := range t.plan.cells.by {
		dimension := &t.plan.cells.by[i]
		at := t.places[i][:0]
		if dimension.Kind == cohort.ByGroup {
			for g, where := range t.plan.cells.groups[i] {
				if where.holds(p, moment{asAt, asAt}) {
					at = append(at, place(1+g))
				}
			}
		} else if !byEvents(dimension.Kind) {
			at = append(at, t.reader.placeOf(dimension, p.facts()))
		}
		t.places[i] = at
	}
}

// placeOf is where somebody is in a dimension that goes by facts.
func (r *reader) placeOf(dimension *cohort.Dimension, f *facts) place {
	switch dimension.Kind {
	case cohort.ByAgeBand:
		if age, known := ageOn(f.birth, r.plan.Definition.AsAt); known {
			return band(dimension.Bands, age)
		}
	case cohort.BySex:
		return place(f.sex)
	case cohort.ByBorough:
		return r.boroughPlace[f.practice]
	case cohort.ByPractice:
		return f.practice
	case cohort.ByPracticeSizeBand:
		if f.practice != 0 {
			return band(dimension.Bands, r.sizes[f.practice])
		}
	}
	return 0
}

// layEvents finds the combinations of places in which the person has an event.
func (t *tally) layEvents(p *person) {
	t.own = t.own[:0]
	events := p.events(t.plan.cells.events)
	for i := range events {
		at := make([]place, len(t.places))
		lies := true
		for d, dimension := range t.plan.cells.by {
			if byEvents(dimension.Kind) {
				at[d] = placeOf(dimension.Kind, &events[i])
				lies = lies && (at[d] != 0 || dimension.Kind == cohort.ByOrganisation)
			}
		}
		if lies && !slices.ContainsFunc(t.own, func(other []place) bool { return slices.Equal(other, at) }) {
			t.own = append(t.own, at)
		}
	}
}

// into counts the person in every cell whose places begin with those chosen.
func (t *tally) into(p *person, chosen []place) {
	if len(chosen) < len(t.places) {
		for _, at := range t.places[len(chosen)] {
			t.into(p, append(chosen, at))
		}
		return
	}
	cell := t.cell(chosen)
	cell.people = append(cell.people, p.id)
	t.kept++
	for m, number := range t.plan.cells.measured {
		if number >= 0 {
			t.kept += cell.measured[m].count(t.plan, chosen, p.events(number), t.plan.cells.values[m])
		}
	}
}

func (t *tally) cell(at []place) *tallied {
	t.key = t.key[:0]
	for _, one := range at {
		t.key = binary.BigEndian.AppendUint32(t.key, one)
	}
	cell := t.cells[string(t.key)]
	if cell == nil {
		cell = &tallied{places: slices.Clone(at), measured: make([]measured, len(t.plan.cells.measured))}
		t.cells[string(t.key)] = cell
	}
	return cell
}

// count adds a person's events that lie in the cell, and returns how many values were kept.
func (m *measured) count(plan *Plan, at []place, events []event, values bool) (kept int64) {
	before, count, last := len(m.values), 0, -1
	for i := range events {
		e := &events[i]
		if last >= 0 && e.same(&events[last]) || !plan.cells.lies(e, at) || values && math.IsNaN(e.value) {
			continue
		}
		count, last = count+1, i
		if values {
			m.values = append(m.values, e.value)
		}
	}
	m.events, m.most, m.people = m.events+count, max(m.most, count), m.people+boolean(count > 0)
	return int64(len(m.values) - before)
}

// lies reports whether an event lies in a cell, as far as cells go by events.
func (l *layout) lies(e *event, at []place) bool {
	for i, dimension := range l.by {
		if byEvents(dimension.Kind) && placeOf(dimension.Kind, e) != at[i] {
			return false
		}
	}
	return true
}

// join adds what was counted of people whose stand-ins are all higher.
func (t *tally) join(other *tally) {
	t.everybody = append(t.everybody, other.everybody...)
	t.unregistered += other.unregistered
	t.wrong.Sex, t.wrong.Birth = t.wrong.Sex+other.wrong.Sex, t.wrong.Birth+other.wrong.Birth
	for key, theirs := range other.cells {
		ours := t.cells[key]
		if ours == nil {
			t.cells[key] = theirs
			continue
		}
		ours.people = append(ours.people, theirs.people...)
		for i := range ours.measured {
			a, b := &ours.measured[i], &theirs.measured[i]
			a.people, a.events, a.most, a.values = a.people+b.people, a.events+b.events, max(a.most, b.most), append(a.values, b.values...)
		}
	}
}

// counted writes down what was counted, in order.
func (t *tally) counted() cohort.Counted {
	type ordered struct {
		cohort.Cell
		order []string
	}
	var cells []ordered
	for _, cell := range t.cells {
		made := ordered{Cell: cohort.Cell{Key: make([]string, len(cell.places)), People: cell.people}, order: make([]string, len(cell.places))}
		for i, at := range cell.places {
			made.Key[i], made.order[i] = t.reader.label(&t.plan.cells.by[i], at)
		}
		for i, measure := range t.plan.Definition.Measures {
			made.Exact = append(made.Exact, cell.measured[i].exact(measure, len(cell.people)))
		}
		cells = append(cells, made)
	}
	slices.SortFunc(cells, func(a, b ordered) int { return slices.CompareFunc(a.order, b.order, cmp.Compare[string]) })
	counted := cohort.Counted{Overlapping: t.plan.overlapping(), Everybody: t.everybody}
	for i := range cells {
		counted.Cells = append(counted.Cells, cells[i].Cell)
	}
	return counted
}

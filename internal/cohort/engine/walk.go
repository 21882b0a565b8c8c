package engine

import (
	"cmp"
	"context"
	"slices"
	"sort"

	"onelondon/internal/clinical"
)

// walker goes through the columns of all sources side by side. A partition is everybody whose stand-in begins with the same bits.
type walker struct {
	*reader
	shift  int // what is left of a stand-in is its partition
	person *person

	places        [][]int // by part and question, the next row
	ends          []int   // by part, where the partition ends in the question that is loaded
	next          []int   // by part, the next registration
	events        [][]event
	registrations []registration
}

// walk shows everybody in some partitions, in order of their stand-ins. After each partition done is called.
func (r *reader) walk(ctx context.Context, width, from, until int, see func(*person), done func() error) error {
	w := r.walker(width, from)
	for partition := from; partition < until; partition++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		w.load(uint64(partition))
		w.show(see)
		if err := done(); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) walker(width, from int) *walker {
	w := &walker{reader: r, shift: 64 - width, person: newPerson(r.plan, r.practices, r.boroughs), events: make([][]event, len(r.plan.Questions)),
		ends: make([]int, len(r.parts))}
	first := func(id clinical.Pseudonym) bool { return w.partition(id) >= uint64(from) }
	for _, part := range r.parts {
		places := make([]int, len(part.columns))
		for q, c := range part.columns {
			if c != nil {
				places[q] = sort.Search(c.len(), func(i int) bool { return first(c.person[i]) })
			}
		}
		w.places = append(w.places, places)
		w.next = append(w.next, sort.Search(len(part.registrations), func(i int) bool { return first(part.registrations[i].person) }))
	}
	return w
}

func (w *walker) partition(id clinical.Pseudonym) uint64 { return uint64(id) >> w.shift }

// load takes a partition's rows out of all columns and puts them in order.
func (w *walker) load(partition uint64) {
	for q := range w.events {
		w.events[q] = slices.Grow(w.events[q][:0], w.find(q, partition))
		events := w.events[q]
		for s, part := range w.parts {
			for i := w.places[s][q]; i < w.ends[s]; i++ {
				events = append(events, part.columns[q].at(i))
			}
			w.places[s][q] = w.ends[s]
		}
		slices.SortFunc(events, byPerson)
		w.events[q] = once(events)
	}
	w.registrations = w.registrations[:0]
	for s, part := range w.parts {
		i := w.next[s]
		for i < len(part.registrations) && w.partition(part.registrations[i].person) == partition {
			i++
		}
		w.registrations = append(w.registrations, part.registrations[w.next[s]:i]...)
		w.next[s] = i
	}
	// Stable: of equals, the one whose source comes first stays first.
	slices.SortStableFunc(w.registrations, func(a, b registration) int {
		return cmp.Or(cmp.Compare(a.person, b.person), a.precedence(&b))
	})
}

// find finds where a partition ends in each part's answer to a question, and counts its rows, so that room is made for them once.
func (w *walker) find(question int, partition uint64) (rows int) {
	for s, part := range w.parts {
		c, i := part.columns[question], w.places[s][question]
		for c != nil && i < c.len() && w.partition(c.person[i]) == partition {
			i++
		}
		w.ends[s] = i
		rows += i - w.places[s][question]
	}
	return rows
}

// show shows everybody in the partition that is loaded.
func (w *walker) show(see func(*person)) {
	events, registrations := slices.Clone(w.events), w.registrations
	for {
		id, found := lowest(events, registrations)
		if !found {
			return
		}
		w.person.next(id)
		for q := range events {
			n := 0
			for n < len(events[q]) && events[q][n].person == id {
				n++
			}
			w.person.asked[q], events[q] = events[q][:n:n], events[q][n:]
			align(w.person.asked[q])
		}
		n := 0
		for n < len(registrations) && registrations[n].person == id {
			n++
		}
		w.person.registrations, registrations = registrations[:n:n], registrations[n:]
		see(w.person)
	}
}

// lowest is the first person of all who are left.
func lowest(events [][]event, registrations []registration) (id clinical.Pseudonym, found bool) {
	if len(registrations) > 0 {
		id, found = registrations[0].person, true
	}
	for _, of := range events {
		if len(of) > 0 && (!found || of[0].person < id) {
			id, found = of[0].person, true
		}
	}
	return id, found
}

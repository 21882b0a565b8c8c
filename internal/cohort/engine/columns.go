package engine

import (
	"math/bits"
	"slices"

	"onelondon/internal/clinical"
	"onelondon/sources"
)

// columns are events side by side, only with what was wanted of them.
type columns struct {
	wanted sources.EventFields
	person []clinical.Pseudonym
	day    []clinical.Day
	end    []clinical.Day
	value  []float64
	mark   []uint64
	holder []uint32
}

// width is how many bytes a row takes.
func (c *columns) width() int64 {
	width := int64(8)
	for field, bytes := range map[sources.EventFields]int64{sources.WantDay: 4, sources.WantEnd: 4, sources.WantValue: 8, sources.WantMark: 8, sources.WantOrganisation: 4} {
		if c.wanted&field != 0 {
			width += bytes
		}
	}
	return width
}

func (c *columns) len() int { return len(c.person) }

func (c *columns) has(field sources.EventFields) bool { return c.wanted&field != 0 }

// add appends an event and reports whether the columns had to grow.
func (c *columns) add(e event) (grew bool) {
	grew = len(c.person) == cap(c.person)
	c.person = append(c.person, e.person)
	if c.has(sources.WantDay) {
		c.day = append(c.day, e.day)
	}
	if c.has(sources.WantEnd) {
		c.end = append(c.end, e.end)
	}
	if c.has(sources.WantValue) {
		c.value = append(c.value, e.value)
	}
	if c.has(sources.WantMark) {
		c.mark = append(c.mark, e.mark)
	}
	if c.has(sources.WantOrganisation) {
		c.holder = append(c.holder, e.holder)
	}
	return grew
}

// at is the event in a row.
func (c *columns) at(i int) event {
	e := event{person: c.person[i]}
	if c.day != nil {
		e.day = c.day[i]
	}
	if c.end != nil {
		e.end = c.end[i]
	}
	if c.value != nil {
		e.value = c.value[i]
	}
	if c.mark != nil {
		e.mark = c.mark[i]
	}
	if c.holder != nil {
		e.holder = c.holder[i]
	}
	return e
}

// put writes an event into a row.
func (c *columns) put(i int, e event) {
	c.person[i] = e.person
	if c.day != nil {
		c.day[i] = e.day
	}
	if c.end != nil {
		c.end[i] = e.end
	}
	if c.value != nil {
		c.value[i] = e.value
	}
	if c.mark != nil {
		c.mark[i] = e.mark
	}
	if c.holder != nil {
		c.holder[i] = e.holder
	}
}

// resize makes the columns exactly so long, copied where that frees much.
func (c *columns) resize(length int) {
	c.person, c.day, c.end = fit(c.person, length), fit(c.day, length), fit(c.end, length)
	c.value, c.mark, c.holder = fit(c.value, length), fit(c.mark, length), fit(c.holder, length)
}

func fit[V any](column []V, length int) []V {
	if column == nil || length > cap(column)*7/8 {
		return column[:min(length, len(column))]
	}
	return append(make([]V, 0, length), column[:length]...)
}

func room(wanted sources.EventFields, length int) *columns {
	c := &columns{wanted: wanted, person: make([]clinical.Pseudonym, length)}
	if c.has(sources.WantDay) {
		c.day = make([]clinical.Day, length)
	}
	if c.has(sources.WantEnd) {
		c.end = make([]clinical.Day, length)
	}
	if c.has(sources.WantValue) {
		c.value = make([]float64, length)
	}
	if c.has(sources.WantMark) {
		c.mark = make([]uint64, length)
	}
	if c.has(sources.WantOrganisation) {
		c.holder = make([]uint32, length)
	}
	return c
}

// bucketSize is about how many rows a bucket of the first pass of sorting holds: few enough to be sorted where they lie.
const bucketSize = 32

// sorted returns the rows in the order of byPerson, each once. Stand-ins are spread evenly over 64 bits, so that one pass by
// their first bits leaves little to do.
func (c *columns) sorted() *columns {
	if c.len() == 0 {
		return room(c.wanted, 0)
	}
	width := max(0, bits.Len(uint(c.len()/bucketSize)))
	starts := make([]int32, 1<<width+1)
	for _, person := range c.person {
		starts[uint64(person)>>(64-width)+1]++
	}
	for i := 1; i < len(starts); i++ {
		starts[i] += starts[i-1]
	}
	to := room(c.wanted, c.len())
	next := slices.Clone(starts)
	for i, person := range c.person {
		bucket := uint64(person) >> (64 - width)
		to.put(int(next[bucket]), c.at(i))
		next[bucket]++
	}
	to.settle(starts)
	return to
}

// settle sorts the rows within each bucket and drops those that are there twice.
func (c *columns) settle(starts []int32) {
	kept, scratch := 0, []event(nil)
	for b := range len(starts) - 1 {
		from, until := int(starts[b]), int(starts[b+1])
		if c.wanted == 0 {
			people := c.person[from:until]
			slices.Sort(people)
			kept += copy(c.person[kept:], slices.Compact(people))
			continue
		}
		scratch = scratch[:0]
		for i := from; i < until; i++ {
			scratch = append(scratch, c.at(i))
		}
		slices.SortFunc(scratch, byPerson)
		for _, e := range once(scratch) {
			c.put(kept, e)
			kept++
		}
	}
	c.resize(kept)
}

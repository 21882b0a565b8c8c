package disclosure

import "github.com/RoaringBitmap/roaring/v2"

// compared is a new question's cells, prepared to be held against those of many earlier ones.
type compared struct {
	divisions [][]*roaring.Bitmap
	labels    [][]int32 // of each division with several cells
	sizes     [][]int
	threshold int
}

func compare(of [][]*roaring.Bitmap, people, threshold int) *compared {
	c := &compared{divisions: of, threshold: threshold}
	for _, cells := range of {
		var sizes []int
		for _, cell := range cells {
			sizes = append(sizes, int(cell.GetCardinality()))
		}
		c.sizes = append(c.sizes, sizes)
		var numbered []int32
		if len(cells) > 1 {
			numbered = labels(cells, people)
		}
		c.labels = append(c.labels, numbered)
	}
	return c
}

// nearTo returns the first of earlier questions from which some sum of cells differs by few people; nil for none.
func (c *compared) nearTo(earlier []*question) *question {
	for _, question := range earlier {
		for _, old := range question.divisions {
			for i := range c.divisions {
				if c.crossing(old, i).few(c.threshold) {
					return question
				}
			}
		}
	}
	return nil
}

// crossing lays an earlier division over one of the new.
func (c *compared) crossing(old []*roaring.Bitmap, at int) *crossing {
	fresh := c.divisions[at]
	graph, left := newCrossing(len(old)+len(fresh)), append([]int(nil), c.sizes[at]...)
	for i, cell := range old {
		people := int(cell.GetCardinality())
		for j, shared := range c.shared(cell, at) {
			graph.add(i+1, len(old)+j+1, shared)
			people -= shared
			left[j] -= shared
		}
		graph.add(i+1, outside, people)
	}
	for j, people := range left {
		graph.add(len(old)+j+1, outside, people)
	}
	return graph
}

// shared is how many people of a cell are in each cell of a new division.
func (c *compared) shared(cell *roaring.Bitmap, at int) []int {
	fresh := c.divisions[at]
	shared := make([]int, len(fresh))
	if len(fresh) == 1 {
		shared[0] = int(cell.AndCardinality(fresh[0]))
		return shared
	}
	numbered := c.labels[at]
	counts := make([]int, len(fresh)+1) // the first of those in none
	var ordinals [1024]uint32
	for people := cell.ManyIterator(); ; {
		read := people.NextMany(ordinals[:])
		if read == 0 {
			break
		}
		for _, ordinal := range ordinals[:read] {
			if int(ordinal) < len(numbered) {
				counts[numbered[ordinal]]++
			}
		}
	}
	copy(shared, counts[1:])
	return shared
}

package disclosure

import "math"

// span is what can be had by adding and subtracting the numbers of all kinds of people that a project's questions tell apart,
// were they exact. It is kept as orthonormal vectors over people; people whom no question tells apart share a place.
//
// Of each person it knows the leverage: the squared length of what of the person lies in the span. If some combination of numbers
// rested on fewer than n people, one of them had a leverage of more than 1/n. So nobody's leverage may be more than 1/n, and
// then no sum and difference of any number of answers, however often rounding is averaged away, is about fewer than n people. It
// depends on who may be counted alone and never on what records say, so that a refusal tells nothing.
type span struct {
	place    []int32 // of each person, by ordinal; those who were in no question yet are at place 0
	sizes    []float64
	vectors  [][]float64 // by place
	leverage []float64   // by place
}

// most is how many numbers the vectors may have: half a gigabyte of them.
const mostNumbers = 1 << 26

// negligible is the squared length, as a part of the whole, below which a vector lies in the span.
const negligible = 1e-9

func newSpan() *span { return &span{sizes: []float64{0}, leverage: []float64{0}} }

// with adds a way to divide people, by the label of each ordinal; 0 for those in no part. It changes nothing in place: what it
// returns may be dropped.
func (s *span) with(labels []int32) *span {
	refined, parts := s.refine(labels)
	for label := int32(1); int(label) <= len(parts); label++ {
		refined.include(parts[label-1])
	}
	return refined
}

// refine parts the people of each place by their label. It returns the places of each label.
func (s *span) refine(labels []int32) (*span, [][]int32) {
	type origin struct{ place, label int32 }
	at := map[origin]int32{{}: 0}
	from := []int32{0}
	refined := &span{place: make([]int32, len(labels)), sizes: []float64{0}}
	var parts [][]int32
	for person, label := range labels {
		origin := origin{label: label}
		if person < len(s.place) {
			origin.place = s.place[person]
		}
		place, known := at[origin]
		if !known {
			place = int32(len(from))
			at[origin] = place
			from = append(from, origin.place)
			refined.sizes = append(refined.sizes, 0)
			for label > int32(len(parts)) {
				parts = append(parts, nil)
			}
			if label > 0 {
				parts[label-1] = append(parts[label-1], place)
			}
		}
		refined.place[person] = place
		refined.sizes[place]++
	}
	for _, vector := range s.vectors {
		refined.vectors = append(refined.vectors, spread(vector, from))
	}
	refined.leverage = spread(s.leverage, from)
	return refined, parts
}

// spread gives each new place what the one has from which it came.
func spread(values []float64, from []int32) []float64 {
	spread := make([]float64, len(from))
	for place, origin := range from {
		spread[place] = values[origin]
	}
	return spread
}

// include adds the vector that is 1 at some places, made orthogonal to all others; twice, since once is not exact.
func (s *span) include(places []int32) {
	vector, whole := make([]float64, len(s.sizes)), 0.0
	for _, place := range places {
		vector[place] = 1
		whole += s.sizes[place]
	}
	for range 2 {
		for _, other := range s.vectors {
			part := 0.0
			for place, value := range vector {
				part += value * other[place] * s.sizes[place]
			}
			for place := range vector {
				vector[place] -= part * other[place]
			}
		}
	}
	length := 0.0
	for place, value := range vector {
		length += value * value * s.sizes[place]
	}
	if length <= negligible*whole {
		return
	}
	for place, value := range vector {
		vector[place] = value / math.Sqrt(length)
		s.leverage[place] += vector[place] * vector[place]
	}
	s.vectors = append(s.vectors, vector)
}

// tells reports whether fewer people than so many could be told from all others.
func (s *span) tells(smallest int) bool {
	for place, leverage := range s.leverage {
		if s.sizes[place] > 0 && leverage*float64(smallest) > 1+1e-6 {
			return true
		}
	}
	return len(s.vectors)*len(s.sizes) > mostNumbers
}

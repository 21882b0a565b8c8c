package disclosure

import "container/heap"

// crossing is two ways of dividing the same people, laid over each other: a graph whose nodes are the cells of both and, on each
// side, everybody who is in none; an edge weighs as much as there are people in both of its cells. A cut of the graph chooses
// cells of both sides, and weighs as many people as are in just one of the two unions. So the lightest cut is the fewest people
// by which any sum of the one side differs from any sum of the other.
type crossing struct {
	edges []map[int]int
}

// outside is the node of everybody who is in no cell of either side: the rest of London, which is never few.
const outside = 0

func newCrossing(cells int) *crossing {
	c := &crossing{edges: make([]map[int]int, cells+1)}
	for i := range c.edges {
		c.edges[i] = map[int]int{}
	}
	return c
}

func (c *crossing) add(a, b, people int) {
	if a != b && people > 0 {
		c.edges[a][b] += people
		c.edges[b][a] += people
	}
}

// few reports whether some cut weighs less than a threshold and more than nothing. It orders the nodes by how strongly each is
// tied to those before it (Stoer and Wagner 1997): the last one's ties are a cut, and wherever a node's ties reach the threshold
// it cannot be parted from the last that it was tied to (Nagamochi and Ibaraki 1992), so the two become one node. Each round
// makes fewer nodes; nodes without ties are sums that agree exactly.
func (c *crossing) few(threshold int) bool {
	for {
		joined, few := c.round(threshold)
		if few {
			return true
		}
		if joined == nil {
			return false
		}
		c.contract(joined)
	}
}

// round makes one ordering of each connected part. It returns which nodes belong together, nil where none do.
func (c *crossing) round(threshold int) (together *sets, few bool) {
	together = newSets(len(c.edges))
	seen, ties := make([]bool, len(c.edges)), make([]int, len(c.edges))
	for start := range c.edges {
		if seen[start] {
			continue
		}
		queue := &nodes{{node: start}}
		last := start
		for queue.Len() > 0 {
			at, _ := heap.Pop(queue).(tied)
			if seen[at.node] {
				continue
			}
			seen[at.node], last = true, at.node
			for other, people := range c.edges[at.node] {
				if seen[other] {
					continue
				}
				if ties[other] += people; ties[other] >= threshold {
					together.join(at.node, other)
				}
				heap.Push(queue, tied{other, ties[other]})
			}
		}
		if last != start && ties[last] < threshold {
			return nil, true
		}
	}
	if together.joins == 0 {
		return nil, false
	}
	return together, false
}

// contract makes one node of those that belong together.
func (c *crossing) contract(together *sets) {
	smaller, place := newCrossing(-1), map[int]int{}
	number := func(node int) int {
		root := together.root(node)
		at, known := place[root]
		if !known {
			at = len(smaller.edges)
			place[root] = at
			smaller.edges = append(smaller.edges, map[int]int{})
		}
		return at
	}
	for node, edges := range c.edges {
		for other, people := range edges {
			if node < other {
				smaller.add(number(node), number(other), people)
			}
		}
	}
	c.edges = smaller.edges
}

// tied is a node and how many people tie it to those before it.
type tied struct{ node, people int }

// nodes is a heap with the most strongly tied first; of equals the first.
type nodes []tied

func (n nodes) Len() int { return len(n) }
func (n nodes) Less(i, j int) bool {
	return n[i].people > n[j].people || n[i].people == n[j].people && n[i].node < n[j].node
}
func (n nodes) Swap(i, j int) { n[i], n[j] = n[j], n[i] }

// Push is for package heap.
func (n *nodes) Push(node any) {
	if node, is := node.(tied); is {
		*n = append(*n, node)
	}
}

// Pop is for package heap.
func (n *nodes) Pop() any {
	last := (*n)[len(*n)-1]
	*n = (*n)[:len(*n)-1]
	return last
}

// sets joins numbers into disjoint sets.
type sets struct {
	parents []int
	joins   int
}

func newSets(size int) *sets {
	s := &sets{parents: make([]int, size)}
	for i := range s.parents {
		s.parents[i] = i
	}
	return s
}

func (s *sets) root(of int) int {
	for s.parents[of] != of {
		s.parents[of] = s.parents[s.parents[of]]
		of = s.parents[of]
	}
	return of
}

func (s *sets) join(a, b int) {
	if a, b = s.root(a), s.root(b); a != b {
		s.parents[b] = a
		s.joins++
	}
}

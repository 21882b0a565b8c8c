package scaffold

import (
	"fmt"
	"slices"

	"onelondon/internal/clinical"
	"onelondon/sources/mapping"
	"onelondon/sources/sqlsource"
)

// guesser holds what is guessed of one catalogue on the way to a draft.
type guesser struct {
	*linker
	links   map[Place][]Link // settled, the best first
	bags    []bag            // of every table's name
	columns [][]bag          // of every column's name
	person  person
	kinds   map[clinical.Kind][]candidate
	ties    map[[2]int]Link
	paths   []way
	numbers []numbered
	owner   string            // the column by which every table says whose row it is; empty where none does
	read    map[string]string // the column that a written date is read from
	taken   []string          // aliases of the person's tables
}

// Guess drafts a mapping. System and title name it; they are the caller's to choose.
func Guess(c *Catalogue, system, title string) *Draft {
	c, unsaid := sayable(c)
	g := gathered(c)
	if with, aside := numbersAside(g); aside {
		g = gathered(with)
	}
	draft := g.draft(system, title)
	if unsaid > 0 {
		draft.Head = append(draft.Head, fmt.Sprintf("%d tables and columns were passed over: a mapping cannot say their names", unsaid))
	}
	return draft
}

// gathered is all that is guessed before a draft is written.
func gathered(c *Catalogue) *guesser {
	g := &guesser{linker: newLinker(c), links: map[Place][]Link{}, read: map[string]string{}}
	for _, link := range g.settled() {
		g.links[link.From] = append(g.links[link.From], link)
	}
	g.gather()
	g.arrange()
	g.numbers = make([]numbered, len(c.Tables))
	for i := range c.Tables {
		n := &g.numbers[i]
		n.column, n.sure, n.format, n.reason = g.findNumber(i)
	}
	g.ties = g.best()
	g.person = g.findPerson()
	for i := range c.Tables {
		steps, tied := g.findPath(i)
		g.paths = append(g.paths, way{steps, tied})
	}
	g.kinds = g.classify()
	return g
}

// gather makes sets of the words of names.
func (g *guesser) gather() {
	for i := range g.c.Tables {
		g.bags = append(g.bags, setOf(g.names[i]))
		var columns []bag
		for j := range g.c.Tables[i].Columns {
			columns = append(columns, setOf(g.words[i][j]))
		}
		g.columns = append(g.columns, columns)
	}
}

// sayable is a catalogue without the names that the language of mappings cannot say, in which everything else keeps its number.
func sayable(c *Catalogue) (*Catalogue, int) {
	said, unsaid := &Catalogue{Among: c.Among, Tables: slices.Clone(c.Tables)}, 0
	for i := range said.Tables {
		t := &said.Tables[i]
		if !mapping.CanName(t.Name) || t.Schema != "" && !mapping.CanName(t.Schema) {
			t.Table, t.Stats = sqlsource.Table{}, nil
			unsaid++
			continue
		}
		t.Columns, t.Stats = slices.Clone(t.Columns), slices.Clone(t.Stats)
		for j := range t.Columns {
			if !mapping.CanName(t.Columns[j].Name) {
				if slices.Contains(t.Key, t.Columns[j].Name) {
					t.Key = nil
				}
				t.Columns[j], t.Stats[j] = sqlsource.Column{}, Stats{}
				unsaid++
			}
		}
	}
	return said, unsaid
}

// Likely lists the pairs of columns of which a draft would like to know whether one holds the other's values. [Survey] asks.
func Likely(c *Catalogue) []Pair {
	l := newLinker(c)
	var pairs []Pair
	for _, link := range l.likely() {
		if c.stats(link.From).Filled > 0 && !c.Tables[link.To.Table].Whole {
			pairs = append(pairs, Pair{link.From, link.To})
		}
	}
	return pairs
}

func setOf(words []string) bag {
	all := bag{}
	for _, word := range words {
		all[word] = true
	}
	return all
}

// step is one join on the way from a table to the person.
type step struct{ link Link }

// way is how a table leads to the person, if it does.
type way struct {
	steps []step
	tied  bool
}

func (g *guesser) path(table int) ([]step, bool) { return g.paths[table].steps, g.paths[table].tied }

// findPath finds the way from a table to the person: at most one table in between.
func (g *guesser) findPath(table int) ([]step, bool) {
	if g.person.table < 0 || table == g.person.table {
		return nil, table == g.person.table
	}
	if link, ok := g.between(table, g.person.table); ok {
		return []step{{link}}, true
	}
	var best []step
	sure := 0.0
	for j := range g.c.Tables[table].Columns {
		for _, link := range g.links[Place{table, j}] {
			through := link.To.Table
			if through == table || link.Blind || g.labelledOnly(through) {
				continue
			}
			second, ok := g.between(through, g.person.table)
			if value := link.Confidence * second.Confidence; ok && value > sure {
				best, sure = []step{{link}, {second}}, value
			}
		}
	}
	return best, len(best) > 0
}

// labelledOnly reports whether a table seems to hold codes or staff, which never lead to a person.
func (g *guesser) labelledOnly(table int) bool {
	return g.bags[table].any("staff", "organisation", "code", "concept", "location") && !g.bags[table].any("patient", "person")
}

// between finds the best link from one table to another.
func (g *guesser) between(from, to int) (Link, bool) {
	best := g.ties[[2]int{from, to}]
	if best.Confidence > 0 || to != g.person.table || g.person.number < 0 {
		return best, best.Confidence > 0
	}
	if stand, ok := g.pseudonym(from); ok && g.isAside(to) {
		return Link{Place{from, stand}, Place{to, 0}, 0.6, "holds the pseudonym of whom each row is about", false}, true
	}
	// A flat extract repeats the NHS number in every table.
	if number, sure, _, _ := g.number(from); number >= 0 {
		return Link{Place{from, number}, Place{to, g.person.number}, 0.6 * sure, "both hold the NHS number, and no other column ties them", false}, true
	}
	return Link{}, false
}

// best keeps of all links from one table to another the best.
func (g *guesser) best() map[[2]int]Link {
	ties := map[[2]int]Link{}
	for i := range g.c.Tables {
		for j := range g.c.Tables[i].Columns {
			for _, link := range g.links[Place{i, j}] {
				if key := [2]int{i, link.To.Table}; !link.Blind && g.better(link, ties[key]) {
					ties[key] = link
				}
			}
		}
	}
	return ties
}

// better prefers the surer link, and among equals the one whose name says nothing else than what it points at.
func (g *guesser) better(link, than Link) bool {
	if link.Confidence-than.Confidence > 0.02 || than.Confidence == 0 {
		return true
	}
	near := than.Confidence-link.Confidence < 0.02
	return near && len(g.words[link.From.Table][link.From.Column]) < len(g.words[than.From.Table][than.From.Column])
}

package scaffold

import (
	"fmt"
	"slices"
	"strings"
)

// person is the table that says who people are.
type person struct {
	table  int // -1 where there is none
	number int // column of the NHS number, -1 where none was found
	format string
	reason string
	sure   float64
	others []string // other columns that hold NHS numbers
}

// findPerson looks for the table of people: one with NHS numbers and demographics that other tables point at.
func (g *guesser) findPerson() person {
	best, score := person{table: -1, number: -1}, 0.0
	pointed := g.pointedAt()
	for i := range g.c.Tables {
		number, sure, format, reason := g.number(i)
		points := g.demographic(i) + 0.15*float64(min(pointed[i], 10))
		switch {
		case number >= 0:
			points += 3 + sure
		case points < 1.5, len(g.keys[i]) == 0:
			continue
		}
		if g.ofPerson(i) {
			points += 0.5
		}
		if g.bags[i].any("history", "deleted", "pseudo", "match", "relationship", "staff", "updated", "previous") {
			points -= 3
		}
		if points > score {
			best, score = person{table: i, number: number, format: format, reason: reason, sure: sure}, points
		}
	}
	for i := range g.c.Tables {
		if number, _, _, _ := g.number(i); number >= 0 && i != best.table {
			best.others = append(best.others, g.c.column(Place{i, number}))
		}
	}
	return best
}

// arrange puts the key that most other tables point at first.
func (g *guesser) arrange() {
	count := map[Place]int{}
	for from, links := range g.links {
		if !links[0].Blind && links[0].To.Table != from.Table {
			count[links[0].To]++
		}
	}
	for i, keys := range g.keys {
		slices.SortStableFunc(keys, func(a, b int) int { return count[Place{i, b}] - count[Place{i, a}] })
	}
}

// ofPerson reports whether a table of people points at another: then its rows are what organisations hold of the same person.
func (g *guesser) ofPerson(table int) bool {
	for j := range g.c.Tables[table].Columns {
		for _, link := range g.links[Place{table, j}] {
			if number, _, _, _ := g.number(link.To.Table); number >= 0 && g.columns[table][j].any("person", "patient") && link.To.Table != table && g.bags[link.To.Table].any("person", "patient") && len(g.names[link.To.Table]) == 1 {
				return true
			}
		}
	}
	return false
}

func (g *guesser) pointedAt() []int {
	count := make([]int, len(g.c.Tables))
	for i := range g.c.Tables {
		seen := map[int]bool{}
		for j := range g.c.Tables[i].Columns {
			links := g.links[Place{i, j}]
			if len(links) > 0 && !links[0].Blind && links[0].To.Table != i && !seen[links[0].To.Table] {
				seen[links[0].To.Table] = true
				count[links[0].To.Table]++
			}
		}
	}
	return count
}

// peopleWords are words of the names of tables of people.
const peopleWords = "patient person demographics demographic"

// demographic says how much a table looks like one of people.
func (g *guesser) demographic(table int) float64 {
	points := 0.0
	if g.bags[table].any(strings.Fields(peopleWords)...) {
		points += 1 - 0.1*float64(len(g.names[table]))
	}
	seen := bag{}
	for _, column := range g.columns[table] {
		for _, word := range []string{"birth", "gender", "surname", "postcode", "death", "forename"} {
			seen[word] = seen[word] || column[word]
		}
	}
	for _, there := range seen {
		if there {
			points += 0.3
		}
	}
	return points
}

// numbered is a table's column of NHS numbers, -1 where it has none.
type numbered struct {
	column         int
	sure           float64
	format, reason string
}

func (g *guesser) number(table int) (column int, sure float64, format, reason string) {
	n := &g.numbers[table]
	return n.column, n.sure, n.format, n.reason
}

// otherNumbers are words of columns that speak of NHS numbers and hold none that would find the person.
const otherNumbers = "status validity mother baby previous type indicator withheld staff is relationship length code date organisation pseudo hash hashed pseudonymised encrypted derived dmic"

func follows(words []string, first, second string) bool {
	at := slices.Index(words, first)
	return at >= 0 && at+1 < len(words) && words[at+1] == second
}

// findNumber finds a table's column of NHS numbers: by its name, and by how many of the values modulus 11 admits.
func (g *guesser) findNumber(table int) (column int, sure float64, format, reason string) {
	column = -1
	t := &g.c.Tables[table]
	for j := range t.Columns {
		if g.columns[table][j].any(strings.Fields(otherNumbers)...) {
			continue // a pseudonym finds nobody
		}
		named := follows(g.words[table][j], "nhs", "number")
		s := &t.Stats[j]
		valid, spaced := max(s.NHSPlain, s.NHSSpaced), s.NHSSpaced > s.NHSPlain
		value, told := 0.0, ""
		switch {
		case named && s.Filled == 0:
			value, told = 0.7, "named so; the sample has no value of it"
		case named && s.mostly(valid):
			value, told = 0.98, fmt.Sprintf("named so; %d of %d values are valid by modulus 11", valid, s.Filled)
		case named:
			value, told = 0.5, fmt.Sprintf("named so, yet only %d of %d values are valid by modulus 11", valid, s.Filled)
		case s.Filled >= 10 && float64(valid) >= 0.95*float64(s.Filled):
			value, told = 0.85, fmt.Sprintf("not named so, but %d of %d values are valid by modulus 11", valid, s.Filled)
		}
		if value > sure {
			column, sure, reason, format = j, value, told, "plain"
			switch {
			case spaced:
				format = "spaced"
			case numeric(t.Columns[j].Type):
				format = "numeric"
			}
		}
	}
	return column, sure, format, reason
}

func numeric(typ string) bool {
	for _, name := range []string{"int", "numeric", "decimal", "real", "double", "float", "number", "money"} {
		if strings.Contains(typ, name) && !strings.Contains(typ, "point") {
			return true
		}
	}
	return false
}

func dated(typ string) bool {
	return strings.Contains(typ, "date") || strings.Contains(typ, "timestamp")
}

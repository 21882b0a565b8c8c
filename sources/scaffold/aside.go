package scaffold

import (
	"slices"
	"strings"

	"onelondon/sources/sqlsource"
)

// Commissioning feeds have no table of people: each repeats, in its own tables, the pseudonym of whom a row is about, and several feeds
// lie in one database. Whoever made the pseudonyms keeps a table that leads from them to NHS numbers. Such a table, which the site puts beside the
// database, is then the table of people, and every table that holds a pseudonym ties itself to it.

// asideTable stands for the table that the site keeps.
const asideTable = "${" + tableParameter + "}"

// numbersAside is the catalogue with such a table, where no column holds NHS numbers, no table is called one of people, and several hold pseudonyms.
func numbersAside(g *guesser) (*Catalogue, bool) {
	if at := g.person.table; at >= 0 && g.bags[at].any(strings.Fields(peopleWords)...) {
		return nil, false // there is a table of people, and it has the pseudonyms
	}
	holders := 0
	for i := range g.c.Tables {
		if number, _, _, _ := g.number(i); number >= 0 {
			return nil, false
		}
		if _, ok := g.pseudonym(i); ok {
			holders++
		}
	}
	if holders < 2 {
		return nil, false
	}
	table := Table{Table: sqlsource.Table{Name: asideTable, Columns: []columnOf{{Name: "pseudonym", Type: "text"}, {Name: "nhs_number", Type: "text"}}, Key: []string{"pseudonym"}},
		Stats: make([]Stats, 2)}
	return &Catalogue{Among: g.c.Among, Tables: append(slices.Clone(g.c.Tables), table)}, true
}

// isAside reports whether a table is the one that the site keeps.
func (g *guesser) isAside(table int) bool { return table >= 0 && g.c.Tables[table].Name == asideTable }

// pseudonym is a table's column of stand-ins for NHS numbers: of several, the one that says the least besides, since those of a mother or of
// whoever referred somebody say that they are.
func (g *guesser) pseudonym(table int) (column int, ok bool) {
	column = -1
	for j, words := range g.columns[table] {
		if !g.pseudonymous(words) || words.any("mother", "baby", "previous", "staff") {
			continue
		}
		if column < 0 || len(words) < len(g.columns[table][column]) {
			column = j
		}
	}
	return column, column >= 0
}

// pseudonymous reports whether the words of a column's name say that it holds stand-ins for NHS numbers.
func (g *guesser) pseudonymous(words bag) bool {
	return words["nhs"] && words["number"] && words.any("pseudo", "hash", "hashed", "pseudonymised", "encrypted", "dmic")
}

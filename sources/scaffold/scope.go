package scaffold

import (
	"fmt"
	"slices"
	"strings"
)

// scope is the tables of one set of records under their aliases.
type scope struct {
	g       *guesser
	base    int
	alias   string
	aliases []string
	joins   []claim
	joined  map[Pair]string
	nested  bool // within another scope: it is not left for a third table
}

// claim is a line of a draft: what it says, how sure that is and why. Without a value it says what could not be guessed.
type claim struct {
	value  string
	sure   float64
	reason string
}

func (g *guesser) scope(base int, alias string) *scope {
	return &scope{g: g, base: base, alias: alias, aliases: append([]string{"p", "x", alias}, g.taken...), joined: map[Pair]string{}}
}

// column writes a column of the base table.
func (s *scope) column(at Place) string { return reference(s.alias, s.g.c.name(at)) }

// follow joins the table that a link points at, once, and returns its alias.
func (s *scope) follow(link Link, left bool) string { return s.followFrom(s.alias, link, left) }

func (s *scope) followFrom(from string, link Link, left bool) string {
	pair := Pair{link.From, link.To}
	if alias, known := s.joined[pair]; known {
		return alias
	}
	alias := s.fresh(link)
	s.joined[pair] = alias
	value := fmt.Sprintf("%s%s as %s on %s = %s", pick(left, "left ", ""), s.g.table(link.To.Table), alias,
		reference(alias, s.g.c.name(link.To)), reference(from, s.g.c.name(link.From)))
	if own := s.g.owner; own != "" && !s.g.bags[link.To.Table].any("staff", "organisation", "code", "location") {
		here, there := s.g.c.Tables[link.From.Table].column(own), s.g.c.Tables[link.To.Table].column(own)
		if here >= 0 && there >= 0 && there != link.To.Column {
			value += fmt.Sprintf(" and %s = %s", reference(alias, s.g.c.name(Place{link.To.Table, there})), reference(from, s.g.c.name(Place{link.From.Table, here})))
		}
	}
	s.joins = append(s.joins, claim{value, link.Confidence, link.Reason})
	return alias
}

// fresh makes an alias out of the words of the column that is followed.
func (s *scope) fresh(link Link) string {
	var letters []string
	for _, word := range without(s.g.words[link.From.Table][link.From.Column], "id", "code", "value", "number") {
		if word = strings.Trim(word, "0123456789"); word != "" && len(letters) < 3 && strings.Trim(word, "abcdefghijklmnopqrstuvwxyz") == "" {
			letters = append(letters, word)
		}
	}
	stem := strings.Join(letters, "_")
	if stem == "" || slices.Contains([]string{"and", "or", "not", "is", "in", "as", "on", "left", "true", "false", "null"}, stem) {
		stem = "other"
	}
	alias := stem
	for n := 2; slices.Contains(s.aliases, alias); n++ {
		alias = fmt.Sprintf("%s%d", stem, n)
	}
	s.aliases = append(s.aliases, alias)
	return alias
}

// table writes a table's name.
func (g *guesser) table(i int) string {
	t := &g.c.Tables[i]
	if g.isAside(i) {
		return t.Name
	}
	if t.Schema != "" {
		return identifier(t.Schema) + "." + identifier(t.Name)
	}
	return identifier(t.Name)
}

func reference(alias, column string) string { return alias + "." + identifier(column) }

// identifier quotes a name where the language needs it.
func identifier(name string) string {
	plain := name != "" && !strings.ContainsAny(name[:1], "0123456789")
	for i := range len(name) {
		c := name[i]
		plain = plain && (c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z')
	}
	switch strings.ToLower(name) {
	case "and", "or", "not", "is", "in", "as", "on", "left", "true", "false", "null":
		plain = false
	}
	if plain {
		return name
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

// words of a text column, or of the table that a column of codes points at.
func (s *scope) text(c chosen) claim {
	if link, ok := s.lookup(c.at); ok {
		alias := s.follow(link, true)
		said := s.g.label(link.To.Table)
		return claim{said(alias), c.sure * (0.4 + 0.6*link.Confidence), c.reason + "; read through " + s.g.c.Tables[link.To.Table].Name}
	}
	if s.g.columns[c.at.Table][c.at.Column].any("id") && !s.g.columns[c.at.Table][c.at.Column].any("name", "text", "description") {
		return claim{s.column(c.at), c.sure - 0.15, c.reason + "; it looks like an identifier, and what it points at was not found"}
	}
	return claim{s.column(c.at), c.sure, c.reason}
}

// lookup finds the table that says what a column of codes or identifiers means.
func (s *scope) lookup(at Place) (Link, bool) {
	for _, link := range s.g.links[at] {
		if link.To.Table != s.g.person.table && link.To.Table != at.Table && s.g.labelled(link.To.Table) >= 0 {
			return link, true
		}
	}
	return Link{}, false
}

// label writes what a row of a table is called: a name of two parts, or one column.
func (g *guesser) label(table int) func(alias string) string {
	forename, surname := -1, -1
	for j, column := range g.columns[table] {
		if column["forename"] && !column["middle"] && forename < 0 {
			forename = j
		}
		if column["surname"] && surname < 0 {
			surname = j
		}
	}
	labelled := g.labelled(table)
	return func(alias string) string {
		name := func(column int) string { return reference(alias, g.c.name(Place{table, column})) }
		if forename >= 0 && surname >= 0 && !g.columns[table][labelled]["full"] && g.bags[table].any("staff", "person", "patient") {
			return "concat(" + name(forename) + ", ' ', " + name(surname) + ")"
		}
		return name(labelled)
	}
}

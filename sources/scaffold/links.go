package scaffold

import (
	"fmt"
	"slices"
	"strings"
)

// Link is a column that seems to hold the key of another table's row.
type Link struct {
	From, To   Place
	Confidence float64
	Reason     string
	Blind      bool // by values alone: no name says so
}

// linker finds links.
type linker struct {
	c     *Catalogue
	words [][][]string // of every column of every table
	names [][]string   // of every table
	keys  [][]int      // columns by which each table's rows may be known
}

func newLinker(c *Catalogue) *linker {
	l := &linker{c: c}
	for i := range c.Tables {
		t := &c.Tables[i]
		columns := make([][]string, len(t.Columns))
		for j := range t.Columns {
			columns[j] = wordsOf(t.Columns[j].Name)
		}
		l.words = append(l.words, columns)
		l.names = append(l.names, wordsOf(t.Name))
		l.keys = append(l.keys, keysOf(t, columns, l.names[i]))
	}
	return l
}

// mostKeys bounds the columns of a table that may be its key; the best come first.
const mostKeys = 4

// keysOf lists the columns that may tell the rows of a table apart: the declared key alone, or columns named like one that hold
// no value twice.
func keysOf(t *Table, columns [][]string, name []string) []int {
	if len(t.Key) == 1 {
		return []int{t.column(t.Key[0])}
	}
	var main, others []int
	for j := range t.Columns {
		if t.Stats[j].Filled > 0 && !t.Stats[j].unique() || t.Stats[j].dates() > 0 && t.Stats[j].mostly(t.Stats[j].dates()) {
			continue
		}
		stem := without(stemOf(columns[j]), "number", "row", "recorded")
		switch {
		case !slices.Contains(columns[j], "id") && !slices.Contains(columns[j], "code"):
		case len(stem) == 0 || endsWith(name, stem) || endsWith(stem, name[max(0, len(name)-1):]), ofPeople(name) && ofPeople(stem):
			main = append(main, j)
		case t.Stats[j].Filled > 0 || j == 0:
			others = append(others, j)
		}
	}
	all := append(main, others...)
	if ofPeople(name) {
		return all[:min(len(all), 2*mostKeys)] // a person has many identifiers
	}
	return all[:min(len(all), mostKeys)]
}

// ofPeople reports whether a name speaks of patients or persons.
func ofPeople(name []string) bool {
	return slices.Contains(name, "patient") || slices.Contains(name, "person")
}

func (t *Table) column(name string) int {
	return slices.IndexFunc(t.Columns, func(c columnOf) bool { return strings.EqualFold(c.Name, name) })
}

// likely gives for every column the tables that it seems to point at, by declaration and by names, the best first.
func (l *linker) likely() []Link {
	var links []Link
	for i := range l.c.Tables {
		links = append(links, l.declared(i)...)
		for j := range l.c.Tables[i].Columns {
			links = append(links, l.named(Place{i, j})...)
		}
	}
	return links
}

func (l *linker) declared(table int) []Link {
	t := &l.c.Tables[table]
	var links []Link
	for _, reference := range t.References {
		for i := range l.c.Tables {
			to := &l.c.Tables[i]
			if !strings.EqualFold(to.Name, reference.Table) || to.Schema != reference.Schema {
				continue
			}
			target := reference.Target
			if target == "" && len(to.Key) == 1 {
				target = to.Key[0]
			}
			from, at := t.column(reference.Column), to.column(target)
			if from >= 0 && at >= 0 {
				links = append(links, Link{Place{table, from}, Place{i, at}, 0.98, "declared as a foreign key", false})
			}
		}
	}
	return links
}

// named finds what a column's name points at.
func (l *linker) named(from Place) []Link {
	words := l.words[from.Table][from.Column]
	id := slices.Contains(words, "id")
	code := slices.Contains(words, "code") || slices.Contains(words, "concept")
	if !id && !code && !doneBy(words) {
		return nil
	}
	stem := stemOf(words)
	if len(stem) == 0 && id && code {
		stem = []string{"code"}
	}
	var links []Link
	for i := range l.c.Tables {
		for rank, key := range l.keys[i] {
			to := Place{i, key}
			if to == from || i == from.Table && key == 0 && !id {
				continue
			}
			confidence, reason := l.match(from, to, stem, rank)
			if confidence > 0 {
				links = append(links, Link{from, to, confidence, reason, false})
			}
		}
	}
	return links
}

// namesake ties columns that have the very same name where the name says nothing, such as PID; one that every table has, such as ID, is
// no tie. Only a person's key is written like that into other tables without more ado.
func (l *linker) namesake(from, to Place) (float64, string) {
	name := l.c.name(from)
	if !strings.EqualFold(name, l.c.name(to)) || slices.Contains([]string{"id", "guid", "uuid", "key", "code", "rowid", "sk", "ref", "identifier", "value", "externalid", "external_id", "rowidentifier"}, strings.ToLower(name)) {
		return 0, ""
	}
	if !ofPeople(l.names[to.Table]) || ofPeople(l.names[from.Table]) || l.c.stats(to).Filled > 0 && !l.c.stats(to).unique() {
		return 0, ""
	}
	return 0.75, "has the very name of that table's key"
}

// doneBy reports whether a column says which member of staff did something.
func doneBy(stem []string) bool {
	return slices.Contains(stem, "by") && slices.ContainsFunc(stem, func(word string) bool {
		return slices.Contains([]string{"performed", "recorded", "authorised", "updated", "staff"}, word)
	}) || slices.Equal(stem, []string{"staff"}) || slices.Equal(stem, []string{"author"})
}

// ofCodes reports whether a key is that of a table for all codes of a system.
func ofCodes(key []string) bool {
	return slices.Contains(key, "code") && slices.Contains(key, "value") && len(without(key, "code", "value", "id")) == 0
}

// stemOf is what a name of an identifier says beside being one.
func stemOf(words []string) []string { return without(words, "id", "code", "value", "external") }

// match says how likely, by its name alone, a column refers to a key of a table, and why; 0 if it does not.
func (l *linker) match(from, to Place, stem []string, rank int) (float64, string) {
	own := len(l.keys[from.Table]) > 0 && l.keys[from.Table][0] == from.Column
	key := stemOf(l.words[to.Table][to.Column])
	switch {
	case len(stem) == 0 && own && !ofPeople(l.names[to.Table]):
		return 0, ""
	case len(stem) == 0:
		return l.namesake(from, to)
	case from.Table == to.Table:
		// A row that refers to another row of its own table.
		if len(key) > 0 && len(stem) > len(key) && endsWith(stem, key) {
			return 0.6, "named like the table's own key"
		}
		return 0, ""
	}
	if sure, reason, settled := l.matchKey(from, to, stem, own, rank); settled {
		return sure, reason
	}
	if rank > 1 && len(key) > 0 {
		return 0, ""
	}
	return matchName(stem, key, l.names[to.Table])
}

// matchKey compares a column with the key of another table; settled is false if the table's name must decide.
func (l *linker) matchKey(from, to Place, stem []string, own bool, rank int) (sure float64, reason string, settled bool) {
	key := stemOf(l.words[to.Table][to.Column])
	name, ownName := l.names[to.Table], l.names[from.Table]
	switch {
	case own && slices.Equal(stem, key) && !endsWith(name, stem):
		return 0, "", true // the key of both, and the other is not named for it
	case slices.Equal(stem, key) && (!own || len(ownName) > len(name) || !endsWith(ownName, stem)):
		return pick(endsWith(name, stem), 0.92, 0.8), "has the name of that table's key", true
	case rank == 0 && doneBy(stem) && slices.Contains(name, "staff") && !slices.Contains(ownName, "staff"):
		return 0.72 - 0.02*float64(len(name)), "says who did it, and that table holds staff", true
	case len(key) == 0 && ofCodes(l.words[to.Table][to.Column]) && slices.Contains(l.words[from.Table][from.Column], "code"):
		return 0.75, "a code, and that table is one of values of codes", true
	}
	return 0, "", false
}

// matchName compares the name of a column with that of a table.
func matchName(stem, key, name []string) (float64, string) {
	switch {
	case slices.Equal(stem, name):
		return 0.9, "named for that table"
	case endsWith(name, stem):
		return 0.82, "named for that table"
	case len(key) > 0 && endsWith(stem, key):
		return 0.8, "its name ends like that table's key"
	case endsWith(stem, name):
		return 0.78, "its name ends like that table's"
	case len(name) > 1 && endsWith(stem, name[len(name)-1:]) && len(name[len(name)-1]) > 4:
		return 0.6, "its name ends like that table's"
	case len(name) > 0 && beginsWith(stem, name[len(name)-1:]):
		return 0.5, "its name begins like that table's"
	}
	return 0, ""
}

// settled keeps of the likely links those that the samples do not contradict, the best of each column first.
func (l *linker) settled() []Link {
	byColumn := map[Place][]Link{}
	for _, link := range append(l.likely(), l.included()...) {
		if weighed, ok := l.weigh(link); ok {
			byColumn[link.From] = append(byColumn[link.From], weighed)
		}
	}
	var all []Link
	for i := range l.c.Tables {
		for j := range l.c.Tables[i].Columns {
			links := byColumn[Place{i, j}]
			slices.SortStableFunc(links, func(a, b Link) int { return compare(b.Confidence, a.Confidence) })
			all = append(all, dedupe(links)...)
		}
	}
	return all
}

// weigh sets a likely link against the samples.
func (l *linker) weigh(link Link) (Link, bool) {
	if l.c.stats(link.From).Filled == 0 {
		link.Reason += "; the sample has no value of it"
		link.Confidence -= 0.1
		return link, link.Confidence >= 0.5
	}
	found, told := l.c.among(Pair{link.From, link.To})
	if !told {
		link.Reason += "; the samples do not tell"
		link.Confidence -= 0.1
		return link, link.Confidence >= 0.5
	}
	share, _ := found.share()
	link.Reason += fmt.Sprintf("; %d of %d values are there", found.Found, found.Asked)
	switch {
	case share < 0.3:
		return link, false
	case share < 0.9:
		link.Confidence -= 0.1
	default:
		link.Confidence = min(0.97, link.Confidence+0.05)
	}
	return link, link.Confidence >= 0.45
}

func dedupe(links []Link) []Link {
	seen := map[Pair]bool{}
	return slices.DeleteFunc(links, func(link Link) bool {
		pair := Pair{link.From, link.To}
		again := seen[pair]
		seen[pair] = true
		return again
	})
}

func compare(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func pick[T any](which bool, yes, no T) T {
	if which {
		return yes
	}
	return no
}

func without(words []string, unwanted ...string) []string {
	var rest []string
	for _, word := range words {
		if !slices.Contains(unwanted, word) {
			rest = append(rest, word)
		}
	}
	return rest
}

func endsWith(words, end []string) bool {
	return len(end) > 0 && len(words) >= len(end) && slices.Equal(words[len(words)-len(end):], end)
}

func beginsWith(words, begin []string) bool {
	return len(begin) > 0 && len(words) >= len(begin) && slices.Equal(words[:len(begin)], begin)
}

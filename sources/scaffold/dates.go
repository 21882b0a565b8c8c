package scaffold

import (
	"slices"
	"strings"
)

func (s *scope) date(c chosen) claim { return s.dateIn(c, s.alias) }

// dateIn writes a column as a date, with the time and the precision that stand beside it.
func (s *scope) dateIn(c chosen, alias string) claim {
	table, stats := c.at.Table, s.g.c.stats(c.at)
	from, typ := reference(alias, s.g.c.name(c.at)), s.g.c.Tables[table].Columns[c.at.Column].Type
	written, reason := "", c.reason
	sibling := func(word string) int { return s.g.beside(c.at, word) }
	switch clock := sibling("time"); {
	case clock >= 0 && stats.Moment == 0 && stats.Compact == 0 && stats.UK == 0 && !strings.Contains(typ, "time"):
		from = "datetime(" + from + ", " + reference(alias, s.g.c.name(Place{table, clock})) + ")"
		written = "datetime"
	case stats.UK > stats.Day+stats.Moment:
		written = "uk"
	case stats.Compact > stats.Day+stats.Moment:
		written = "compact"
	case strings.Contains(typ, "time"):
		written = "datetime"
	case !dated(typ):
		written = "iso"
		if stats.dates() == 0 {
			written = s.g.prevailing()
			reason += "; could not guess: how its dates are written, so as those of other columns"
		}
	}
	parts := ""
	if written != "" {
		parts = ", type: " + written
	}
	if at := sibling("precision"); at >= 0 {
		said := s.textIn(Place{table, at}, alias)
		parts += ", precision: " + scalar(said, true) + ", precisions: " + precisionWords
		reason += "; how precise is said beside it"
	}
	value := from
	if parts != "" {
		value = "{from: " + scalar(from, true) + parts + "}"
	}
	s.g.read[value] = reference(alias, s.g.c.name(c.at))
	return claim{value, c.sure, reason}
}

// prevailing is how most columns of the database write dates as text.
func (g *guesser) prevailing() string {
	iso, uk, compact := 0, 0, 0
	for i := range g.c.Tables {
		for j := range g.c.Tables[i].Stats {
			s := &g.c.Tables[i].Stats[j]
			if s.mostly(s.dates()) {
				count(&iso, s.Day+s.Moment >= s.UK+s.Compact)
				count(&uk, s.UK > s.Day+s.Moment+s.Compact)
				count(&compact, s.Compact > s.Day+s.Moment+s.UK)
			}
		}
	}
	switch {
	case uk > iso && uk > compact:
		return "uk"
	case compact > iso:
		return "compact"
	}
	return "iso"
}

// textIn reads a column through the table of codes that it points at, by the column of codes there.
func (s *scope) textIn(at Place, alias string) string {
	link, ok := s.lookup(at)
	if !ok {
		return reference(alias, s.g.c.name(at))
	}
	joined := s.followFrom(alias, link, true)
	for j, words := range s.g.columns[link.To.Table] {
		if words["code"] && len(words) == 1 {
			return reference(joined, s.g.c.name(Place{link.To.Table, j}))
		}
	}
	return s.g.label(link.To.Table)(joined)
}

// beside finds the column with a date's name in which a word takes the place of date, or follows it; or the only one of a table.
func (g *guesser) beside(at Place, word string) int {
	stem := without(g.words[at.Table][at.Column], "date")
	only := -1
	for j, words := range g.words[at.Table] {
		if j == at.Column || !slices.Contains(words, word) || g.c.stats(Place{at.Table, j}).dates() > 0 {
			continue
		}
		if slices.Equal(without(words, word, "date", "id", "code", "concept"), stem) {
			return j
		}
		if word == "precision" && slices.Equal(without(words, word, "id", "code", "concept"), []string{"date"}) {
			only = j
		}
	}
	if slices.Contains(stem, "effective") {
		return only
	}
	return -1
}

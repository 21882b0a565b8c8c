package scaffold

import (
	"fmt"
	"slices"
	"strings"

	"onelondon/internal/clinical"
)

// division is a part of a table of several kinds.
type division struct {
	candidate
	where claim
}

// divided finds parts of other kinds' tables: by a flag that is the kind's word, or by a column whose words name kinds.
func (g *guesser) divided(kind clinical.Kind) []division {
	var parts []division
	for _, other := range []clinical.Kind{clinical.KindObservation, clinical.KindEncounter} {
		for rank, one := range g.kinds[other] {
			if other == kind || rank == mostSets || one.table == g.person.table {
				continue
			}
			if where := g.part(kind, one.table); where.value != "" && len(parts) < 2 && len(g.kinds[kind]) == 0 {
				one.sure, one.reason = min(one.sure, where.sure), "rows of "+g.c.Tables[one.table].Name+" that are of this kind"
				parts = append(parts, division{one, where})
			}
		}
	}
	return parts
}

// part says which rows of a table are of a kind. A word in braces stands for the alias that split puts there.
func (g *guesser) part(kind clinical.Kind, table int) claim {
	words := guideOf(kind).strong
	for j, column := range g.columns[table] {
		at := Place{table, j}
		s := g.c.stats(at)
		if column.any(words...) && column["is"] && len(column) <= 2 && (g.c.Tables[table].Columns[j].Type == "boolean" || s.mostly(s.Truth) || s.Filled == 0) {
			return claim{reference("x", g.c.name(at)) + " is true", 0.8, "a flag of rows of the kind"}
		}
		if !column.any("type", "category", "class") || column.any("date", "id") && !column["code"] {
			continue
		}
		if spelled := ofKind(s, kind); len(spelled) > 0 {
			return claim{reference("x", g.c.name(at)) + " in (" + quoted(spelled) + ")", 0.75, "its words name kinds of record"}
		}
		for rank, link := range g.links[at] {
			if g.labelled(link.To.Table) < 0 || column.any("result", "status") {
				continue
			}
			there, _ := g.scope(table, "x").spoken(link, "l", kindWords())
			if spelled := ofKind(g.c.stats(there), kind); len(spelled) > 0 {
				return claim{fmt.Sprintf("\x00%d.%d\x00.%s in (%s)", j, rank, identifier(g.c.name(there)), quoted(spelled)), 0.6, "its words, read through " + g.c.Tables[link.To.Table].Name + ", name kinds of record"}
			}
		}
	}
	return claim{}
}

// split puts the alias of a table of codes into a condition, and joins it.
func (s *scope) split(where claim) claim {
	for strings.Contains(where.value, "\x00") {
		before, rest, _ := strings.Cut(where.value, "\x00")
		mark, after, _ := strings.Cut(rest, "\x00")
		var column, rank int
		_, _ = fmt.Sscanf(mark, "%d.%d", &column, &rank)
		alias := s.follow(s.g.links[Place{s.base, column}][rank], true)
		where.value = before + alias + after
	}
	return where
}

func ofKind(s *Stats, kind clinical.Kind) []string {
	spelled, _ := heard(s, kindWords())
	return slices.DeleteFunc(spelled, func(word string) bool { return kindWords()[strings.ToLower(word)] != kind })
}

func quoted(words []string) string {
	all := make([]string, len(words))
	for i, word := range words {
		all[i] = "'" + strings.ReplaceAll(word, "'", "''") + "'"
	}
	return strings.Join(all, ", ")
}

func guideOf(kind clinical.Kind) guide {
	for _, one := range guides() {
		if one.kind == kind {
			return one
		}
	}
	return guide{}
}

// exclusion leaves out of a table what its parts of other kinds take.
func (g *guesser) exclusion(kind clinical.Kind, table int) claim {
	if kind != clinical.KindObservation && kind != clinical.KindEncounter {
		return claim{}
	}
	all := claim{}
	for _, other := range clinical.Kinds() {
		for _, one := range g.divided(other) {
			if one.table == table {
				out := one.where
				out.value = excluded(out.value)
				out.reason = "without " + other.String()
				all = both(all, out)
			}
		}
	}
	return all
}

// excluded turns a condition of a part round; a missing word is of no part.
func excluded(condition string) string {
	if flag, ok := strings.CutSuffix(condition, " is true"); ok {
		return flag + " is not true"
	}
	column, list, _ := strings.Cut(condition, " in ")
	return "coalesce(" + column + ", '') not in " + list
}

// series finds the same thing in many columns side by side, such as twelve diagnoses of an episode.
func (g *guesser) series(kind clinical.Kind, who *holder) [][]entry {
	word := map[clinical.Kind]string{clinical.KindCondition: "diagnosis", clinical.KindProcedure: "procedure"}[kind]
	if word == "" {
		return nil
	}
	var sets [][]entry
	for _, one := range g.kinds[clinical.KindEncounter] {
		alias := pick(one.table == g.person.table, "p", "x")
		columns := g.side(one.table, word)
		id, ok := g.identity(one.table, alias, true)
		if len(columns) == 0 || !ok || len(sets) == mostSets {
			continue
		}
		s := g.scope(one.table, alias)
		var set []entry
		if alias == "x" {
			person := s.tie(one.path, who)
			set = []entry{{key: "from", claim: claim{g.table(one.table) + " as x", 0.75, fmt.Sprintf("%d columns side by side", len(columns))}}, {key: "person", claim: person}}
		}
		date := s.field(kind, one, &metaFields(kind)[0], append(append(own(kind), own(clinical.KindEncounter)...), "appointment"))
		labels := g.labels(kind, one, s, who)
		set = append(set, s.sideBySide(kind, word, columns, id)...)
		if len(s.joins) > 0 {
			set = append(set, entry{key: "join", list: s.joins})
		}
		sets = append(sets, append(set, labels, entry{key: "fields", under: s.ordered(kind, s.ofSeries(kind, word, columns[0], id, date))}))
	}
	return sets
}

// sideBySide writes that a set is read once for each of the columns.
func (s *scope) sideBySide(kind clinical.Kind, word string, columns []int, id claim) []entry {
	var names, numbers []string
	for i, column := range columns {
		names, numbers = append(names, scalar(s.g.c.name(Place{s.base, column}), true)), append(numbers, fmt.Sprint(i))
	}
	where := both(s.g.living(s.base, s.alias, false), claim{"coalesce(" + s.alias + ".${column}, '') != ''", 0.8, "an empty column is no record"})
	return []entry{
		{key: "repeat", under: []entry{{key: "column", claim: claim{"[" + strings.Join(names, ", ") + "]", 0.8, "each becomes a record"}}, {key: "n", claim: claim{"[" + strings.Join(numbers, ", ") + "]", 0.8, "its place"}}}},
		{key: "where", claim: where}, {key: "id", claim: claim{strings.TrimSuffix(id.value, ")") + ", '-" + word + "-${n}')", id.sure, id.reason}}}
}

// ofSeries are the fields of a record that is one of many columns.
func (s *scope) ofSeries(kind clinical.Kind, word string, first int, id, date claim) map[string]claim {
	stats := &s.g.c.Tables[s.base].Stats[first]
	system, told := shaped(stats, []string{word})
	if stats.Filled == 0 {
		system, told = pick(kind == clinical.KindCondition, "ICD_10", "OPCS_4"), "could not guess: the terminology; this is what hospitals send"
	}
	return map[string]claim{"code": {"{codings: [{system: " + system + ", code: \"" + s.alias + ".${column}\"}]}", 0.75, told}, "date": date,
		"encounterId": {id.value, 0.6, "the row is the encounter"}, "status": {pick(kind == clinical.KindCondition, "ACTIVE", "COMPLETED"), 0.5, "a diagnosis or procedure that was recorded"}}
}

// side lists the columns of codes of a series, the primary one first.
func (g *guesser) side(table int, word string) []int {
	var first, rest []int
	for j, words := range g.words[table] {
		extra := without(words, word, "code", "primary", "secondary", "icd10", "opcs4")
		if !slices.Contains(words, word) || !isIdentifier(g.c.name(Place{table, j})) || g.c.stats(Place{table, j}).Long > 0 {
			continue
		}
		switch {
		case slices.Contains(words, "primary") && slices.Contains(words, "code") && len(extra) == 0:
			first = append(first, j)
		case len(extra) == 1 && digits(extra[0]):
			rest = append(rest, j)
		}
	}
	if len(rest) >= 2 || len(first) > 0 {
		return append(first, rest...)
	}
	return nil
}

func isIdentifier(name string) bool { return identifier(name) == name }

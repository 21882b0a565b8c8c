package scaffold

import (
	"fmt"
	"slices"
	"strings"

	"onelondon/internal/clinical"
)

// registration drafts the demographics: from the person's own table, and from tables that say more of the person.
func (g *guesser) registration(who *holder) []entry {
	s := g.scope(g.person.table, "p")
	filled := map[string]claim{}
	for _, field := range registrationFields() {
		c, ok := g.choose(g.person.table, nil, &field)
		if ok {
			filled[field.name] = s.value(c, &field)
			continue
		}
		if c := s.elsewhere(&field); c.value != "" {
			filled[field.name] = c
		}
	}
	if address, ok := filled["address"]; ok {
		filled["address"] = s.lines(address)
	}
	filled["gender"] = s.gender()
	filled["status"] = claim{"ACTIVE", 0.3, "taken to be active; could not guess: what ends a registration"}
	id, ok := g.identity(g.person.table, "p", false)
	if !ok {
		id = claim{g.numberValue(), 0, "no column tells the rows of the table of people apart"}
		if g.person.number >= 0 {
			id.value = reference("p", g.c.name(Place{g.person.table, g.person.number}))
		}
	}
	var set []entry
	if len(s.joins) > 0 {
		set = append(set, entry{key: "join", list: s.joins})
	}
	return append(set, entry{key: "id", claim: id}, g.labels(clinical.KindRegistration, candidate{table: g.person.table}, &scope{}, who), entry{key: "fields", under: s.ordered(clinical.KindRegistration, filled)})
}

// elsewhere looks for a field of the person in tables that point at the person's and are named for it.
func (s *scope) elsewhere(field *fieldGuide) claim {
	best, through := chosen{}, Link{}
	for i := range s.g.c.Tables {
		if i == s.base || field.tables == "" || headOf(s.g.names[i]) != "" && !s.g.bags[i].any("episode") || !s.satellite(i, field) {
			continue
		}
		link, tied := s.g.between(i, s.base)
		if !tied {
			continue
		}
		c, ok := s.g.choose(i, nil, field)
		if field.name == "date" || field.name == "end" {
			ok = ok && s.g.columns[i][c.at.Column]["recorded"]
		}
		if ok && c.sure*link.Confidence > best.sure {
			best, through = chosen{c.at, c.sure * link.Confidence, c.reason}, link
		}
	}
	if best.sure < 0.4 {
		return claim{}
	}
	alias := s.followed(through)
	inner := &scope{g: s.g, base: best.at.Table, alias: alias, aliases: s.aliases, joins: s.joins, joined: s.joined}
	value := inner.value(best, field)
	s.aliases, s.joins = inner.aliases, inner.joins
	value.reason += "; in " + s.g.c.Tables[best.at.Table].Name + "; could not guess: which of several rows is the current one"
	value.sure *= 0.8
	return value
}

// satellite reports whether a table says more of a person: it is named for it, or has the column of its very word.
func (s *scope) satellite(table int, field *fieldGuide) bool {
	if s.g.bags[table].any("relationship", "staff", "organisation", "history") && !strings.Contains(field.tables, "address") {
		return false
	}
	if s.g.bags[table].any(strings.Fields(field.tables)...) {
		return true
	}
	for _, key := range s.g.keys[table] {
		if s.g.columns[table][key].any(strings.Fields(field.tables)...) {
			return true
		}
	}
	return false
}

// followed joins a table that points at the base's, with what tells living rows.
func (s *scope) followed(link Link) string {
	pair := Pair{link.To, link.From}
	if alias, known := s.joined[pair]; known {
		return alias
	}
	alias := "its" + fmt.Sprint(len(s.aliases)-2)
	s.aliases = append(s.aliases, alias)
	s.joined[pair] = alias
	value := fmt.Sprintf("left %s as %s on %s = %s", s.g.table(link.From.Table), alias, reference(alias, s.g.c.name(link.From)), reference(s.alias, s.g.c.name(link.To)))
	if living := s.g.living(link.From.Table, alias, false); living.value != "" {
		value += " and " + living.value
	}
	s.joins = append(s.joins, claim{value, link.Confidence, link.Reason})
	return alias
}

// lines adds to the first line of an address the second and the town.
func (s *scope) lines(first claim) claim {
	alias, column, _ := strings.Cut(first.value, ".")
	table := s.base
	for pair, known := range s.joined {
		if known == alias {
			table = pair.To.Table
		}
	}
	parts := []string{first.value}
	for _, words := range []string{"address line 2|address 2|number street|street|road", "town|city|post town|locality"} {
		field := &fieldGuide{name: "address", want: wantText, words: words, avoid: "previous code"}
		if c, ok := s.g.choose(table, nil, field); ok && s.g.c.name(c.at) != strings.Trim(column, `"`) {
			parts = append(parts, "nullif(concat(', ', "+reference(alias, s.g.c.name(c.at))+"), ', ')")
		}
	}
	if len(parts) == 1 {
		return first
	}
	first.value = "concat(" + strings.Join(parts, ", ") + ")"
	return first
}

// gender translates the words of a column into ours.
func (s *scope) gender() claim {
	field := &fieldGuide{name: "gender", want: wantAny, words: "gender|gender code|gender concept|gender administration", avoid: "identity source value birth"}
	c, ok := s.g.choose(s.base, nil, field)
	if !ok {
		return claim{}
	}
	from, at := s.column(c.at), c.at
	if link, points := s.lookup(c.at); points {
		at, from = s.spoken(link, s.follow(link, true), genderWords())
	}
	spelled, values := heard(s.g.c.stats(at), genderWords())
	reason := fmt.Sprintf("%s; %d words are known", c.reason, len(spelled))
	if values == 0 {
		spelled = []string{"M", "F", "I", "1", "2", "9"}
		if numeric(s.g.c.Tables[at.Table].Columns[at.Column].Type) {
			spelled = []string{"1", "2", "9"}
		}
		reason = c.reason + "; could not guess: its words, these are the NHS Data Dictionary's"
	}
	whole := numeric(s.g.c.Tables[at.Table].Columns[at.Column].Type)
	return claim{bare(translation(from, spelled, func(word string) string { return string(genderWords()[strings.ToLower(word)]) }, "UNKNOWN"), whole), c.sure, reason}
}

// bare takes the quotes off keys that are compared with a column of numbers.
func bare(translated string, whole bool) string {
	if !whole {
		return translated
	}
	for digit := '0'; digit <= '9'; digit++ {
		translated = strings.ReplaceAll(translated, `"`+string(digit)+`": `, string(digit)+": ")
	}
	return translated
}

// spoken finds the column of a table of codes in which the words of a vocabulary are.
func (s *scope) spoken(link Link, alias string, known any) (Place, string) {
	best, most := Place{link.To.Table, s.g.labelled(link.To.Table)}, 0
	for j := range s.g.c.Tables[link.To.Table].Columns {
		at := Place{link.To.Table, j}
		if stats := s.g.c.stats(at); stats.mostly(stats.Truth) || j == link.To.Column {
			continue
		}
		values := 0
		switch words := known.(type) {
		case map[string]clinical.Gender:
			_, values = heard(s.g.c.stats(at), words)
		case map[string]clinical.Status:
			_, values = heard(s.g.c.stats(at), words)
		case map[string]clinical.EncounterClass:
			_, values = heard(s.g.c.stats(at), words)
		case map[string]clinical.Kind:
			_, values = heard(s.g.c.stats(at), words)
		}
		if values > most {
			best, most = at, values
		}
	}
	return best, reference(alias, s.g.c.name(best))
}

// status translates a column of states, or goes by a flag or an end, or by what a kind of record always is.
func (s *scope) status(kind clinical.Kind, words []string, end claim) claim {
	field := &fieldGuide{name: "status", want: wantAny, words: "@ status|status|status description|lifecycle status|did not attendance|attendance dna|attendance status", avoid: "active ind date updated record reason payment withheld marital validity registration recorded consent"}
	if c, ok := s.g.choose(s.base, words, field); ok {
		at, from := c.at, s.column(c.at)
		before := len(s.joins)
		if at := s.g.columns[c.at.Table][c.at.Column]; at["attendance"] && at.any("dna", "did") && !s.g.c.stats(c.at).mostly(s.g.c.stats(c.at).Truth) {
			return claim{`{from: ` + scalar(from, true) + `, values: {"0": PLANNED, "2": CANCELLED, "4": CANCELLED, "3": DID_NOT_ATTEND, "7": DID_NOT_ATTEND, "5": COMPLETED, "6": COMPLETED}}`, c.sure,
				c.reason + "; taken to be the NHS Data Dictionary's ATTENDED OR DID NOT ATTEND CODE"}
		}
		link, points := s.lookup(c.at)
		if points {
			at, from = s.spoken(link, s.follow(link, true), statusWords())
		}
		if spelled, _ := heard(s.g.c.stats(at), statusWords()); len(spelled) > 0 {
			return claim{translation(from, spelled, func(word string) string { return string(statusWords()[strings.ToLower(word)]) }, ""), c.sure,
				fmt.Sprintf("%s; %d words are known; could not guess: what others mean", c.reason, len(spelled))}
		}
		if points {
			s.unfollow(link, before)
		}
	}
	active := &fieldGuide{name: "status", want: wantTruth, words: "active", avoid: "date ind"}
	if c, ok := s.g.choose(s.base, words, active); ok && !s.g.columns[c.at.Table][c.at.Column]["ind"] {
		return claim{"{from: " + s.column(c.at) + ", values: {true: ACTIVE}, else: INACTIVE}", c.sure, c.reason}
	}
	over := map[clinical.Kind]string{clinical.KindCondition: "RESOLVED", clinical.KindMedication: "COMPLETED", clinical.KindAlert: "INACTIVE", clinical.KindAllergyIntolerance: "INACTIVE", clinical.KindCarePlan: "COMPLETED", clinical.KindEncounter: "COMPLETED"}[kind]
	if column := s.g.read[end.value]; over != "" && column != "" {
		still := pick(kind == clinical.KindEncounter, "IN_PROGRESS", "ACTIVE")
		return claim{"{from: " + scalar("coalesce(text("+column+"), '') = ''", true) + ", values: {true: " + still + "}, else: " + over + "}", 0.6, "by whether it has ended"}
	}
	switch kind {
	case clinical.KindObservation, clinical.KindImmunisation, clinical.KindProcedure, clinical.KindDocument, clinical.KindEncounter:
		return claim{"COMPLETED", 0.5, "what is recorded of this kind has happened; could not guess: a column that says otherwise"}
	case clinical.KindAllergyIntolerance, clinical.KindContact:
		return claim{"ACTIVE", 0.4, "taken to hold; could not guess: a column that says otherwise"}
	}
	return claim{}
}

// class says what sort of encounter a table holds: by a column's words, or by the table's name.
func (s *scope) class(own []string) claim {
	field := &fieldGuide{name: "class", want: wantAny, words: "encounter type|type|class|patient class|type code|encounter class", avoid: "date sub point"}
	if c, ok := s.g.choose(s.base, own, field); ok {
		at, from := c.at, s.column(c.at)
		before := len(s.joins)
		link, points := s.lookup(c.at)
		if points {
			at, from = s.spoken(link, s.follow(link, true), classWords())
		}
		if spelled, _ := heard(s.g.c.stats(at), classWords()); len(spelled) > 0 {
			return claim{translation(from, spelled, func(word string) string { return string(classWords()[strings.ToLower(word)]) }, "OTHER"), c.sure, fmt.Sprintf("%s; %d words are known", c.reason, len(spelled))}
		}
		if points {
			s.unfollow(link, before)
		}
	}
	for _, known := range []struct{ word, class string }{{"emergency", "EMERGENCY"}, {"outpatient", "OUTPATIENT"}, {"consultation", "CONSULTATION"},
		{"inpatient", "INPATIENT"}, {"spell", "INPATIENT"}, {"admission", "INPATIENT"}, {"episode", "INPATIENT"}} {
		if s.g.bags[s.base][known.word] {
			return claim{known.class, 0.7, "by the table's name"}
		}
	}
	return claim{"OTHER", 0, "what sort of encounter it is"}
}

// intent tells plans from orders by the table's name.
func (s *scope) intent() claim {
	if s.g.bags[s.base].any("issue", "order", "dispensing", "care") && !s.g.bags[s.base].any("template") {
		return claim{"'order'", 0.5, "by the table's name"}
	}
	if s.g.bags[s.base].any("template", "repeat", "statement", "plan", "recorded", "request") {
		return claim{"'plan'", 0.5, "by the table's name"}
	}
	return claim{}
}

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
			if other == kind || rank == mostSets {
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
		columns := g.side(one.table, word)
		id, ok := g.identity(one.table, "x", true)
		if len(columns) == 0 || !ok || len(sets) == mostSets {
			continue
		}
		s := g.scope(one.table, "x")
		person := s.tie(one.path, who)
		first := &g.c.Tables[one.table].Stats[columns[0]]
		system, told := shaped(first, []string{word})
		if first.Filled == 0 {
			system, told = pick(kind == clinical.KindCondition, "ICD_10", "OPCS_4"), "could not guess: the terminology; this is what hospitals send"
		}
		var names []string
		for _, column := range columns {
			names = append(names, scalar(g.c.name(Place{one.table, column}), true))
		}
		numbers := make([]string, len(columns))
		for i := range columns {
			numbers[i] = fmt.Sprint(i)
		}
		where := claim{"coalesce(x.${column}, '') != ''", 0.8, "an empty column is no record"}
		where = both(g.living(one.table, "x", false), where)
		date := s.field(kind, one, &metaFields(kind)[0], append(append(own(kind), own(clinical.KindEncounter)...), "appointment"))
		filled := map[string]claim{"code": {"{codings: [{system: " + system + ", code: \"x.${column}\"}]}", 0.75, told}, "date": date,
			"encounterId": {encounterOf(&g.c.Tables[one.table], id.value), 0.6, "the row is the encounter"}, "status": {pick(kind == clinical.KindCondition, "ACTIVE", "COMPLETED"), 0.5, "a diagnosis or procedure that was recorded"}}
		labels := g.labels(kind, one, s, who)
		set := []entry{{key: "from", claim: claim{g.table(one.table) + " as x", 0.75, fmt.Sprintf("%d columns side by side", len(columns))}}}
		if len(s.joins) > 0 {
			set = append(set, entry{key: "join", list: s.joins})
		}
		set = append(set, entry{key: "person", claim: person},
			entry{key: "repeat", under: []entry{{key: "column", claim: claim{"[" + strings.Join(names, ", ") + "]", 0.8, "each becomes a record"}}, {key: "n", claim: claim{"[" + strings.Join(numbers, ", ") + "]", 0.8, "its place"}}}},
			entry{key: "where", claim: where}, entry{key: "id", claim: claim{strings.TrimSuffix(id.value, ")") + ", '-" + word + "-${n}')", id.sure, id.reason}},
			labels, entry{key: "fields", under: s.ordered(kind, filled)})
		sets = append(sets, set)
	}
	return sets
}

// encounterOf is the identifier of the row itself, as the Encounter's own set may write it.
func encounterOf(_ *Table, id string) string { return id }

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

// contacts reads a next of kin or a carer out of the person's own row.
func (g *guesser) contacts(who *holder) [][]entry {
	field := &fieldGuide{name: "name", want: wantText, words: "kin name|carer name", avoid: "telephone address postcode"}
	c, ok := g.choose(g.person.table, []string{"kin", "carer"}, field)
	id, known := g.identity(g.person.table, "p", false)
	if !ok || !known {
		return nil
	}
	s := g.scope(g.person.table, "p")
	name := s.column(c.at)
	filled := map[string]claim{"name": {name, c.sure, c.reason}}
	relation := &fieldGuide{name: "relationship", want: wantText, words: "carer relationship|kin relationship|relationship", avoid: "date"}
	if r, ok := g.choose(g.person.table, []string{"kin", "carer"}, relation); ok {
		filled["relationship"] = s.text(r)
	}
	set := []entry{{key: "where", claim: claim{"coalesce(" + name + ", '') != ''", 0.8, "an empty name is no contact"}},
		{key: "id", claim: claim{"concat('contact-', text(" + id.value + "))", id.sure, id.reason}}}
	if len(s.joins) > 0 {
		set = append([]entry{{key: "join", list: s.joins}}, set...)
	}
	return [][]entry{append(set, g.labels(clinical.KindContact, candidate{table: -1}, s, who), entry{key: "fields", under: s.ordered(clinical.KindContact, filled)})}
}

package scaffold

import (
	"fmt"
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

package scaffold

import (
	"fmt"
	"slices"
	"strings"

	"onelondon/internal/clinical"
)

// own lists the words of a kind.
func own(kind clinical.Kind) []string {
	for _, one := range guides() {
		if one.kind == kind {
			return append(slices.Clone(one.strong), one.weak...)
		}
	}
	return []string{"patient", "person"}
}

// set drafts one set of records; it fails where nothing can identify a row.
func (g *guesser) set(kind clinical.Kind, from candidate, who *holder, several bool, split claim) ([]entry, bool) {
	if from.table == g.person.table {
		return g.flat(kind, from, who, several)
	}
	s := g.scope(from.table, "x")
	id, ok := g.identity(from.table, "x", several)
	if !ok {
		return nil, false
	}
	person := s.tie(from.path, who)
	where := g.living(from.table, "x", false)
	if split.value != "" {
		where = both(where, s.split(split))
	}
	fields, labels := s.fields(kind, from), g.labels(kind, from, s, who)
	set := []entry{{key: "from", claim: claim{g.table(from.table) + " as x", from.sure, from.reason + g.mixture(kind, from.table)}}}
	if len(s.joins) > 0 {
		set = append(set, entry{key: "join", list: s.joins})
	}
	set = append(set, entry{key: "person", claim: person})
	if where.value != "" {
		set = append(set, entry{key: "where", claim: where})
	}
	set = append(set, entry{key: "id", claim: id}, labels, entry{key: "fields", under: fields})
	return set, true
}

// flat drafts a set of the person's own rows: an extract that repeats the person in every row of a visit.
func (g *guesser) flat(kind clinical.Kind, from candidate, who *holder, several bool) ([]entry, bool) {
	s := g.scope(from.table, "p")
	id, ok := g.identity(from.table, "p", several)
	if !ok {
		return nil, false
	}
	fields, labels := s.fields(kind, from), g.labels(kind, from, s, who)
	var set []entry
	if len(s.joins) > 0 {
		set = append(set, entry{key: "join", list: s.joins})
	}
	id.reason += "; " + g.c.Tables[from.table].Name + " is " + from.reason + ", and holds the person as well"
	return append(set, entry{key: "id", claim: id}, labels, entry{key: "fields", under: fields}), true
}

// mixture names a column by which a table of observations may hold other kinds of record as well.
func (g *guesser) mixture(kind clinical.Kind, table int) string {
	if kind != clinical.KindObservation {
		return ""
	}
	for j, words := range g.columns[table] {
		s := g.c.stats(Place{table, j})
		if (words["subset"] || len(words) <= 2 && words.any("type", "category", "class", "kind", "entity")) && s.Distinct > 1 && s.Distinct <= 20 && s.Filled > 2*s.Distinct && !s.mostly(s.Number) && !s.mostly(s.dates()) {
			return fmt.Sprintf("; could not guess: whether %s, with %d different values, tells other kinds of record apart", g.c.name(Place{table, j}), s.Distinct)
		}
	}
	return ""
}

func both(a, b claim) claim {
	switch {
	case a.value == "":
		return b
	case b.value == "":
		return a
	}
	return claim{a.value + " and " + b.value, min(a.sure, b.sure), a.reason + "; " + b.reason}
}

// identity finds what tells the rows of a table apart.
func (g *guesser) identity(table int, alias string, several bool) (claim, bool) {
	t := &g.c.Tables[table]
	var id claim
	switch keys := g.ownKeys(table); {
	case len(t.Key) > 1:
		parts := make([]string, len(t.Key))
		for i, column := range t.Key {
			parts[i] = "text(" + reference(alias, column) + ")"
		}
		return claim{"concat('" + plainName(t.Name) + "', '-', " + strings.Join(parts, ", '-', ") + ")", 0.85, "the declared primary key"}, true
	case len(t.Key) == 1:
		id = claim{reference(alias, t.Key[0]), 0.95, "the declared primary key"}
	case len(keys) > 0:
		s := &t.Stats[keys[0]]
		id = claim{reference(alias, t.Columns[keys[0]].Name), pick(s.unique(), 0.8, 0.5), pick(s.unique(), fmt.Sprintf("no value twice in %d rows", t.Rows), "by its name; the sample does not tell whether it is unique")}
	default:
		return claim{}, false
	}
	if several {
		id.value = "concat('" + plainName(t.Name) + "-', text(" + id.value + "))"
		id.reason += "; behind a word, since the kind comes from several tables"
	}
	return id, true
}

// ownKeys are the keys of a table that are not whose row it is: in a small sample everybody may have one row only. One that is named a key
// and nothing else comes first.
func (g *guesser) ownKeys(table int) []int {
	keys := slices.DeleteFunc(slices.Clone(g.keys[table]), func(key int) bool {
		tie, tied := g.ties[[2]int{table, g.person.table}]
		return tied && tie.From.Column == key && len(g.keys[table]) > 1
	})
	slices.SortStableFunc(keys, func(a, b int) int {
		return min(1, len(stemOf(g.words[table][a]))) - min(1, len(stemOf(g.words[table][b])))
	})
	return keys
}

// plainName is a table's name as it may stand in quotes.
func plainName(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' {
			return r
		}
		return '_'
	}, name)
}

// tie says which columns tie a row to the person, joining the table in between where there is one.
func (s *scope) tie(path []step, who *holder) claim {
	alias, sure, reasons := s.alias, 1.0, []string{}
	table := s.base
	for i, one := range path {
		sure *= one.link.Confidence
		reasons = append(reasons, one.link.Reason)
		if i < len(path)-1 {
			alias = s.follow(one.link, false)
			table = one.link.To.Table
		}
	}
	last := path[len(path)-1].link
	value := fmt.Sprintf("%s = %s", reference(alias, s.g.c.name(last.From)), reference("p", s.g.c.name(last.To)))
	if who.organisation >= 0 {
		name := s.g.c.name(Place{s.g.person.table, who.organisation})
		if at := s.g.c.Tables[table].column(name); at >= 0 {
			value += fmt.Sprintf(" and %s = %s", reference(alias, s.g.c.name(Place{table, at})), reference("p", name))
			reasons = append(reasons, "both say whose row it is in "+name)
		}
	}
	return claim{value, sure, strings.Join(reasons, "; ")}
}

// labels says what is sealed: by a flag of the row, or of the record that the row is part of. A flag of the person says nothing of
// a row, and so everything else is unknown.
func (g *guesser) labels(kind clinical.Kind, from candidate, s *scope, who *holder) entry {
	sealed := claim{}
	switch {
	case from.table == g.person.table:
		sealed = who.sealed
	case from.table >= 0:
		sealed = g.sealed(from.table, "x")
		if link, ok := s.whole(); ok && sealed.value == "" {
			sealed = s.inside(link, func(inner *scope) claim { return g.sealed(inner.base, inner.alias) })
		}
	}
	if sealed.value == "" {
		sealed = claim{"unknown", 0, "which rows are sealed; until this says sealed: false, or names a flag, nothing of them is released that needs to know"}
		if who.hint != "" {
			sealed.reason += "; " + who.hint + " may say so of everything that is held of a person"
		}
	}
	e := entry{key: "labels", under: []entry{{key: "sealed", claim: sealed}}}
	if kind == clinical.KindContact {
		e.under = append(e.under, entry{key: "third_party", claim: claim{"true", 0.95, "it speaks of somebody else"}})
	}
	if kind == clinical.KindRegistration {
		sensitive := who.sensitive
		if sensitive.value == "" {
			sensitive = claim{"unknown", 0, "who must not be found (the S-flag); until this says sensitive: false, or names a flag, registrations are withheld"}
		}
		e.under = append(e.under, entry{key: "sensitive", claim: sensitive})
	}
	return e
}

// fields guesses every field of a kind.
func (s *scope) fields(kind clinical.Kind, from candidate) []entry {
	words := own(kind)
	if s.g.bags[s.base]["outpatient"] {
		words = append(words, "appointment")
	}
	filled := map[string]claim{}
	for _, field := range append(metaFields(kind), ownFields(kind)...) {
		if c := s.field(kind, from, &field, words); c.value != "" {
			filled[field.name] = c
		}
	}
	filled["code"] = s.code(kind, from, words)
	if kind == clinical.KindEncounter {
		delete(filled, "encounterId")
		filled["class"] = s.class(words)
	}
	if kind == clinical.KindMedication {
		filled["intent"] = s.intent()
	}
	filled["status"] = s.status(kind, words, filled["end"])
	for _, reference := range []string{"encounterId", "problemId", "appointmentId"} {
		if c := s.refers(reference); c.value != "" {
			filled[reference] = c
		}
	}
	return s.ordered(kind, filled)
}

// dates names the columns of the table whose values are dates, though their names do not say of what.
func (s *scope) dates() string {
	var names []string
	for j := range s.g.c.Tables[s.base].Columns {
		at := Place{s.base, j}
		stats := s.g.c.stats(at)
		if (stats.mostly(stats.dates()) || dated(s.g.c.Tables[s.base].Columns[j].Type)) && !s.g.columns[s.base][j]["birth"] {
			names = append(names, reference(s.alias, s.g.c.name(at)))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "; dates stand in " + strings.Join(names, ", ")
}

// ordered gives the fields in the kind's own order; what was not found is said.
func (s *scope) ordered(kind clinical.Kind, filled map[string]claim) []entry {
	var all []entry
	missing := []string{}
	for _, field := range kind.Descriptor().Fields {
		c, ok := filled[field.Name]
		switch {
		case ok && c.value != "":
			all = append(all, entry{key: field.Name, claim: c})
		case field.Name == "date" && kind != clinical.KindContact:
			all = append(all, entry{key: "date", claim: claim{"null", 0, "when it happened; every list is in order of date" + s.dates()}})
		default:
			missing = append(missing, field.Name)
		}
	}
	if len(missing) > 0 {
		all = append(all, entry{claim: claim{reason: strings.Join(missing, ", ")}})
	}
	return all
}

// field guesses one field of a set: from its own table, or from the record that it points at.
func (s *scope) field(kind clinical.Kind, from candidate, field *fieldGuide, words []string) claim {
	c, ok := s.g.choose(s.base, words, field)
	if field.name == "publisher" {
		return s.publisher(c, ok)
	}
	if ok {
		return s.value(c, field)
	}
	if field.name == "author" {
		return s.fieldOfWhole(field, words)
	}
	if field.name != "date" && field.name != "recorded" {
		return s.fieldOfSession(kind, field, words)
	}
	for _, link := range s.records(from) {
		c, ok := s.g.choose(link.To.Table, words, field)
		if !ok || field.want != wantDate {
			continue
		}
		alias := s.follow(link, true)
		date := s.dateIn(c, alias)
		return claim{date.value, 0.8 * date.sure, date.reason + "; in " + s.g.c.Tables[link.To.Table].Name + ", which the row points at"}
	}
	return claim{}
}

// publisher is who made the entry, where that is another column than whose row it is.
func (s *scope) publisher(c chosen, ok bool) claim {
	if !ok || strings.EqualFold(s.g.c.name(c.at), s.g.owner) {
		return claim{}
	}
	value := s.coded(c)
	if stats := s.g.c.stats(c.at); !stats.mostly(stats.ODS) && len(s.g.links[c.at]) == 0 {
		return claim{}
	}
	return value
}

func (s *scope) value(c chosen, field *fieldGuide) claim {
	switch field.want {
	case wantDate:
		return s.date(c)
	case wantNumber:
		return s.number(c)
	}
	if field.name == "encounterId" || field.name == "problemId" || field.name == "appointmentId" {
		return claim{s.column(c.at), c.sure, c.reason}
	}
	if field.name == "practice" || field.name == "recipient" {
		return s.coded(c)
	}
	return s.text(c)
}

// number writes a column as a number; text that may be empty is no number.
func (s *scope) number(c chosen) claim {
	if numeric(s.g.c.Tables[c.at.Table].Columns[c.at.Column].Type) {
		return claim{s.column(c.at), c.sure, c.reason}
	}
	return claim{"nullif(" + s.column(c.at) + ", '')", c.sure, c.reason}
}

// coded is an organisation by its ODS code, read through the table of organisations where the column is only its key.
func (s *scope) coded(c chosen) claim {
	if stats := s.g.c.stats(c.at); stats.mostly(stats.ODS) && !stats.mostly(stats.Whole) {
		return claim{s.column(c.at), c.sure, c.reason + "; values have the shape of ODS codes"}
	}
	if link, ok := s.g.linkTo(c.at, "organisation"); ok {
		for k, words := range s.g.columns[link.To.Table] {
			at := Place{link.To.Table, k}
			stats := s.g.c.stats(at)
			if words["ods"] || stats.mostly(stats.ODS) && words.any("code", "id", "nhs", "alias") {
				return claim{reference(s.follow(link, true), s.g.c.name(at)), c.sure * (0.4 + 0.6*link.Confidence), c.reason + "; its ODS code is in " + s.g.c.Tables[link.To.Table].Name}
			}
		}
	}
	text := s.text(c)
	if stats := s.g.c.stats(c.at); stats.Filled > 0 && text.value == s.column(c.at) {
		text.sure, text.reason = text.sure-0.3, text.reason+"; could not guess: how its values lead to ODS codes, whose shape they have not"
	}
	return text
}

// code writes what the record is about.
func (s *scope) code(kind clinical.Kind, from candidate, words []string) claim {
	about, ok := s.concept(s.base, s.alias, words)
	if (!ok && kind != clinical.KindEncounter && kind != clinical.KindAppointment) || len(about.codings) == 0 && kind != clinical.KindAlert && kind != clinical.KindDocument && kind != clinical.KindEncounter && kind != clinical.KindAppointment {
		for _, link := range s.records(from) {
			before := len(s.joins)
			alias := s.follow(link, true)
			other, found := s.concept(link.To.Table, alias, words)
			if found && len(other.codings) > 0 {
				about, ok = other, true
				for i := range about.codings {
					about.codings[i].sure *= 0.85
					about.codings[i].reason += "; in " + s.g.c.Tables[link.To.Table].Name + ", which the row points at"
				}
				break
			}
			s.unfollow(link, before)
		}
	}
	if !ok {
		return claim{}
	}
	return about.claim()
}

// unfollow takes back joins that turned out to be of no use.
func (s *scope) unfollow(link Link, before int) {
	if len(s.joins) == before {
		return
	}
	s.joins = s.joins[:before]
	for pair := range s.joined {
		if pair == (Pair{link.From, link.To}) || pair.From.Table == link.To.Table {
			delete(s.joined, pair)
		}
	}
}

// claim writes a concept in one line.
func (c *concept) claim() claim {
	var parts, reasons []string
	sure := 1.0
	for _, one := range c.codings {
		written := "{system: " + one.system + ", code: " + flow(one.code)
		if one.display != "" {
			written += ", display: " + scalar(one.display, true)
		}
		parts, sure = append(parts, written+"}"), min(sure, one.sure)
		reasons = append(reasons, one.code+" "+one.reason)
	}
	var whole []string
	if len(parts) > 0 {
		whole = append(whole, "codings: ["+strings.Join(parts, ", ")+"]")
	}
	if c.text.value != "" {
		whole = append(whole, "text: "+scalar(c.text.value, true))
		sure = min(sure, c.text.sure)
		reasons = append(reasons, c.text.value+" "+c.text.reason)
	}
	return claim{"{" + strings.Join(whole, ", ") + "}", sure, strings.Join(reasons, "; ")}
}

package scaffold

import (
	"fmt"
	"slices"
	"strings"
)

// holder is how a person's rows are found and whose they are; sets repeat some of it.
type holder struct {
	organisation int    // column of the person's table that says whose row it is, -1 where parameters do
	sealed       claim  // of the person's own row
	hint         string // a flag of the person that may seal everything
	sensitive    claim
}

// draftPerson writes the person's part.
func (g *guesser) draftPerson(d *Draft) *holder {
	who := &holder{organisation: -1}
	if g.person.table < 0 {
		d.Head = append(d.Head, g.pseudonyms()...)
		d.Head = append(d.Head, "could not guess: which table holds people; nothing below can be used before person is filled in")
		return who
	}
	s := g.scope(g.person.table, "p")
	from := entry{key: "from", claim: claim{g.table(g.person.table) + " as p", 0.9, "people: NHS numbers, demographics, and what other tables point at"}}
	number := entry{key: "nhs_number", claim: claim{g.numberValue(), g.person.sure, g.person.reason}}
	var link []claim
	if g.person.number < 0 {
		d.Parameters = append(d.Parameters, tableParameter)
		key := g.c.name(Place{g.person.table, g.keys[g.person.table][0]})
		from.claim = claim{"${" + tableParameter + "} as number", 0, "no column of this database holds NHS numbers; the site may keep a table of " + key + " and nhs_number beside it"}
		link = []claim{{fmt.Sprintf("%s as p on p.%s = number.%s", g.table(g.person.table), identifier(key), identifier(key)), 0.7, "people: demographics, and what other tables point at"}}
		number.claim = claim{"number.nhs_number", 0, "the column of that table"}
	}
	if g.person.number < 0 || g.isAside(g.person.table) {
		d.Head = append(d.Head, g.pseudonyms()...)
	}
	if g.isAside(g.person.table) {
		d.Parameters = append(d.Parameters, tableParameter)
		from.claim.reason = "no column of this database holds NHS numbers, and several tables hold pseudonyms; the site may keep a table of pseudonym and nhs_number beside it"
	}
	for _, other := range g.person.others {
		d.Head = append(d.Head, "NHS numbers are also in "+other)
	}
	organisationEntry := g.organisation(d, s, who)
	if who.organisation >= 0 {
		g.owner = g.c.name(Place{g.person.table, who.organisation})
	}
	g.taken = append(slices.Clone(s.aliases), "number")
	d.Person = append(d.Person, from)
	if joins := append(link, s.joins...); len(joins) > 0 {
		d.Person = append(d.Person, entry{key: "join", list: joins})
	}
	d.Person = append(d.Person, number, organisationEntry)
	if where := g.living(g.person.table, "p", true); where.value != "" {
		d.Person = append(d.Person, entry{key: "where", claim: where})
	} else {
		d.Person = append(d.Person, entry{key: "where", claim: claim{reason: "which rows are deleted, and which people are made up for tests"}})
	}
	d.Person = append(d.Person, entry{key: "registered", claim: claim{reason: "who is registered here as a GP practice's own patient; leave it out for a hospital"}})
	who.hint = g.localFlag()
	who.sealed, who.sensitive = g.sealed(g.person.table, "p"), g.sensitive()
	d.Person = append(d.Person, entry{key: "sensitive", claim: pick(who.sensitive.value != "", who.sensitive, claim{reason: "a column that marks people who must not be found (the S-flag)"})})
	return who
}

// pseudonyms says where stand-ins for NHS numbers are: nobody is found by one.
func (g *guesser) pseudonyms() []string {
	var all []string
	for i := range g.c.Tables {
		for j, words := range g.columns[i] {
			if g.pseudonymous(words) {
				all = append(all, g.c.column(Place{i, j}))
			}
		}
	}
	if len(all) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%d columns hold pseudonyms in the place of NHS numbers (%s ...): nobody can be found by one; whoever made them keeps the table that leads back", len(all), all[0])}
}

func (g *guesser) numberValue() string {
	if g.person.number < 0 {
		return ""
	}
	at := reference("p", g.c.name(Place{g.person.table, g.person.number}))
	if g.person.format != "plain" {
		return "{from: " + scalar(at, true) + ", format: " + g.person.format + "}"
	}
	return at
}

// organisation finds whose a person's row is.
func (g *guesser) organisation(d *Draft, s *scope, who *holder) entry {
	for j, words := range g.columns[g.person.table] {
		at := Place{g.person.table, j}
		stats := g.c.stats(at)
		if stats.Filled == 0 && g.c.Tables[g.person.table].Rows > 0 || !words.any("organisation", "provider") || words.any("practice", "staff", "recorded", "usual", "parent", "ccg", "name", "external", "residence", "date") || !words.any("code", "id", "ods") {
			continue
		}
		link, points := g.linkTo(at, "organisation")
		if stats.mostly(stats.ODS) && !stats.mostly(stats.Whole) {
			who.organisation = j
			name := claim{}
			if points && g.labelled(link.To.Table) >= 0 {
				name = claim{g.label(link.To.Table)(s.follow(link, true)), link.Confidence, link.Reason}
			}
			return organisationOf(claim{s.column(at), 0.85, odsShaped(stats)}, name)
		}
		if points {
			if e, found := g.organisationAt(s, link); found {
				who.organisation = j
				return e
			}
		}
	}
	d.Parameters = append(d.Parameters, organisation, organisationIs)
	return organisationOf(claim{"'${" + organisation + "}'", 0, "whose records these are; taken to be one organisation's, named where the source is configured"}, claim{"'${" + organisationIs + "}'", 0, ""})
}

// organisationAt finds the ODS code in a table of organisations, to which a link leads.
func (g *guesser) organisationAt(s *scope, link Link) (e entry, found bool) {
	table := link.To.Table
	for k, words := range g.columns[table] {
		column := Place{table, k}
		stats := g.c.stats(column)
		if words["ods"] || stats.mostly(stats.ODS) && words.any("code", "id", "nhs", "alias") {
			alias, name := s.follow(link, true), claim{}
			if g.labelled(table) >= 0 {
				name = claim{g.label(table)(alias), link.Confidence, "its name"}
			}
			return organisationOf(claim{reference(alias, g.c.name(column)), link.Confidence, odsShaped(stats)}, name), true
		}
	}
	return entry{}, false
}

// odsShaped is the reason to take a column for one of ODS codes.
func odsShaped(stats *Stats) string {
	return fmt.Sprintf("%d of %d values have the shape of an ODS code", stats.ODS, stats.Filled)
}

func organisationOf(code, name claim) entry {
	e := entry{key: "organisation", under: []entry{{key: "code", claim: code}}}
	if name.value != "" {
		e.under = append(e.under, entry{key: "name", claim: name})
	}
	return e
}

func (g *guesser) linkTo(at Place, word string) (Link, bool) {
	for _, link := range g.links[at] {
		if g.bags[link.To.Table][word] {
			return link, true
		}
	}
	return Link{}, false
}

// living finds what a row must satisfy to count: not deleted, active, and, for people, not made up.
func (g *guesser) living(table int, alias string, people bool) claim {
	var parts, reasons []string
	sure := 1.0
	add := func(part, reason string, confidence float64) {
		parts, reasons, sure = append(parts, part), append(reasons, reason), min(sure, confidence)
	}
	for j, words := range g.columns[table] {
		at := Place{table, j}
		name, stats := reference(alias, g.c.name(at)), g.c.stats(at)
		deletedWords, _ := heard(stats, map[string]bool{"deleted": true, "delete": true, "removed": true})
		switch {
		case words["deleted"] && !words.any("date", "by", "reason", "id") && g.fits(at, wantTruth):
			add(name+" is not true", "a flag of deleted rows", 0.9)
		case words.has("updated", "status"), words["status"] && len(deletedWords) > 0 && len(words) <= 3:
			word := "Deleted"
			if len(deletedWords) > 0 {
				word = deletedWords[0]
			}
			add("coalesce("+name+", '') != '"+word+"'", "says what became of the row", pick(len(deletedWords) > 0, 0.85, 0.5))
		case words["action"] && len(words) == 1:
			if spelled, _ := heard(stats, map[string]bool{"d": true, "deleted": true, "delete": true}); len(spelled) > 0 {
				add("coalesce("+name+", '') not in ("+quoted(spelled)+")", "says what was done to the row", 0.7)
			}
		case words["active"] && words["ind"] && g.fits(at, wantTruth):
			add(name+" is true", "rows are made inactive", 0.85)
		case people && words["dummy"] && !words.any("date", "result") && g.fits(at, wantTruth):
			add(name+" is not true", "a flag of people made up for tests", 0.9)
		}
	}
	if len(parts) == 0 {
		return claim{}
	}
	return claim{strings.Join(parts, " and "), sure, strings.Join(reasons, "; ")}
}

// sealed finds the flag of confidential rows; without one the word is unknown, which releases nothing.
func (g *guesser) sealed(table int, alias string) claim {
	best := claim{}
	for j, words := range g.columns[table] {
		at := Place{table, j}
		if !g.fits(at, wantTruth) || words.any("date", "consent", "by", "reason") {
			continue
		}
		if !words["confidential"] {
			continue
		}
		if sure := 0.9 - 0.05*float64(len(words)-1); sure > best.sure && sure >= 0.7 {
			best = claim{reference(alias, g.c.name(at)), sure, "a flag of confidential rows"}
		}
	}
	return best
}

// localFlag finds a flag of the person by which a site may seal everything that it holds of them.
func (g *guesser) localFlag() string {
	if sealed := g.sealed(g.person.table, "p"); sealed.value != "" {
		return sealed.value
	}
	for j, words := range g.columns[g.person.table] {
		if at := (Place{g.person.table, j}); words.has("sensitive", "local") && g.fits(at, wantTruth) {
			return reference("p", g.c.name(at))
		}
	}
	return ""
}

func (g *guesser) sensitive() claim {
	for j, words := range g.columns[g.person.table] {
		at := Place{g.person.table, j}
		if words["sensitive"] && !words["local"] && g.fits(at, wantTruth) || words.has("spine", "sensitive") {
			return claim{reference("p", g.c.name(at)), 0.85, "named like the S-flag"}
		}
	}
	return claim{}
}

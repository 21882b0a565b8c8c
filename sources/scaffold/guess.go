package scaffold

import (
	"fmt"
	"slices"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/sources/mapping"
	"onelondon/sources/sqlsource"
)

// guesser holds what is guessed of one catalogue on the way to a draft.
type guesser struct {
	*linker
	links   map[Place][]Link // settled, the best first
	bags    []bag            // of every table's name
	columns [][]bag          // of every column's name
	person  person
	kinds   map[clinical.Kind][]candidate
	ties    map[[2]int]Link
	paths   []way
	numbers []numbered
	owner   string            // the column by which every table says whose row it is; empty where none does
	read    map[string]string // the column that a written date is read from
	taken   []string          // aliases of the person's tables
}

// Guess drafts a mapping. System and title name it; they are the caller's to choose.
func Guess(c *Catalogue, system, title string) *Draft {
	c, unsaid := sayable(c)
	g := &guesser{linker: newLinker(c), links: map[Place][]Link{}, read: map[string]string{}}
	for _, link := range g.settled() {
		g.links[link.From] = append(g.links[link.From], link)
	}
	for i := range c.Tables {
		g.bags = append(g.bags, setOf(g.names[i]))
		var columns []bag
		for j := range c.Tables[i].Columns {
			columns = append(columns, setOf(g.words[i][j]))
		}
		g.columns = append(g.columns, columns)
	}
	g.arrange()
	g.numbers = make([]numbered, len(c.Tables))
	for i := range c.Tables {
		n := &g.numbers[i]
		n.column, n.sure, n.format, n.reason = g.findNumber(i)
	}
	g.ties = g.best()
	g.person = g.findPerson()
	for i := range c.Tables {
		steps, tied := g.findPath(i)
		g.paths = append(g.paths, way{steps, tied})
	}
	g.kinds = g.classify()
	draft := g.draft(system, title)
	if unsaid > 0 {
		draft.Head = append(draft.Head, fmt.Sprintf("%d tables and columns were passed over: a mapping cannot say their names", unsaid))
	}
	return draft
}

// sayable is a catalogue without the names that the language of mappings cannot say, in which everything else keeps its number.
func sayable(c *Catalogue) (*Catalogue, int) {
	said, unsaid := &Catalogue{Among: c.Among, Tables: slices.Clone(c.Tables)}, 0
	for i := range said.Tables {
		t := &said.Tables[i]
		if !mapping.CanName(t.Name) || t.Schema != "" && !mapping.CanName(t.Schema) {
			t.Table, t.Stats = sqlsource.Table{}, nil
			unsaid++
			continue
		}
		t.Columns, t.Stats = slices.Clone(t.Columns), slices.Clone(t.Stats)
		for j := range t.Columns {
			if !mapping.CanName(t.Columns[j].Name) {
				if slices.Contains(t.Key, t.Columns[j].Name) {
					t.Key = nil
				}
				t.Columns[j], t.Stats[j] = sqlsource.Column{}, Stats{}
				unsaid++
			}
		}
	}
	return said, unsaid
}

// Likely lists the pairs of columns of which a draft would like to know whether one holds the other's values. [Survey] asks.
func Likely(c *Catalogue) []Pair {
	l := newLinker(c)
	var pairs []Pair
	for _, link := range l.likely() {
		if c.stats(link.From).Filled > 0 && !c.Tables[link.To.Table].Whole {
			pairs = append(pairs, Pair{link.From, link.To})
		}
	}
	return pairs
}

func setOf(words []string) bag {
	all := bag{}
	for _, word := range words {
		all[word] = true
	}
	return all
}

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

// demographic says how much a table looks like one of people.
func (g *guesser) demographic(table int) float64 {
	points := 0.0
	if g.bags[table].any("patient", "person", "demographics", "demographic") {
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

// step is one join on the way from a table to the person.
type step struct{ link Link }

// way is how a table leads to the person, if it does.
type way struct {
	steps []step
	tied  bool
}

func (g *guesser) path(table int) ([]step, bool) { return g.paths[table].steps, g.paths[table].tied }

// findPath finds the way from a table to the person: at most one table in between.
func (g *guesser) findPath(table int) ([]step, bool) {
	if g.person.table < 0 || table == g.person.table {
		return nil, table == g.person.table
	}
	if link, ok := g.between(table, g.person.table); ok {
		return []step{{link}}, true
	}
	var best []step
	sure := 0.0
	for j := range g.c.Tables[table].Columns {
		for _, link := range g.links[Place{table, j}] {
			through := link.To.Table
			if through == table || link.Blind || g.labelledOnly(through) {
				continue
			}
			second, ok := g.between(through, g.person.table)
			if value := link.Confidence * second.Confidence; ok && value > sure {
				best, sure = []step{{link}, {second}}, value
			}
		}
	}
	return best, len(best) > 0
}

// labelledOnly reports whether a table seems to hold codes or staff, which never lead to a person.
func (g *guesser) labelledOnly(table int) bool {
	return g.bags[table].any("staff", "organisation", "code", "concept", "location") && !g.bags[table].any("patient", "person")
}

// between finds the best link from one table to another.
func (g *guesser) between(from, to int) (Link, bool) {
	best := g.ties[[2]int{from, to}]
	if best.Confidence > 0 || to != g.person.table || g.person.number < 0 {
		return best, best.Confidence > 0
	}
	// A flat extract repeats the NHS number in every table.
	if number, sure, _, _ := g.number(from); number >= 0 {
		return Link{Place{from, number}, Place{to, g.person.number}, 0.6 * sure, "both hold the NHS number, and no other column ties them", false}, true
	}
	return Link{}, false
}

// best keeps of all links from one table to another the best.
func (g *guesser) best() map[[2]int]Link {
	ties := map[[2]int]Link{}
	for i := range g.c.Tables {
		for j := range g.c.Tables[i].Columns {
			for _, link := range g.links[Place{i, j}] {
				if key := [2]int{i, link.To.Table}; !link.Blind && g.better(link, ties[key]) {
					ties[key] = link
				}
			}
		}
	}
	return ties
}

// better prefers the surer link, and among equals the one whose name says nothing else than what it points at.
func (g *guesser) better(link, than Link) bool {
	if link.Confidence-than.Confidence > 0.02 || than.Confidence == 0 {
		return true
	}
	near := than.Confidence-link.Confidence < 0.02
	return near && len(g.words[link.From.Table][link.From.Column]) < len(g.words[than.From.Table][than.From.Column])
}

// candidate is a table that may hold a kind of record.
type candidate struct {
	table  int
	sure   float64
	reason string
	path   []step
}

// guide says by which words a kind of record is known.
type guide struct {
	kind   clinical.Kind
	strong []string // a table named so holds the kind
	weak   []string // a table named so may
}

func guides() []guide {
	return []guide{
		{clinical.KindAllergyIntolerance, words("allergy intolerance sensitivity reaction"), nil},
		{clinical.KindCondition, words("condition problem diagnosis"), nil},
		{clinical.KindMedication, words("medication"), words("issue order dispensing")},
		{clinical.KindObservation, words("observation measurement result"), words("effective journal finding assessment investigation code")},
		{clinical.KindDiagnosticReport, words("diagnostic report radiology imaging"), words("investigation pathology")},
		{clinical.KindEncounter, words("encounter consultation attendance spell episode visit admission emergency inpatient outpatient"), words("effective activity contact case caselog")},
		{clinical.KindProcedure, words("procedure device"), nil},
		{clinical.KindImmunisation, words("immunisation"), nil},
		{clinical.KindAppointment, words("appointment"), words("outpatient schedule")},
		{clinical.KindReferral, words("referral"), nil},
		{clinical.KindDocument, words("document"), words("note")},
		{clinical.KindAlert, words("alert risk"), words("special")},
		{clinical.KindContact, words("relationship kin carer"), nil},
		{clinical.KindCarePlan, words("plan"), nil},
	}
}

func words(text string) []string { return strings.Fields(text) }

// aside are words of tables that say something about records and are not records themselves.
var aside = words("history status deleted audit lookup link additional reason staff organisation parameters consent map mapping tag property period template " +
	"participant location identifier pseudo log error archive file batch detail item requirement assurance data header metadata concept index stage question address telephone frequency performance skill skillset set review allocation outcome tracking indicator tail")

const sureEnough = 0.55

// classify finds for every kind the tables that seem to hold it.
func (g *guesser) classify() map[clinical.Kind][]candidate {
	found := map[clinical.Kind][]candidate{}
	pointed := g.pointedAt()
	for i := range g.c.Tables {
		if i == g.person.table {
			continue
		}
		path, tied := g.path(i)
		if !tied {
			continue
		}
		for _, one := range guides() {
			sure, reason := g.holds(i, one)
			if one.kind == clinical.KindEncounter && sure > 0 && pointed[i] >= 4 {
				sure, reason = min(sure+0.3, 0.97), fmt.Sprintf("%s; %d tables point at it", reason, pointed[i])
			}
			if sure >= sureEnough {
				found[one.kind] = append(found[one.kind], candidate{i, sure, reason, path})
			}
		}
	}
	for kind := range found {
		slices.SortStableFunc(found[kind], func(a, b candidate) int { return compare(b.sure, a.sure) })
		best := found[kind][0].sure
		found[kind] = slices.DeleteFunc(found[kind], func(one candidate) bool { return one.sure < best-0.25 })
	}
	return found
}

// holds says how likely a table holds a kind of record.
func (g *guesser) holds(table int, one guide) (float64, string) {
	name := g.names[table]
	sure, reason := 0.0, ""
	head := headOf(name)
	switch {
	case slices.Contains(one.strong, head):
		sure, reason = 0.8, "named for it"
	case slices.Contains(one.weak, head):
		sure, reason = 0.5, "named a little like it"
	case head == "":
		sure, reason = g.votes(table, one)
	case g.bags[table].any(one.strong...):
		sure, reason = 0.5, "its name has the word"
	}
	if sure == 0 {
		return 0, ""
	}
	evidence, told := g.evidence(table, one.kind)
	sure += evidence
	if told != "" {
		reason += "; " + told
	}
	for _, word := range name {
		if slices.Contains(aside, word) && !slices.Contains(one.strong, word) && !slices.Contains(one.weak, word) && !(word == "template" && one.kind == clinical.KindMedication) {
			sure -= 0.2
		}
	}
	return min(sure, 0.95), reason
}

// headOf is the last word of a name that stands for a kind of record: a referral of an observation is a referral.
func headOf(name []string) string {
	for i := len(name) - 1; i >= 0; i-- {
		for _, one := range guides() {
			if slices.Contains(one.strong, name[i]) {
				return name[i]
			}
		}
	}
	for i := len(name) - 1; i >= 0; i-- {
		for _, one := range guides() {
			if slices.Contains(one.weak, name[i]) {
				return name[i]
			}
		}
	}
	return ""
}

// votes goes by the columns where a table's name says nothing: what its key is named for, and which word most columns have.
func (g *guesser) votes(table int, one guide) (float64, string) {
	columns := g.columns[table]
	with, strongest := 0, 0
	counts := map[string]int{}
	for _, column := range columns {
		for word := range column {
			counts[word]++
		}
	}
	for _, word := range one.strong {
		with = max(with, counts[word])
	}
	for _, other := range guides() {
		for _, word := range other.strong {
			strongest = max(strongest, counts[word])
		}
	}
	key := -1
	if len(g.keys[table]) > 0 {
		key = g.keys[table][0]
	}
	switch {
	case key >= 0 && columns[key].any(one.strong...):
		return 0.65, "its key is named for it"
	case with >= 4 && with == strongest && with*8 >= len(columns):
		return 0.5, fmt.Sprintf("%d of %d columns have its word", with, len(columns))
	}
	return 0, ""
}

// evidence looks for columns that a kind of record has.
func (g *guesser) evidence(table int, kind clinical.Kind) (float64, string) {
	has := func(words ...string) bool {
		return slices.ContainsFunc(g.columns[table], func(b bag) bool { return b.any(words...) })
	}
	sure, told := 0.0, []string{}
	note := func(by float64, is bool, what string) {
		if is {
			sure += by
			told = append(told, what)
		}
	}
	note(0.05, has("date"), "has dates")
	switch kind {
	case clinical.KindObservation:
		note(0.15, has("value", "result") && has("unit", "range", "numeric"), "has values with units")
		note(-0.3, !has("value", "result", "numeric", "finding"), "has no values")
	case clinical.KindMedication:
		note(0.1, has("dosage", "quantity"), "has doses or quantities")
		note(0.2, has("mnem", "mnemonic", "catalog", "catalogue"), "has a catalogue of orders")
		note(-0.2, !has("dosage", "quantity", "medication", "dmd"), "has neither dose nor quantity")
	case clinical.KindEncounter:
		note(0.1, has("admission", "discharge", "arrival", "consultation", "effective", "type"), "has what happens at one")
	case clinical.KindAppointment:
		note(0.1, has("appointment", "booked", "status"), "has bookings")
		note(-0.4, !has("status", "appointment", "outcome", "cancelled", "booked"), "has no bookings")
	case clinical.KindContact:
		note(-0.4, !has("name", "surname", "telephone"), "names nobody")
	case clinical.KindAllergyIntolerance, clinical.KindCondition, clinical.KindProcedure, clinical.KindImmunisation:
		note(0.1, has("code", "concept", "term", "snomed", "read", "diagnosis"), "has codes")
	}
	return sure, strings.Join(told, ", ")
}

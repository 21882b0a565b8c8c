package scaffold

import (
	"slices"
	"strings"

	"onelondon/internal/clinical"
)

// Draft is a mapping that was guessed, every line with its reason.
type Draft struct {
	System, Title string
	Parameters    []string
	MissingDates  []string
	Head          []string // remarks on the whole
	Person        []entry
	Kinds         []kindDraft
	Watermark     []entry
	Unused        []string // tables that nothing was made of

	people, number bool // were found
}

// entry is one key with its claim. Under it may stand others, or a list.
type entry struct {
	key   string
	claim claim
	list  []claim
	under []entry
}

type kindDraft struct {
	kind clinical.Kind
	sets [][]entry
	note string // what could not be guessed of the kind
	also []string
}

const (
	mostSets        = 5 // of one kind
	tableParameter  = "nhs_number_table"
	organisation    = "organisation"
	organisationIs  = "organisation_name"
	precisionWords  = "{U: none, Y: year, YM: month, YMD: day, YMDT: minute, year: year, month: month, day: day, minute: minute, second: second, millisecond: second}"
	generalSentinel = "1900-01-01"
)

func (g *guesser) draft(system, title string) *Draft {
	d := &Draft{System: system, Title: title, MissingDates: g.sentinels(), people: g.person.table >= 0, number: g.person.number >= 0 && !g.isAside(g.person.table)}
	for i := range g.c.Tables {
		if g.c.Tables[i].Unread {
			d.Head = append(d.Head, "could not read a sample of "+g.c.Tables[i].Name+": it was guessed by its names alone")
		}
	}
	who := g.draftPerson(d)
	used := map[int]bool{g.person.table: true}
	for _, kind := range clinical.Kinds() {
		k := kindDraft{kind: kind}
		switch {
		case g.person.table < 0:
		case kind == clinical.KindRegistration:
			k.sets = [][]entry{g.registration(who)}
		default:
			g.fill(&k, who, used)
		}
		d.Kinds = append(d.Kinds, k)
	}
	d.Watermark = g.watermark()
	for i := range g.c.Tables {
		if !used[i] {
			if _, tied := g.path(i); tied {
				d.Unused = append(d.Unused, g.c.Tables[i].Name)
			}
		}
	}
	return d
}

// sentinels lists the days that mean no date: those that samples hold, and the one that most systems have.
func (g *guesser) sentinels() []string {
	all := []string{generalSentinel}
	for i := range g.c.Tables {
		for j := range g.c.Tables[i].Columns {
			for day := range g.c.Tables[i].Stats[j].Sentinels {
				if !slices.Contains(all, day) {
					all = append(all, day)
				}
			}
		}
	}
	slices.Sort(all)
	return all
}

// fill makes the sets of a kind.
func (g *guesser) fill(k *kindDraft, who *holder, used map[int]bool) {
	for _, one := range g.kinds[k.kind] {
		if len(k.sets) == mostSets {
			k.also = append(k.also, g.c.Tables[one.table].Name)
			continue
		}
		if set, ok := g.set(k.kind, one, who, len(k.sets) > 0, g.exclusion(k.kind, one.table)); ok {
			used[one.table] = true
			k.sets = append(k.sets, set)
		} else {
			k.note = g.c.Tables[one.table].Name + " looks like it, and no column tells its rows apart"
		}
	}
	for _, one := range g.divided(k.kind) {
		if len(k.sets) < mostSets {
			used[one.table] = true
			if set, ok := g.set(k.kind, one.candidate, who, len(k.sets) > 0, one.where); ok {
				k.sets = append(k.sets, set)
			}
		}
	}
	k.sets = append(k.sets, g.series(k.kind, who)...)
	if len(k.sets) == 0 && k.note == "" {
		k.note = g.untied(k.kind)
	}
	if k.kind == clinical.KindContact && len(k.sets) == 0 {
		k.sets = append(k.sets, g.contacts(who)...)
	}
}

// untied names a table that is likely to hold a kind, and is not drafted since nothing leads from it to a person.
func (g *guesser) untied(kind clinical.Kind) string {
	best, name := 0.0, ""
	for i := range g.c.Tables {
		if _, tied := g.path(i); tied || i == g.person.table {
			continue
		}
		for _, one := range guides() {
			if sure, _ := g.holds(i, one); one.kind == kind && sure >= sureEnough && sure > best {
				best, name = sure, g.c.Tables[i].Name
			}
		}
	}
	if name == "" {
		return ""
	}
	return "how the rows of " + name + ", which looks like it, lead to a person: no key is declared, and no column's name or values say it"
}

// watermark finds columns that say when rows were written, in the tables with most to say.
func (g *guesser) watermark() []entry {
	var entries []entry
	field := &fieldGuide{name: "recorded", want: wantDate, words: "recorded date|extract date|updated date|booked date|effective date", avoid: "birth death end practice"}
	for _, kind := range []clinical.Kind{clinical.KindObservation, clinical.KindEncounter, clinical.KindMedication, clinical.KindAppointment, clinical.KindCondition} {
		if len(g.kinds[kind]) == 0 || len(entries) == 2 {
			continue
		}
		table := g.kinds[kind][0].table
		if c, ok := g.choose(table, nil, field); ok {
			s := g.scope(table, "w")
			date := s.date(c)
			entries = append(entries, entry{key: "", claim: claim{"{from: " + scalar(g.table(table)+" as w", true) + ", date: " + flow(date.value) + "}", date.sure, date.reason}})
		}
	}
	return entries
}

// flow writes a value so that it may stand within braces.
func flow(value string) string {
	if strings.HasPrefix(value, "{") {
		return value
	}
	return scalar(value, true)
}

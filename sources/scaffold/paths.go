package scaffold

import (
	"fmt"
	"slices"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/sources/sqlsource"
)

// Entry is a clinical entry of an openEHR template, with the places in it where a value may stand.
type Entry struct {
	Class     string // EVALUATION, OBSERVATION, INSTRUCTION, ACTION, ADMIN_ENTRY
	Archetype string // openEHR-EHR-EVALUATION.problem_diagnosis.v1
	Name      string // what the archetype calls it
	Leaves    []Leaf
}

// Leaf is a place of a value in an entry.
type Leaf struct {
	Path  string   // from the entry
	Name  string   // what the archetype calls it
	Types []string // DV_CODED_TEXT, DV_QUANTITY ...
}

// GuessPaths drafts a mapping for an openEHR server from its templates. No EHR is read, so that nothing is weighed but the words and types
// of archetypes.
func GuessPaths(entries []Entry, system, title string) []byte {
	p := &paths{entries: entries, g: wordsAlone(entries)}
	w := &writer{}
	w.line(0, "# A draft made by `onelondon source scaffold` from the templates of an openEHR server. Read it line by line before it is used: the")
	w.line(0, "# number in a remark is how sure the guess is. What could not be guessed says so. Then: onelondon source check.")
	w.line(0, "system: "+scalar(system, false))
	w.line(0, "title: "+scalar(title, false))
	w.line(0, "parameters: [organisation, organisation_name, namespace]")
	w.line(0, "")
	w.line(0, "person:")
	w.entries(1, []entry{
		{key: "from", claim: claim{"EHR as e", 1, "an EHR is one person's"}},
		{key: "nhs_number", claim: claim{"e/ehr_status/subject/external_ref/id/value", 0.8, "where openEHR keeps whom an EHR is of"}},
		organisationOf(claim{"'${organisation}'", 0, "whose records these are"}, claim{"'${organisation_name}'", 0, ""}),
		{key: "where", claim: claim{"e/ehr_status/subject/external_ref/namespace = '${namespace}'", 0, "the namespace of NHS numbers on this server"}},
	})
	w.line(0, "")
	w.line(0, "records:")
	w.kind(&kindDraft{kind: clinical.KindRegistration, sets: [][]entry{{
		{key: "id", claim: claim{"e/ehr_id/value", 1, "the EHR's own identifier"}}, p.sealed(),
		{key: "fields", under: []entry{{key: "recorded", claim: claim{"{from: e/time_created/value, type: iso}", 0.9, "when the EHR was made"}}}}}}})
	used := map[int]bool{}
	for _, kind := range clinical.Kinds() {
		if kind != clinical.KindRegistration {
			w.kind(p.kind(kind, used))
		}
	}
	w.line(0, "")
	w.line(0, "watermark:")
	w.line(1, "- {from: VERSION as v, date: {from: v/commit_audit/time_committed/value, type: iso}}  # 0.90 when something was last written")
	var rest []string
	for i := range entries {
		if !used[i] {
			rest = append(rest, entries[i].Archetype)
		}
	}
	if len(rest) > 0 {
		w.line(0, "")
		w.line(0, "# could not guess: what these entries are, or whether they are parts of a plan (UrgentCarePlan, CarePlan): "+strings.Join(rest, ", "))
	}
	return []byte(w.text.String())
}

type paths struct {
	entries []Entry
	g       *guesser
}

// wordsAlone reads entries as if they were tables that nobody has looked into.
func wordsAlone(entries []Entry) *guesser {
	c := &Catalogue{}
	for _, e := range entries {
		t := Table{Table: sqlsource.Table{Name: e.Name}, Stats: make([]Stats, len(e.Leaves))}
		for _, leaf := range e.Leaves {
			t.Columns = append(t.Columns, sqlsource.Column{Name: leaf.Name, Type: kindOfLeaf(leaf)})
		}
		c.Tables = append(c.Tables, t)
	}
	g := &guesser{linker: newLinker(c), links: map[Place][]Link{}, read: map[string]string{}, person: person{table: -1, number: -1}}
	g.gather()
	return g
}

func kindOfLeaf(leaf Leaf) string {
	switch {
	case slices.Contains(leaf.Types, "DV_DATE_TIME"), slices.Contains(leaf.Types, "DV_DATE"):
		return "timestamp"
	case slices.Contains(leaf.Types, "DV_QUANTITY"), slices.Contains(leaf.Types, "DV_COUNT"):
		return "numeric"
	case slices.Contains(leaf.Types, "DV_BOOLEAN"):
		return "boolean"
	}
	return "text"
}

// kind drafts the sets of a kind: one for each entry that is named for it.
func (p *paths) kind(kind clinical.Kind, used map[int]bool) *kindDraft {
	k := &kindDraft{kind: kind}
	for i, e := range p.entries {
		sure, reason := p.holds(i, kind)
		if sure < sureEnough || used[i] || len(k.sets) == 2*mostSets {
			continue
		}
		used[i] = true
		fields := p.fields(i, kind)
		k.sets = append(k.sets, []entry{
			{key: "from", claim: claim{"COMPOSITION as c", sure, e.Name + ": " + reason}},
			{key: "join", list: []claim{{"VERSION as v on true", 0.9, "when it was written"}, {e.Class + ` "` + e.Archetype + `" as x on true`, sure, reason}}},
			{key: "person", claim: claim{"true", 1, "a composition stands in its EHR"}},
			{key: "id", claim: claim{"c/uid/value", 0.5, "the composition's; could not guess: what tells several such entries of one composition apart"}},
			p.sealed(), {key: "fields", under: fields}})
		last := k.sets[len(k.sets)-1]
		last[1].list[1].value = strings.Replace(last[1].list[1].value, " ", ".", 1)
	}
	return k
}

func (p *paths) sealed() entry {
	return entry{key: "labels", under: []entry{{key: "sealed", claim: claim{"unknown", 0, "which entries are sealed; until this says sealed: false, nothing of them is released that needs to know"}}}}
}

// holds says how likely an entry is of a kind: by what the archetype is called, or by its class.
func (p *paths) holds(entry int, kind clinical.Kind) (float64, string) {
	sure, reason := p.g.holds(entry, guideOf(kind))
	if kind == clinical.KindObservation && p.entries[entry].Class == "OBSERVATION" && sure < sureEnough && headOf(p.g.names[entry]) == "" {
		return 0.6, "an archetype of class OBSERVATION"
	}
	if p.entries[entry].Class == "ADMIN_ENTRY" {
		sure -= 0.3
	}
	return sure, reason
}

// fields drafts what an entry says.
func (p *paths) fields(table int, kind clinical.Kind) []entry {
	words := own(kind)
	filled := map[string]claim{
		"recorded": {"{from: v/commit_audit/time_committed/value, type: iso}", 0.9, "when it was written"},
		"author":   {"c/composer/name", 0.8, "who wrote the composition"},
		"date":     {"{from: c/context/start_time/value, type: iso}", 0.6, "when the composition's encounter began"},
	}
	for _, field := range append(metaFields(kind), ownFields(kind)...) {
		if c, ok := p.g.choose(table, words, &field); ok && field.want != wantAny {
			filled[field.name] = p.value(c, &field)
		}
	}
	filled["code"] = p.code(table, words)
	if kind == clinical.KindObservation {
		p.quantity(table, filled)
	}
	s := p.g.scope(table, "x")
	return s.ordered(kind, filled)
}

func (p *paths) at(c chosen) string { return "x/" + p.entries[c.at.Table].Leaves[c.at.Column].Path }

func (p *paths) value(c chosen, field *fieldGuide) claim {
	reason := "called " + fmt.Sprintf("%q", p.entries[c.at.Table].Leaves[c.at.Column].Name)
	switch field.want {
	case wantDate:
		return claim{"{from: " + scalar(p.at(c)+"/value", true) + ", type: iso}", c.sure, reason}
	case wantNumber:
		return claim{p.at(c) + "/magnitude", c.sure, reason}
	}
	return claim{p.at(c) + "/value", c.sure, reason}
}

// quantity takes the first quantity of an observation for its value.
func (p *paths) quantity(table int, filled map[string]claim) {
	for _, leaf := range p.entries[table].Leaves {
		if slices.Contains(leaf.Types, "DV_QUANTITY") {
			reason := fmt.Sprintf("the first quantity, called %q; could not guess: where the others go", leaf.Name)
			filled["value"] = claim{"x/" + leaf.Path + "/magnitude", 0.5, reason}
			filled["unit"] = claim{"x/" + leaf.Path + "/units", 0.5, reason}
			return
		}
	}
}

// code is what an entry is about: the place that is called for it, else the first of coded text, else what the archetype is called.
func (p *paths) code(table int, words []string) claim {
	field := &fieldGuide{name: "code", want: wantText, words: "@ name|name|@|substance|agent", avoid: "status severity reaction comment description"}
	if c, ok := p.g.choose(table, words, field); ok {
		at := p.at(c)
		system := "{from: " + scalar(at+"/defining_code/terminology_id/value", true) + ", values: {SNOMED-CT: SNOMED_CT, \"http://snomed.info/sct\": SNOMED_CT, ICD10: ICD_10}, else: LOCAL}"
		return claim{"{codings: [{system: " + system + ", code: " + scalar(at+"/defining_code/code_string", true) + ", display: " + scalar(at+"/value", true) + "}], text: " + scalar(at+"/value", true) + "}",
			c.sure, fmt.Sprintf("called %q", p.entries[table].Leaves[c.at.Column].Name)}
	}
	name := strings.Map(func(r rune) rune {
		if r == '\'' || r == '"' || r < ' ' || r > '~' {
			return ' '
		}
		return r
	}, p.entries[table].Name)
	return claim{"{text: " + scalar("'"+name+"'", true) + "}", 0.4, "what the archetype is called; could not guess: a place that says what the entry is about"}
}

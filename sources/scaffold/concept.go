package scaffold

import (
	"fmt"
	"slices"
	"strings"

	"onelondon/internal/clinical"
)

// coding is one coding of a concept on the way into a draft.
type coding struct {
	system  string // YAML: a word, or a translation
	code    string
	display string
	sure    float64
	reason  string
}

// concept is what a set says it is about.
type concept struct {
	codings []coding
	text    claim
}

// otherThings are words of columns of codes that say something else than what a record is about.
const otherThings = "precision status unit gender ethnic ethnicity route priority urgency method source operator currency marital religion language admission discharge location " +
	"specialty organisation staff person patient reason withheld parent version dnaa position administration bnf postcode practice category qualifier episodicity normalcy outcome authorisation context template role site provider period replaced cancelled confidence laterality severity commissioner national destination action consultant hospital site ccg commissioner"

// concept finds the codes of a set: columns of a terminology, columns that point at a table of codes, and words.
func (s *scope) concept(table int, alias string, own []string) (concept, bool) {
	var all concept
	seen := map[string]bool{}
	add := func(c coding) {
		if !seen[c.code] && c.sure >= least && len(all.codings) < 4 {
			seen[c.code] = true
			all.codings = append(all.codings, c)
		}
	}
	found := s.codes(table, alias, own)
	slices.SortStableFunc(found, func(a, b coding) int { return compare(b.sure, a.sure) })
	for _, c := range found {
		add(c)
	}
	all.text = s.words(table, alias, own)
	return all, len(all.codings) > 0 || all.text.value != ""
}

func (s *scope) codes(table int, alias string, own []string) []coding {
	var found []coding
	for j := range s.g.c.Tables[table].Columns {
		at := Place{table, j}
		words := s.g.columns[table][j]
		stats := s.g.c.stats(at)
		if stats.mostly(stats.dates()) || words.any("date", "text", "description", "display", "name", "is", "indicator") && !words.any("id", "code") ||
			words.any("type", "system", "version", "description") && !s.typed(own) || slices.ContainsFunc(strings.Fields(otherThings), func(other string) bool {
			return words[other] && !slices.Contains(own, other)
		}) {
			continue
		}
		if slices.Contains(s.g.keys[table], j) && words["id"] && s.g.plainCode(table) >= 0 {
			continue // the key of the row; its code stands beside it
		}
		if c := s.prefixed(at, alias); len(c) > 0 {
			found = append(found, c...)
			continue
		}
		if c, ok := s.terminology(at, alias, own); ok {
			found = append(found, c)
			continue
		}
		found = append(found, s.through(at, alias, own)...)
	}
	return found
}

// plainCode finds a column that is called code and nothing else.
func (g *guesser) plainCode(table int) int {
	return slices.IndexFunc(g.words[table], func(words []string) bool { return slices.Equal(words, []string{"code"}) })
}

// prefixed finds a column that holds terminology and code in one text: SNOMED!44054006.
func (s *scope) prefixed(at Place, alias string) []coding {
	stats := s.g.c.stats(at)
	var found []coding
	for prefix, times := range stats.Prefixes {
		system := terminologies()[strings.ToLower(strings.TrimRight(prefix, "!|:"))]
		found = append(found, coding{string(system), "{from: " + scalar(reference(alias, s.g.c.name(at)), true) + ", after: " + scalar(prefix, true) + "}", "",
			0.9, fmt.Sprintf("%d of %d values begin so", times, stats.Filled)})
	}
	slices.SortFunc(found, func(a, b coding) int { return strings.Compare(a.code, b.code) })
	return found
}

// typed reports whether the type of a record is what it is about.
func (s *scope) typed(own []string) bool {
	return slices.Contains(own, "encounter") || slices.Contains(own, "appointment") || slices.Contains(own, "document")
}

// terminology finds a column that holds codes of a terminology itself.
func (s *scope) terminology(at Place, alias string, own []string) (coding, bool) {
	words, stats := s.g.columns[at.Table][at.Column], s.g.c.stats(at)
	named := map[string]clinical.CodeSystem{"snomed": clinical.SNOMED, "ctv3": clinical.CTV3, "read": clinical.Read2, "icd10": clinical.ICD10, "opcs4": clinical.OPCS4, "dmd": clinical.DMD, "loinc": clinical.LOINC}
	for _, word := range []string{"snomed", "dmd", "icd10", "opcs4", "ctv3", "read", "loinc"} {
		if words[word] && !words.any("description", "term", "display", "text") {
			sure, told := s.admitted(named[word], stats)
			extra := 0.04 * float64(len(words)-1)
			return coding{string(named[word]), reference(alias, s.g.c.name(at)), s.display(at, alias, word), sure - extra, "named for the terminology" + told}, true
		}
	}
	if _, points := s.lookup(at); points || !words.any("code", "concept") || len(words) > 4 {
		return coding{}, false
	}
	if !words.any(own...) && len(without(s.g.words[at.Table][at.Column], "code", "id", "primary", "original")) > 0 {
		return coding{}, false
	}
	system, told := shaped(stats, own)
	return coding{system, reference(alias, s.g.c.name(at)), s.display(at, alias, ""), pick(system == string(clinical.LocalCode), 0.55, 0.8) - pick(words.any("secondary", "type"), 0.15, 0.0), told}, true
}

// admitted says whether the sample looks like the terminology that a column is named for.
func (s *scope) admitted(system clinical.CodeSystem, stats *Stats) (float64, string) {
	counts := map[clinical.CodeSystem]int{clinical.SNOMED: stats.SNOMED, clinical.DMD: stats.SNOMED, clinical.ICD10: stats.ICD10, clinical.OPCS4: stats.OPCS4, clinical.CTV3: stats.Read, clinical.Read2: stats.Read}
	matching, known := counts[system]
	switch {
	case stats.Filled == 0:
		return 0.75, "; the sample has no value of it"
	case known && stats.mostly(matching):
		return 0.95, fmt.Sprintf("; %d of %d values look like it", matching, stats.Filled)
	case known:
		return 0.6, fmt.Sprintf("; only %d of %d values look like it", matching, stats.Filled)
	}
	return 0.7, ""
}

// shaped tells the terminology of codes by what the sample looks like.
func shaped(s *Stats, own []string) (system, reason string) {
	switch {
	case s.Filled == 0:
		return string(clinical.LocalCode), "a column of codes; could not guess: of which terminology, the sample has no value"
	case s.mostly(s.SNOMED):
		return string(clinical.SNOMED), fmt.Sprintf("%d of %d values have the check digit of SNOMED CT", s.SNOMED, s.Filled)
	case s.mostly(s.ICD10) && (slices.Contains(own, "diagnosis") || slices.Contains(own, "condition")):
		return string(clinical.ICD10), fmt.Sprintf("%d of %d values have the shape of ICD-10", s.ICD10, s.Filled)
	case s.mostly(s.OPCS4) && slices.Contains(own, "procedure"):
		return string(clinical.OPCS4), fmt.Sprintf("%d of %d values have the shape of OPCS-4", s.OPCS4, s.Filled)
	case s.mostly(s.Read) && !s.mostly(s.Whole):
		return string(clinical.Read2), fmt.Sprintf("%d of %d values have the shape of Read codes", s.Read, s.Filled)
	}
	return string(clinical.LocalCode), "a column of codes; could not guess: of which terminology"
}

// display finds the words that stand beside a code: the same name with another ending.
func (s *scope) display(at Place, alias, terminology string) string {
	own := without(s.g.words[at.Table][at.Column], "id", "code")
	for j := range s.g.c.Tables[at.Table].Columns {
		words := s.g.words[at.Table][j]
		if j == at.Column || !slices.ContainsFunc(words, func(w string) bool {
			return slices.Contains([]string{"text", "term", "description", "display", "name"}, w)
		}) {
			continue
		}
		stem := without(words, "text", "term", "description", "name", "display", "code")
		if slices.Equal(stem, own) || terminology != "" && slices.Equal(stem, []string{terminology}) {
			return reference(alias, s.g.c.name(Place{at.Table, j}))
		}
	}
	return ""
}

// through reads codes by way of a table of codes.
func (s *scope) through(at Place, alias string, own []string) []coding {
	link, ok := s.lookup(at)
	words := s.g.words[at.Table][at.Column]
	if !ok || link.Blind && !slices.Contains(words, "code") || slices.Contains(own, "alert") || s.g.bags[link.To.Table].any("staff", "organisation", "location") || s.recordTable(link.To.Table) {
		return nil
	}
	rest := without(words, append([]string{"id", "code", "concept", "core", "non", "source", "nomenclature", "original", "type", "effective", "catalog", "term"}, own...)...)
	if len(rest) > 0 && !s.g.bags[link.To.Table].any(rest...) {
		return nil
	}
	sure := 0.9 - pick(slices.Contains(words, "source") || slices.Contains(words, "non"), 0.06, 0.0) - pick(slices.Contains(words, "type"), 0.2, 0.0)
	sure *= 0.4 + 0.6*link.Confidence
	joined := s.followFrom(alias, link, true)
	return s.held(at, alias, link, joined, sure)
}

// recordTable reports whether a table holds records itself, and so is no table of codes.
func (s *scope) recordTable(table int) bool {
	_, tied := s.g.path(table)
	return tied
}

// held lists the codings that a table of codes gives: one for each terminology, or its one column of codes.
func (s *scope) held(at Place, alias string, link Link, joined string, sure float64) []coding {
	table := link.To.Table
	display := s.g.label(table)(joined)
	var found []coding
	plain, vocabulary := -1, -1
	for j, words := range s.g.columns[table] {
		column := Place{table, j}
		switch {
		case len(s.g.c.stats(column).Prefixes) > 0:
			found = append(found, s.prefixed(column, joined)...)
		case words.any("system") && !words.any("id") || words.any("system") && vocabulary < 0:
			vocabulary = j
		case words.any("description", "date", "parent", "text", "term") && !words["read"]:
		case words["snomed"] || words["dmd"] || words["ctv3"] || words["read"] || words["icd10"]:
			if c, ok := s.terminology(column, joined, []string{"code"}); ok {
				c.display, c.sure, c.reason = display, min(c.sure, sure), c.reason+"; read through "+s.g.c.Tables[table].Name
				found = append(found, c)
			}
		case words["code"] && plain < 0 && !words.any("category", "set", "parent", "count", "type", "source", "language", "status", "axis"):
			if plain < 0 || j != link.To.Column {
				plain = j
			}
		}
	}
	if len(found) > 0 || plain < 0 {
		return found
	}
	code := reference(joined, s.g.c.name(Place{table, plain}))
	system, told := shaped(s.g.c.stats(Place{table, plain}), []string{"code"})
	if plain == link.To.Column {
		code, system, told = reference(alias, s.g.c.name(at)), string(clinical.LocalCode), "the key of a table of codes"
	}
	if vocabulary >= 0 {
		system, told = s.vocabularyOf(table, vocabulary, joined, told)
	}
	return []coding{{system, code, display, sure, "read through " + s.g.c.Tables[table].Name + "; " + told}}
}

// vocabularyOf reads the terminology of a code from the column that names it, or from the table that the column points at.
func (s *scope) vocabularyOf(table, column int, joined, told string) (string, string) {
	at := Place{table, column}
	from, stats := reference(joined, s.g.c.name(at)), s.g.c.stats(at)
	spelled, values := heard(stats, terminologies())
	if len(spelled) == 0 {
		for _, link := range s.g.links[at] {
			for j := range s.g.c.Tables[link.To.Table].Columns {
				other, n := heard(s.g.c.stats(Place{link.To.Table, j}), terminologies())
				if n > values {
					spelled, values = other, n
					from = reference(s.followFrom(joined, link, true), s.g.c.name(Place{link.To.Table, j}))
				}
			}
		}
	}
	if len(spelled) == 0 {
		return string(clinical.LocalCode), told + "; could not guess: the words by which " + s.g.c.column(at) + " names terminologies"
	}
	return translation(from, spelled, func(word string) string { return string(terminologies()[strings.ToLower(word)]) }, string(clinical.LocalCode)),
		fmt.Sprintf("the terminology is named beside it in %d words that are known", len(spelled))
}

// words finds what somebody typed or what the code means.
func (s *scope) words(table int, alias string, own []string) claim {
	named := "original term|term|@ description|@ text|@ display|description|text|@ name|@ name text|@|title|note|name"
	if s.typed(own) && !slices.Contains(own, "document") {
		named = "@ type description|@ type|type description|type|class|@ class|source term"
		own = append(slices.Clone(own), "patient")
	}
	field := &fieldGuide{name: "text", want: wantText, words: named,
		avoid: "id type unit code category date result value staff organisation range normal location status quantity dosage consultant doc by closed sub is flag number", tables: ""}
	c, ok := s.g.choose(table, own, field)
	if !ok || s.g.c.stats(c.at).mostly(s.g.c.stats(c.at).Truth) || s.g.c.stats(c.at).mostly(s.g.c.stats(c.at).Number) || slices.Contains(s.g.keys[table], c.at.Column) {
		return claim{}
	}
	return claim{reference(alias, s.g.c.name(c.at)), c.sure, c.reason}
}

// translation writes {from: ..., values: {...}, else: ...}.
func translation(from string, spelled []string, ours func(string) string, otherwise string) string {
	var values []string
	for _, word := range spelled {
		values = append(values, scalar(word, true)+": "+ours(word))
	}
	written := "{from: " + scalar(from, true) + ", values: {" + strings.Join(values, ", ") + "}"
	if otherwise != "" {
		written += ", else: " + otherwise
	}
	return written + "}"
}

// scalar writes text as a YAML scalar, quoted where it could be read as anything else; in flow says that it stands in braces.
func scalar(text string, flow bool) string {
	plain := text != "" && strings.Trim(text[:1], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" && !strings.Contains(text, ": ") && !strings.Contains(text, " #") &&
		!strings.HasSuffix(text, ":") && text == strings.TrimSpace(text)
	if flow {
		plain = plain && !strings.ContainsAny(text, ",[]{}\"':")
	}
	switch strings.ToLower(text) {
	case "true", "false", "yes", "no", "on", "off", "null", "y", "n", "unknown":
		plain = false
	}
	if plain {
		return text
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}

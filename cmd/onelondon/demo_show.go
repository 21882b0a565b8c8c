package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// half is the width of one of the two columns; with the separator they are 100 characters.
const half = 48

// sideBySide shows two answers to one question in two columns, omitting what they have in common.
func sideBySide(name string, left, right answer) string {
	var text strings.Builder
	fmt.Fprintf(&text, "One question about %s, asked by two people at her practice:\n\n", name)
	row := func(a, b string) { fmt.Fprintf(&text, "%s │ %s\n", fit(a), strings.TrimRight(fit(b), " ")) }
	rule := strings.Repeat("─", half) + "─┼─" + strings.Repeat("─", half) + "\n"
	row(strings.ToUpper(left.who.Title), strings.ToUpper(right.who.Title))
	row(role(left), role(right))
	text.WriteString(rule)
	var same []string
	for _, section := range sections() {
		a, b := section.lines(left.patient), section.lines(right.patient)
		if slices.Equal(a, b) {
			same = append(same, strings.ToLower(section.title))
			continue
		}
		row(section.title, section.title)
		for i := range max(len(a), len(b)) {
			row(at(a, i), at(b, i))
		}
	}
	text.WriteString(rule)
	row("Why", "Why")
	a, b := reasons(left), reasons(right)
	for i := range max(len(a), len(b)) {
		row(at(a, i), at(b, i))
	}
	row(footing(left), footing(right))
	if len(same) > 0 {
		fmt.Fprintf(&text, "\nThe same in both: %s.\n", strings.Join(same, ", "))
	}
	for _, conflict := range left.patient.Allergies.Conflicts {
		fmt.Fprintf(&text, "\nA contradiction, shown and not settled:\n%s\n", wrapped("", conflict.Message, 2*half))
	}
	return text.String()
}

func role(a answer) string {
	return fmt.Sprintf("%s, role %s, purpose %s", a.who.Name, a.who.Role, a.patient.Receipt.Purpose)
}

func footing(a answer) string {
	answered := 0
	for _, source := range a.patient.Sources {
		if source.Outcome == "ANSWERED" {
			answered++
		}
	}
	return fmt.Sprintf("%d sources answered, %s; ledger entry %d", answered, a.elapsed.Round(100*time.Microsecond),
		a.patient.Receipt.LedgerSequence)
}

// reasons are those of the receipt, wrapped to the column.
func reasons(a answer) []string {
	var lines []string
	for _, reason := range a.patient.Receipt.Reasons {
		lines = append(lines, strings.Split(wrapped("-", reason, half), "\n")...)
	}
	return lines
}

// wrapped breaks text into lines of a width; the first begins with a mark, the others are indented.
func wrapped(mark, words string, width int) string {
	var text strings.Builder
	line := mark
	for word := range strings.FieldsSeq(words) {
		if utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
			text.WriteString(line + "\n")
			line = " "
		}
		line += " " + word
	}
	return text.String() + line
}

// section is one part of the answer.
type section struct {
	title string
	kind  string // the kind of record, as receipts name it; empty for demographics
	of    func(*patient) list
	words []string // the fields to show of an item
}

func sections() []section {
	return []section{
		{"Who", "REGISTRATION", nil, nil},
		{"Allergies", "ALLERGY_INTOLERANCE", func(p *patient) list { return p.Allergies }, []string{"code"}},
		{"Problems and diagnoses", "CONDITION", func(p *patient) list { return p.Conditions }, []string{"code"}},
		{"Medicines", "MEDICATION", func(p *patient) list { return p.Medications }, []string{"code"}},
		{"Observations", "OBSERVATION", func(p *patient) list { return p.Observations }, []string{"value", "unit", "code"}},
		{"Encounters", "ENCOUNTER", func(p *patient) list { return p.Encounters }, []string{"class", "reason"}},
		{"Appointments", "APPOINTMENT", func(p *patient) list { return p.Appointments }, []string{"service", "location"}},
		{"Contacts", "CONTACT", func(p *patient) list { return p.Contacts }, []string{"name", "relationship", "telephone"}},
		{"Alerts", "ALERT", func(p *patient) list { return p.Alerts }, []string{"code"}},
	}
}

func (s section) lines(p *patient) []string {
	if slices.Contains(p.Receipt.WithheldKinds, s.kind) {
		return []string{"  (withheld)"}
	}
	if s.of == nil {
		d := p.Demographics
		return []string{"  " + joined(d["givenName"], d["familyName"], "born", d["birthDate"]), "  " + joined(d["address"], d["postcode"]),
			"  " + d["telephone"]}
	}
	var lines []string
	for _, node := range s.of(p).Nodes {
		words := []string{shortDate(node["date"])}
		for _, field := range s.words {
			words = append(words, said(node[field]))
		}
		lines = append(lines, fmt.Sprintf("  %s %s", padded(joined(words...), half-3-widest), source(node)))
	}
	if len(lines) == 0 {
		return []string{"  (none)"}
	}
	return lines
}

func joined(words ...string) string {
	return strings.Join(slices.DeleteFunc(words, func(word string) bool { return word == "" }), " ")
}

// said is a value as text; for a concept its display or the source's own text.
func said(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case float64:
		return fmt.Sprint(value)
	case map[string]any:
		for _, field := range []string{"display", "text", "code"} {
			if words := said(value[field]); words != "" {
				return words
			}
		}
	}
	return ""
}

func shortDate(value any) string {
	date, _, _ := strings.Cut(said(value), "T")
	return date
}

// widest is the length of the longest short name of a source.
const widest = 9

// source is the first word of the id of an item's source, and the number of other sources that say the same.
func source(node map[string]any) string {
	first := shortName(node)
	others := map[string]bool{}
	contributors, _ := node["contributors"].([]any)
	for _, contributor := range contributors {
		if record, ok := contributor.(map[string]any); ok && shortName(record) != first {
			others[shortName(record)] = true
		}
	}
	if len(others) > 0 {
		return cut(first, widest-3) + fmt.Sprintf(" +%d", len(others))
	}
	return cut(first, widest)
}

func shortName(record map[string]any) string {
	provenance, _ := record["provenance"].(map[string]any)
	first, _, _ := strings.Cut(said(provenance["source"]), "-")
	return first
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

func fit(text string) string { return padded(text, half) }

// padded pads text to exactly this width.
func padded(text string, width int) string {
	text = cut(text, width)
	return text + strings.Repeat(" ", width-utf8.RuneCountInString(text))
}

func cut(text string, width int) string {
	if utf8.RuneCountInString(text) <= width {
		return text
	}
	return string([]rune(text)[:width-1]) + "…"
}

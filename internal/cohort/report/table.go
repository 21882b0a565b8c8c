package report

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"onelondon/internal/cohort"
)

// width is how many columns of a terminal prose may take.
const width = 100

// writeTable writes an answer for a terminal: what is missing, the figures, what was done to them, and how to cite them.
func writeTable(out io.Writer, answer *cohort.Answer) error {
	var page strings.Builder
	definition := &answer.Definition
	fmt.Fprintf(&page, "%s\n%s, version %d, as at %s\n\n", definition.Title, definition.Name, definition.Version, definition.AsAt)
	writeMissing(&page, answer)
	result := Readable(answer.Result)
	writeCells(&page, &result)
	writeProse(&page, "Warnings", answer.Warnings)
	writeProse(&page, "Notes", notes(&answer.Result))
	if answer.Words != "" {
		writeProse(&page, "What was asked", strings.Split(answer.Words, "\n"))
	}
	writeReceipt(&page, answer)
	_, err := io.WriteString(out, strings.Map(printable, page.String()))
	return err
}

// printable replaces what a terminal would obey: names come from sources.
func printable(letter rune) rune {
	if unicode.IsControl(letter) && letter != '\n' {
		return '\uFFFD'
	}
	return letter
}

// writeMissing says first what an incomplete answer lacks.
func writeMissing(page *strings.Builder, answer *cohort.Answer) {
	lacks := Incomplete(answer)
	if lacks == "" {
		return
	}
	fmt.Fprintf(page, "!!! %s\n", lacks)
	for i := range answer.Sources {
		if part := &answer.Sources[i]; !part.Answered {
			fmt.Fprintf(page, "!!! %s: %s\n", part.Name, outcome(part.Outcome))
		}
	}
	page.WriteString("\n")
}

// writeCells writes the figures: dimensions to the left, numbers to the right.
func writeCells(page *strings.Builder, result *cohort.Result) {
	head := append([]string{}, result.Columns...)
	for _, measure := range result.Measures {
		head = append(head, Heading(measure))
	}
	lines := [][]string{head}
	for i := range result.Rows {
		lines = append(lines, cells(result, result.Rows[i].Key, &result.Rows[i]))
	}
	if result.Total != nil && len(result.Columns) > 0 {
		key := make([]string, len(result.Columns))
		key[0] = "all"
		lines = append(lines, cells(result, key, result.Total))
	}
	if len(result.Rows) == 0 {
		page.WriteString("No cell has anybody in it.\n\n")
		return
	}
	align(page, lines, len(result.Columns), result.Total != nil && len(result.Columns) > 0)
	page.WriteString("\n")
}

func cells(result *cohort.Result, key []string, row *cohort.Row) []string {
	line := append([]string{}, key...)
	for i, measure := range result.Measures {
		line = append(line, Text(measure, row.Figures[i]))
	}
	return line
}

// align writes lines in columns, the first so many to the left and the others to the right, with rules under the head and, where
// the last line is a total, above it.
func align(page *strings.Builder, lines [][]string, left int, total bool) {
	widths := make([]int, len(lines[0]))
	for _, line := range lines {
		for i, cell := range line {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	rule := func() {
		for i, each := range widths {
			between(page, i)
			page.WriteString(strings.Repeat("-", each))
		}
		page.WriteString("\n")
	}
	for n, line := range lines {
		if n == 1 || total && n == len(lines)-1 {
			rule()
		}
		var text strings.Builder
		for i, cell := range line {
			between(&text, i)
			blank := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i < left {
				text.WriteString(cell + blank)
			} else {
				text.WriteString(blank + cell)
			}
		}
		page.WriteString(strings.TrimRight(text.String(), " ") + "\n")
	}
}

func between(page *strings.Builder, i int) {
	if i > 0 {
		page.WriteString("  ")
	}
}

// notes are what was done to the figures; what the mark means comes first where there is one.
func notes(result *cohort.Result) []string {
	for i := range result.Rows {
		for _, figure := range result.Rows[i].Figures {
			if !figure.Shown {
				mark := cohort.Redacted + " stands for a figure that may not be shown. It is not a zero."
				return append([]string{mark}, result.Notes...)
			}
		}
	}
	return result.Notes
}

// writeProse writes sentences under a head, wrapped.
func writeProse(page *strings.Builder, head string, sentences []string) {
	if len(sentences) == 0 {
		return
	}
	page.WriteString(head + "\n")
	for _, sentence := range sentences {
		wrap(page, "  ", sentence)
	}
	page.WriteString("\n")
}

// wrap writes a paragraph, every line behind an indent; what the paragraph is indented by stays.
func wrap(page *strings.Builder, indent, text string) {
	trimmed := strings.TrimLeft(text, " ")
	indent += strings.Repeat(" ", len(text)-len(trimmed))
	length := 0
	for _, word := range strings.Fields(trimmed) {
		size := utf8.RuneCountInString(word)
		switch {
		case length == 0:
			page.WriteString(indent)
			length = len(indent)
		case length+1+size > width:
			page.WriteString("\n" + indent)
			length = len(indent)
		default:
			page.WriteString(" ")
			length++
		}
		page.WriteString(word)
		length += size
	}
	page.WriteString("\n")
}

// writeReceipt writes what is needed to cite the figures and to doubt them.
func writeReceipt(page *strings.Builder, answer *cohort.Answer) {
	page.WriteString("Receipt\n")
	line := func(name, format string, values ...any) {
		fmt.Fprintf(page, "  %-11s "+format+"\n", append([]any{name}, values...)...)
	}
	line("definition", "%s", answer.Digest)
	line("project", "%s", answer.Project)
	line("answered", "%s", answer.AnsweredAt.UTC().Format(time.RFC3339))
	line("policy", "revision %s", answer.PolicyRevision)
	line("consent", "revision %d", answer.ConsentRevision)
	if len(answer.Sources) == 0 {
		return
	}
	lines := [][]string{{"source", "outcome", "newest entry", "rows at most", "ms"}}
	for i := range answer.Sources {
		part := &answer.Sources[i]
		lines = append(lines, []string{part.Name, outcome(part.Outcome), part.Freshness, grouped(int(part.Rows)), grouped(int(part.Milliseconds))})
	}
	var table strings.Builder
	align(&table, lines, 3, false)
	page.WriteString("\n")
	for text := range strings.Lines(table.String()) {
		page.WriteString("  " + text)
	}
}

// outcome makes of a word of the schema words for people.
func outcome(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", " ")) }

// Paragraphs wraps text for a terminal, every line behind an indent.
func Paragraphs(indent, text string) string {
	var page strings.Builder
	for _, paragraph := range strings.Split(strings.TrimSpace(text), "\n") {
		wrap(&page, indent, paragraph)
	}
	return strings.Map(printable, page.String())
}

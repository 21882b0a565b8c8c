package impact

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"onelondon/policy/specimen"
)

// Write prints the report as plain text.
func (r *Report) Write(out io.Writer) error {
	w := &writer{}
	w.linef("From policy %s to policy %s.", r.From, r.To)
	if !r.Changed() {
		w.linef("\nNothing would be decided otherwise.")
	}
	w.changes(r)
	w.codes(r.Codes)
	w.questions(r)
	w.made(r.Made)
	if r.Registered != nil {
		w.linef("\nPeople of whom the register knows something, were each of these to treat them; small numbers are hidden (*) as below")
		w.rows("group of roles", r.Registered)
	}
	if r.Accesses != "" {
		w.ledger(r)
	}
	_, err := io.WriteString(out, w.text.String())
	return err
}

// Changed reports whether the two policies differ in anything that was compared.
func (r *Report) Changed() bool { return len(r.Changes)+len(r.Codes)+len(r.Questions) > 0 }

type writer struct{ text strings.Builder }

func (w *writer) linef(format string, arguments ...any) {
	fmt.Fprintf(&w.text, format+"\n", arguments...)
}

// mostChanges is the maximum number of differences that are listed.
const mostChanges = 12

func (w *writer) changes(r *Report) {
	if len(r.Changes) == 0 {
		return
	}
	w.linef("\nWhat would change (+ more is released, - less)")
	for i, change := range r.Changes {
		if i == mostChanges {
			w.linef("  and %d more differences; --format json has them all", len(r.Changes)-i)
			break
		}
		w.difference("  ", &change.Then)
		w.linef("      for example: %s", strings.Join(change.Example, " "))
	}
}

func (w *writer) difference(indent string, d *specimen.Difference) {
	for _, share := range d.Gained {
		w.linef("%s+ %s", indent, share.Sentence())
	}
	for _, share := range d.Lost {
		w.linef("%s- %s", indent, share.Sentence())
	}
	if len(d.Unmasked) > 0 {
		w.linef("%s+ the fields %s", indent, specimen.Listed(d.Unmasked))
	}
	if len(d.Masked) > 0 {
		w.linef("%s- the fields %s", indent, specimen.Listed(d.Masked))
	}
}

func (w *writer) codes(all []Codes) {
	if len(all) == 0 {
		return
	}
	w.linef("\nCode lists: records that only a code marks would be treated otherwise")
	for _, codes := range all {
		w.linef("  %s: %s", codes.Category, strings.Join(append(signed("+", codes.Added), signed("-", codes.Removed)...), ", "))
	}
}

func signed(sign string, words []string) []string {
	all := make([]string, len(words))
	for i, word := range words {
		all[i] = sign + word
	}
	return all
}

func (w *writer) questions(r *Report) {
	w.linef("\nKept questions: %d, of which %d would be answered otherwise", r.Kept, len(r.Questions))
	for _, question := range r.Questions {
		w.linef("  %s (%s:%d)", question.Title, question.File, question.Line)
		w.difference("      ", &question.Then)
	}
}

func (w *writer) made(all []Population) {
	w.linef("\nQuestions made of the policies' words, each once; these count questions, not people")
	table := tabwriter.NewWriter(&w.text, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "  group of roles\tpurpose\tquestions\tmore\tless")
	for _, p := range all {
		if p.More+p.Less > 0 {
			fmt.Fprintf(table, "  %s\t%s\t%d\t%d\t%d\n", p.Name, orNone(p.Purpose), p.Questions, p.More, p.Less)
		}
	}
	_ = table.Flush() // cannot fail: writes to memory
}

func (w *writer) ledger(r *Report) {
	w.linef("\nThe ledger holds %s accesses. Asked again: %s with exactly what was decided on, %s with an assumption about the person.\n%s could not be: nothing explains what the ledger says of them.",
		r.Accesses, r.Exact, r.Guessed, r.NotReplayed)
	if len(r.Assumed) > 0 {
		w.linef("Older entries do not say what was known of a person. It was assumed")
	}
	for _, assumed := range r.Assumed {
		w.linef("  of %s accesses: %s", assumed.Accesses, assumed.Person)
	}
	w.linef("Counts are of people, each once in a row; small numbers are hidden (*), and others where these could be worked out from them;\nthe rest is rounded, and sums are of what is shown.")
	for _, part := range []struct {
		heading string
		rows    []Row
	}{{"group of roles", r.Roles}, {"kind of record", r.Kinds}, {"source", r.Sources}} {
		w.rows(part.heading, part.rows)
	}
}

func (w *writer) rows(heading string, rows []Row) {
	w.linef("")
	table := tabwriter.NewWriter(&w.text, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "  %s\tpurpose\tpeople\tgain\tlose\t\n", heading)
	for _, row := range rows {
		fmt.Fprintf(table, "  %s\t%s\t%s\t%s\t%s\t%s\n", row.Name, row.Purpose, row.People, row.Gain, row.Lose, strings.Join(row.Examples, " "))
	}
	_ = table.Flush() // cannot fail: writes to memory
}

func orNone(purpose string) string {
	if purpose == "" {
		return "(none)"
	}
	return purpose
}

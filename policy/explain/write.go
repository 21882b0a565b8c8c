package explain

import (
	"fmt"
	"io"
	"strings"

	"onelondon/policy/specimen"
)

// Write prints the explanation as plain text. Places are paths inside the policy's folder, prefixed by folder.
func (e *Explanation) Write(out io.Writer, folder string) error {
	w := &writer{folder: folder}
	for _, sentence := range e.Question {
		w.line("%s", sentence)
	}
	w.line("")
	w.line("%s", e.verdict())
	w.reasons(e.Reasons)
	if e.Permitted && !e.Hidden {
		w.released(e)
		w.bounds(e.Bounds)
	}
	if e.Record != nil {
		w.record(e.Record)
	}
	w.changes("What would release more", "No single change would release more.", e.More)
	w.changes("What would release less", "", e.Less)
	w.line("")
	w.line("Policy %s.", e.Revision)
	_, err := io.WriteString(out, w.text.String())
	return err
}

// verdict summarises the decision in one sentence.
func (e *Explanation) verdict() string {
	switch {
	case e.Hidden:
		return "Nothing is released: to this caller there is no such person."
	case !e.Permitted:
		return "Nothing is released."
	}
	verdict := "Records are released."
	if e.Alert {
		verdict += " A privacy officer reviews the access."
	}
	if e.Notify {
		verdict += " The person is told of it."
	}
	return verdict
}

type writer struct {
	text   strings.Builder
	folder string
}

// width is the maximum length of a line.
const width = 118

func (w *writer) line(format string, arguments ...any) {
	w.wrapped("", fmt.Sprintf(format, arguments...))
}

// wrapped writes text in lines that begin with indent.
func (w *writer) wrapped(indent, text string) {
	at := 0
	for i, word := range strings.Fields(text) {
		switch {
		case i == 0:
			w.text.WriteString(indent)
			at = len(indent)
		case at+1+len(word) > width:
			w.text.WriteString("\n" + indent + "  ")
			at = len(indent) + 2
		default:
			w.text.WriteByte(' ')
			at++
		}
		w.text.WriteString(word)
		at += len(word)
	}
	w.text.WriteByte('\n')
}

func (w *writer) heading(text string) {
	w.line("")
	w.line("%s", text)
}

func (w *writer) place(p Place) string {
	place := fmt.Sprintf("%s:%d", p.File, p.Line)
	if w.folder != "" {
		place = w.folder + "/" + place
	}
	return fmt.Sprintf("%s (%s, %s, for %s)", p.Title, p.Rule, place, p.Expectation)
}

func (w *writer) reasons(reasons []Reason) {
	w.heading("Why")
	for _, reason := range reasons {
		w.wrapped("  ", reason.Code+": "+reason.Words)
		if reason.Rule.Rule != "" {
			w.wrapped("      ", "said by: "+w.place(reason.Rule))
		}
		for _, rests := range reason.Rests {
			word := "which holds: "
			if !rests.Holds {
				word = "which does not hold: "
			}
			w.wrapped("      ", word+w.place(rests.Rule))
		}
	}
}

func (w *writer) released(e *Explanation) {
	w.heading("Released")
	for _, kind := range e.Kinds {
		w.wrapped("  ", strings.Join(kind.Kinds, ", ")+where(kind.Where))
		for i, words := range kind.Where {
			if len(kind.Where) > 1 {
				w.wrapped("      ", alternative(i)+words)
			}
		}
		if len(kind.Masked) > 0 {
			w.wrapped("      ", "without "+fields(kind.Masked))
		}
	}
	w.heading("Withheld")
	for _, withheld := range e.Withheld {
		w.wrapped("  ", withheld.Sentence())
		for _, rule := range withheld.Rules {
			w.wrapped("      ", "because this does not hold: "+w.place(rule))
		}
	}
}

func where(alternatives []string) string {
	switch len(alternatives) {
	case 0:
		return ": every record"
	case 1:
		return ": a record of which " + alternatives[0]
	}
	return ": a record of which"
}

func alternative(i int) string {
	if i == 0 {
		return "either "
	}
	return "or "
}

func (w *writer) bounds(bounds []Bound) {
	w.heading("What each rule about single records lets through. Databases are told all of it, and every record that comes back is tested again in memory.")
	for _, bound := range bounds {
		w.wrapped("  ", w.place(bound.Rule)+": "+bound.Lets)
		for i, words := range bound.Where {
			w.wrapped("      ", alternative(i)+words)
		}
	}
}

func (w *writer) record(r *Record) {
	w.heading(r.Says)
	for _, rule := range r.Rules {
		word := "let through by: "
		if !r.Released {
			word = "because this does not hold: "
		}
		w.wrapped("  ", word+w.place(rule))
	}
	switch {
	case r.Released:
	case len(r.Instead) == 0:
		w.wrapped("  ", "No single change would release it.")
	default:
		w.wrapped("  ", "It would be released")
		w.ways("    ", r.Instead)
	}
}

// ways writes each of several ways to one end.
func (w *writer) ways(indent string, all []string) {
	for i, words := range all {
		if i == mostWays {
			w.wrapped(indent, fmt.Sprintf("or in %d other ways", len(all)-i))
			break
		}
		word := "if "
		if i > 0 {
			word = "or if "
		}
		w.wrapped(indent, word+words)
	}
}

// mostWays is the maximum number of alternative changes that are listed.
const mostWays = 10

func (w *writer) changes(heading, none string, changes []Change) {
	if len(changes) == 0 {
		if none != "" {
			w.heading(none)
		}
		return
	}
	w.heading(heading)
	for _, change := range changes {
		w.ways("  ", change.If)
		w.difference(&change.Then)
	}
}

func (w *writer) difference(d *specimen.Difference) {
	for _, share := range d.Gained {
		w.wrapped("      ", "+ "+share.Sentence())
	}
	for _, share := range d.Lost {
		w.wrapped("      ", "- "+share.Sentence())
	}
	if len(d.Unmasked) > 0 {
		w.wrapped("      ", "+ "+fields(d.Unmasked))
	}
	if len(d.Masked) > 0 {
		w.wrapped("      ", "- "+fields(d.Masked))
	}
}

// fields names fields: "the field Contact.note".
func fields(names []string) string {
	if len(names) == 1 {
		return "the field " + names[0]
	}
	return "the fields " + specimen.Listed(names)
}

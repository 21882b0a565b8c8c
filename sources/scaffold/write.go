package scaffold

import (
	"fmt"
	"strings"
)

// YAML writes the draft as a mapping. Each line ends in a remark: how sure it is, between 0 and 1, and why.
func (d *Draft) YAML() []byte {
	w := &writer{}
	w.line(0, "# A draft made by `onelondon source scaffold`. Read it line by line before it is used: the number in a remark is how sure the guess is.")
	w.line(0, "# What could not be guessed says so; search for \"could not guess\". Then: onelondon source check.")
	for _, remark := range d.Head {
		w.line(0, "# "+remark)
	}
	w.line(0, "system: "+scalar(d.System, false))
	w.line(0, "title: "+scalar(d.Title, false))
	if len(d.Parameters) > 0 {
		w.line(0, "parameters: ["+strings.Join(d.Parameters, ", ")+"]  # each source gives them values where it is configured")
	}
	w.line(0, "missing_dates: ["+strings.Join(d.MissingDates, ", ")+"]  # days that samples hold and that mean no date; 1900-01-01 in any case")
	w.line(0, "")
	w.line(0, "person:")
	w.entries(1, d.Person)
	w.line(0, "")
	w.line(0, "records:")
	for i := range d.Kinds {
		w.kind(&d.Kinds[i])
	}
	w.watermark(d.Watermark)
	if len(d.Unused) > 0 {
		w.line(0, "")
		w.line(0, "# Tables that lead to a person and of which nothing was made: "+strings.Join(d.Unused, ", "))
	}
	return []byte(w.text.String())
}

type writer struct{ text strings.Builder }

func (w *writer) line(depth int, text string) {
	if text != "" {
		w.text.WriteString(strings.Repeat("  ", depth))
	}
	w.text.WriteString(text + "\n")
}

func (w *writer) kind(k *kindDraft) {
	if len(k.sets) == 0 {
		note := "a table that holds it"
		if k.note != "" {
			note = k.note
		}
		w.line(1, "# "+k.kind.String()+": could not guess: "+note)
		return
	}
	w.line(1, k.kind.String()+":")
	if len(k.also) > 0 {
		w.line(2, "# also like it, and left out: "+strings.Join(k.also, ", "))
	}
	if k.note != "" {
		w.line(2, "# could not guess: "+k.note)
	}
	for _, set := range k.sets {
		w.set(set)
	}
}

func (w *writer) set(set []entry) {
	inner := &writer{}
	inner.entries(3, set)
	text := inner.text.String()
	// The first key of a set stands behind its dash.
	w.text.WriteString(strings.Repeat("  ", 2) + "- " + strings.TrimPrefix(text, strings.Repeat("  ", 3)))
}

func (w *writer) watermark(marks []entry) {
	w.line(0, "")
	if len(marks) == 0 {
		w.line(0, "# could not guess: watermark, a column that says when rows were written")
		return
	}
	w.line(0, "watermark:")
	for _, mark := range marks {
		w.line(1, "- "+mark.claim.value+remark(mark.claim))
	}
}

func (w *writer) entries(depth int, entries []entry) {
	for _, e := range entries {
		switch {
		case len(e.list) > 0:
			w.line(depth, e.key+":")
			for _, item := range e.list {
				w.line(depth+1, "- "+scalar(item.value, false)+remark(item))
			}
		case len(e.under) > 0:
			w.line(depth, e.key+":")
			w.entries(depth+1, e.under)
		case e.claim.value == "" && e.key == "":
			w.line(depth, "# could not guess: "+e.claim.reason)
		case e.claim.value == "":
			w.line(depth, "# "+e.key+": could not guess: "+e.claim.reason)
		default:
			w.line(depth, e.key+": "+written(e.claim.value)+remark(e.claim))
		}
	}
}

// written is a value as it stands in a line of its own: what is YAML already stays as it is.
func written(value string) string {
	if strings.HasPrefix(value, "{") || strings.HasPrefix(value, "[") || value == "null" || value == "true" || value == "unknown" {
		return value
	}
	return scalar(value, false)
}

func remark(c claim) string {
	switch {
	case c.sure <= 0 && c.reason == "":
		return ""
	case c.sure <= 0:
		return "  # could not guess: " + c.reason
	}
	return fmt.Sprintf("  # %.2f %s", c.sure, c.reason)
}

// Complete reports whether people and their NHS numbers were found, without which nothing can be asked.
func (d *Draft) Complete() bool { return d.people && d.number }

// Summary says in a few lines what was found, for whoever waits.
func (d *Draft) Summary() string {
	var found, missing []string
	sets := 0
	for i := range d.Kinds {
		if len(d.Kinds[i].sets) > 0 {
			found = append(found, d.Kinds[i].kind.String())
			sets += len(d.Kinds[i].sets)
		} else {
			missing = append(missing, d.Kinds[i].kind.String())
		}
	}
	var text strings.Builder
	switch {
	case !d.people:
		text.WriteString("no table of people was found\n")
	case !d.number:
		text.WriteString("people were found, and no NHS numbers\n")
	}
	fmt.Fprintf(&text, "%d kinds of record in %d sets: %s\n", len(found), sets, strings.Join(found, ", "))
	if len(missing) > 0 {
		fmt.Fprintf(&text, "could not guess: %s\n", strings.Join(missing, ", "))
	}
	fmt.Fprintf(&text, "%d lines say \"could not guess\": read them, then run onelondon source check\n", strings.Count(string(d.YAML()), "could not guess")-1)
	return text.String()
}

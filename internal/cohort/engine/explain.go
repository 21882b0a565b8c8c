package engine

import (
	"fmt"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/sources"
)

// String writes the plan for people to read: what is asked, of whom, and how the answers are joined.
func (p *Plan) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, version %d, as at %s\n\nasked\n", p.Definition.Name, p.Definition.Version, p.Definition.AsAt)
	for i := range p.Questions {
		fmt.Fprintf(&b, "  %d %s: %s\n", i+1, p.Questions[i].Name, p.Questions[i].describe())
	}
	if p.Facts {
		b.WriteString("  registrations: birth, death, sex, practice\n")
	}
	b.WriteString("\nof\n")
	for _, source := range p.Sources {
		fmt.Fprintf(&b, "  %s: %s\n", source.Source, source.describe())
	}
	b.WriteString("\njoined by person\n")
	for i := range p.Definition.Events {
		if choice := p.choice(&p.Definition.Events[i]); choice != "" {
			fmt.Fprintf(&b, "  %s: %s\n", p.Definition.Events[i].Name, choice)
		}
	}
	fmt.Fprintf(&b, "  people: %s\n", p.chosen())
	for i := range p.Definition.By {
		for _, group := range p.Definition.By[i].Groups {
			fmt.Fprintf(&b, "  group %s: %s\n", group.Name, describe(&group.Where))
		}
	}
	return b.String()
}

func (s *SourcePlan) describe() string {
	var asked []string
	for _, number := range s.Questions {
		asked = append(asked, fmt.Sprint(number+1))
	}
	if s.Facts {
		asked = append(asked, "registrations")
	}
	return strings.Join(asked, ", ")
}

func (q *Question) describe() string {
	text := strings.Join(append([]string{q.Kind.String()}, q.narrowed()...), ", ")
	text += "; " + map[sources.Reduce]string{sources.ReduceNothing: "every event", sources.ReduceToAny: "one event a person",
		sources.ReduceToFirst: "each person's first day", sources.ReduceToLast: "each person's last day"}[q.Reduce]
	if fields := fieldNames(q.Wanted); fields != "" {
		text += " with " + fields
	}
	return text
}

// narrowed says which records are meant.
func (q *Question) narrowed() (parts []string) {
	if len(q.Codes) > 0 {
		parts = append(parts, fmt.Sprintf("any of %d codes", len(q.Codes)))
	}
	parts = append(parts, listed("class", q.Classes)...)
	parts = append(parts, listed("status", q.Statuses)...)
	parts = append(parts, listed("held by", q.Organisations)...)
	for _, bound := range []struct {
		words string
		value *float64
	}{{"over", q.Value.Over}, {"at least", q.Value.AtLeast}, {"below", q.Value.Below}, {"at most", q.Value.AtMost}} {
		if bound.value != nil {
			parts = append(parts, fmt.Sprintf("value %s %v", bound.words, *bound.value))
		}
	}
	parts = append(parts, listed("in", q.Value.Units)...)
	if q.From != clinical.NoDay {
		parts = append(parts, "from "+q.From.String())
	}
	if q.Until != clinical.NoDay {
		parts = append(parts, "until "+q.Until.String())
	}
	if q.Undated {
		parts = append(parts, "or without a date")
	}
	return parts
}

func listed[W ~string](what string, words []W) []string {
	if len(words) == 0 {
		return nil
	}
	texts := make([]string, len(words))
	for i, word := range words {
		texts[i] = string(word)
	}
	return []string{what + " " + strings.Join(texts, " or ")}
}

func fieldNames(wanted sources.EventFields) string {
	var named []string
	for _, field := range []struct {
		bit  sources.EventFields
		name string
	}{{sources.WantDay, "day"}, {sources.WantEnd, "end"}, {sources.WantValue, "value"}, {sources.WantMark, "mark"}, {sources.WantOrganisation, "organisation"}} {
		if wanted&field.bit != 0 {
			named = append(named, field.name)
		}
	}
	return strings.Join(named, ", ")
}

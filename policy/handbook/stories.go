package handbook

import (
	"context"
	"maps"
	"path"
	"slices"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/policy"
	"onelondon/policy/casebook"
	"onelondon/policy/prose"
	"onelondon/policy/specimen"
)

// stories tells the cases, page by page.
func (b *book) stories(ctx context.Context) error {
	b.linef("\n## Cases\n\nDecisions that governance wrote down. Each is tried on the rules on every check, so each is so.")
	page := ""
	for i := range b.pages.Records {
		c := &b.pages.Records[i]
		if c.File != page {
			page = c.File
			title := prose.Spaced(strings.TrimSuffix(path.Base(page), path.Ext(page)))
			b.linef("\n### Cases: %s\n\nIn [`%s`](../policy/%s).", title, page, page)
		}
		if err := b.story(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// story tells one case: who asks, what comes of it, and what the caller is told.
func (b *book) story(ctx context.Context, c *casebook.Case) error {
	input := c.Input()
	decision, err := b.Decide(ctx, input)
	if err != nil {
		return err
	}
	b.linef("\n**%s.** %s", strings.TrimSuffix(c.Title, "."), prose.Joined(b.teller.Question(input)))
	b.linef("\n- %s", strings.Join(b.outcome(decision), "\n- "))
	var told []string
	for _, reason := range decision.Reasons {
		told = append(told, b.Words(reason))
	}
	for _, record := range c.Expect.Records {
		b.linef("- %s", b.recordInWords(record))
	}
	if !decision.Hide {
		b.linef("- The caller is told: %s", strings.Join(told, " "))
	}
	return nil
}

// recordInWords tells what becomes of a single record: "A Condition of RYJ with the code SNOMED_CT 86406008 is withheld."
func (b *book) recordInWords(record casebook.Outcome) string {
	words := "A record of the kind " + record.Kind
	if record.Of != "" {
		words += " of " + record.Of
	}
	if record.Code != "" {
		words += " with the code " + record.Code
	}
	for _, label := range slices.Sorted(maps.Keys(record.Labels)) {
		said := "not marked "
		if record.Labels[label] {
			said = "marked "
		}
		words += ", " + said + prose.Spaced(label) + " by its source,"
	}
	if record.Released {
		return strings.TrimSuffix(words, ",") + " is released."
	}
	return strings.TrimSuffix(words, ",") + " is withheld."
}

// outcome says what a decision releases.
func (b *book) outcome(decision *policy.Decision) []string {
	switch {
	case decision.Hide:
		return []string{"To this caller there is no such person."}
	case !decision.Permitted:
		return []string{"Nothing is released."}
	}
	var said []string
	for _, group := range b.alike(decision) {
		words := "Released: " + group.kinds
		switch len(group.where) {
		case 0:
			words += ", every record."
		case 1:
			words += ", if " + group.where[0] + "."
		default:
			words += ", if " + strings.Join(group.where, "; or ") + "."
		}
		if len(group.masked) > 0 {
			words += " Without the fields " + specimen.Listed(group.masked) + "."
		}
		said = append(said, words)
	}
	if len(said) == 0 {
		said = append(said, "No record is released.")
	}
	if decision.Alert {
		said = append(said, "A privacy officer reviews the access.")
	}
	if decision.Notify {
		said = append(said, "The person is told of it.")
	}
	return said
}

// alike is kinds that are released alike.
type alike struct {
	kinds         string
	where, masked []string
}

// alike gathers the kinds that a decision releases alike.
func (b *book) alike(decision *policy.Decision) []alike {
	var groups []alike
	names := [][]string{}
	at := map[string]int{}
	for _, kind := range clinical.Kinds() {
		release := decision.Release(kind)
		if release.Condition.IsNever() {
			continue
		}
		group := alike{where: b.teller.Condition(release.Condition)}
		for i := range kind.Descriptor().Fields {
			if field := &kind.Descriptor().Fields[i]; release.Masked.Has(field.Bit) {
				group.masked = append(group.masked, field.Name)
			}
		}
		key := strings.Join(group.where, "\x00") + "\x01" + strings.Join(group.masked, "\x00")
		if _, known := at[key]; !known {
			at[key] = len(groups)
			groups, names = append(groups, group), append(names, nil)
		}
		names[at[key]] = append(names[at[key]], kind.String())
	}
	for i := range groups {
		groups[i].kinds = kindsInWords(names[i])
	}
	return groups
}

// kindsInWords lists kinds; where most are among them, it lists what is not.
func kindsInWords(names []string) string {
	var missing []string
	for _, kind := range clinical.Kinds() {
		if !slices.Contains(names, kind.String()) {
			missing = append(missing, kind.String())
		}
	}
	switch {
	case len(missing) == 0:
		return "every kind of record"
	case len(missing) < len(names)/2:
		return "every kind of record but " + specimen.Listed(missing)
	}
	return specimen.Listed(names)
}

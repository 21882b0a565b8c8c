package handbook

import (
	"context"
	"path"
	"slices"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/policy"
	"onelondon/policy/casebook"
	"onelondon/policy/prose"
	"onelondon/policy/specimen"
)

// stories tells the cases, page by page, after a list of the pages.
func (b *book) stories(ctx context.Context) error {
	b.text.WriteString(casesOpening)
	b.pagesOfCases()
	page := ""
	for i := range b.pages.Records {
		c := &b.pages.Records[i]
		if c.File != page {
			page = c.File
			b.linef("\n### %s\n\nIn [`%s`](../policy/%s).", b.pageTitle(page), page, page)
		}
		if err := b.story(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// pagesOfCases lists the pages, with how many cases each has.
func (b *book) pagesOfCases() {
	var files []string
	count := map[string]int{}
	note := func(file string) {
		if count[file] == 0 {
			files = append(files, file)
		}
		count[file]++
	}
	for i := range b.pages.Records {
		note(b.pages.Records[i].File)
	}
	for i := range b.pages.Oversight {
		note(b.pages.Oversight[i].File)
	}
	for i := range b.pages.Studies {
		note(b.pages.Studies[i].File)
	}
	b.linef("\n| page | cases |\n|---|---|")
	for _, file := range files {
		b.linef("| [%s](#%s) | %d |", strings.TrimPrefix(b.pageTitle(file), "Cases: "), anchor(b.pageTitle(file)), count[file])
	}
}

// pageTitle is the title of the topic that a page of cases is named after, or its name.
func (b *book) pageTitle(file string) string {
	name := strings.TrimSuffix(path.Base(file), path.Ext(file))
	for _, topic := range b.Topics() {
		if path.Base(path.Dir(topic.File)) == name {
			return "Cases: " + topic.Title
		}
	}
	title := prose.Spaced(name)
	return "Cases: " + strings.ToUpper(title[:1]) + title[1:]
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
	for _, said := range b.recordsInWords(c.Expect.Records) {
		b.linef("- %s", said)
	}
	if !decision.Hide {
		b.linef("- The caller is told: %s", strings.Join(told, " "))
	}
	return nil
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
		group := alike{where: b.teller.Condition(release.Condition), masked: release.LeftOut(kind)}
		slices.SortStableFunc(group.where, ownLast)
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

// ownLast puts the alternative that speaks of an organisation's own records last, wherever the condition has it.
func ownLast(one, other string) int {
	rank := map[bool]int{true: 1}
	return rank[strings.HasSuffix(one, " own")] - rank[strings.HasSuffix(other, " own")]
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

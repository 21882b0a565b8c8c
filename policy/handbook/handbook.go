package handbook

import (
	"context"
	_ "embed"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"onelondon/policy"
	"onelondon/policy/casebook"
	"onelondon/policy/prose"
	"onelondon/policy/specimen"
)

var (
	//go:embed opening.md
	opening string
	//go:embed cases.md
	casesOpening string
	//go:embed changing.md
	changing string
	//go:embed glossary.md
	glossary string
)

// Write writes the handbook of a policy in Markdown. Links lead from docs/ to the policy's own files. An error means that the
// policy could not decide a question that the handbook asks it.
func Write(ctx context.Context, out io.Writer, inspection *policy.Inspection, pages casebook.Pages) error {
	expected, err := readExpected()
	if err != nil {
		return err
	}
	b := &book{Inspection: inspection, pages: pages, expected: expected, teller: prose.New(inspection.Tables()),
		set: specimen.Set(inspection.Tables(), exampleOrganisation)}
	b.text.WriteString(opening)
	b.contents()
	for _, chapter := range []func(context.Context) error{b.sight, b.oversight, b.studies, b.rules, b.categories, b.stories, b.otherStories, b.words} {
		if err := chapter(ctx); err != nil {
			return err
		}
	}
	b.text.WriteString("\n" + expected.chapter(inspection.Topics()) + "\n" + changing + "\n" + glossary)
	_, err = io.WriteString(out, b.text.String())
	return err
}

// book is the handbook while it is written.
type book struct {
	*policy.Inspection
	pages    casebook.Pages
	expected *expected
	teller   *prose.Teller
	set      *specimen.Specimens
	text     strings.Builder
}

func (b *book) linef(format string, arguments ...any) {
	fmt.Fprintf(&b.text, format+"\n", arguments...)
}

func (b *book) contents() {
	b.linef("\n## Contents\n")
	for _, chapter := range []string{"Who sees what", "Who oversees", "Who may ask for numbers", "The rules", "Sensitive categories", "Cases", "What people are told", "Expectations",
		"How a rule is changed", "How a change is approved", "Glossary"} {
		b.linef("- [%s](#%s)", chapter, anchor(chapter))
	}
}

// anchor is what a heading is linked by: without its colon, as Markdown's readers make it.
func anchor(title string) string {
	return strings.NewReplacer(" ", "-", ":", "").Replace(strings.ToLower(title))
}

// rules tells every topic and every rule. The topics that put the others together come first.
func (b *book) rules(context.Context) error {
	b.linef("\n## The rules\n\nTopic by topic. A rule that speaks of single records becomes part of what databases are told; the others are settled before any\ndatabase is asked.")
	topics := slices.Clone(b.Topics())
	slices.SortStableFunc(topics, func(one, other policy.Topic) int { return rank(one) - rank(other) })
	for i := range topics {
		topic := &topics[i]
		b.linef("\n### %s\n\n%s\n\nIn [`%s`](../policy/%s).", topic.Title, filled(topic.Description), topic.File, topic.File)
		for n := range topic.Rules {
			b.rule(&topic.Rules[n])
		}
	}
	return nil
}

// rank puts topics that hold an entrypoint first.
func rank(topic policy.Topic) int {
	if slices.ContainsFunc(topic.Rules, func(r policy.Rule) bool { return r.Entrypoint }) {
		return 0
	}
	return 1
}

func (b *book) rule(rule *policy.Rule) {
	b.linef("\n**%s.** %s\n", rule.Title, filled(rule.Description))
	notes := []string{"`" + rule.Ref() + "`", "serves " + b.expected.serves(rule.Expectation)}
	if rule.AboutRecord {
		notes = append(notes, "speaks of single records")
	}
	var rests []string
	for _, ref := range rule.Uses {
		if used, known := b.Rule(ref); known {
			rests = append(rests, "“"+used.Title+"”")
		}
	}
	if len(rests) > 0 {
		notes = append(notes, "rests on "+specimen.Listed(rests))
	}
	for _, table := range rule.Tables {
		notes = append(notes, fmt.Sprintf("reads the table [%s](../policy/data/%s.yaml)", table, table))
	}
	b.linef("*%s.*", strings.Join(notes, "; "))
}

// filled breaks text into lines as the rest of the handbook is.
func filled(text string) string {
	const width = 120
	var b strings.Builder
	for i, paragraph := range strings.Split(text, "\n\n") {
		if i > 0 {
			b.WriteString("\n\n")
		}
		at := 0
		for _, word := range strings.Fields(paragraph) {
			switch {
			case at > 0 && at+1+len(word) > width:
				b.WriteByte('\n')
				at = 0
			case at > 0:
				b.WriteByte(' ')
				at++
			}
			b.WriteString(word)
			at += len(word)
		}
	}
	return b.String()
}

// categories tells the table of categories.
func (b *book) categories(context.Context) error {
	table, _ := b.Tables()["categories"].(map[string]any)
	restricted, _ := b.Tables()["restricted"].(map[string]any)
	if len(table) == 0 {
		return nil
	}
	b.linef("\n## Sensitive categories\n\nA record is of a category if its source says so, or if one of its codes is on the category's list. The lists that come with the\nprogram are starters; a site adds its own ([`data/categories.yaml`](../policy/data/categories.yaml)).\n\n| category | asked for by | codes that come with the program | blocks of ICD-10 and OPCS-4 | a record that nobody can judge |\n|---|---|---|---|---|")
	for _, name := range slices.Sorted(maps.Keys(table)) {
		entry, _ := table[name].(map[string]any)
		codes, _ := entry["codes"].(map[string]any)
		count := 0
		for _, system := range codes {
			listed, _ := system.(map[string]any)
			count += len(listed)
		}
		doubt := "counts as of the category"
		if entry["doubt"] == "free" {
			doubt = "counts as free of it"
		}
		by := fmt.Sprint(entry["expectation"])
		if law, isRestricted := restricted[name].(map[string]any); isRestricted {
			by += "; restricted by law: " + fmt.Sprint(law["law"])
		}
		b.linef("| %s | %s | %d | %s | %s |", entry["title"], b.expected.serves(by), count, blocks(entry), doubt)
	}
	return nil
}

// blocks names the parts of classifications that are of a category as a whole.
func blocks(category map[string]any) string {
	var names []string
	systems, _ := category["blocks"].(map[string]any)
	for _, system := range slices.Sorted(maps.Keys(systems)) {
		listed, _ := systems[system].(map[string]any)
		names = append(names, slices.Sorted(maps.Keys(listed))...)
	}
	return strings.Join(names, ", ")
}

// words lists what people are told.
func (b *book) words(context.Context) error {
	table, _ := b.Tables()["words"].(map[string]any)
	b.linef("\n## What people are told\n\nA decision gives its reasons as codes; these are the sentences that people are shown instead\n([`data/words.yaml`](../policy/data/words.yaml)). None of them names what is withheld.\n\n| code | words | serves |\n|---|---|---|")
	for _, code := range slices.Sorted(maps.Keys(table)) {
		entry, _ := table[code].(map[string]any)
		b.linef("| `%s` | %s | %s |", code, entry["words"], b.expected.serves(fmt.Sprint(entry["expectation"])))
	}
	return nil
}

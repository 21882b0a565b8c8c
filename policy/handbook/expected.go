package handbook

import (
	_ "embed"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"

	"onelondon/policy"
)

//go:embed expectations.yaml
var expectationsFile []byte

// expected is expectations.yaml.
type expected struct {
	Expectations map[string]expectation `yaml:"expectations"`
	Notes        map[string]note        `yaml:"notes"`
}

// expectation is one thing that Londoners expected.
type expectation struct {
	Status string `yaml:"status"`
	Source string `yaml:"source"`
	Says   string `yaml:"says"`
}

// note is a section of the notes on the domain.
type note struct {
	Title  string `yaml:"title"`
	Source string `yaml:"source"`
}

func readExpected() (*expected, error) {
	var e expected
	if err := yaml.UnmarshalWithOptions(expectationsFile, &e, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("read expectations: %w", err)
	}
	return &e, nil
}

// Unknown lists what the rules refer to and no list of expectations explains: an expectation CS-n or a section of the notes
// that does not exist. Laws are not among them: a law is its own citation.
func Unknown(topics []policy.Topic) ([]string, error) {
	e, err := readExpected()
	if err != nil {
		return nil, err
	}
	var unknown []string
	for i := range topics {
		for n := range topics[i].Rules {
			rule := &topics[i].Rules[n]
			for _, reference := range summitReferences(rule.Expectation) {
				if _, known := e.Expectations[reference]; !known {
					unknown = append(unknown, rule.Ref()+": "+reference)
				}
			}
			for _, section := range noteReferences(rule.Expectation) {
				if _, known := e.Notes[section]; !known {
					unknown = append(unknown, rule.Ref()+": DOMAIN.md "+section)
				}
			}
		}
	}
	return unknown, nil
}

func summitReferences(text string) []string {
	return regexp.MustCompile(`CS-\d+`).FindAllString(text, -1)
}

// noteReferences are the sections in "DOMAIN.md 2.11 and 7".
func noteReferences(text string) []string {
	var sections []string
	for _, found := range regexp.MustCompile(`DOMAIN\.md ([\d.]*\d)(?: and ([\d.]*\d))?`).FindAllStringSubmatch(text, -1) {
		for _, section := range found[1:] {
			if section != "" {
				sections = append(sections, section)
			}
		}
	}
	return sections
}

// serves says what a rule or a table serves: the expectations with their status where it is not found.
func (e *expected) serves(text string) string {
	text = regexp.MustCompile(`DOMAIN\.md ([\d.]*\d(?: and [\d.]*\d)?)`).ReplaceAllString(text, "notes $1")
	return regexp.MustCompile(`CS-\d+`).ReplaceAllStringFunc(text, func(reference string) string {
		if status := e.Expectations[reference].Status; status != "found" && status != "" {
			return fmt.Sprintf("[%s](#expectations) (%s)", reference, status)
		}
		return fmt.Sprintf("[%s](#expectations)", reference)
	})
}

// chapter lists every expectation, what serves it, and the notes.
func (e *expected) chapter(topics []policy.Topic) string {
	var b strings.Builder
	b.WriteString("## Expectations\n\nWhat Londoners expected at the Citizens' Summit, as the sources named report it, and the rules that serve it. The report of the summit\n" +
		"itself was not read. An expectation that no rule names is served elsewhere, in the program or in how it is run, or not yet.\n\n| | expectation | found? | rules |\n|---|---|---|---|\n")
	for _, id := range slices.SortedFunc(maps.Keys(e.Expectations), byNumber) {
		each := e.Expectations[id]
		status := each.Status
		if each.Source != "" {
			status += ": " + each.Source
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", id, each.Says, status, strings.Join(serving(topics, id), ", "))
	}
	b.WriteString("\nRules also refer to notes on the domain, by section. A statement in them that nothing was found for is marked \"citation needed\" where\nit is used.\n\n| notes | about | rests on |\n|---|---|---|\n")
	for _, section := range slices.SortedFunc(maps.Keys(e.Notes), byNumber) {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", section, e.Notes[section].Title, e.Notes[section].Source)
	}
	return b.String()
}

// serving names the rules that serve an expectation.
func serving(topics []policy.Topic, id string) []string {
	var refs []string
	for i := range topics {
		for n := range topics[i].Rules {
			if rule := &topics[i].Rules[n]; slices.Contains(summitReferences(rule.Expectation), id) {
				refs = append(refs, "`"+rule.Ref()+"`")
			}
		}
	}
	return refs
}

// byNumber puts CS-2 before CS-10, and 2.9 before 2.10.
func byNumber(one, other string) int {
	return slices.Compare(numbers(one), numbers(other))
}

func numbers(text string) []int {
	var all []int
	for _, digits := range regexp.MustCompile(`\d+`).FindAllString(text, -1) {
		n, _ := strconv.Atoi(digits) // digits always are
		all = append(all, n)
	}
	return all
}

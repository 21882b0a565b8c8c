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
	Sources      map[string]source      `yaml:"sources"`
}

// expectation is one thing that Londoners expected.
type expectation struct {
	Status string `yaml:"status"`
	Source string `yaml:"source"`
	Says   string `yaml:"says"`
}

// source is something published that rules cite by its name.
type source struct {
	About string `yaml:"about"`
	Found string `yaml:"found"`
}

func readExpected() (*expected, error) {
	var e expected
	if err := yaml.UnmarshalWithOptions(expectationsFile, &e, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("read expectations: %w", err)
	}
	return &e, nil
}

// Unknown lists what the rules refer to and nobody can look up: an expectation CS-n that does not exist, or what is neither a
// source of the handbook nor a law. A law, and a principle of Caldicott, is its own citation.
func Unknown(topics []policy.Topic) ([]string, error) {
	e, err := readExpected()
	if err != nil {
		return nil, err
	}
	var unknown []string
	for i := range topics {
		for n := range topics[i].Rules {
			rule := &topics[i].Rules[n]
			for reference := range strings.SplitSeq(rule.Expectation, ", ") {
				if !e.knows(strings.TrimSpace(reference)) {
					unknown = append(unknown, rule.Ref()+": "+reference)
				}
			}
		}
	}
	return unknown, nil
}

func (e *expected) knows(reference string) bool {
	_, expects := e.Expectations[reference]
	_, published := e.Sources[reference]
	return expects || published || lawPattern().MatchString(reference)
}

// lawPattern recognises an Act or Regulations with their year, and the Caldicott principles by their numbers.
func lawPattern() *regexp.Regexp {
	return regexp.MustCompile(`(Act|Regulations) (19|20)\d\d|^Caldicott principles? [1-8]`)
}

func summitReferences(text string) []string {
	return regexp.MustCompile(`CS-\d+`).FindAllString(text, -1)
}

// serves says what a rule or a table serves: the expectations with their status where it is not found, and links to where each
// source was found.
func (e *expected) serves(text string) string {
	for name := range e.Sources {
		text = strings.ReplaceAll(text, name, "["+name+"](#sources)")
	}
	return regexp.MustCompile(`CS-\d+`).ReplaceAllStringFunc(text, func(reference string) string {
		if status := e.Expectations[reference].Status; status != "found" && status != "" && !strings.Contains(text, "("+status+")") {
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
	b.WriteString("\n### Sources\n\nRules also cite laws, the Caldicott principles (National Data Guardian, December 2020) and these published sources. A statement in\n" +
		"them for which nothing was found is marked \"citation needed\" where it is used.\n\n| source | about | where it was found |\n|---|---|---|\n")
	for _, name := range slices.Sorted(maps.Keys(e.Sources)) {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", name, e.Sources[name].About, e.Sources[name].Found)
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

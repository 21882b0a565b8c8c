package cohort

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"onelondon/internal/clinical"
)

// Check finds everything that is wrong with the definition. The error is [Faults], in the order of the definition's parts.
func (d *Definition) Check() error {
	c := &checker{asAt: d.AsAt, lists: map[string]bool{}, sets: map[string]bool{}, numbered: map[string]bool{}}
	c.heading(d)
	c.codelists(d.Codelists)
	c.most("events", len(d.Events), mostSets, "sets")
	for i := range d.Events {
		c.eventSet(fmt.Sprintf("events[%d]", i), &d.Events[i])
	}
	if d.People != nil {
		c.criterion("people", d.People, place{})
	}
	c.measures(d.Measures)
	c.dimensions(d.By)
	return c.faults.Err()
}

// checker collects faults on the way through a definition, and what later parts may refer to.
type checker struct {
	asAt     clinical.Day
	undated  bool // the day of the question is faulty, so that no distance from it can be judged
	faults   Faults
	lists    map[string]bool // the code lists
	sets     map[string]bool // the event sets before the part that is looked at
	numbered map[string]bool // those of them whose events can have numbers
	codes    int
	criteria int
}

func (c *checker) fault(path, format string, args ...any) {
	c.faults = append(c.faults, Fault{Path: path, Message: fmt.Sprintf(format, args...)})
}

// most faults a list that is longer than it may be.
func (c *checker) most(path string, count, most int, what string) {
	if count > most {
		c.fault(path, "has %d %s; at most %d can be asked at once", count, what, most)
	}
}

func (c *checker) heading(d *Definition) {
	c.name("name", d.Name)
	if d.Version < 1 {
		c.fault("version", "is %d; versions are numbered from 1", d.Version)
	}
	switch length := utf8.RuneCountInString(d.Title); {
	case strings.TrimSpace(d.Title) == "":
		c.fault("title", "is missing; say in a line what is asked")
	case length > longestTitle:
		c.fault("title", "has %d characters; say it in at most %d", length, longestTitle)
	case strings.ContainsFunc(d.Title, unicode.IsControl):
		c.fault("title", "is not one line of text")
	}
	if year := d.AsAt.Time().Year(); year < 1990 || year >= 2100 {
		c.undated = true
		c.fault("asAt", "is no day that can be asked about; write the day of the question, YYYY-MM-DD, from 1990 to 2099")
	}
}

// plainName is the form of every name that a definition gives.
var plainName = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// name faults what cannot be a name, and reports whether it can.
func (c *checker) name(path, name string) bool {
	switch {
	case name == "":
		c.fault(path, "is missing; give it a name such as first-diabetes")
	case len(name) > longestName || !plainName.MatchString(name):
		c.fault(path, "%s is not a name; write lower-case words joined by hyphens, such as first-diabetes, at most %d letters",
			show(name), longestName)
	default:
		return true
	}
	return false
}

// newName faults what cannot be a name or is taken already, and takes it.
func (c *checker) newName(path, name, what string, taken map[string]bool) {
	if !c.name(path, name) {
		return
	}
	if taken[name] {
		c.fault(path, "there is a %s %s already; give this one another name", what, show(name))
	}
	taken[name] = true
}

func (c *checker) codelists(lists []Codelist) {
	c.empty("codelists", lists != nil && len(lists) == 0)
	c.most("codelists", len(lists), mostLists, "lists")
	for i := range lists {
		c.codelist(fmt.Sprintf("codelists[%d]", i), &lists[i])
	}
	if c.codes > mostCodes {
		c.fault("codelists", "hold %d codes; at most %d can be asked at once", c.codes, mostCodes)
	}
}

func (c *checker) codelist(path string, list *Codelist) {
	c.newName(path+".name", list.Name, "list", c.lists)
	c.empty(path+".codes", list.Codes != nil && len(list.Codes) == 0)
	switch {
	case list.From != "" && list.Codes != nil:
		c.fault(path, "has codes of its own and is taken from %s; leave out one of from and codes", show(list.From))
	case list.From != "":
		c.name(path+".from", list.From)
	}
	c.codes += len(list.Codes)
	for i, entry := range list.Codes {
		c.code(fmt.Sprintf("%s.codes[%d]", path, i), entry)
	}
}

func (c *checker) code(path string, entry CodelistEntry) {
	switch {
	case entry.System != "" && !slices.Contains(clinical.CodeSystems(), entry.System):
		c.fault(path+".system", "%s is no terminology; use one of %s", show(string(entry.System)), join(clinical.CodeSystems()))
	case clinical.Shortened(entry.Code):
		c.fault(path+".code", "%s was shortened by a spreadsheet and its last digits are lost; get the code anew", show(string(entry.Code)))
	case !entry.System.Admits(entry.Code):
		c.fault(path+".code", "%s cannot be a code of %s", show(string(entry.Code)), orAny(entry.System))
	}
}

func orAny(system clinical.CodeSystem) string {
	if system == "" {
		return "any terminology"
	}
	return string(system)
}

// empty faults a list that is given and holds nothing: whoever writes one may mean nothing, or anything.
func (c *checker) empty(path string, empty bool) {
	if empty {
		c.fault(path, "is empty; give it a value or leave it out")
	}
}

// values checks a list of words: not empty, each once, each as it should be.
func values[T ~string](c *checker, path string, list []T, good func(T) bool, advice string) {
	c.empty(path, list != nil && len(list) == 0)
	c.most(path, len(list), mostValues, "values")
	seen := map[T]bool{}
	for i, value := range list {
		at := fmt.Sprintf("%s[%d]", path, i)
		switch {
		case !good(value):
			c.fault(at, "%s %s", show(string(value)), advice)
		case seen[value]:
			c.fault(at, "%s is listed twice; remove one", show(string(value)))
		}
		seen[value] = true
	}
}

// oneOf checks a word that may be left out.
func oneOf[T ~string](c *checker, path string, value T, words []T) {
	if value != "" && !slices.Contains(words, value) {
		c.fault(path, "%s is not one of %s", show(string(value)), join(words))
	}
}

func join[T ~string](words []T) string {
	texts := make([]string, len(words))
	for i, word := range words {
		texts[i] = string(word)
	}
	return strings.Join(texts, ", ")
}

// show quotes what a definition says for a message, shortened.
func show(text string) string {
	const longest = 60
	if runes := []rune(text); len(runes) > longest {
		text = string(runes[:longest]) + "..."
	}
	return fmt.Sprintf("%q", text)
}

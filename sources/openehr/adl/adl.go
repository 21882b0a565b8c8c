package adl

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// Archetype is what of an archetype in ADL 1.4 an operational template needs.
type Archetype struct {
	ID         string
	Definition Object
	Terms      map[string]Term // by code, in English
}

// Term is what a code of an archetype means.
type Term struct{ Text, Description string }

// Object is a constraint on one object of the reference model.
type Object struct {
	Type, Node string
	Occurs     Interval
	Slot       bool
	// Terminology and Codes constrain a CODE_PHRASE; both are empty elsewhere.
	Terminology string
	Codes       []string
	Attributes  []Attribute
	Root        *Archetype // of an object that is another archetype's
}

// Attribute is a constraint on one attribute of an object.
type Attribute struct {
	Name     string
	Many     bool // a container
	Cardinal Interval
	Children []Object
}

// Interval is a lowest and a highest number; -1 for no highest.
type Interval struct{ Low, High int }

var errADL = errors.New("not an archetype in ADL 1.4")

// ReadArchetype reads an archetype's file.
func ReadArchetype(file string) (*Archetype, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read archetype: %w", err)
	}
	text := string(data)
	_, after, isDefined := strings.Cut(text, "\ndefinition")
	definition, ontology, hasOntology := strings.Cut(after, "\nontology")
	if !isDefined || !hasOntology {
		return nil, fmt.Errorf("%s: %w", filepath.Base(file), errADL)
	}
	p := &cadl{tokens: tokenise(definition)}
	a := &Archetype{ID: strings.TrimSuffix(filepath.Base(file), ".adl"), Definition: p.object(), Terms: terms(ontology)}
	if p.wrong {
		return nil, fmt.Errorf("%s: %w", filepath.Base(file), errADL)
	}
	return a, nil
}

var term = regexp.MustCompile(`\["((?:at|ac)[0-9.]+)"\] = <\s*text = <"((?:[^"\\]|\\.)*)">\s*description = <"((?:[^"\\]|\\.)*)">`)

func terms(ontology string) map[string]Term {
	found := map[string]Term{}
	_, english, _ := strings.Cut(ontology, `["en"] = <`)
	for _, match := range term.FindAllStringSubmatch(english, -1) {
		if _, known := found[match[1]]; !known {
			found[match[1]] = Term{match[2], match[3]}
		}
	}
	return found
}

var token = regexp.MustCompile(`--[^\n]*|"(?:[^"\\]|\\.)*"|\{/(?:[^/\\]|\\.)*/\}|[A-Za-z0-9_.<>:-]+|[{}\[\]*,;|/]`)

func tokenise(text string) []string {
	var all []string
	for _, one := range token.FindAllString(text, -1) {
		if !strings.HasPrefix(one, "--") {
			all = append(all, one)
		}
	}
	return all
}

// cadl reads the definition of an archetype. What constrains single values beyond their codes is left open: the template then lets
// through more, never less.
type cadl struct {
	tokens []string
	wrong  bool
}

func (p *cadl) peek() string {
	if len(p.tokens) == 0 {
		return ""
	}
	return p.tokens[0]
}

func (p *cadl) next() string {
	one := p.peek()
	if one == "" {
		p.wrong = true
		return ""
	}
	p.tokens = p.tokens[1:]
	return one
}

func (p *cadl) expect(what string) {
	if p.next() != what {
		p.wrong = true
	}
}

func (p *cadl) object() Object {
	o := Object{Type: p.next(), Occurs: Interval{1, 1}}
	if p.peek() == "[" {
		p.next()
		o.Node = p.next()
		p.expect("]")
	}
	if p.peek() == "occurrences" {
		p.next()
		o.Occurs = p.matchesInterval()
	}
	if p.peek() != "matches" {
		return o
	}
	p.next()
	p.expect("{")
	for !p.wrong && p.peek() != "}" {
		if p.peek() == "*" {
			p.next()
			continue
		}
		o.Attributes = append(o.Attributes, p.attribute())
	}
	p.expect("}")
	return o
}

// matchesInterval reads "matches {0..*; unordered}".
func (p *cadl) matchesInterval() Interval {
	p.expect("matches")
	p.expect("{")
	written := ""
	for !p.wrong && p.peek() != "}" && p.peek() != ";" {
		written += p.next()
	}
	for !p.wrong && p.peek() != "}" {
		p.next()
	}
	p.expect("}")
	low, high, ranged := strings.Cut(written, "..")
	i := Interval{High: -1}
	i.Low, _ = strconv.Atoi(low)
	if !ranged {
		high = low
	}
	if n, err := strconv.Atoi(high); err == nil {
		i.High = n
	}
	return i
}

func (p *cadl) attribute() Attribute {
	a := Attribute{Name: p.next()}
	for p.peek() == "existence" || p.peek() == "cardinality" {
		many := p.next() == "cardinality"
		of := p.matchesInterval()
		if many {
			a.Many, a.Cardinal = true, of
		}
	}
	p.expect("matches")
	if strings.HasPrefix(p.peek(), "{/") {
		p.next()
		return a
	}
	p.expect("{")
	for !p.wrong && p.peek() != "}" {
		switch {
		case p.peek() == "allow_archetype":
			p.next()
			a.Children = append(a.Children, p.slot())
		case p.peek() == "[":
			a.Children = append(a.Children, p.codes())
		case isType(p.peek()):
			a.Children = append(a.Children, p.object())
		default:
			p.skip()
		}
	}
	p.expect("}")
	return a
}

// isType tells a class of the reference model from a value.
func isType(word string) bool {
	return len(word) > 2 && word == strings.ToUpper(word) && word[0] >= 'A' && word[0] <= 'Z' && !strings.HasPrefix(word, "C_")
}

// skip leaves out one token, or all between braces.
func (p *cadl) skip() {
	if p.next() != "{" {
		return
	}
	for !p.wrong && p.peek() != "}" {
		p.skip()
	}
	p.expect("}")
}

func (p *cadl) slot() Object {
	o := Object{Slot: true, Type: p.next(), Occurs: Interval{0, -1}}
	p.expect("[")
	o.Node = p.next()
	p.expect("]")
	if p.peek() == "occurrences" {
		p.next()
		o.Occurs = p.matchesInterval()
	}
	if p.peek() == "closed" {
		p.next()
		return o
	}
	p.expect("matches")
	p.skip()
	return o
}

// codes reads [local::at0004, at0005].
func (p *cadl) codes() Object {
	p.expect("[")
	o := Object{Type: "CODE_PHRASE", Occurs: Interval{1, 1}}
	var first string
	o.Terminology, first, _ = strings.Cut(p.next(), "::")
	if first != "" {
		o.Codes = append(o.Codes, first)
	}
	for !p.wrong && p.peek() != "]" {
		if code := p.next(); code != "," && code != ";" {
			o.Codes = append(o.Codes, code)
		}
	}
	p.expect("]")
	return o
}

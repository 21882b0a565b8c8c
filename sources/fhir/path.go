package fhir

import (
	"encoding/json"
	"slices"
	"strings"
)

// object is one JSON object of a reply, numbers as they were written.
type object = map[string]any

// path leads from a resource to values: steps joined by points, each of which goes through every element of a list. A step may ask
// for elements of one kind, as in telecom[system=phone].value. What stands behind an @ says how a value becomes words.
type path struct {
	steps []step
	read  reader
}

type step struct{ name, key, value string }

// reader says how what a path leads to becomes words.
type reader string

const (
	readPlain   reader = ""        // a text, a number or a truth value as it is written
	readWords   reader = "words"   // the words of a CodeableConcept, failing them its code
	readID      reader = "id"      // the logical id that a Reference names
	readODS     reader = "ods"     // the ODS code that a Reference or an Identifier names an organisation by
	readWho     reader = "who"     // whom a Reference names, unless that is a patient, a place or an organisation
	readPlace   reader = "place"   // the place that a Reference names
	readAny     reader = "any"     // whatever a Reference names
	readAddress reader = "address" // an Address on one line, without its postcode
	readName    reader = "name"    // a HumanName on one line
	readRange   reader = "range"   // a Range, "5-10 mg"
	readRatio   reader = "ratio"   // a Ratio, "1:128"
	readPeriod  reader = "period"  // a Period, "2020-01-01 to 2020-02-01"
)

// parsePaths reads alternatives, parted by blanks; the first that leads anywhere counts.
func parsePaths(text string) []path {
	var paths []path
	for _, one := range strings.Fields(text) {
		way, read, _ := strings.Cut(one, "@")
		p := path{read: reader(read)}
		for _, name := range strings.Split(way, ".") {
			p.steps = append(p.steps, parseStep(name))
		}
		paths = append(paths, p)
	}
	return paths
}

func parseStep(text string) step {
	name, filter, _ := strings.Cut(strings.TrimSuffix(text, "]"), "[")
	key, value, _ := strings.Cut(filter, "=")
	return step{name, key, value}
}

// values are all values that the path leads to.
func (p *path) values(from any) []any {
	found := []any{from}
	for i := range p.steps {
		found = p.steps[i].from(found)
		if len(found) == 0 {
			return nil
		}
	}
	return found
}

func (s *step) from(nodes []any) []any {
	var found []any
	for _, node := range nodes {
		of, ok := node.(object)
		if !ok {
			continue
		}
		switch value := of[s.name].(type) {
		case nil:
		case []any:
			for _, each := range value {
				found = s.add(found, each)
			}
		default:
			found = s.add(found, value)
		}
	}
	return found
}

func (s *step) add(found []any, value any) []any {
	if s.key != "" {
		of, ok := value.(object)
		if !ok || text(of[s.key]) != s.value {
			return found
		}
	}
	if value == nil {
		return found
	}
	return append(found, value)
}

// text is a value as it is written; "" where it is none of a text, a number and a truth value.
func text(value any) string {
	switch of := value.(type) {
	case string:
		return of
	case json.Number:
		return of.String()
	case bool:
		if of {
			return "true"
		}
		return "false"
	}
	return ""
}

// first is the first value that any of the paths leads to.
func first(paths []path, from any) any {
	for i := range paths {
		if found := paths[i].values(from); len(found) > 0 {
			return found[0]
		}
	}
	return nil
}

// words are what the first path that leads to any words gives, several joined, each once.
func words(paths []path, from any, between string) string {
	for i := range paths {
		var all []string
		for _, value := range paths[i].values(from) {
			if one := paths[i].read.words(value); one != "" && !slices.Contains(all, one) {
				all = append(all, one)
			}
		}
		if len(all) > 0 {
			return strings.Join(all, between)
		}
	}
	return ""
}

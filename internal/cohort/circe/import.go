package circe

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
)

// Options says what Circe's JSON does not.
type Options struct {
	Name       string // of the definition; lower-case words joined by hyphens
	Title      string
	AsAt       clinical.Day
	Vocabulary Vocabulary // nil for one that knows nothing but what the JSON itself says of a concept
}

// Part says what of a definition something belongs to.
type Part string

// The parts.
const (
	Logic   Part = "logic"   // who is meant
	Entries Part = "entries" // how many entries a person has; the people are the same
	Codes   Part = "codes"   // which records a concept set finds; another vocabulary may know more
)

// Unsupported is something of Circe's definition that the one made of it does not say.
type Unsupported struct {
	Path string // in the JSON, "PrimaryCriteria.CriteriaList[0].DrugExposure.Age"
	Of   Part
	Why  string // what the definition says in its place, or that it says nothing
}

// Imported is a definition with what it leaves out.
type Imported struct {
	Definition  *cohort.Definition
	Unsupported []Unsupported // in order of their paths
}

// Lacks reports whether something of a part is not said.
func (i *Imported) Lacks(part Part) bool {
	return slices.ContainsFunc(i.Unsupported, func(u Unsupported) bool { return u.Of == part })
}

// ErrNotCirce reports JSON that is no cohort definition.
var ErrNotCirce = errors.New("not a cohort definition of Circe's: it needs PrimaryCriteria and ConceptSets")

// Import makes a definition of Circe's JSON. An error means that there is no definition at all: the JSON is none of Circe's, or
// nothing of its primary criteria can be said.
func Import(data []byte, options Options) (*Imported, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, fmt.Errorf("read cohort definition: %w", err)
	}
	i := &importer{vocabulary: options.Vocabulary, listNames: map[string]bool{}, setNames: map[string]bool{}, noted: map[string]bool{}}
	if i.vocabulary == nil {
		i.vocabulary = &Tables{}
	}
	top := i.object("", value)
	if !top.has("PrimaryCriteria") || !top.has("ConceptSets") {
		return nil, ErrNotCirce
	}
	i.made = cohort.Definition{Name: options.Name, Version: 1, Title: options.Title, AsAt: options.AsAt}
	if err := i.definition(top); err != nil {
		return nil, err
	}
	for _, path := range i.unread() {
		i.logicMissing(path, "is not known here; the definition says nothing of it")
	}
	slices.SortStableFunc(i.unsupported, func(a, b Unsupported) int { return bytes.Compare([]byte(a.Path), []byte(b.Path)) })
	if err := i.made.Check(); err != nil {
		return nil, fmt.Errorf("make a definition: %w", err)
	}
	return &Imported{&i.made, i.unsupported}, nil
}

// importer makes one definition.
type importer struct {
	tree
	vocabulary  Vocabulary
	made        cohort.Definition
	sets        map[int]*conceptSet
	listNames   map[string]bool
	setNames    map[string]bool
	unsupported []Unsupported
	noted       map[string]bool
}

func (i *importer) logicMissing(path, format string, args ...any) {
	i.note(path, Logic, format, args...)
}

func (i *importer) entriesDiffer(path, format string, args ...any) {
	i.note(path, Entries, format, args...)
}

func (i *importer) codesMissing(path, format string, args ...any) {
	i.note(path, Codes, format, args...)
}

func (i *importer) note(path string, of Part, format string, args ...any) {
	why := fmt.Sprintf(format, args...)
	if key := path + why; !i.noted[key] {
		i.noted[key] = true
		i.unsupported = append(i.unsupported, Unsupported{path, of, why})
	}
}

// definition takes the steps of Circe, each a set made of the one before.
func (i *importer) definition(top *object) error {
	top.get("cdmVersionRange")
	i.conceptSets(top)
	last, err := i.primary(i.in(top, "PrimaryCriteria"))
	if err != nil {
		return err
	}
	last = i.eras(top, i.included(top, i.qualified(top, last)))
	i.made.People = &cohort.Criterion{Has: &cohort.Has{Events: last}}
	i.made.Measures = []cohort.Measure{{Kind: cohort.MeasurePeople}, {Kind: cohort.MeasureEvents, Events: last}}
	for _, set := range i.sets {
		if set.used {
			i.made.Codelists = append(i.made.Codelists, set.codelist())
		}
	}
	slices.SortFunc(i.made.Codelists, func(a, b cohort.Codelist) int { return bytes.Compare([]byte(a.Name), []byte(b.Name)) })
	return nil
}

// add puts a set behind the others and gives its name.
func (i *importer) add(name string, set cohort.EventSet) string {
	set.Name = i.unique(name, i.setNames)
	i.made.Events = append(i.made.Events, set)
	return set.Name
}

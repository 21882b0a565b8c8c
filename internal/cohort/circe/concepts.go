package circe

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
)

// conceptSet is a concept set once its concepts are found.
type conceptSet struct {
	name    string // of the code list
	codes   []cohort.CodelistEntry
	classes []clinical.EncounterClass // of visit concepts
	used    bool
}

// visitClasses are the classes of OMOP's visit concepts, as the mapping of OMOP sources has them.
func visitClasses() map[int64]clinical.EncounterClass {
	return map[int64]clinical.EncounterClass{9201: clinical.ClassInpatient, 9203: clinical.ClassEmergency, 262: clinical.ClassEmergency,
		9202: clinical.ClassOutpatient, 581476: clinical.ClassCommunity, 5083: clinical.ClassConsultation}
}

// conceptSets reads all concept sets.
func (i *importer) conceptSets(top *object) {
	i.sets = map[int]*conceptSet{}
	for _, set := range i.list(top, "ConceptSets") {
		id, _ := set.whole("id")
		i.sets[id] = i.conceptSet(set, id)
	}
}

// found counts what became of the concepts of a set.
type found struct{ concepts, unknown, uncoded int }

func (i *importer) conceptSet(set *object, id int) *conceptSet {
	made := &conceptSet{name: i.unique(slug(set.text("name"), fmt.Sprintf("concept-set-%d", id)), i.listNames)}
	expression := i.in(set, "expression")
	var counts found
	kept, left := map[cohort.CodelistEntry]bool{}, map[cohort.CodelistEntry]bool{}
	for _, item := range i.list(expression, "items") {
		into := kept
		if item.truth("isExcluded") {
			into = left
		}
		i.item(item, made, into, &counts)
	}
	for code := range left {
		delete(kept, code)
	}
	for code := range kept {
		made.codes = append(made.codes, code)
	}
	slices.SortFunc(made.codes, func(a, b cohort.CodelistEntry) int {
		return strings.Compare(string(a.System)+"\t"+string(a.Code), string(b.System)+"\t"+string(b.Code))
	})
	i.tellCounts(set, counts)
	return made
}

// tellCounts reports what of a concept set could not be found.
func (i *importer) tellCounts(set *object, counts found) {
	if counts.unknown > 0 {
		i.codesMissing(set.at("expression.items"), "%d of %d concepts with descendants are not in the vocabulary, so that nothing beneath them is known",
			counts.unknown, counts.concepts)
	}
	if counts.uncoded > 0 {
		i.codesMissing(set.at("expression.items"), "%d of %d concepts have no code, and nothing beneath or mapped to them has one, in a terminology that sources here use",
			counts.uncoded, counts.concepts)
	}
}

// item adds the codes of one concept of a set.
func (i *importer) item(item *object, set *conceptSet, into map[cohort.CodelistEntry]bool, counts *found) {
	concept, _ := item.get("concept").(map[string]any)
	about := &object{fields: concept, read: map[string]bool{}}
	id, _ := about.whole("CONCEPT_ID")
	own := Concept{ID: int64(id), Vocabulary: about.text("VOCABULARY_ID"), Code: about.text("CONCEPT_CODE")}
	descend, _ := item.truth("includeDescendants"), item.truth("includeMapped") // what maps to a concept always counts
	counts.concepts++
	if own.Vocabulary == "Visit" {
		class, known := visitClasses()[own.ID]
		if !known {
			counts.uncoded++
		} else if !slices.Contains(set.classes, class) {
			set.classes = append(set.classes, class)
		}
		return
	}
	if !i.gather(own, descend, into, counts) {
		counts.uncoded++
	}
}

// gather adds the codes of a concept, of those beneath it and of those that map to any of them, and reports whether there were
// any.
func (i *importer) gather(own Concept, descend bool, into map[cohort.CodelistEntry]bool, counts *found) (any bool) {
	all := []int64{own.ID}
	if descend {
		all = append(all, i.vocabulary.Beneath(own.ID)...)
		if _, known := i.vocabulary.Concept(own.ID); !known && len(all) == 1 {
			counts.unknown++
		}
	}
	for _, id := range slices.Clone(all) {
		all = append(all, i.vocabulary.Mapped(id)...)
	}
	any = addCode(own, into)
	for _, id := range all {
		if concept, known := i.vocabulary.Concept(id); known {
			any = addCode(concept, into) || any
		}
	}
	return any
}

// addCode adds the code of a concept where it is one of a terminology that sources use.
func addCode(concept Concept, into map[cohort.CodelistEntry]bool) bool {
	entry := cohort.CodelistEntry{System: systemOf(concept.Vocabulary), Code: clinical.Text(concept.Code)}
	if entry.System == "" || !entry.System.Admits(entry.Code) {
		return false
	}
	into[entry] = true
	return true
}

// codelist is the code list of a concept set. One without any code gets one that no record has: without, it would mean every
// record.
func (s *conceptSet) codelist() cohort.Codelist {
	codes := s.codes
	if len(codes) == 0 {
		codes = []cohort.CodelistEntry{{System: clinical.LocalCode, Code: "no-code-of-this-concept-set-is-known"}}
	}
	return cohort.Codelist{Name: s.name, Codes: codes}
}

var notWord = regexp.MustCompile(`[^a-z0-9]+`)

// longestName leaves room for what is put behind a name.
const longestName = 40

// slug makes a name of words that people wrote.
func slug(text, otherwise string) string {
	name := strings.Trim(notWord.ReplaceAllString(strings.ToLower(text), "-"), "-")
	if len(name) > longestName {
		name = name[:strings.LastIndex(name[:longestName], "-")+1]
		name = strings.Trim(name, "-")
	}
	if name == "" {
		return otherwise
	}
	return name
}

// unique makes a name different from those that are taken, and takes it.
func (i *importer) unique(name string, taken map[string]bool) string {
	made := name
	for number := 2; taken[made]; number++ {
		made = fmt.Sprintf("%s-%d", name, number)
	}
	taken[made] = true
	return made
}

package policy

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"onelondon/internal/clinical"
	"onelondon/internal/condition"
)

// category is one entry of data/categories.yaml.
type category struct {
	Title       string                                    `json:"title"`
	Expectation string                                    `json:"expectation"`
	Codes       map[clinical.CodeSystem]map[string]string `json:"codes"`  // terms by code
	Blocks      map[clinical.CodeSystem]map[block]string  `json:"blocks"` // titles by block
	Covers      []clinical.CodeSystem                     `json:"covers"`
	Doubt       string                                    `json:"doubt"`
	Files       []codelist                                `json:"files"`
}

// doubtFree is the value of doubt for a category from which a record that cannot be judged counts as free.
const doubtFree = "free"

// categoryLists are the code lists that determine which records carry the labels of categories.
type categoryLists struct {
	lists     map[clinical.Label]*condition.Codes
	presuming map[clinical.Label]*condition.Codes // the same codes, for kinds that are not judged
	notJudged []clinical.Kind
	unread    []Fault // codes in files that were skipped on purpose
}

// of returns the list that decides whether records of the kind carry the label; nil for a label that only a source
// sets.
func (c categoryLists) of(label clinical.Label, kind clinical.Kind) *condition.Codes {
	if c.judges(kind) {
		return c.lists[label]
	}
	return c.presuming[label]
}

// judges reports whether records of the kind must prove that they do not belong to a category.
func (c categoryLists) judges(kind clinical.Kind) bool { return !slices.Contains(c.notJudged, kind) }

// label says whether a record carries the label, and whether that is known.
func (c categoryLists) label(record clinical.Record, label clinical.Label) (set, known bool) {
	is := func(set bool) bool {
		return condition.Where(condition.Clause{{Attribute: condition.LabelAttribute(label), Op: condition.Equal,
			Values: []condition.Value{condition.Bool(set)}, Codes: c.of(label, record.Kind())}}).Match(record)
	}
	return is(true), is(true) || is(false)
}

// addCodelists builds the lists from the tables and from the files in the folder of code lists, if there is one; the
// contents of those files then count towards the policy's revision.
func (b *bundle) addCodelists(folder fs.FS) error {
	read := categoryLists{lists: map[clinical.Label]*condition.Codes{}, presuming: map[clinical.Label]*condition.Codes{}}
	var table map[clinical.Label]category
	var notJudged []string
	var presumed []clinical.Label
	if err := errors.Join(tableInto(b.data, "categories", &table), tableInto(b.data, "not_judged", &notJudged),
		tableInto(b.data, "presumed", &presumed)); err != nil {
		return err
	}
	for _, label := range presumed {
		none := condition.NewCodes(nil).Presuming(condition.PresumesAll) // without codes, an unmarked record is free of the category
		read.lists[label], read.presuming[label] = none, none
	}
	digest := sha256.New()
	fmt.Fprintln(digest, b.revision)
	for _, name := range notJudged {
		kind, _ := clinical.ParseKind(name) // the schema admits only known kinds
		read.notJudged = append(read.notJudged, kind)
	}
	var faults []error
	for _, label := range clinical.Categories() {
		entry := table[label]
		codes, err := entry.starters()
		if err != nil {
			faults = append(faults, &Fault{File: dataFolder + "/categories.yaml", Message: fmt.Sprint(label, ": ", err)})
		}
		for _, list := range entry.Files {
			if folder == nil {
				break
			}
			more, err := read.add(&list, folder)
			codes, faults = append(codes, more...), append(faults, err)
			fmt.Fprintf(digest, "%q %q\n", label, more)
		}
		list := condition.NewCodes(codes, entry.Covers...)
		read.lists[label], read.presuming[label] = list, list.Presuming(condition.PresumesSilence)
		if entry.Doubt == doubtFree {
			free := list.Presuming(condition.PresumesAll)
			read.lists[label], read.presuming[label] = free, free
		}
	}
	b.lists = read
	if folder != nil {
		b.revision = hex.EncodeToString(digest.Sum(nil)[:6])
	}
	return errors.Join(faults...)
}

// add reads the codes in a file. Invalid codes refuse the policy, unless the table says to skip them.
func (c *categoryLists) add(list *codelist, folder fs.FS) ([]clinical.Coding, error) {
	read, err := list.read(folder)
	faults := []error{err}
	for _, fault := range read.faults {
		if list.Unreadable != skipUnreadable {
			faults = append(faults, fault)
		} else if !slices.Contains(c.unread, *fault) { // several categories may use the same file
			c.unread = append(c.unread, *fault)
		}
	}
	codes := make([]clinical.Coding, len(read.codes))
	for i, each := range read.codes {
		codes[i] = clinical.Coding{System: each.System, Code: clinical.Text(each.Code)}
	}
	return codes, errors.Join(faults...)
}

// Unread lists the codes in code lists that were skipped because they are invalid and the table permits it: records
// that carry them are not recognised. Each fault has its file and line. The slice must not be changed.
func (e *Engine) Unread() []Fault { return e.lists.unread }

// Listed returns the codes, with their places, that the files named in data/categories.yaml hold in a folder of code
// lists; invalid codes are left out.
func (i *Inspection) Listed(folder fs.FS) ([]ListedCode, error) {
	var table map[clinical.Label]category
	if err := tableInto(i.bundle.data, "categories", &table); err != nil {
		return nil, err
	}
	var all []ListedCode
	for _, label := range clinical.Categories() {
		for _, list := range table[label].Files {
			read, err := list.read(folder)
			if err != nil {
				return nil, err
			}
			for _, code := range read.codes {
				code.Category = label
				all = append(all, code)
			}
		}
	}
	return all, nil
}

// Recognition says how records of a category are recognised.
type Recognition struct {
	Codes   int                   // on its list; a code valid in both SNOMED CT and dm+d counts twice
	Covered []clinical.CodeSystem // terminologies in which the list is conclusive, in order
	Free    bool                  // a record for which the list is inconclusive counts as free of the category
}

// Recognition returns how records of a category are recognised.
func (e *Engine) Recognition(category clinical.Label) Recognition {
	list := e.lists.lists[category]
	if list == nil {
		return Recognition{}
	}
	return Recognition{Codes: list.Len(), Covered: list.Covers(), Free: list.Presumes() == condition.PresumesAll}
}

// starters are the codes given in the table itself.
func (c *category) starters() (codes []clinical.Coding, err error) {
	for _, system := range slices.Sorted(maps.Keys(c.Codes)) {
		for _, code := range slices.Sorted(maps.Keys(c.Codes[system])) {
			codes = append(codes, clinical.Coding{System: system, Code: clinical.Text(code)})
		}
	}
	for _, system := range slices.Sorted(maps.Keys(c.Blocks)) {
		for _, each := range slices.Sorted(maps.Keys(c.Blocks[system])) {
			more, fault := each.codes(system)
			codes, err = append(codes, more...), errors.Join(err, fault)
		}
	}
	return codes, err
}

// tableInto decodes a table, already validated by its schema, into a typed value.
func tableInto(data map[string]any, name string, into any) error {
	document, ok := data[name]
	if !ok {
		return &Fault{File: dataFolder + "/" + name + ".yaml", Message: "is missing", Advice: "the engine reads it"}
	}
	encoded, err := json.Marshal(document)
	if err == nil {
		err = json.Unmarshal(encoded, into)
	}
	if err != nil {
		return &Fault{File: dataFolder + "/" + name + ".yaml", Message: fmt.Sprint("does not have its form: ", err)}
	}
	return nil
}

package plain

import (
	"regexp"
	"slices"
	"strings"

	"onelondon/internal/clinical"
)

// lists are the codes by which records carry labels (policy/data/categories.yaml).
type lists struct {
	of        map[clinical.Label]list
	notJudged []any // kinds of record that are free of whatever nobody says they are of
}

type list struct {
	codes map[clinical.Coding]bool
	runs  []run
	knows map[clinical.CodeSystem]bool // terminologies in which a code that is not listed is not of the category
	free  bool                         // what nobody can judge is free
}

// run is a run of three-character categories of a classification, from the first to the last.
type run struct {
	system      clinical.CodeSystem
	first, last string
}

// holds reports whether a code stands in the run. A5O, with a letter at its end, sorts between A50 and A64 and is neither.
func (r run) holds(coding clinical.Coding) bool {
	code := string(coding.Code)
	return coding.System == r.system && !strange(coding) && r.first <= code[:3] && code[:3] <= r.last
}

// has reports whether a code is listed, by itself or in a run.
func (l list) has(coding clinical.Coding) bool {
	return l.codes[coding] || slices.ContainsFunc(l.runs, func(r run) bool { return r.holds(coding) })
}

// readLists finds the lists among the tables of a policy.
func readLists(data map[string]any) lists {
	l := lists{of: map[clinical.Label]list{}}
	l.notJudged, _ = data["not_judged"].([]any)
	presumed, _ := data["presumed"].([]any)
	for _, label := range presumed {
		l.of[clinical.Label(label.(string))] = list{free: true}
	}
	table, _ := data["categories"].(map[string]any)
	for label, row := range table {
		entry := row.(map[string]any)
		read := list{map[clinical.Coding]bool{}, nil, map[clinical.CodeSystem]bool{}, entry["doubt"] == "free"}
		for system, codes := range entry["codes"].(map[string]any) {
			for code := range codes.(map[string]any) {
				for _, twin := range twins(clinical.CodeSystem(system)) {
					read.codes[clinical.Coding{System: twin, Code: clinical.Text(code)}], read.knows[twin] = true, true
				}
			}
		}
		blocks, _ := entry["blocks"].(map[string]any)
		for system, names := range blocks {
			for name := range names.(map[string]any) {
				first, last, divided := strings.Cut(name, "-")
				if !divided {
					last = first
				}
				read.runs, read.knows[clinical.CodeSystem(system)] = append(read.runs, run{clinical.CodeSystem(system), first, last}), true
			}
		}
		covers, _ := entry["covers"].([]any)
		for _, system := range covers {
			read.knows[clinical.CodeSystem(system.(string))] = true
		}
		l.of[clinical.Label(label)] = read
	}
	return l
}

// twins are the terminologies in which a code means the same: dm+d's identifiers are SNOMED CT's.
func twins(system clinical.CodeSystem) []clinical.CodeSystem {
	if system == clinical.SNOMED || system == clinical.DMD {
		return []clinical.CodeSystem{clinical.SNOMED, clinical.DMD}
	}
	return []clinical.CodeSystem{system}
}

// Codes lists codes by which the policy labels records, in an order that does not change: all that are listed one by one, and
// of every run the first and the last category in each of the forms that a code may have.
func (p *Policy) Codes() []clinical.Coding {
	var all []clinical.Coding
	for _, label := range clinical.Labels() {
		for coding := range p.lists.of[label].codes {
			all = append(all, coding)
		}
		for _, r := range p.lists.of[label].runs {
			for _, rest := range []string{"", "X", ".0", "0", ".9", "9"} {
				all = append(all, clinical.Coding{System: r.system, Code: clinical.Text(r.first + rest)},
					clinical.Coding{System: r.system, Code: clinical.Text(r.last + rest)})
			}
		}
	}
	slices.SortFunc(all, func(a, b clinical.Coding) int {
		return strings.Compare(string(a.System+"|")+string(a.Code), string(b.System+"|")+string(b.Code))
	})
	return all
}

// strange reports whether a code of a classification is not written as the classification writes codes: a source appended a
// dagger to it, say, or keeps small letters.
func strange(coding clinical.Coding) bool {
	return (coding.System == clinical.ICD10 || coding.System == clinical.OPCS4) && !ofClassification.MatchString(string(coding.Code))
}

var ofClassification = regexp.MustCompile(`^[A-Z][0-9]{2}(X|[.]?[0-9])?$`)

// label says whether a record carries a label, and whether anybody knows. It does if its source says so or one of its codes
// is listed. It does not if the source says that, if a code of it is of a terminology that the list knows, or if records
// like it are free of what nobody says they are of, and no code of theirs is one that nobody can read.
func (l *lists) label(record clinical.Record, label clinical.Label) (set, known bool) {
	meta := record.About()
	set, known = meta.Labels.Value(label)
	list, listed := l.of[label]
	if set || !listed {
		return set, known
	}
	doubtful := false // a code that may be anything of its classification
	for _, coding := range append([]clinical.Coding{meta.Code.Coding}, meta.Code.Translations...) {
		if coding.Code == "" {
			continue
		}
		if list.has(clinical.Coding{System: coding.System, Code: coding.Code}) {
			return true, true
		}
		known = known || list.knows[coding.System] && !strange(coding)
		doubtful = doubtful || list.knows[coding.System] && strange(coding)
	}
	return false, known || list.free || !doubtful && slices.Contains(l.notJudged, any(record.Kind().String()))
}

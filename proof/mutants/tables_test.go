package mutants_test

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"onelondon/internal/clinical"
	"onelondon/policy"
)

// most is how many entries of a long list are broken one by one. Of a longer one the first, the middle and the last are.
const most = 24

// tables breaks every table of the policy: a truth turned round, a word or a row left out, another number, a kind of record, a
// label, a terminology or a purpose added, a block of codes shortened, a role that sees nothing moved into each group.
func tables(t *testing.T) []mutant {
	t.Helper()
	var all []mutant
	err := fs.WalkDir(policy.Embedded(), "data", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		for i := range changesOf(t, name) {
			whole := read(t, name)
			at := changes("", whole, func(any) {})[i]
			at.do()
			content, err := yaml.Marshal(whole)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, mutant{name, 0, at.path, at.what, content, 0})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func changesOf(t *testing.T, name string) []change { return changes("", read(t, name), func(any) {}) }

func read(t *testing.T, name string) any {
	t.Helper()
	content, err := fs.ReadFile(policy.Embedded(), name)
	if err != nil {
		t.Fatal(err)
	}
	var whole any
	if err := yaml.Unmarshal(content, &whole); err != nil {
		t.Fatal(err)
	}
	return whole
}

// change is one way to break a table.
type change struct {
	path, what string
	do         func()
}

// changes finds the ways to break what stands at path; put puts something else there.
func changes(path string, at any, put func(any)) []change {
	switch at := at.(type) {
	case bool:
		return []change{{path, fmt.Sprintf("%v for %v", !at, at), func() { put(!at) }}}
	case uint64:
		return []change{{path, fmt.Sprintf("%d for %d", at+1, at), func() { put(at + 1) }}}
	case string:
		return textChanges(path, at, put)
	case []any:
		return listChanges(path, at, put)
	case map[string]any:
		return rowChanges(path, at)
	}
	return nil
}

// textChanges puts another word where the word says what is done, and leaves alone what is for people to read.
func textChanges(path, at string, put func(any)) (all []change) {
	others := map[string]string{"of_category": "free", "free": "of_category", "excluded": "included", "included": "excluded"}
	switch _, of, _ := lastOf(path); of {
	case "file", "category":
		others[at] = "another"
	case "terminology":
		others[at] = "CTV3"
	}
	if other, ok := others[at]; ok {
		all = append(all, change{path, other + " for " + at, func() { put(other) }})
	}
	return all
}

// lastOf is the last name of a path, and what stands before it.
func lastOf(path string) (before, last string, found bool) {
	at := strings.LastIndex(path, ".")
	return path[:max(at, 0)], path[at+1:], at >= 0
}

// shortened are blocks of codes without the first and the last of what they hold.
func shortened(path string, at map[string]any) (all []change) {
	for _, block := range slices.Sorted(maps.Keys(at)) {
		from, to, isRun := strings.Cut(block, "-")
		if !strings.Contains(path, ".blocks.") || !isRun {
			continue
		}
		for _, short := range []string{next(from, 1) + "-" + to, from + "-" + next(to, -1)} {
			all = append(all, change{path, short + " for " + block, func() { at[short] = at[block]; delete(at, block) }})
		}
	}
	return all
}

// next is the category of a classification that follows another, or comes before it.
func next(category string, by int) string {
	n, _ := strconv.Atoi(category[1:])
	return fmt.Sprintf("%s%02d", category[:1], n+by)
}

func rowChanges(path string, at map[string]any) []change {
	all := shortened(path, at)
	if strings.HasSuffix(path, ".roles") { // which codes a group has is for this table alone to say
		return []change{{path, "add the administrator R5007", func() { at["R5007"] = "Systems Administrator" }}}
	}
	keys := slices.Sorted(maps.Keys(at))
	for _, i := range chosen(len(keys)) {
		all = append(all, change{path, "leave out " + keys[i], func() { delete(at, keys[i]) }})
	}
	for _, key := range keys {
		all = append(all, changes(strings.TrimPrefix(path+"."+key, "."), at[key], func(value any) { at[key] = value })...)
	}
	return slices.DeleteFunc(all, func(c change) bool { return coversAlready(at, c) })
}

// coversAlready reports a terminology that is added to those which a category's list covers, although it has codes of it, or although
// what cannot be told counts as free of the category anyway: that changes nothing.
func coversAlready(category map[string]any, c change) bool {
	system, added := strings.CutPrefix(c.what, "add ")
	if !added || !strings.HasSuffix(c.path, ".covers") || category["covers"] == nil {
		return false
	}
	if category["doubt"] == "free" {
		return true
	}
	for _, of := range []string{"codes", "blocks"} {
		listed, _ := category[of].(map[string]any)
		if _, has := listed[system]; has {
			return true
		}
		if _, has := listed[string(clinical.SNOMED)]; has && system == string(clinical.DMD) {
			return true // they share their identifiers
		}
	}
	return false
}

func listChanges(path string, at []any, put func(any)) []change {
	var all []change
	for _, i := range chosen(len(at)) {
		if text, ok := at[i].(string); ok {
			all = append(all, change{path, "leave out " + text, func() { put(slices.Concat(at[:i:i], at[i+1:])) }})
			continue
		}
		all = append(all, change{path, fmt.Sprintf("leave out number %d", i+1), func() { put(slices.Concat(at[:i:i], at[i+1:])) }})
		all = append(all, changes(fmt.Sprintf("%s.%d", path, i), at[i], func(value any) { at[i] = value })...)
	}
	for _, word := range missing(path, at) {
		all = append(all, change{path, "add " + word, func() { put(append(at[:len(at):len(at)], word)) }})
	}
	return all
}

// missing are the words that a list might hold and does not.
func missing(path string, at []any) []string {
	var words []string
	switch {
	case strings.HasSuffix(path, "kinds"), path == "not_judged":
		for _, kind := range clinical.Kinds() {
			words = append(words, kind.String())
		}
	case path == "spread.labels", path == "presumed":
		for _, label := range clinical.Labels() {
			words = append(words, string(label))
		}
	case strings.HasSuffix(path, ".covers"):
		for _, system := range clinical.CodeSystems() {
			words = append(words, string(system))
		}
	case strings.HasPrefix(path, "purposes"):
		for _, purpose := range policy.Purposes() {
			words = append(words, string(purpose))
		}
	}
	return slices.DeleteFunc(words, func(word string) bool { return slices.Contains(at, any(word)) })
}

func chosen(length int) []int {
	if length > most {
		return []int{0, length / 2, length - 1}
	}
	all := make([]int, length)
	for i := range all {
		all[i] = i
	}
	return all
}

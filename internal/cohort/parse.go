package cohort

import (
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/internal/yamltree"
)

// largestFile is how much of a file is looked at.
const largestFile = 4 << 20

// Parse reads a definition from YAML or JSON, strictly, and checks it. File is its name for messages. The error is
// [yamltree.Faults] with everything that is wrong and where it stands.
func Parse(file string, data []byte) (*Definition, error) {
	if len(data) > largestFile || deepest(data) > deepestFile {
		return nil, yamltree.Faults{{File: file, Line: 1, Column: 1, Message: "is too large or too deep to be a definition"}}
	}
	reader, top, ok := yamltree.ReadLong(file, withoutTabs(data), mostCodes+10*mostCriteria)
	r := &treeReader{Reader: reader, places: map[string]yamltree.Node{"": top}}
	read := &Definition{AsAt: clinical.NoDay}
	if ok {
		r.into(top, read)
		r.check(read)
	}
	if err := reader.Faults().Err(); err != nil {
		return nil, err
	}
	return read, nil
}

// check notes what Check finds at the place in the file that is nearest to its path. Of what could not be read it finds nothing more: that
// would be the same fault in other words.
func (r *treeReader) check(read *Definition) {
	var faults Faults
	if !errors.As(read.Check(), &faults) {
		return
	}
	unread := r.Faults()
	for _, fault := range faults {
		if slices.ContainsFunc(unread, func(known yamltree.Fault) bool { return spoils(known.Path, fault.Path) }) {
			continue
		}
		at := r.nearest(fault.Path)
		at.Path = fault.Path
		r.Fault(at, "%s", fault.Message)
	}
}

// named are the places without which nobody knows which sets and lists there are, and so the file as a whole.
var named = regexp.MustCompile(`^((events|codelists)(\[\d+\](\.name)?)?)?$`)

// spoils reports whether a value at one path that could not be read may be why there is a fault at another: at or below it, or anywhere in
// what it is a part of.
func spoils(unread, path string) bool {
	if named.MatchString(unread) {
		return true
	}
	whole := unread[:lastStep(unread)]
	if whole == "" {
		whole = unread
	}
	rest, within := strings.CutPrefix(path, whole)
	return within && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// nearest finds where the value of a path stands, or else what it would stand in.
func (r *treeReader) nearest(path string) yamltree.Node {
	for {
		if at, ok := r.places[path]; ok {
			return at
		}
		path = path[:max(0, lastStep(path))]
	}
}

// lastStep is where the last key or index of a path begins.
func lastStep(path string) int {
	for i := len(path) - 1; i > 0; i-- {
		if path[i] == '.' || path[i] == '[' {
			return i
		}
	}
	return 0
}

// deepestFile is far deeper than criteria may lie.
const deepestFile = 200

// deepest is how deep the values of a file are nested at most, by its brackets and by what opens lists and tags on one line.
// Some that are counted stand in texts, which does no harm. The parser of YAML is not asked to climb down a file that has many.
func deepest(data []byte) (most int) {
	brackets, marks := 0, 0
	for i, c := range data {
		switch c {
		case '[', '{':
			brackets++
		case ']', '}':
			brackets--
		case '&', '!':
			marks++
		case '-', '?':
			if i+1 < len(data) && data[i+1] == ' ' {
				marks++
			}
		case '\n':
			marks = 0
		}
		most = max(most, brackets, marks)
	}
	return most
}

// withoutTabs makes JSON that is indented by tabs YAML. No text of JSON holds a bare tab, so none is changed.
func withoutTabs(data []byte) []byte {
	if !json.Valid(data) {
		return data
	}
	data = slices.Clone(data)
	for i := range data {
		if data[i] == '\t' {
			data[i] = ' '
		}
	}
	return data
}

package mapping

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Fault is one thing wrong with a mapping: where it stands, what it is and what to do about it.
type Fault struct {
	File    string
	Line    int    // from 1
	Column  int    // from 1
	Path    string // the keys on the way, "records.Condition[0].fields.date"; empty for the file as a whole
	Message string
}

// Error gives "file:line:column: path: message".
func (f Fault) Error() string {
	place := fmt.Sprintf("%s:%d:%d: ", f.File, f.Line, f.Column)
	if f.Path != "" {
		place += f.Path + ": "
	}
	return place + f.Message
}

// Faults is everything wrong with a mapping, in the order of the file.
type Faults []Fault

// Error gives one fault a line.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, fault := range f {
		lines[i] = fault.Error()
	}
	return strings.Join(lines, "\n")
}

// sorted orders faults by place and drops repetitions, which a repeated record set makes.
func (f Faults) sorted() Faults {
	slices.SortStableFunc(f, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Message, b.Message))
	})
	return slices.Compact(f)
}

package yamltree

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Fault is one thing wrong with a file: where it stands, what it is and what to do about it.
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

// Faults is everything wrong with a file, in its order.
type Faults []Fault

// Error gives one fault a line.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, fault := range f {
		lines[i] = fault.Error()
	}
	return strings.Join(lines, "\n")
}

// Err is the faults as an error, nil where there are none.
func (f Faults) Err() error {
	if len(f) == 0 {
		return nil
	}
	return f
}

// sorted orders faults by place, those of the file named first, and drops repetitions.
func (f Faults) sorted(first string) Faults {
	rank := func(fault Fault) string {
		if fault.File == first {
			return ""
		}
		return fault.File
	}
	ordered := slices.Clone(f)
	slices.SortStableFunc(ordered, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Message, b.Message))
	})
	return slices.Compact(ordered)
}

// longestShown is how much of a value a message repeats.
const longestShown = 60

// Show quotes what the file says for a message, shortened.
func Show(text string) string {
	if len(text) > longestShown {
		text = text[:longestShown] + "..."
	}
	return strconv.Quote(text)
}

package cohort

import "strings"

// Fault is one thing wrong with a definition.
type Fault struct {
	Path    string // the keys on the way, "events[2].where.has.events"; empty for the definition as a whole
	Message string // what is wrong, and what to do about it
}

// Error gives "path: message".
func (f Fault) Error() string {
	if f.Path == "" {
		return f.Message
	}
	return f.Path + ": " + f.Message
}

// Faults is everything wrong with a definition, and what Check returns as its error.
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

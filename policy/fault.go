package policy

import (
	"errors"
	"strconv"
	"strings"
)

// ErrInput reports an Input that no sign-in can produce: text that is not UTF-8, or far too long.
var ErrInput = errors.New("not an input that can be decided: a text is not UTF-8 or too long")

// Fault is one error in a policy, where it is, and what its author can do about it.
type Fault struct {
	File    string // path inside the policy's folder
	Line    int    // 0 if the fault is not in a single line
	Message string
	Advice  string
}

// Error says file, line, message and advice in one line.
func (f *Fault) Error() string {
	var b strings.Builder
	b.WriteString(f.File)
	if f.Line > 0 {
		b.WriteByte(':')
		b.WriteString(strconv.Itoa(f.Line))
	}
	b.WriteString(": ")
	b.WriteString(f.Message)
	if f.Advice != "" {
		b.WriteString("; ")
		b.WriteString(f.Advice)
	}
	return b.String()
}

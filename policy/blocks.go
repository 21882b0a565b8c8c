package policy

import (
	"fmt"
	"regexp"

	"onelondon/internal/clinical"
)

// block is a run of three-character categories of ICD-10 or OPCS-4, as in the chapters of both classifications:
// "A50-A64", or a single category such as "F10". It covers those categories and every code beneath them.
type block string

// blockForm matches a letter and two digits, optionally followed by the end of the run, which must have the same
// letter.
var blockForm = regexp.MustCompile(`^([A-Z])([0-9]{2})(?:-([A-Z])([0-9]{2}))?$`)

// codes lists every code of the block in the forms that systems use: with the point, without it, and for an undivided
// category also with the filler X of the commissioning data sets.
func (b block) codes(system clinical.CodeSystem) ([]clinical.Coding, error) {
	parts := blockForm.FindStringSubmatch(string(b))
	if parts == nil {
		return nil, fmt.Errorf("%q is not a block such as A50-A64 or F10", string(b))
	}
	first, last := number(parts[2]), number(parts[2])
	if parts[3] != "" {
		last = number(parts[4])
	}
	if parts[3] != "" && parts[3] != parts[1] || last < first {
		return nil, fmt.Errorf("%q does not run forwards within one letter", string(b))
	}
	var all []clinical.Coding
	add := func(format string, arguments ...any) {
		all = append(all, clinical.Coding{System: system, Code: clinical.Text(fmt.Sprintf(format, arguments...))})
	}
	for category := first; category <= last; category++ {
		name := fmt.Sprintf("%s%02d", parts[1], category)
		add("%s", name)
		add("%sX", name)
		for code := range 10 {
			add("%s.%d", name, code)
			add("%s%d", name, code)
		}
	}
	return all, nil
}

// number converts two digits.
func number(digits string) int { return int(digits[0]-'0')*10 + int(digits[1]-'0') }

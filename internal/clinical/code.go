package clinical

import "strings"

const (
	numerals = "0123456789"
	letters  = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)

// Admits reports whether code can be one of the terminology: an identifier in SNOMED CT or dm+d has 6 to 18 digits
// (SNOMED CT Release File Specification), and any other published code is short and contains no blank. A source's own
// codes only have to be printable on one line.
func (s CodeSystem) Admits(code Text) bool {
	switch s {
	case SNOMED, DMD:
		return len(code) >= 6 && len(code) <= 18 && strings.Trim(string(code), numerals) == ""
	case LocalCode, NHSDD, "":
		return code != "" && len(code) <= 64 && !strings.ContainsFunc(string(code), func(r rune) bool { return r <= ' ' || r > '~' })
	}
	return code != "" && len(code) <= 18 && strings.Trim(string(code), numerals+letters+".-|") == ""
}

// Shortened reports whether a spreadsheet has turned the code into a large number and lost its last digits: 1.03E+15.
func Shortened(code Text) bool {
	number, exponent, found := strings.Cut(string(code), "E+")
	return found && exponent != "" && strings.Trim(number, numerals+".") == "" && strings.Trim(exponent, numerals) == ""
}

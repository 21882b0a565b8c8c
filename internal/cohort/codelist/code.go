package codelist

import (
	"fmt"

	"onelondon/internal/clinical"
)

// fault says what is wrong with a code, empty where nothing is.
func fault(system clinical.CodeSystem, code clinical.Text) string {
	switch {
	case clinical.Shortened(code):
		return fmt.Sprintf("a spreadsheet shortened the code to %s and its last digits are lost; get the list anew, exported as text", code)
	case !system.Admits(code):
		return fmt.Sprintf("the code is not one of %s; correct it or take the line out", system)
	case system != clinical.SNOMED && system != clinical.DMD:
		return ""
	case !checked(code):
		return fmt.Sprintf("the check digit of %s is wrong: a spreadsheet rounded it, or a digit was mistyped; get the list anew, exported as text", code)
	}
	if part := code[len(code)-3 : len(code)-1]; part != "00" && part != "10" {
		return fmt.Sprintf("%s identifies a description or a relationship, not a concept; write the concept's identifier", code)
	}
	return ""
}

// checked reports whether the last digit is the one that Verhoeff's method gives for the others (SNOMED CT Release File
// Specification, section on check digits): a step of the dihedral group of ten for each digit, of which five are turns and
// five are mirrored turns.
func checked(code clinical.Text) bool {
	sum := 0
	for i := range len(code) {
		digit := int(code[len(code)-1-i] - '0')
		for range i % 8 {
			digit = permuted(digit)
		}
		sum = combined(sum, digit)
	}
	return sum == 0
}

// permuted is the method's permutation of digits, applied once.
func permuted(digit int) int { return [...]int{1, 5, 7, 6, 2, 8, 3, 0, 9, 4}[digit] }

// combined is one step in the group: 0 to 4 are turns, 5 to 9 mirrored ones.
func combined(a, b int) int {
	switch {
	case a < 5 && b < 5:
		return (a + b) % 5
	case a < 5:
		return (a+b)%5 + 5
	case b < 5:
		return (a-b+5)%5 + 5
	}
	return (a - b + 5) % 5
}

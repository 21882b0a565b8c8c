package scaffold

import (
	"strconv"
	"strings"
)

var truths = map[string]bool{"1": true, "0": true, "t": true, "f": true, "true": true, "false": true, "y": true, "n": true, "yes": true, "no": true}

func digits(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }

func number(text string) bool {
	_, err := strconv.ParseFloat(text, 64)
	return err == nil
}

// isSNOMED checks an SCTID (SNOMED CT Release File Specification, section 6): 6 to 18 digits, a partition that says concept, and
// Verhoeff's check digit.
func isSNOMED(code string) bool {
	if len(code) < 6 || len(code) > 18 || code[0] == '0' {
		return false
	}
	partition := code[len(code)-3 : len(code)-1]
	return (partition == "00" || partition == "10" || partition == "01" || partition == "11") && verhoeff(code)
}

// verhoeff checks a number by the multiplication of the dihedral group of ten elements.
func verhoeff(code string) bool {
	check := 0
	for i := range len(code) {
		check = dihedral(check, permuted(i, int(code[len(code)-1-i]-'0')))
	}
	return check == 0
}

// dihedral multiplies two elements of D5: 0 to 4 turn, 5 to 9 turn and flip.
func dihedral(a, b int) int {
	switch {
	case a < 5 && b < 5:
		return (a + b) % 5
	case a < 5:
		return 5 + (a+b)%5
	case b < 5:
		return 5 + (a-b+5)%5
	}
	return (a - b + 5) % 5
}

// permuted applies Verhoeff's permutation as often as the place says.
func permuted(place, digit int) int {
	for range place % 8 {
		digit = int("1576283094"[digit] - '0')
	}
	return digit
}

// isICD10 knows the shape of ICD-10: a letter, two digits, and what follows with or without a point, as J45, J45.9 or J459X.
func isICD10(code string) bool {
	code = strings.TrimRight(strings.Replace(code, ".", "", 1), "XDA-")
	return len(code) >= 3 && len(code) <= 5 && upper(code[0]) && digits(code[1:])
}

// isOPCS4 knows the shape of OPCS-4: a letter, two digits, and one or two more.
func isOPCS4(code string) bool {
	plain := strings.Replace(code, ".", "", 1)
	return (len(plain) == 4 || len(plain) == 3) && upper(plain[0]) && digits(plain[1:])
}

// isRead knows the shape of a Read or CTV3 code: five places, filled up with dots.
func isRead(code string) bool {
	if len(code) != 5 && len(code) != 7 {
		return false
	}
	letters := 0
	for i := range 5 {
		c := code[i]
		switch {
		case c == '.', c >= '0' && c <= '9':
		case upper(c), c >= 'a' && c <= 'z':
			letters++
		default:
			return false
		}
	}
	return strings.HasSuffix(code[:5], ".") || letters > 0 && letters < 5 && !strings.Contains(code[:5], " ") && strings.ContainsAny(code[:5], "0123456789")
}

func isGUID(text string) bool {
	text = strings.Trim(text, "{}")
	return len(text) == 36 && text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-'
}

func isClock(text string) bool {
	return (len(text) == 5 || len(text) == 8) && text[2] == ':' && digits(text[:2]) && digits(text[3:5])
}

// isPostcode knows the shape of a United Kingdom postcode, with its blank or without.
func isPostcode(text string) bool {
	plain := strings.ReplaceAll(text, " ", "")
	if len(plain) < 5 || len(plain) > 7 || !upper(plain[0]) {
		return false
	}
	inward := plain[len(plain)-3:]
	return digits(inward[:1]) && upper(inward[1]) && upper(inward[2]) && strings.ContainsAny(plain[1:len(plain)-3], "0123456789")
}

// isODS knows the shape of an ODS code of a practice or a trust: F84003, R1H, RF4.
func isODS(text string) bool {
	if len(text) < 3 || len(text) > 6 || !upper(text[0]) {
		return false
	}
	return strings.ContainsAny(text[1:], "0123456789") && strings.Trim(text[1:], "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

func upper(c byte) bool { return c >= 'A' && c <= 'Z' }
